-- what was taken back follows into the log beside the database, in the order in which it was
CREATE INDEX suppression_origin_ended ON suppression_origin(withdrawn_at, id) WHERE withdrawn_at IS NOT NULL;
