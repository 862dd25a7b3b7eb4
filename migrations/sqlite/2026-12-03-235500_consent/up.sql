-- erasure: a person whose data was erased, on which ground; sought: what is still looked for in raw rows and texts (JSON), taken out by the last step.
CREATE TABLE erasure (
  id INTEGER PRIMARY KEY AUTOINCREMENT, person_id BIGINT NOT NULL, ground TEXT NOT NULL, actor_id BIGINT, asked_at TIMESTAMP NOT NULL, sought TEXT, ended_at TIMESTAMP);
-- erased_person: every id under which the person was known; their rows stay, empty.
CREATE TABLE erased_person (
  person_id BIGINT NOT NULL PRIMARY KEY, erasure_id BIGINT NOT NULL REFERENCES erasure(id)) WITHOUT ROWID;
-- erased_value: check values of their numbers and addresses, by which an older copy of the data knows what to erase again.
CREATE TABLE erased_value (
  erasure_id BIGINT NOT NULL REFERENCES erasure(id), scope TEXT NOT NULL, check_value TEXT NOT NULL, PRIMARY KEY (erasure_id, scope, check_value)) WITHOUT ROWID;
-- Whether a refusal of somebody who was erased stands at all is asked with every look at the list.
CREATE INDEX suppression_erased ON suppression(subject_key) WHERE hmac AND ways > 0;
