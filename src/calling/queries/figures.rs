//! The figures of campaigns. The database keeps them beside each change of an entry and of a call (see the migration), so
//! that nobody reads a queue to say how long it is.

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamp};

use crate::platform::db::{Conn, Statement, Value};

/// Entries of a campaign by state and bar.
pub(in crate::calling) fn entry_counts(
    conn: &mut Conn,
    campaign_id: i64,
) -> QueryResult<Vec<(String, Option<String>, i64)>> {
    Statement::<(Text, Nullable<Text>, BigInt)>::fixed(
        "SELECT state, nullif(bar, ''), CAST(sum(n) AS BIGINT) FROM entry_figure WHERE campaign_id = ? \
         GROUP BY state, bar HAVING sum(n) <> 0 ORDER BY state, bar",
    )
    .bind(campaign_id)
    .load(conn)
}

/// How many entries of campaigns stand in each state.
pub(crate) fn entry_states(
    conn: &mut Conn,
    campaigns: &[i64],
) -> QueryResult<Vec<(i64, String, i64)>> {
    Statement::<(BigInt, Text, BigInt)>::fixed(
        "SELECT campaign_id, state, CAST(sum(n) AS BIGINT) FROM entry_figure WHERE campaign_id IN ? \
         GROUP BY campaign_id, state HAVING sum(n) <> 0",
    )
    .bind(Value::numbers(campaigns.iter().copied()))
    .load(conn)
}

/// How many entries an agent could be served, by campaign and calendar: ready ones and those whose time has come, kept
/// for nobody or for them.
pub(crate) fn ready_by_calendar(
    conn: &mut Conn,
    campaigns: &[i64],
    agent_id: i64,
    now: NaiveDateTime,
) -> QueryResult<Vec<(i64, i32, i64)>> {
    let campaigns = Value::numbers(campaigns.iter().copied());
    // With a sign before it the campaign leads to no index: what is due is little, what waits in a campaign is much.
    Statement::<(BigInt, Integer, BigInt)>::fixed(
        "SELECT campaign_id, calendar_id, CAST(sum(n) AS BIGINT) FROM (\
         SELECT f.campaign_id, f.calendar_id, f.n FROM entry_figure f WHERE f.campaign_id IN ? AND f.state = 'ready' AND f.owner_id IN (0, ?) \
         UNION ALL SELECT e.campaign_id, e.calendar_id, 1 FROM queue_entry e WHERE +e.campaign_id IN ? AND e.state = 'waiting' AND e.due_at <= ? \
         AND (e.owner_id IS NULL OR e.owner_id = ?)) AS servable GROUP BY campaign_id, calendar_id HAVING sum(n) <> 0",
    )
    .bind(campaigns.clone())
    .bind(agent_id)
    .bind(campaigns)
    .bind(now)
    .bind(agent_id)
    .load(conn)
}

/// Entries of a campaign that stand alike.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct Alike {
    pub state: String,
    pub bar: Option<String>,
    pub calendar_id: i32,
    pub n: i64,
    /// When the first of those that wait comes back.
    pub next_due: Option<NaiveDateTime>,
}

/// Entries by state, bar and calendar. (What is joined to nothing has no column's kind: SQLite compares by the index then.)
pub(crate) fn alike(conn: &mut Conn, campaign_id: i64) -> QueryResult<Vec<Alike>> {
    Statement::<(Text, Nullable<Text>, Integer, BigInt, Nullable<Timestamp>)>::fixed(
        "SELECT f.state, nullif(f.bar, ''), f.calendar_id, f.n, CASE WHEN f.state = 'waiting' THEN (SELECT min(e.due_at) FROM queue_entry e \
         WHERE e.campaign_id = f.campaign_id AND e.calendar_id = f.calendar_id AND coalesce(e.bar, '') = f.bar || '' AND e.state = 'waiting') END \
         FROM (SELECT campaign_id, state, bar, calendar_id, CAST(sum(n) AS BIGINT) AS n FROM entry_figure WHERE campaign_id = ? \
         GROUP BY campaign_id, state, bar, calendar_id HAVING sum(n) <> 0) AS f",
    )
    .bind(campaign_id)
    .load(conn)
}

/// When the next waiting entry of a campaign comes due.
pub(crate) fn next_due(conn: &mut Conn, campaign_id: i64) -> QueryResult<Option<NaiveDateTime>> {
    Statement::<Nullable<Timestamp>>::fixed(
        "SELECT min(f.due_at) FROM (SELECT (SELECT min(e.due_at) FROM queue_entry e WHERE e.campaign_id = g.campaign_id \
         AND e.calendar_id = g.calendar_id AND coalesce(e.bar, '') = g.bar || '' AND e.state = 'waiting') AS due_at \
         FROM (SELECT DISTINCT campaign_id, calendar_id, bar FROM entry_figure WHERE campaign_id = ? AND state = 'waiting') AS g) AS f",
    )
    .bind(campaign_id)
    .get_result(conn)
}

/// Dials of a campaign and what they brought: disposition, whether somebody was reached, how many.
pub(in crate::calling) fn call_counts(
    conn: &mut Conn,
    campaign_id: i64,
) -> QueryResult<Vec<(Option<String>, bool, i64)>> {
    Statement::<(Nullable<Text>, Bool, BigInt)>::fixed(
        "SELECT nullif(disposition, ''), reached, CAST(sum(n) AS BIGINT) FROM call_figure WHERE campaign_id = ? \
         GROUP BY disposition, reached HAVING sum(n) <> 0 ORDER BY 3 DESC, 1",
    )
    .bind(campaign_id)
    .load(conn)
}

/// Calls of campaigns in all.
pub(crate) fn campaign_dials(conn: &mut Conn, campaigns: &[i64]) -> QueryResult<Vec<(i64, i64)>> {
    Statement::<(BigInt, BigInt)>::fixed(
        "SELECT campaign_id, CAST(sum(n) AS BIGINT) FROM call_figure WHERE campaign_id IN ? GROUP BY campaign_id",
    )
    .bind(Value::numbers(campaigns.iter().copied()))
    .load(conn)
}

/// Carries what each server process counted over to one row a figure. A process that counts just now keeps its rows for
/// the next time: nobody waits.
pub(in crate::calling) fn carry_over(conn: &mut Conn) -> QueryResult<()> {
    const FIGURES: [(&str, &str); 2] = [
        (
            "entry_figure",
            "campaign_id, state, bar, calendar_id, owner_id",
        ),
        ("call_figure", "campaign_id, disposition, reached"),
    ];
    for (table, key) in FIGURES {
        if let Conn::Postgres(conn) = conn {
            conn.batch_execute(&format!(
                "WITH gone AS (DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE counter <> 0 FOR UPDATE SKIP LOCKED)) RETURNING *) \
                 INSERT INTO {table} AS f SELECT {key}, 0, sum(n) FROM gone GROUP BY {key} \
                 ON CONFLICT ({key}, counter) DO UPDATE SET n = f.n + excluded.n"
            ))?;
        }
        conn.batch_execute(&format!("DELETE FROM {table} WHERE counter = 0 AND n = 0"))?;
    }
    Ok(())
}
