-- who added which company: decides what an agent or a rep sees of the list
CREATE INDEX change_log_made ON change_log(actor_id, object_id) WHERE object_kind = 'company' AND verb = 'create';
