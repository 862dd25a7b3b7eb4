-- entry_figure, call_figure: how many entries and calls of a campaign are alike, kept by the database in the transaction
-- of each change, so that no page counts a queue. A figure is the sum over `counter`: on PostgreSQL each server process
-- counts in rows of its own, so that nobody waits for another's figure; here there is one writer, counter 0.
-- '' stands for no bar and no result, owner 0 for nobody.
CREATE TABLE entry_figure (
  campaign_id BIGINT NOT NULL, state TEXT NOT NULL, bar TEXT NOT NULL, calendar_id INTEGER NOT NULL, owner_id BIGINT NOT NULL, counter INTEGER NOT NULL, n BIGINT NOT NULL,
  PRIMARY KEY (campaign_id, state, bar, calendar_id, owner_id, counter)) WITHOUT ROWID;
CREATE TABLE call_figure (
  campaign_id BIGINT NOT NULL, disposition TEXT NOT NULL, reached BOOLEAN NOT NULL, counter INTEGER NOT NULL, n BIGINT NOT NULL,
  PRIMARY KEY (campaign_id, disposition, reached, counter)) WITHOUT ROWID;

INSERT INTO entry_figure SELECT campaign_id, state, coalesce(bar, ''), calendar_id, coalesce(owner_id, 0), 0, count(*) FROM queue_entry GROUP BY 1, 2, 3, 4, 5;
INSERT INTO call_figure SELECT campaign_id, coalesce(disposition, ''), coalesce(reached, 0), 0, count(*) FROM call WHERE campaign_id IS NOT NULL GROUP BY 1, 2, 3;

CREATE TRIGGER entry_came AFTER INSERT ON queue_entry BEGIN
  INSERT INTO entry_figure VALUES (NEW.campaign_id, NEW.state, coalesce(NEW.bar, ''), NEW.calendar_id, coalesce(NEW.owner_id, 0), 0, 1)
    ON CONFLICT (campaign_id, state, bar, calendar_id, owner_id, counter) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER entry_went AFTER DELETE ON queue_entry BEGIN
  UPDATE entry_figure SET n = n - 1 WHERE campaign_id = OLD.campaign_id AND state = OLD.state AND bar = coalesce(OLD.bar, '')
    AND calendar_id = OLD.calendar_id AND owner_id = coalesce(OLD.owner_id, 0) AND counter = 0;
END;
CREATE TRIGGER entry_moved AFTER UPDATE OF campaign_id, state, bar, calendar_id, owner_id ON queue_entry
WHEN OLD.campaign_id <> NEW.campaign_id OR OLD.state <> NEW.state OR OLD.bar IS NOT NEW.bar OR OLD.calendar_id <> NEW.calendar_id OR OLD.owner_id IS NOT NEW.owner_id BEGIN
  UPDATE entry_figure SET n = n - 1 WHERE campaign_id = OLD.campaign_id AND state = OLD.state AND bar = coalesce(OLD.bar, '')
    AND calendar_id = OLD.calendar_id AND owner_id = coalesce(OLD.owner_id, 0) AND counter = 0;
  INSERT INTO entry_figure VALUES (NEW.campaign_id, NEW.state, coalesce(NEW.bar, ''), NEW.calendar_id, coalesce(NEW.owner_id, 0), 0, 1)
    ON CONFLICT (campaign_id, state, bar, calendar_id, owner_id, counter) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER call_came AFTER INSERT ON call WHEN NEW.campaign_id IS NOT NULL BEGIN
  INSERT INTO call_figure VALUES (NEW.campaign_id, coalesce(NEW.disposition, ''), coalesce(NEW.reached, 0), 0, 1)
    ON CONFLICT (campaign_id, disposition, reached, counter) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER call_went AFTER DELETE ON call WHEN OLD.campaign_id IS NOT NULL BEGIN
  UPDATE call_figure SET n = n - 1 WHERE campaign_id = OLD.campaign_id AND disposition = coalesce(OLD.disposition, '') AND reached = coalesce(OLD.reached, 0) AND counter = 0;
END;
CREATE TRIGGER call_moved AFTER UPDATE OF campaign_id, disposition, reached ON call
WHEN OLD.campaign_id IS NOT NEW.campaign_id OR OLD.disposition IS NOT NEW.disposition OR OLD.reached IS NOT NEW.reached BEGIN
  UPDATE call_figure SET n = n - 1 WHERE campaign_id = OLD.campaign_id AND disposition = coalesce(OLD.disposition, '') AND reached = coalesce(OLD.reached, 0) AND counter = 0;
  INSERT INTO call_figure SELECT NEW.campaign_id, coalesce(NEW.disposition, ''), coalesce(NEW.reached, 0), 0, 1 WHERE NEW.campaign_id IS NOT NULL
    ON CONFLICT (campaign_id, disposition, reached, counter) DO UPDATE SET n = n + 1;
END;

-- a page of a campaign's entries in one state, in the order of their ids; and when the next one that waits comes due
DROP INDEX entry_state;
CREATE INDEX entry_state ON queue_entry(campaign_id, state, id);
CREATE INDEX entry_next ON queue_entry(campaign_id, calendar_id, coalesce(bar, ''), due_at) WHERE state = 'waiting';
