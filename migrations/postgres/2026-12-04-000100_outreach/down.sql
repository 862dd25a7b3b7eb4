CREATE INDEX delivery_ready ON delivery(mailing_id, domain, priority, due_at, id) WHERE state = 'queued';
