-- territory: region x industry x size of a rep; an empty list binds nothing.
CREATE TABLE territory (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user_id BIGINT NOT NULL REFERENCES users(id), regions TEXT NOT NULL, industries TEXT NOT NULL, sizes TEXT NOT NULL, active BOOLEAN NOT NULL, changed_by BIGINT, at TIMESTAMP NOT NULL);
CREATE INDEX territory_user ON territory(user_id);
-- absence: a rep on leave, both days included, and who stands in.
CREATE TABLE absence (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user_id BIGINT NOT NULL REFERENCES users(id), deputy_id BIGINT, from_on DATE NOT NULL, to_on DATE NOT NULL, at TIMESTAMP NOT NULL);
CREATE INDEX absence_user ON absence(user_id, to_on);
-- handover: a lead offered to a rep; inputs = what the assignment was decided on, why = what it decided, both replayable.
CREATE TABLE handover (
  id INTEGER PRIMARY KEY AUTOINCREMENT, company_id BIGINT NOT NULL REFERENCES company(id), call_id BIGINT, from_id BIGINT, rep_id BIGINT, territory_id BIGINT, state TEXT NOT NULL, grade TEXT, is_event_lead BOOLEAN NOT NULL, note TEXT, visit_at TIMESTAMP,
  inputs TEXT NOT NULL, why TEXT NOT NULL, rule_version INTEGER NOT NULL, round INTEGER NOT NULL, warn_at TIMESTAMP, due_at TIMESTAMP, contact_by TIMESTAMP, contacted_at TIMESTAMP, parked_for BIGINT, at TIMESTAMP NOT NULL, offered_at TIMESTAMP NOT NULL,
  settled_at TIMESTAMP, settled_by BIGINT, reason TEXT);
CREATE INDEX handover_rep ON handover(rep_id, due_at) WHERE state IN ('offered','warned') AND rep_id IS NOT NULL;
CREATE INDEX handover_due ON handover(due_at) WHERE state IN ('offered','warned','with_manager') AND due_at IS NOT NULL;
CREATE INDEX handover_state ON handover(state, id);
CREATE INDEX handover_contact ON handover(contact_by) WHERE state = 'accepted' AND contacted_at IS NULL AND contact_by IS NOT NULL;
CREATE INDEX handover_company ON handover(company_id);
CREATE INDEX handover_call ON handover(call_id) WHERE call_id IS NOT NULL;
-- handover_move: every rep that an offer went to, with the inputs and reasons of that assignment.
CREATE TABLE handover_move (
  id INTEGER PRIMARY KEY AUTOINCREMENT, handover_id BIGINT NOT NULL REFERENCES handover(id), state TEXT NOT NULL, rep_id BIGINT, inputs TEXT, why TEXT, actor_id BIGINT, reason TEXT, at TIMESTAMP NOT NULL);
CREATE INDEX handover_move_of ON handover_move(handover_id, id);
-- ownership: every time a company came to a rep or left one; the pool's limits are counted here.
CREATE TABLE ownership (
  id INTEGER PRIMARY KEY AUTOINCREMENT, company_id BIGINT NOT NULL REFERENCES company(id), rep_id BIGINT NOT NULL, kind TEXT NOT NULL, actor_id BIGINT, reason TEXT, object_id BIGINT, at TIMESTAMP NOT NULL);
CREATE INDEX ownership_company ON ownership(company_id, id);
CREATE INDEX ownership_rep ON ownership(rep_id, at);
-- opportunity: what a rep sells to a company, and how far it is.
CREATE TABLE opportunity (
  id INTEGER PRIMARY KEY AUTOINCREMENT, company_id BIGINT NOT NULL REFERENCES company(id), rep_id BIGINT NOT NULL, handover_id BIGINT, stage TEXT NOT NULL, stage_at TIMESTAMP NOT NULL, state TEXT NOT NULL, amount_minor BIGINT, currency TEXT,
  lost_reason TEXT, competitor TEXT, parked_for BIGINT, at TIMESTAMP NOT NULL, closed_at TIMESTAMP);
CREATE INDEX opportunity_company ON opportunity(company_id);
CREATE INDEX opportunity_rep ON opportunity(rep_id, stage) WHERE state = 'open';
-- stage_change: the history of an opportunity; nth = the how manieth of its stage.
CREATE TABLE stage_change (
  id INTEGER PRIMARY KEY AUTOINCREMENT, opportunity_id BIGINT NOT NULL REFERENCES opportunity(id), stage TEXT NOT NULL, nth INTEGER NOT NULL, evidence TEXT NOT NULL, actor_id BIGINT, at TIMESTAMP NOT NULL);
CREATE INDEX stage_change_of ON stage_change(opportunity_id, id);
-- registration: a rep's claim on a project, protected until a day.
CREATE TABLE registration (
  id INTEGER PRIMARY KEY AUTOINCREMENT, company_id BIGINT NOT NULL REFERENCES company(id), rep_id BIGINT NOT NULL, project TEXT NOT NULL, protected_until DATE NOT NULL, state TEXT NOT NULL, at TIMESTAMP NOT NULL);
CREATE INDEX registration_company ON registration(company_id);
CREATE INDEX registration_live ON registration(protected_until) WHERE state = 'live';
-- appointment: what a rep has promised for a moment: visits, demonstrations, calls.
CREATE TABLE appointment (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user_id BIGINT NOT NULL REFERENCES users(id), company_id BIGINT REFERENCES company(id), kind TEXT NOT NULL, note TEXT, begins_at TIMESTAMP NOT NULL, minutes INTEGER NOT NULL, state TEXT NOT NULL, at TIMESTAMP NOT NULL, settled_at TIMESTAMP);
CREATE INDEX appointment_user ON appointment(user_id, begins_at);
CREATE INDEX appointment_company ON appointment(company_id) WHERE company_id IS NOT NULL;
-- feed_token: the address under which a calendar program reads somebody's agenda.
CREATE TABLE feed_token (user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users(id), token_hash BLOB NOT NULL, at TIMESTAMP NOT NULL, UNIQUE (token_hash)) WITHOUT ROWID;
-- notice: what somebody is told, on the page and by mail, once for each subject.
CREATE TABLE notice (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user_id BIGINT NOT NULL REFERENCES users(id), kind TEXT NOT NULL, company_id BIGINT, object_id BIGINT, data TEXT NOT NULL, at TIMESTAMP NOT NULL, seen_at TIMESTAMP, mailed_at TIMESTAMP);
CREATE INDEX notice_unseen ON notice(user_id, id) WHERE seen_at IS NULL;
CREATE INDEX notice_unmailed ON notice(id) WHERE mailed_at IS NULL;
-- hook_delivery: one message of the webhook, tried until it is taken or given up.
CREATE TABLE hook_delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT, notice_id BIGINT NOT NULL REFERENCES notice(id), state TEXT NOT NULL, attempts INTEGER NOT NULL, next_at TIMESTAMP NOT NULL, status INTEGER, answer TEXT, at TIMESTAMP NOT NULL, done_at TIMESTAMP, UNIQUE (notice_id));
CREATE INDEX hook_delivery_due ON hook_delivery(next_at) WHERE state = 'waiting';
