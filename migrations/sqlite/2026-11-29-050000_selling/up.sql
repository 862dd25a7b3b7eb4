-- registration_change: what became of a registration after it was made, by whom and why.
CREATE TABLE registration_change (
  id INTEGER PRIMARY KEY AUTOINCREMENT, registration_id BIGINT NOT NULL REFERENCES registration(id), kind TEXT NOT NULL, until DATE NOT NULL, reason TEXT, actor_id BIGINT, at TIMESTAMP NOT NULL);
CREATE INDEX registration_change_of ON registration_change(registration_id, id);
CREATE INDEX registration_rep ON registration(rep_id, protected_until);
