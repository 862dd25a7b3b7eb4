-- raw rows that were rejected or taken back up to this moment have been dropped
ALTER TABLE batch ADD COLUMN dropped_upto TIMESTAMP;
