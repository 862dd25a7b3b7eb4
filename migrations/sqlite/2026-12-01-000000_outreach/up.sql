-- users.phone: what stands under their name in letters to customers.
ALTER TABLE users ADD COLUMN phone TEXT;
-- letter: a version of a template's text in one language; version 0 of the shipped ones is in the binary, not here.
CREATE TABLE letter (
  code TEXT NOT NULL, language TEXT NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, subject TEXT NOT NULL, mjml TEXT NOT NULL, actor_id BIGINT, at TIMESTAMP NOT NULL, PRIMARY KEY (code, language, version)) WITHOUT ROWID;
-- news_issue: an issue of news, items for whom they concern.
CREATE TABLE news_issue (
  id INTEGER PRIMARY KEY AUTOINCREMENT, team_id BIGINT, title TEXT NOT NULL, created_by BIGINT, created_at TIMESTAMP NOT NULL, changed_at TIMESTAMP NOT NULL);
-- news_item: one piece of an issue; industries (prefixes), grades: JSON lists, an empty one means everybody.
CREATE TABLE news_item (
  id INTEGER PRIMARY KEY AUTOINCREMENT, issue_id BIGINT NOT NULL REFERENCES news_issue(id), position INTEGER NOT NULL, language TEXT NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL, url TEXT, industries TEXT NOT NULL, grades TEXT NOT NULL);
CREATE INDEX news_item_issue ON news_item(issue_id, position, id);
-- mailing: greetings of one occasion, or one issue of news, to one audience.
CREATE TABLE mailing (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, occasion TEXT, year INTEGER, occasion_on DATE, issue_id BIGINT REFERENCES news_issue(id), team_id BIGINT, name TEXT NOT NULL, letter_code TEXT NOT NULL, letter_versions TEXT NOT NULL,
  audience TEXT NOT NULL, rule_versions TEXT NOT NULL, audience_hash TEXT, figures TEXT, state TEXT NOT NULL, send_from TIMESTAMP, send_until TIMESTAMP, approve_by TIMESTAMP, approved_by BIGINT, approved_at TIMESTAMP,
  pause_reason TEXT, job_id BIGINT, created_by BIGINT, created_at TIMESTAMP NOT NULL, changed_at TIMESTAMP NOT NULL, started_at TIMESTAMP, ended_at TIMESTAMP);
CREATE INDEX mailing_state ON mailing(state, id);
-- A birthday's mailing is one of its day: a year has many.
CREATE UNIQUE INDEX mailing_occasion ON mailing(occasion, year, occasion_on) WHERE occasion IS NOT NULL AND state <> 'cancelled';
-- mailing_approval: a rep's word about the cards to own customers.
CREATE TABLE mailing_approval (
  mailing_id BIGINT NOT NULL REFERENCES mailing(id), user_id BIGINT NOT NULL REFERENCES users(id), state TEXT NOT NULL, answered_at TIMESTAMP, PRIMARY KEY (mailing_id, user_id)) WITHOUT ROWID;
-- delivery: one person in one mailing, in or left out, with the reason; the ledger.
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT, mailing_id BIGINT NOT NULL REFERENCES mailing(id), person_id BIGINT NOT NULL REFERENCES person(id), company_id BIGINT, owner_id BIGINT, address TEXT, domain TEXT, language TEXT, state TEXT NOT NULL, priority INTEGER NOT NULL, due_at TIMESTAMP, until_at TIMESTAMP, attempts INTEGER NOT NULL DEFAULT 0,
  claim_id BIGINT, smtp_code INTEGER, smtp_text TEXT, reason TEXT, body_hash TEXT, sent_at TIMESTAMP, changed_at TIMESTAMP NOT NULL, UNIQUE (mailing_id, person_id));
-- What waits is walked in two ways: by its moment, and by the receiver that was passed over before.
CREATE INDEX delivery_due ON delivery(mailing_id, priority, due_at, id) WHERE state = 'queued';
CREATE INDEX delivery_ready ON delivery(mailing_id, domain, priority, due_at, id) WHERE state = 'queued';
CREATE INDEX delivery_person ON delivery(person_id, id);
-- Cards to own customers, for the rep who answers for them.
CREATE INDEX delivery_owner ON delivery(owner_id, mailing_id) WHERE owner_id IS NOT NULL;
CREATE INDEX delivery_state ON delivery(mailing_id, state, id);
CREATE INDEX delivery_claim ON delivery(claim_id) WHERE state IN ('claimed', 'on_wire');
-- send_claim: a handful of deliveries in the hands of one worker; boot = the start of the machine it runs on.
CREATE TABLE send_claim (
  id INTEGER PRIMARY KEY AUTOINCREMENT, boot TEXT NOT NULL, worker TEXT NOT NULL, at TIMESTAMP NOT NULL, expires_at TIMESTAMP NOT NULL, settled_at TIMESTAMP);
CREATE INDEX send_claim_open ON send_claim(expires_at) WHERE settled_at IS NULL;
-- lane: how fast one recipient domain takes mail.
CREATE TABLE lane (domain TEXT NOT NULL PRIMARY KEY, width INTEGER NOT NULL, per_connection INTEGER NOT NULL, per_minute INTEGER, paused_until TIMESTAMP, streak INTEGER NOT NULL, why TEXT, changed_at TIMESTAMP NOT NULL) WITHOUT ROWID;
-- delivery_figure: how many deliveries of a mailing stand where, by domain; kept by the one place that moves them, a counter for each server process.
CREATE TABLE delivery_figure (mailing_id BIGINT NOT NULL, domain TEXT NOT NULL, state TEXT NOT NULL, counter INTEGER NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (mailing_id, domain, state, counter)) WITHOUT ROWID;
CREATE INDEX delivery_deferred ON delivery(mailing_id, domain) WHERE state = 'queued' AND attempts > 0;
-- Whose birthday it is: the end of the date, 05-20.
CREATE INDEX person_birthday ON person(substr(birthday, -5)) WHERE birthday IS NOT NULL;
-- letters that wait or may have arrived count against the cap of a person, whatever the mailing
CREATE INDEX delivery_waiting ON delivery(person_id) WHERE state IN ('queued', 'claimed', 'on_wire', 'unknown');
-- complaints that are not settled: they are few, and hold back every letter
CREATE INDEX task_complaint ON task(company_id) WHERE kind = 'complaint' AND state = 'open';
-- who is due by the rhythm of a grade: since the last contact, or since the grade was given
CREATE INDEX company_due ON company(grade, coalesce(last_touch_at, grade_at, created_at), id, owner_id) WHERE grade IS NOT NULL AND merged_into IS NULL;
