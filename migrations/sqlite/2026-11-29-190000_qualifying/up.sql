-- Each change of a grade keeps what it rested on, why it was looked at, and who decided a proposal.
ALTER TABLE grade_change ADD COLUMN kind TEXT;
ALTER TABLE grade_change ADD COLUMN evidence TEXT;
ALTER TABLE grade_change ADD COLUMN decided_by BIGINT;
ALTER TABLE grade_change ADD COLUMN decided_at TIMESTAMP;
UPDATE grade_change SET state = 'replaced' WHERE state = 'proposed'
  AND EXISTS (SELECT 1 FROM grade_change later WHERE later.company_id = grade_change.company_id AND later.id > grade_change.id AND later.state IN ('set','proposed'));
-- one proposal a company waits for an answer
CREATE UNIQUE INDEX grade_change_open ON grade_change(company_id) WHERE state = 'proposed';
-- contradiction: facts of a company that cannot all be true; open until they change or somebody says why they may stand.
CREATE TABLE contradiction (
  id INTEGER PRIMARY KEY AUTOINCREMENT, company_id BIGINT NOT NULL REFERENCES company(id) ON DELETE CASCADE, code TEXT NOT NULL, level TEXT NOT NULL, facts TEXT NOT NULL, facts_hash BIGINT NOT NULL, state TEXT NOT NULL,
  rule_version INTEGER NOT NULL, opened_at TIMESTAMP NOT NULL, decided_at TIMESTAMP, decided_by BIGINT, reason TEXT);
CREATE INDEX contradiction_company ON contradiction(company_id, state);
CREATE UNIQUE INDEX contradiction_open ON contradiction(company_id, code) WHERE state = 'open';
-- Notes of some length by what they say, so that a copied one is found.
ALTER TABLE call_result ADD COLUMN note_key BIGINT;
CREATE INDEX call_result_note ON call_result(note_key) WHERE note_key IS NOT NULL;
