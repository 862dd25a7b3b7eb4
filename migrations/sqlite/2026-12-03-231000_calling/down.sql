-- Nobody remembers the office's calendar here: entries of countries without a pack go by the first that is known.
UPDATE queue_entry SET calendar_id = coalesce((SELECT min(o.calendar_id) FROM queue_entry o WHERE o.calendar_id < 100), 1) WHERE calendar_id >= 100;
