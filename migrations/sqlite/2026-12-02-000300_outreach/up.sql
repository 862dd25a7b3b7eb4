-- mailing_word: a rep's word about the card to one person, goes or not; it outlives the plan, whose rows are made anew.
CREATE TABLE mailing_word (
  mailing_id BIGINT NOT NULL REFERENCES mailing(id), person_id BIGINT NOT NULL, user_id BIGINT NOT NULL REFERENCES users(id), goes BOOLEAN NOT NULL, at TIMESTAMP NOT NULL, PRIMARY KEY (mailing_id, person_id)) WITHOUT ROWID;
