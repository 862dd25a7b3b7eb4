-- ## accounts
-- users: who may log in; roles are a set kept as bits (1 admin, 2 manager, 4 marketing, 8 agent, 16 rep), so that one read answers every permission question.
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL, name TEXT NOT NULL, password_hash TEXT, roles INTEGER NOT NULL DEFAULT 0, team_id BIGINT,
  language TEXT, theme TEXT, auth_epoch INTEGER NOT NULL DEFAULT 0, reset_hash BLOB, reset_until TIMESTAMP, disabled_at TIMESTAMP, created_at TIMESTAMP NOT NULL,
  UNIQUE (email));
-- team: groups users, campaigns, companies; one at first.
CREATE TABLE team (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, created_at TIMESTAMP NOT NULL, UNIQUE (name));
-- session: a log-in; only the hash of the cookie, dead when users.auth_epoch moves on (log-out everywhere).
CREATE TABLE session (
  token_hash BLOB NOT NULL PRIMARY KEY, user_id BIGINT NOT NULL REFERENCES users(id), auth_epoch INTEGER NOT NULL, csrf TEXT NOT NULL,
  created_at TIMESTAMP NOT NULL, seen_at TIMESTAMP NOT NULL, expires_at TIMESTAMP NOT NULL) WITHOUT ROWID;
CREATE INDEX session_of_user ON session(user_id);
-- token: API tokens, shown once, hash only.
CREATE TABLE token (
  id INTEGER PRIMARY KEY AUTOINCREMENT, user_id BIGINT NOT NULL REFERENCES users(id), name TEXT NOT NULL, token_hash BLOB NOT NULL, created_at TIMESTAMP NOT NULL, used_at TIMESTAMP, revoked_at TIMESTAMP,
  UNIQUE (token_hash), UNIQUE (user_id, name));
-- access_log: who saw or took numbers (unmask, export, search by number): what and how many.
CREATE TABLE access_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at TIMESTAMP NOT NULL, user_id BIGINT NOT NULL, verb TEXT NOT NULL, object_kind TEXT NOT NULL, object_id BIGINT, n INTEGER NOT NULL DEFAULT 1, detail TEXT);
CREATE INDEX access_log_user ON access_log(user_id, id);
-- change_log: who changed which field of what by which record; never a value; one row an import chunk.
CREATE TABLE change_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at TIMESTAMP NOT NULL, actor_id BIGINT, verb TEXT NOT NULL, object_kind TEXT NOT NULL, object_id BIGINT, record_id BIGINT, batch_id BIGINT, fields TEXT, n INTEGER NOT NULL DEFAULT 1);
CREATE INDEX change_log_object ON change_log(object_kind, object_id, id);
-- setting: one JSON a rule set and version; a decision stores (kind, version).
CREATE TABLE setting (
  kind TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, actor_id BIGINT, at TIMESTAMP NOT NULL, PRIMARY KEY (kind, version)) WITHOUT ROWID;
-- answer: the stored reply of an Idempotency-Key.
CREATE TABLE answer (
  user_id BIGINT NOT NULL, idem_key TEXT NOT NULL, request_hash BIGINT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL, at TIMESTAMP NOT NULL,
  PRIMARY KEY (user_id, idem_key)) WITHOUT ROWID;
-- ## lists
-- source: one list or event of a channel, with cost, date, ground.
CREATE TABLE source (
  id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL DEFAULT 'leads', ground TEXT, collected_on DATE, cost_minor BIGINT, currency TEXT, rank INTEGER NOT NULL,
  companies BIGINT NOT NULL DEFAULT 0, created_at TIMESTAMP NOT NULL, UNIQUE (channel, name));
-- batch: one import of one file.
CREATE TABLE batch (
  id INTEGER PRIMARY KEY AUTOINCREMENT, source_id BIGINT NOT NULL REFERENCES source(id), kind TEXT NOT NULL, file_name TEXT NOT NULL, file_hash BLOB NOT NULL, state TEXT NOT NULL, mapping TEXT, figures TEXT,
  collected_on DATE, correction_of BIGINT, job_id BIGINT, actor_id BIGINT, started_at TIMESTAMP NOT NULL, finished_at TIMESTAMP, undone_at TIMESTAMP);
CREATE INDEX batch_source ON batch(source_id, id);
-- raw_chunk: 500 lines as they came and what became of each (outcome, reason), both compressed.
CREATE TABLE raw_chunk (
  batch_id BIGINT NOT NULL REFERENCES batch(id), sheet_no INTEGER NOT NULL, first_row INTEGER NOT NULL, rows INTEGER NOT NULL, raw BLOB NOT NULL, outcomes BLOB,
  PRIMARY KEY (batch_id, sheet_no, first_row));
-- upload_chunk: the file as it was sent, deflated, so that any node can run the import.
CREATE TABLE upload_chunk (
  batch_id BIGINT NOT NULL REFERENCES batch(id), no INTEGER NOT NULL, bytes INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (batch_id, no));
-- ## who
-- company: the fold of its records; a merged one stays and points to its root.
CREATE TABLE company (
  id INTEGER PRIMARY KEY AUTOINCREMENT, merged_into BIGINT, root_id BIGINT NOT NULL,
  name TEXT NOT NULL, name_en TEXT, former_name TEXT, name_key BIGINT NOT NULL, brand_key BIGINT, credit_code TEXT,
  industry TEXT, size_class INTEGER, headcount INTEGER, revenue_minor BIGINT, currency TEXT, region TEXT, address TEXT, postcode TEXT, website TEXT,
  present_system TEXT, present_system_year INTEGER, satisfaction INTEGER, pc_count INTEGER, parent TEXT,
  grade TEXT, grade_at TIMESTAMP, urgency TEXT, sign_by DATE, go_live DATE, needs BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'new', owner_id BIGINT, score INTEGER NOT NULL DEFAULT 0, completeness INTEGER NOT NULL DEFAULT 0,
  missing INTEGER NOT NULL DEFAULT 0, channels INTEGER NOT NULL DEFAULT 0, flags INTEGER NOT NULL DEFAULT 0,
  first_source_id BIGINT, last_touch_at TIMESTAMP, last_dial_at TIMESTAMP, rest_until TIMESTAMP, rescore_on DATE, winners TEXT NOT NULL, created_at TIMESTAMP NOT NULL,
  facets BIGINT GENERATED ALWAYS AS ((CASE grade WHEN 'A' THEN 1 WHEN 'B' THEN 2 WHEN 'C' THEN 3 WHEN 'D' THEN 4 WHEN 'E' THEN 5 ELSE 0 END) | ((CASE state WHEN 'new' THEN 0 WHEN 'pool' THEN 1 WHEN 'owned' THEN 2 WHEN 'customer' THEN 3 ELSE 4 END) << 3) | (coalesce(size_class,0) << 6) | ((CASE urgency WHEN 'M1' THEN 1 WHEN 'M3' THEN 2 WHEN 'M4_6' THEN 3 WHEN 'M7_12' THEN 4 WHEN 'GT12' THEN 5 WHEN 'NOPLAN' THEN 6 WHEN 'UNKNOWN' THEN 7 ELSE 0 END) << 9) | (completeness << 12) | ((CASE WHEN last_dial_at IS NULL THEN 1 ELSE 0 END) << 19) | (CAST(missing AS BIGINT) << 20) | (CAST(channels AS BIGINT) << 36) | (CAST(flags AS BIGINT) << 44)) STORED);
-- person: a human being.
CREATE TABLE person (
  id INTEGER PRIMARY KEY AUTOINCREMENT, merged_into BIGINT, root_id BIGINT NOT NULL, name TEXT, name_en TEXT, name_key BIGINT, mobile TEXT, email TEXT, email_state TEXT, wechat TEXT, qq TEXT, birthday TEXT, language TEXT,
  ground TEXT, ground_record_id BIGINT, refused INTEGER NOT NULL DEFAULT 0, winners TEXT NOT NULL, created_at TIMESTAMP NOT NULL);
-- contact: a person at one company (or at none yet).
CREATE TABLE contact (
  id INTEGER PRIMARY KEY AUTOINCREMENT, person_id BIGINT NOT NULL REFERENCES person(id), company_id BIGINT REFERENCES company(id), title TEXT, department TEXT, role TEXT, is_key BOOLEAN NOT NULL DEFAULT 0, left_at TIMESTAMP,
  winners TEXT NOT NULL, created_at TIMESTAMP NOT NULL);
-- contact_point: one number, mail, WeChat, address with its state; owner 1 company, 2 person, 3 contact (desk phone).
CREATE TABLE contact_point (
  id INTEGER PRIMARY KEY AUTOINCREMENT, owner_kind INTEGER NOT NULL, owner_id BIGINT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, ext TEXT, value_key BIGINT NOT NULL, state TEXT NOT NULL DEFAULT 'good',
  state_record_id BIGINT, inferred BOOLEAN NOT NULL DEFAULT 0, record_id BIGINT, created_at TIMESTAMP NOT NULL);
-- record: what one row, edit, call or registration said; never changes.
CREATE TABLE record (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, source_id BIGINT, batch_id BIGINT, sheet_no INTEGER, row_no INTEGER, row_key BIGINT, row_check BIGINT, call_id BIGINT, company_id BIGINT REFERENCES company(id), contact_id BIGINT REFERENCES contact(id),
  said TEXT NOT NULL, said_at TIMESTAMP NOT NULL, collected_on DATE, actor_id BIGINT, placed_by TEXT, superseded_by BIGINT, voided_at TIMESTAMP);
-- record_batch: which later batches carry the row of a record again.
CREATE TABLE record_batch (
  batch_id BIGINT NOT NULL REFERENCES batch(id), sheet_no INTEGER NOT NULL, row_no INTEGER NOT NULL, record_id BIGINT NOT NULL REFERENCES record(id), PRIMARY KEY (batch_id, sheet_no, row_no)) WITHOUT ROWID;
-- merge: a join of two companies or persons, with what it did, so that it can be undone; a company merge owns its person merges.
CREATE TABLE merge (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, from_id BIGINT NOT NULL, into_id BIGINT NOT NULL, parent_id BIGINT, evidence TEXT, actor_id BIGINT, at TIMESTAMP NOT NULL, undone_at TIMESTAMP);
CREATE INDEX merge_from ON merge(kind, from_id);
CREATE INDEX merge_into ON merge(kind, into_id);
-- review: two like names (or persons) waiting for a person's answer; locks both against each other.
CREATE TABLE review (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, a_id BIGINT NOT NULL, b_id BIGINT NOT NULL, like_name BOOLEAN NOT NULL, evidence TEXT NOT NULL, state TEXT NOT NULL, actor_id BIGINT, at TIMESTAMP NOT NULL, answered_at TIMESTAMP,
  UNIQUE (kind, a_id, b_id));
-- touch: a contact that arrived, either way; counted against caps. A list row is no touch: its record is.
CREATE TABLE touch (
  id INTEGER PRIMARY KEY AUTOINCREMENT, company_id BIGINT REFERENCES company(id), person_id BIGINT, kind TEXT NOT NULL, incoming BOOLEAN NOT NULL, at TIMESTAMP NOT NULL, actor_id BIGINT, call_id BIGINT, object_id BIGINT, result TEXT);
-- tag_link: own labels of companies.
CREATE TABLE tag (id INTEGER PRIMARY KEY AUTOINCREMENT, name_zh TEXT NOT NULL, name_en TEXT, UNIQUE (name_zh));
CREATE TABLE tag_link (tag_id BIGINT NOT NULL REFERENCES tag(id), company_id BIGINT NOT NULL REFERENCES company(id), PRIMARY KEY (tag_id, company_id)) WITHOUT ROWID;
CREATE INDEX tag_link_company ON tag_link(company_id);
-- grade_change: every change of a grade with who, when, why, evidence, rule version.
CREATE TABLE grade_change (
  id INTEGER PRIMARY KEY AUTOINCREMENT, company_id BIGINT NOT NULL REFERENCES company(id), before TEXT, after TEXT, proposed TEXT, reasons TEXT NOT NULL, rule_version INTEGER, state TEXT NOT NULL, actor_id BIGINT, call_id BIGINT, at TIMESTAMP NOT NULL);
CREATE INDEX grade_change_company ON grade_change(company_id, id);
-- suppression: who must not be reached; ways = the union of its live origins, 0 = ended.
CREATE TABLE suppression (
  id INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL, subject TEXT NOT NULL, subject_key BIGINT NOT NULL, ways INTEGER NOT NULL, hmac BOOLEAN NOT NULL DEFAULT 0, created_at TIMESTAMP NOT NULL,
  UNIQUE (scope, subject));
CREATE INDEX suppression_key ON suppression(subject_key) WHERE ways > 0;
-- suppression_origin: each thing that asked for it, with its own ways; withdrawn when it was a slip.
CREATE TABLE suppression_origin (
  id INTEGER PRIMARY KEY AUTOINCREMENT, suppression_id BIGINT NOT NULL REFERENCES suppression(id), kind TEXT NOT NULL, ways INTEGER NOT NULL, call_id BIGINT, batch_id BIGINT, delivery_id BIGINT, actor_id BIGINT, said_at TIMESTAMP NOT NULL, withdrawn_at TIMESTAMP, withdrawn_by BIGINT, note TEXT, withdrawal TEXT, reason TEXT);
CREATE INDEX suppression_origin_of ON suppression_origin(suppression_id);
CREATE INDEX suppression_origin_batch ON suppression_origin(batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX suppression_origin_call ON suppression_origin(call_id) WHERE call_id IS NOT NULL;
-- consent: a person's own yes, with text version and date (a source's ground is on source).
CREATE TABLE consent (
  id INTEGER PRIMARY KEY AUTOINCREMENT, person_id BIGINT NOT NULL REFERENCES person(id), ground TEXT NOT NULL, text_version TEXT, said_at TIMESTAMP NOT NULL, record_id BIGINT, ended_at TIMESTAMP);
CREATE INDEX consent_person ON consent(person_id);
-- search_todo: roots whose search row is behind.
CREATE TABLE search_todo (company_id BIGINT NOT NULL PRIMARY KEY, at TIMESTAMP NOT NULL) WITHOUT ROWID;
-- search: one text a root of 2-character grams, words, pinyin initials, numbers forward and reversed; rowid = root company.
CREATE VIRTUAL TABLE search USING fts5(grams, content='', contentless_delete=1, detail=none, tokenize="unicode61 tokenchars '~#'");
-- ## calling
-- script: steps as JSON, versioned.
CREATE TABLE script (id BIGINT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL, steps TEXT NOT NULL, actor_id BIGINT, at TIMESTAMP NOT NULL, PRIMARY KEY (id, version)) WITHOUT ROWID;
-- campaign: a purpose with lists, script, people, dates.
CREATE TABLE campaign (
  id INTEGER PRIMARY KEY AUTOINCREMENT, team_id BIGINT, name TEXT NOT NULL, state TEXT NOT NULL, script_id BIGINT, script_version INTEGER, all_agents BOOLEAN NOT NULL, starts_on DATE, ends_on DATE, figures TEXT, created_by BIGINT, created_at TIMESTAMP NOT NULL);
-- campaign_agent: who may ask it for the next one.
CREATE TABLE campaign_agent (campaign_id BIGINT NOT NULL REFERENCES campaign(id), user_id BIGINT NOT NULL REFERENCES users(id), PRIMARY KEY (campaign_id, user_id)) WITHOUT ROWID;
CREATE INDEX campaign_agent_user ON campaign_agent(user_id);
-- queue_entry: a company or lone person in a campaign.
CREATE TABLE queue_entry (
  id INTEGER PRIMARY KEY AUTOINCREMENT, campaign_id BIGINT NOT NULL REFERENCES campaign(id), company_id BIGINT REFERENCES company(id), person_id BIGINT REFERENCES person(id), calendar_id INTEGER NOT NULL,
  state TEXT NOT NULL, class INTEGER NOT NULL, score INTEGER NOT NULL, due_at TIMESTAMP, owner_id BIGINT, bar TEXT, attempts INTEGER NOT NULL DEFAULT 0, dials INTEGER NOT NULL DEFAULT 0,
  tries TEXT, parked_for BIGINT, last_call_id BIGINT, created_at TIMESTAMP NOT NULL, changed_at TIMESTAMP NOT NULL);
-- lease: a telemarketer's claim of an entry, preview to result.
CREATE TABLE lease (
  id INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT NOT NULL, entry_id BIGINT NOT NULL, campaign_id BIGINT NOT NULL, agent_id BIGINT NOT NULL, company_id BIGINT, person_id BIGINT, point_id BIGINT, phone TEXT, number_key BIGINT,
  state TEXT NOT NULL, why TEXT NOT NULL, claimed_at TIMESTAMP NOT NULL, heartbeat_at TIMESTAMP NOT NULL, expires_at TIMESTAMP NOT NULL, dialled_at TIMESTAMP, ended_at TIMESTAMP, call_id BIGINT, UNIQUE (token));
-- lease_lock: what a live lease holds; the PRIMARY KEY is the guarantee that nobody and nothing is in two hands.
CREATE TABLE lease_lock (kind TEXT NOT NULL, key BIGINT NOT NULL, lease_id BIGINT NOT NULL REFERENCES lease(id), PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE INDEX lease_lock_lease ON lease_lock(lease_id);
-- call: one attempt, dialled or incoming; result_id = the result that counts now.
CREATE TABLE call (
  id INTEGER PRIMARY KEY AUTOINCREMENT, lease_id BIGINT, entry_id BIGINT, campaign_id BIGINT, company_id BIGINT REFERENCES company(id), person_id BIGINT, contact_id BIGINT, point_id BIGINT, number_key BIGINT, phone TEXT, ext TEXT,
  direction TEXT NOT NULL, agent_id BIGINT NOT NULL, dialled_at TIMESTAMP NOT NULL, ended_at TIMESTAMP, counts BOOLEAN NOT NULL, reached BOOLEAN, disposition TEXT, result_id BIGINT);
-- call_result: versions of what a call brought; undo is a version.
CREATE TABLE call_result (
  id INTEGER PRIMARY KEY AUTOINCREMENT, call_id BIGINT NOT NULL REFERENCES call(id), version INTEGER NOT NULL, disposition TEXT, urgency TEXT, need TEXT, note TEXT, facts TEXT, record_id BIGINT, grade_before TEXT, grade_proposed TEXT, grade_after TEXT, grade_reason TEXT,
  entry_before TEXT, next_attempt_at TIMESTAMP, actor_id BIGINT NOT NULL, at TIMESTAMP NOT NULL, undone_at TIMESTAMP, undone_by BIGINT, undo_reason TEXT, UNIQUE (call_id, version));
-- callback: a call agreed for a minute; falls to the team at fallback_at.
CREATE TABLE callback (
  id INTEGER PRIMARY KEY AUTOINCREMENT, entry_id BIGINT, campaign_id BIGINT, company_id BIGINT, person_id BIGINT, call_id BIGINT, phone TEXT, due_at TIMESTAMP NOT NULL, zone TEXT, owner_id BIGINT, fallback_at TIMESTAMP NOT NULL, state TEXT NOT NULL, at TIMESTAMP NOT NULL);
CREATE INDEX callback_due ON callback(due_at) WHERE state = 'open';
CREATE INDEX callback_owner ON callback(owner_id, due_at) WHERE state = 'open';
CREATE INDEX callback_company ON callback(company_id) WHERE company_id IS NOT NULL;
-- task: something a person has to finish, seen on Today.
CREATE TABLE task (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, company_id BIGINT, person_id BIGINT, call_id BIGINT, user_id BIGINT, team_id BIGINT, due_at TIMESTAMP, body TEXT, state TEXT NOT NULL, created_at TIMESTAMP NOT NULL, done_at TIMESTAMP, done_by BIGINT);
CREATE INDEX task_user ON task(user_id, due_at) WHERE state = 'open';
CREATE INDEX task_team ON task(team_id, due_at) WHERE state = 'open' AND user_id IS NULL;
CREATE INDEX task_company ON task(company_id) WHERE company_id IS NOT NULL;
-- draft: what an agent typed on the call screen and has not saved.
CREATE TABLE draft (user_id BIGINT NOT NULL, object_key TEXT NOT NULL, body TEXT NOT NULL, at TIMESTAMP NOT NULL, PRIMARY KEY (user_id, object_key)) WITHOUT ROWID;
-- event: append-only; live pages read it by id, wallboard and audit by campaign.
CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at TIMESTAMP NOT NULL, kind TEXT NOT NULL, user_id BIGINT, campaign_id BIGINT, company_id BIGINT, object_id BIGINT, data TEXT);
CREATE INDEX event_campaign ON event(campaign_id, id) WHERE campaign_id IS NOT NULL;
-- once_key: "once per ..." : one row for every id under the root; the PRIMARY KEY is the promise.
CREATE TABLE once_key (
  kind TEXT NOT NULL, scope TEXT NOT NULL, subject_id BIGINT NOT NULL, holder_id BIGINT NOT NULL, at TIMESTAMP NOT NULL, PRIMARY KEY (kind, scope, subject_id)) WITHOUT ROWID;
CREATE INDEX once_key_holder ON once_key(kind, holder_id);
-- job: long work; a chunk commits only under the current lease token.
CREATE TABLE job (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, state TEXT NOT NULL, payload TEXT NOT NULL, cursor TEXT, done BIGINT NOT NULL DEFAULT 0, total BIGINT, lease_token BIGINT, lease_until TIMESTAMP, attempts INTEGER NOT NULL DEFAULT 0,
  run_at TIMESTAMP NOT NULL, cancel_asked BOOLEAN NOT NULL DEFAULT 0, error TEXT, dedup_key TEXT, actor_id BIGINT, created_at TIMESTAMP NOT NULL, finished_at TIMESTAMP);
CREATE INDEX job_ready ON job(run_at, id) WHERE state IN ('queued','running');
CREATE UNIQUE INDEX job_once ON job(kind, dedup_key) WHERE state IN ('queued','running');
-- clock: one row: offset of Now, last stored instant, rehearsal flag, whether closed hours are skipped.
CREATE TABLE clock (id INTEGER NOT NULL PRIMARY KEY, offset_us BIGINT NOT NULL, last_at TIMESTAMP NOT NULL, rehearsal BOOLEAN NOT NULL, skips_closed_hours BOOLEAN NOT NULL);
-- ## indexes of the big tables
-- list by score, any filter: facets, region, industry stand in the index so that a filter never visits the row
CREATE INDEX company_score ON company(score DESC, id DESC, facets, region, industry) WHERE merged_into IS NULL;
-- list by last touch: only those ever touched; the untouched follow by id
CREATE INDEX company_touch ON company(last_touch_at DESC, id DESC, facets, region, industry) WHERE merged_into IS NULL AND last_touch_at IS NOT NULL;
-- filters with a region: fills, coverage, list
CREATE INDEX company_region ON company(region, industry, facets, score, last_touch_at, id) WHERE merged_into IS NULL;
-- rare grades without a region; costs an import nothing
CREATE INDEX company_grade ON company(grade, score DESC, id DESC, facets, region, industry) WHERE grade IS NOT NULL AND merged_into IS NULL;
-- lists of one owner; reassignment in bulk
CREATE INDEX company_owner ON company(owner_id, score DESC, id) WHERE owner_id IS NOT NULL;
-- import look-up
CREATE INDEX company_name_key ON company(name_key);
CREATE INDEX company_credit ON company(credit_code) WHERE credit_code IS NOT NULL;
-- the group of a root; only merged ones are in it
CREATE INDEX company_root ON company(root_id) WHERE merged_into IS NOT NULL;
-- rows whose value changes by time alone
CREATE INDEX company_rescore ON company(rescore_on) WHERE rescore_on IS NOT NULL;
CREATE INDEX person_root ON person(root_id) WHERE merged_into IS NOT NULL;
CREATE INDEX contact_company ON contact(company_id) WHERE company_id IS NOT NULL;
CREATE INDEX contact_person ON contact(person_id);
CREATE UNIQUE INDEX contact_point_owner ON contact_point(owner_id, owner_kind, value_key);
CREATE INDEX contact_point_value ON contact_point(value_key);
CREATE UNIQUE INDEX record_row ON record(row_key, row_check) WHERE row_key IS NOT NULL;
CREATE INDEX record_company ON record(company_id) WHERE company_id IS NOT NULL;
CREATE INDEX record_contact ON record(contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX record_of_batch ON record(batch_id, sheet_no, row_no) WHERE batch_id IS NOT NULL;
CREATE INDEX record_source ON record(source_id, company_id) WHERE source_id IS NOT NULL;
CREATE INDEX record_batch_record ON record_batch(record_id);
CREATE INDEX review_a ON review(a_id) WHERE state = 'open';
CREATE INDEX review_b ON review(b_id) WHERE state = 'open';
CREATE INDEX touch_company ON touch(company_id, at);
CREATE INDEX touch_person ON touch(person_id, at) WHERE person_id IS NOT NULL;
CREATE INDEX entry_ready ON queue_entry(campaign_id, calendar_id, class, score DESC, id) WHERE state = 'ready' AND owner_id IS NULL;
CREATE INDEX entry_mine ON queue_entry(owner_id, campaign_id, class, score DESC, id) WHERE state = 'ready' AND owner_id IS NOT NULL;
CREATE INDEX entry_due ON queue_entry(due_at) WHERE state = 'waiting';
CREATE UNIQUE INDEX entry_company ON queue_entry(company_id, campaign_id) WHERE company_id IS NOT NULL;
CREATE UNIQUE INDEX entry_person ON queue_entry(person_id, campaign_id) WHERE person_id IS NOT NULL;
CREATE INDEX entry_state ON queue_entry(campaign_id, state);
CREATE INDEX lease_live ON lease(expires_at) WHERE state IN ('preview','dialled','needs_outcome');
CREATE INDEX lease_entry ON lease(entry_id);
CREATE INDEX call_company ON call(company_id, dialled_at);
CREATE INDEX call_number ON call(number_key, dialled_at) WHERE number_key IS NOT NULL;
CREATE INDEX call_agent ON call(agent_id, dialled_at);
CREATE INDEX call_campaign ON call(campaign_id, dialled_at);
-- lists of one agent: skips of a day
CREATE INDEX lease_agent ON lease(agent_id, claimed_at);
