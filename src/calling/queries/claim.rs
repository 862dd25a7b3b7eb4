//! SQL of the claim: which entry comes next, and taking it with all its locks.
//!
//! States are written as literals: a bound one would lose the partial index on PostgreSQL.

use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Integer, Nullable, Text, Timestamp};

use super::used::used_calendars;
use crate::calling::model::{Lease, Lock, NewLease};
use crate::platform::calendar::CalendarId;
use crate::platform::clock;
use crate::platform::db::{Conn, Statement, Value, in_savepoint};
use crate::platform::settings::Stored;
use crate::schema::{lease, lease_lock};

/// No merge comes between reading a group and locking it; merges hold the lock exclusively. SQLite has one writer,
/// which is the lock.
pub(in crate::calling) fn hold_merges(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Postgres(_) => Statement::<()>::fixed("SELECT pg_advisory_xact_lock_shared(?)")
            .bind(crate::registry::lock::MERGE)
            .execute(conn)
            .map(|_| ()),
        Conn::Sqlite(_) => Ok(()),
    }
}

/// Now, and the newest version of several rule sets: kind, version, body.
pub(in crate::calling) fn now_and_settings(
    conn: &mut Conn,
    kinds: &[&str],
) -> QueryResult<(NaiveDateTime, Vec<Stored>)> {
    type Row = (clock::StoredColumns, Nullable<(Text, Integer, Text)>);
    const POSTGRES: &str = "SELECT (clock_timestamp() AT TIME ZONE 'UTC'), coalesce(c.offset_us, 0), coalesce(c.last_at, CAST('1970-01-01 00:00:00' AS TIMESTAMP)), \
         a.kind, a.version, a.body FROM (SELECT 1 AS id) o LEFT JOIN clock c ON c.id = o.id \
         LEFT JOIN setting a ON a.kind IN ? AND a.version = (SELECT max(b.version) FROM setting b WHERE b.kind = a.kind)";
    const SQLITE: &str = "SELECT NULL, coalesce(c.offset_us, 0), coalesce(c.last_at, '1970-01-01 00:00:00'), \
         a.kind, a.version, a.body FROM (SELECT 1 AS id) o LEFT JOIN clock c ON c.id = o.id \
         LEFT JOIN setting a ON a.kind IN ? AND a.version = (SELECT max(b.version) FROM setting b WHERE b.kind = a.kind)";
    let text = match conn {
        Conn::Postgres(_) => POSTGRES,
        Conn::Sqlite(_) => SQLITE,
    };
    let rows: Vec<(clock::Stored, Option<Stored>)> = Statement::<Row>::fixed(text)
        .bind(Value::codes(kinds))
        .load(conn)?;
    let now = rows.first().map(|(clock, _)| clock.now());
    let settings = rows
        .into_iter()
        .filter_map(|(_, setting)| setting)
        .collect();
    Ok((now.ok_or(diesel::result::Error::NotFound)?, settings))
}

/// What a claim asks before it looks for an entry.
#[derive(Debug, Clone, Queryable)]
pub(in crate::calling) struct Beginning {
    /// The live lease of the agent, of whatever campaign.
    pub lease_id: Option<i64>,
    /// The campaign, if there is one.
    pub campaign: Option<Served>,
    /// The agent is named there.
    pub is_named: bool,
    /// Something waits whose time has come.
    pub is_due: bool,
}

/// Whether a campaign serves its entries, and to whom.
#[derive(Debug, Clone, Queryable)]
pub(in crate::calling) struct Served {
    pub name: String,
    pub state: String,
    pub all_agents: bool,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub team_id: Option<i64>,
}

/// Reads it.
pub(in crate::calling) fn beginning(
    conn: &mut Conn,
    now: NaiveDateTime,
    agent_id: i64,
    campaign_id: i64,
) -> QueryResult<Beginning> {
    type Row = (
        Nullable<BigInt>,
        Nullable<(
            Text,
            Text,
            Bool,
            Nullable<Date>,
            Nullable<Date>,
            Nullable<BigInt>,
        )>,
        Bool,
        Bool,
    );
    Statement::<Row>::fixed(
        "SELECT k.lease_id, c.name, c.state, c.all_agents, c.starts_on, c.ends_on, c.team_id, \
         EXISTS (SELECT 1 FROM campaign_agent a WHERE a.campaign_id = c.id AND a.user_id = ?), \
         EXISTS (SELECT 1 FROM queue_entry e WHERE e.state = 'waiting' AND e.due_at <= ?) \
         FROM (SELECT 1 AS one) o LEFT JOIN lease_lock k ON k.kind = 'agent' AND k.key = ? LEFT JOIN campaign c ON c.id = ?",
    )
    .bind(agent_id)
    .bind(now)
    .bind(agent_id)
    .bind(campaign_id)
    .get_result(conn)
}

/// The live lease of an agent, of whatever campaign.
pub(in crate::calling) fn live_lease_of(
    conn: &mut Conn,
    agent_id: i64,
) -> QueryResult<Option<Lease>> {
    lease_lock::table
        .inner_join(lease::table.on(lease::id.eq(lease_lock::lease_id)))
        .filter(lease_lock::kind.eq("agent"))
        .filter(lease_lock::key.eq(agent_id))
        .select(Lease::as_select())
        .get_result(conn)
        .optional()
}

/// Waiting entries whose time has come are ready again.
pub(in crate::calling) fn promote(conn: &mut Conn, now: NaiveDateTime) -> QueryResult<usize> {
    let text = match conn {
        Conn::Postgres(_) => {
            "UPDATE queue_entry SET state = 'ready', bar = NULL, changed_at = ? WHERE id IN (SELECT id FROM queue_entry \
             WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at LIMIT 500 FOR UPDATE SKIP LOCKED)"
        }
        Conn::Sqlite(_) => {
            "UPDATE queue_entry SET state = 'ready', bar = NULL, changed_at = ? WHERE id IN (SELECT id FROM queue_entry \
             WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at LIMIT 500)"
        }
    };
    Statement::<()>::fixed(text)
        .bind(now)
        .bind(now)
        .execute(conn)
}

/// An entry that may come next.
#[derive(Debug, Clone, Queryable)]
pub(in crate::calling) struct Head {
    pub id: i64,
    pub company_id: Option<i64>,
    pub person_id: Option<i64>,
    pub calendar_id: i32,
    pub class: i32,
    pub score: i32,
    pub attempts: i32,
    pub dials: i32,
    pub last_call_id: Option<i64>,
}

type HeadRow = (
    BigInt,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Integer,
    Integer,
    Integer,
    Integer,
    Integer,
    Nullable<BigInt>,
);

/// The best entry: those kept for the agent first, then the pool of the calendars that are open, both walks in one
/// statement; on PostgreSQL its row is locked, and rows that others look at are passed over.
///
/// Half the calendars of the world are open at any time, a campaign has a few: the index is asked for the next calendar
/// in which something is ready, so that only these cost a look. The open ones are one text, [`as_one_text`], in which a
/// number is looked for: a list would be a statement of its own for every length.
pub(in crate::calling) fn head(
    conn: &mut Conn,
    campaign_id: i64,
    agent_id: i64,
    open: &str,
    passed: &[i64],
) -> QueryResult<Option<Head>> {
    const SQLITE: &str = concat!(
        "SELECT id, company_id, person_id, calendar_id, class, score, attempts, dials, last_call_id FROM queue_entry WHERE id = coalesce(\
         (SELECT e.id FROM queue_entry e WHERE e.owner_id = ? AND e.campaign_id = ? AND e.state = 'ready' AND e.owner_id IS NOT NULL \
         AND (e.class = 0 OR instr(?, ',' || e.calendar_id || ',') > 0) AND NOT (e.id IN ?) ORDER BY e.class, e.score DESC, e.id LIMIT 1), \
         (WITH RECURSIVE ",
        used_calendars!(),
        " SELECT q.id FROM used k CROSS JOIN queue_entry q ON q.id = (SELECT e.id FROM queue_entry e WHERE e.campaign_id = ? \
         AND e.calendar_id = k.calendar AND e.state = 'ready' AND e.owner_id IS NULL AND NOT (e.id IN ?) ORDER BY e.class, e.score DESC, e.id LIMIT 1) \
         WHERE instr(?, ',' || k.calendar || ',') > 0 ORDER BY q.class, q.score DESC, q.id LIMIT 1))"
    );
    const POSTGRES: &str = concat!(
        "WITH RECURSIVE own AS MATERIALIZED (SELECT q.* FROM queue_entry q WHERE owner_id = ? AND campaign_id = ? AND state = 'ready' AND owner_id IS NOT NULL \
         AND (class = 0 OR strpos(?, ',' || calendar_id || ',') > 0) AND NOT (id IN ?) ORDER BY class, score DESC, id LIMIT 1 FOR UPDATE SKIP LOCKED), ",
        used_calendars!(),
        ", pool AS MATERIALIZED (SELECT q.* FROM used k CROSS JOIN LATERAL \
         (SELECT e.* FROM queue_entry e WHERE e.campaign_id = ? AND e.calendar_id = k.calendar AND e.state = 'ready' AND e.owner_id IS NULL \
         AND NOT (e.id IN ?) AND NOT EXISTS (SELECT 1 FROM own) ORDER BY e.class, e.score DESC, e.id LIMIT 1 FOR UPDATE SKIP LOCKED) q \
         WHERE strpos(?, ',' || k.calendar || ',') > 0 ORDER BY q.class, q.score DESC, q.id LIMIT 1) \
         SELECT id, company_id, person_id, calendar_id, class, score, attempts, dials, last_call_id FROM own \
         UNION ALL SELECT id, company_id, person_id, calendar_id, class, score, attempts, dials, last_call_id FROM pool"
    );
    let skipped = Value::numbers(passed.iter().copied());
    let text = match conn {
        Conn::Postgres(_) => POSTGRES,
        Conn::Sqlite(_) => SQLITE,
    };
    Statement::<HeadRow>::fixed(text)
        .bind(agent_id)
        .bind(campaign_id)
        .bind(open)
        .bind(skipped.clone())
        .bind(campaign_id)
        .bind(campaign_id)
        .bind(campaign_id)
        .bind(skipped)
        .bind(open)
        .get_result(conn)
        .optional()
}

/// Calendars as [`head`] looks for one among them: `,1,27600,`.
pub(in crate::calling) fn as_one_text(open: &[CalendarId]) -> String {
    let numbers: String = open.iter().map(|id| format!(",{}", id.0)).collect();
    numbers + ","
}

/// Locks that one statement writes.
const LOCKS_AT_ONCE: usize = 8;

/// A lease as it was written.
#[derive(Debug, Clone, Copy)]
pub(in crate::calling) struct Taken {
    /// Its id.
    pub id: i64,
    /// From when on they are held.
    pub at: NaiveDateTime,
}

/// Writes the lease, its locks, the entry's state and the event. `None`: somebody has one of the locks, and nothing is
/// written.
pub(in crate::calling) fn take(conn: &mut Conn, new: &NewLease) -> QueryResult<Option<Taken>> {
    if let Conn::Sqlite(_) = conn {
        return take_step_by_step(conn, new);
    }
    let taken = in_savepoint(conn, |conn| {
        let (id, got, at): (i64, i64, NaiveDateTime) = take_at_once(conn, new)?;
        match got < new.locks.len() as i64 {
            true => Err(diesel::result::Error::RollbackTransaction),
            false => Ok(Taken { id, at }),
        }
    });
    match taken {
        Err(diesel::result::Error::RollbackTransaction) => Ok(None),
        taken => taken.map(Some),
    }
}

/// Everything of a lease but its times.
fn lease_values<ST>(statement: Statement<ST>, new: &NewLease) -> Statement<ST> {
    statement
        .bind(new.token.as_str())
        .bind(new.entry_id)
        .bind(new.campaign_id)
        .bind(new.agent_id)
        .bind(new.company_id)
        .bind(new.person_id)
        .bind(new.point_id)
        .bind(new.phone.as_str())
        .bind(new.number_key)
        .bind(new.why.as_str())
}

/// The locks come first, and the moment is read behind them: a claim that waited for a lock must not say that it held
/// it before the other let go. The clock is read as [`crate::platform::clock`] reads it.
fn take_at_once(conn: &mut Conn, new: &NewLease) -> QueryResult<(i64, i64, NaiveDateTime)> {
    const TEXT: &str = "WITH n AS MATERIALIZED (SELECT nextval(pg_get_serial_sequence('lease', 'id')) AS id), \
         k AS (INSERT INTO lease_lock (kind, key, lease_id) SELECT w.kind, w.key, n.id FROM n, \
         unnest(CAST('{' || ? || '}' AS TEXT[]), CAST('{' || ? || '}' AS BIGINT[])) w(kind, key) ORDER BY 1, 2 ON CONFLICT DO NOTHING RETURNING 1), \
         g AS MATERIALIZED (SELECT count(*) AS got FROM k), \
         t AS MATERIALIZED (SELECT g.got, (clock_timestamp() AT TIME ZONE 'UTC') \
         + COALESCE((SELECT offset_us FROM clock WHERE id = 1), 0) * INTERVAL '1 microsecond' AS at FROM g), \
         l AS (INSERT INTO lease (id, token, entry_id, campaign_id, agent_id, company_id, person_id, point_id, phone, number_key, state, why, claimed_at, heartbeat_at, expires_at) \
         SELECT n.id, CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT), \
         'preview', CAST(? AS TEXT), t.at, t.at, CAST(? AS TIMESTAMP) FROM n, t), \
         e AS (UPDATE queue_entry SET state = 'leased', changed_at = t.at FROM t WHERE queue_entry.id = ?), \
         v AS (INSERT INTO event (at, kind, user_id, campaign_id, company_id, object_id, data) SELECT t.at, 'lease.claimed', CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), n.id, CAST(? AS TEXT) FROM n, t) \
         SELECT n.id, t.got, t.at FROM n, t";
    let kinds: Vec<&str> = new.locks.iter().map(|lock| lock.kind).collect();
    let keys: Vec<String> = new.locks.iter().map(|lock| lock.key.to_string()).collect();
    let locked = Statement::<(BigInt, BigInt, Timestamp)>::fixed(TEXT)
        .bind(kinds.join(","))
        .bind(keys.join(","));
    lease_values(locked, new)
        .bind(new.expires_at)
        .bind(new.entry_id)
        .bind(new.agent_id)
        .bind(new.campaign_id)
        .bind(new.company_id)
        .bind(new.event.as_str())
        .get_result(conn)
}

/// The one writer takes back what it wrote: a savepoint would cost every claim more than this does the rare one.
fn take_step_by_step(conn: &mut Conn, new: &NewLease) -> QueryResult<Option<Taken>> {
    const LEASE: &str = "INSERT INTO lease (token, entry_id, campaign_id, agent_id, company_id, person_id, point_id, phone, number_key, state, why, claimed_at, heartbeat_at, expires_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'preview', ?, ?, ?, ?) RETURNING id";
    let id: i64 = lease_values(Statement::<BigInt>::fixed(LEASE), new)
        .bind(new.at)
        .bind(new.at)
        .bind(new.expires_at)
        .get_result(conn)?;
    if !lock_all(conn, &new.locks, id)? {
        super::unlock(conn, id)?;
        Statement::<()>::fixed("DELETE FROM lease WHERE id = ?")
            .bind(id)
            .execute(conn)?;
        return Ok(None);
    }
    Statement::<()>::fixed("UPDATE queue_entry SET state = 'leased', changed_at = ? WHERE id = ?")
        .bind(new.at)
        .bind(new.entry_id)
        .execute(conn)?;
    Statement::<()>::fixed("INSERT INTO event (at, kind, user_id, campaign_id, company_id, object_id, data) VALUES (?, 'lease.claimed', ?, ?, ?, ?, ?)")
        .bind(new.at)
        .bind(new.agent_id)
        .bind(new.campaign_id)
        .bind(new.company_id)
        .bind(id)
        .bind(new.event.as_str())
        .execute(conn)?;
    Ok(Some(Taken { id, at: new.at }))
}

/// Writes the locks of a lease a few at a time, each number of them a statement that is prepared once. False when
/// somebody has one of them.
fn lock_all(conn: &mut Conn, locks: &[Lock], lease_id: i64) -> QueryResult<bool> {
    static TEXTS: LazyLock<[String; LOCKS_AT_ONCE + 1]> = LazyLock::new(|| {
        std::array::from_fn(|n| {
            let rows = vec!["(?, ?, ?)"; n].join(", ");
            format!(
                "INSERT INTO lease_lock (kind, key, lease_id) VALUES {rows} ON CONFLICT DO NOTHING"
            )
        })
    });
    for part in locks.chunks(LOCKS_AT_ONCE) {
        let mut taking = Statement::<()>::fixed(&TEXTS[part.len()]);
        for lock in part {
            taking = taking.bind(lock.kind).bind(lock.key).bind(lease_id);
        }
        if taking.execute(conn)? < part.len() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Holds an entry back: `waiting` until a moment, or `barred` until something lifts it.
pub(in crate::calling) fn hold_back(
    conn: &mut Conn,
    entry_id: i64,
    state: &str,
    bar: Option<&str>,
    due_at: Option<NaiveDateTime>,
    now: NaiveDateTime,
) -> QueryResult<()> {
    Statement::<()>::fixed(
        "UPDATE queue_entry SET state = ?, bar = ?, due_at = ?, changed_at = ? WHERE id = ?",
    )
    .bind(state)
    .bind(bar.map(str::to_owned))
    .bind(due_at)
    .bind(now)
    .bind(entry_id)
    .execute(conn)
    .map(|_| ())
}

/// The cursor of a job.
pub(in crate::calling) fn job_cursor(conn: &mut Conn, id: i64) -> QueryResult<Option<String>> {
    use crate::schema::job;
    job::table.find(id).select(job::cursor).first(conn)
}
