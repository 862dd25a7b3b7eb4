-- entry_figure, call_figure: how many entries and calls of a campaign are alike, kept by the database in the transaction
-- of each change, so that no page counts a queue. A figure is the sum over `counter`: each server process counts in rows
-- of its own, so that nobody waits for another's figure; the night carries them over to counter 0.
-- '' stands for no bar and no result, owner 0 for nobody.
CREATE TABLE entry_figure (
  campaign_id BIGINT NOT NULL, state TEXT NOT NULL, bar TEXT NOT NULL, calendar_id INTEGER NOT NULL, owner_id BIGINT NOT NULL, counter INTEGER NOT NULL, n BIGINT NOT NULL,
  PRIMARY KEY (campaign_id, state, bar, calendar_id, owner_id, counter));
CREATE TABLE call_figure (
  campaign_id BIGINT NOT NULL, disposition TEXT NOT NULL, reached BOOLEAN NOT NULL, counter INTEGER NOT NULL, n BIGINT NOT NULL,
  PRIMARY KEY (campaign_id, disposition, reached, counter));

INSERT INTO entry_figure SELECT campaign_id, state, coalesce(bar, ''), calendar_id, coalesce(owner_id, 0), 0, count(*) FROM queue_entry GROUP BY 1, 2, 3, 4, 5;
INSERT INTO call_figure SELECT campaign_id, coalesce(disposition, ''), coalesce(reached, false), 0, count(*) FROM call WHERE campaign_id IS NOT NULL GROUP BY 1, 2, 3;

CREATE FUNCTION count_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO entry_figure AS f
      SELECT campaign_id, state, coalesce(bar, ''), calendar_id, coalesce(owner_id, 0), pg_backend_pid(), count(*) FROM come GROUP BY 1, 2, 3, 4, 5
      ON CONFLICT (campaign_id, state, bar, calendar_id, owner_id, counter) DO UPDATE SET n = f.n + excluded.n;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO entry_figure AS f
      SELECT campaign_id, state, coalesce(bar, ''), calendar_id, coalesce(owner_id, 0), pg_backend_pid(), -count(*) FROM gone GROUP BY 1, 2, 3, 4, 5
      ON CONFLICT (campaign_id, state, bar, calendar_id, owner_id, counter) DO UPDATE SET n = f.n + excluded.n;
  ELSE
    INSERT INTO entry_figure AS f
      SELECT campaign_id, state, coalesce(bar, ''), calendar_id, coalesce(owner_id, 0), pg_backend_pid(), sum(d) FROM (SELECT come.*, 1 AS d FROM come UNION ALL SELECT gone.*, -1 FROM gone) AS moved
      GROUP BY 1, 2, 3, 4, 5 HAVING sum(d) <> 0
      ON CONFLICT (campaign_id, state, bar, calendar_id, owner_id, counter) DO UPDATE SET n = f.n + excluded.n;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER entry_came AFTER INSERT ON queue_entry REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION count_entries();
CREATE TRIGGER entry_went AFTER DELETE ON queue_entry REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_entries();
CREATE TRIGGER entry_moved AFTER UPDATE ON queue_entry REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION count_entries();

CREATE FUNCTION count_calls() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO call_figure AS f
      SELECT campaign_id, coalesce(disposition, ''), coalesce(reached, false), pg_backend_pid(), count(*) FROM come WHERE campaign_id IS NOT NULL GROUP BY 1, 2, 3
      ON CONFLICT (campaign_id, disposition, reached, counter) DO UPDATE SET n = f.n + excluded.n;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO call_figure AS f
      SELECT campaign_id, coalesce(disposition, ''), coalesce(reached, false), pg_backend_pid(), -count(*) FROM gone WHERE campaign_id IS NOT NULL GROUP BY 1, 2, 3
      ON CONFLICT (campaign_id, disposition, reached, counter) DO UPDATE SET n = f.n + excluded.n;
  ELSE
    INSERT INTO call_figure AS f
      SELECT campaign_id, coalesce(disposition, ''), coalesce(reached, false), pg_backend_pid(), sum(d) FROM (SELECT come.*, 1 AS d FROM come UNION ALL SELECT gone.*, -1 FROM gone) AS moved WHERE campaign_id IS NOT NULL
      GROUP BY 1, 2, 3 HAVING sum(d) <> 0
      ON CONFLICT (campaign_id, disposition, reached, counter) DO UPDATE SET n = f.n + excluded.n;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER call_came AFTER INSERT ON call REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION count_calls();
CREATE TRIGGER call_went AFTER DELETE ON call REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION count_calls();
CREATE TRIGGER call_moved AFTER UPDATE ON call REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION count_calls();

-- a page of a campaign's entries in one state, in the order of their ids; and when the next one that waits comes due
DROP INDEX entry_state;
CREATE INDEX entry_state ON queue_entry(campaign_id, state, id);
CREATE INDEX entry_next ON queue_entry(campaign_id, calendar_id, (coalesce(bar, '')), due_at) WHERE state = 'waiting';
