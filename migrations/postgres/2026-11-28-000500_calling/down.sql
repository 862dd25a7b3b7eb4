ALTER TABLE call_result DROP COLUMN reason;
