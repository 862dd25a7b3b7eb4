ALTER TABLE batch DROP COLUMN dropped_upto;
