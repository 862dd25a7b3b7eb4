DROP INDEX entry_state;
CREATE INDEX entry_state ON queue_entry(campaign_id, state);
