//! SQL of leases after the claim: signs of life, dials, ends, and what time does to them.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::calling::model::{Lease, QueueEntry};
use crate::platform::db::{Conn, Statement, Value};
use crate::schema::{lease, lease_lock, queue_entry, users};

/// A lease by its token; on PostgreSQL its row stays locked until the transaction ends.
pub(in crate::calling) fn lease_by_token(
    conn: &mut Conn,
    token: &str,
) -> QueryResult<Option<Lease>> {
    Statement::<lease::SqlType>::fixed(
        "SELECT id, token, entry_id, campaign_id, agent_id, company_id, person_id, point_id, phone, number_key, state, why, \
         claimed_at, heartbeat_at, expires_at, dialled_at, ended_at, call_id FROM lease WHERE token = ? FOR UPDATE",
    )
    .bind(token)
    .get_result(conn)
    .optional()
}

/// A lease by its token with its entry; on PostgreSQL both rows stay locked until the transaction ends.
pub(in crate::calling) fn lease_and_entry(
    conn: &mut Conn,
    token: &str,
) -> QueryResult<Option<(Lease, QueueEntry)>> {
    Statement::<(lease::SqlType, queue_entry::SqlType)>::fixed(
        "SELECT l.id, l.token, l.entry_id, l.campaign_id, l.agent_id, l.company_id, l.person_id, l.point_id, l.phone, l.number_key, \
         l.state, l.why, l.claimed_at, l.heartbeat_at, l.expires_at, l.dialled_at, l.ended_at, l.call_id, \
         e.id, e.campaign_id, e.company_id, e.person_id, e.calendar_id, e.state, e.class, e.score, e.due_at, e.owner_id, e.bar, \
         e.attempts, e.dials, e.tries, e.parked_for, e.last_call_id, e.created_at, e.changed_at \
         FROM lease l JOIN queue_entry e ON e.id = l.entry_id WHERE l.token = ? FOR UPDATE",
    )
    .bind(token)
    .get_result(conn)
    .optional()
}

/// A lease by id.
pub(in crate::calling) fn lease_by_id(conn: &mut Conn, id: i64) -> QueryResult<Lease> {
    lease::table
        .find(id)
        .select(Lease::as_select())
        .get_result(conn)
}

/// Writes state and times of a lease.
pub(in crate::calling) fn update_lease(conn: &mut Conn, to: &Lease) -> QueryResult<()> {
    Statement::<()>::fixed(
        "UPDATE lease SET state = ?, heartbeat_at = ?, expires_at = ?, dialled_at = ?, ended_at = ?, call_id = ? WHERE id = ?",
    )
    .bind(to.state.as_str())
    .bind(to.heartbeat_at)
    .bind(to.expires_at)
    .bind(to.dialled_at)
    .bind(to.ended_at)
    .bind(to.call_id)
    .bind(to.id)
    .execute(conn)
    .map(|_| ())
}

/// Lets everything go that a lease holds.
pub(in crate::calling) fn unlock(conn: &mut Conn, lease_id: i64) -> QueryResult<usize> {
    Statement::<()>::fixed("DELETE FROM lease_lock WHERE lease_id = ?")
        .bind(lease_id)
        .execute(conn)
}

/// Leases whose time has come, the oldest first; others' hands are passed over.
pub(in crate::calling) fn expired(
    conn: &mut Conn,
    now: NaiveDateTime,
    limit: i64,
) -> QueryResult<Vec<Lease>> {
    let text = match conn {
        Conn::Postgres(_) => {
            "SELECT id FROM lease WHERE state IN ('preview','dialled','needs_outcome') AND expires_at <= ? ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED"
        }
        Conn::Sqlite(_) => {
            "SELECT id FROM lease WHERE state IN ('preview','dialled','needs_outcome') AND expires_at <= ? ORDER BY expires_at LIMIT ?"
        }
    };
    let ids: Vec<i64> = Statement::<BigInt>::fixed(text)
        .bind(now)
        .bind(limit)
        .load(conn)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    lease::table
        .filter(lease::id.eq_any(ids))
        .select(Lease::as_select())
        .order(lease::id)
        .load(conn)
}

/// The live leases of an agent: at most one, unless something is broken.
pub(in crate::calling) fn live_leases_of(
    conn: &mut Conn,
    agent_id: i64,
) -> QueryResult<Vec<Lease>> {
    lease::table
        .filter(lease::agent_id.eq(agent_id))
        .filter(lease::state.eq_any(["preview", "dialled", "needs_outcome"]))
        .select(Lease::as_select())
        .order(lease::id)
        .load(conn)
}

/// Who has a thing in hand: id and name.
pub(in crate::calling) fn holder(
    conn: &mut Conn,
    kind: &str,
    key: i64,
) -> QueryResult<Option<(i64, String)>> {
    lease_lock::table
        .inner_join(lease::table.on(lease::id.eq(lease_lock::lease_id)))
        .inner_join(users::table.on(users::id.eq(lease::agent_id)))
        .filter(lease_lock::kind.eq(kind))
        .filter(lease_lock::key.eq(key))
        .select((users::id, users::name))
        .get_result(conn)
        .optional()
}

/// An entry; on PostgreSQL its row stays locked until the transaction ends.
pub(in crate::calling) fn entry(conn: &mut Conn, id: i64) -> QueryResult<QueueEntry> {
    Statement::<queue_entry::SqlType>::fixed(
        "SELECT id, campaign_id, company_id, person_id, calendar_id, state, class, score, due_at, owner_id, bar, attempts, dials, \
         tries, parked_for, last_call_id, created_at, changed_at FROM queue_entry WHERE id = ? FOR UPDATE",
    )
    .bind(id)
    .get_result(conn)
}

/// Writes all of an entry that calling changes.
pub(in crate::calling) fn update_entry(conn: &mut Conn, to: &QueueEntry) -> QueryResult<()> {
    Statement::<()>::fixed(
        "UPDATE queue_entry SET state = ?, class = ?, score = ?, due_at = ?, owner_id = ?, bar = ?, attempts = ?, dials = ?, tries = ?, \
         parked_for = ?, last_call_id = ?, changed_at = ? WHERE id = ?",
    )
    .bind(to.state.as_str())
    .bind(to.class)
    .bind(to.score)
    .bind(to.due_at)
    .bind(to.owner_id)
    .bind(to.bar.clone())
    .bind(to.attempts)
    .bind(to.dials)
    .bind(to.tries.clone())
    .bind(to.parked_for)
    .bind(to.last_call_id)
    .bind(to.changed_at)
    .bind(to.id)
    .execute(conn)
    .map(|_| ())
}

/// Every entry of these companies, of all campaigns.
pub(in crate::calling) fn entries_of_companies(
    conn: &mut Conn,
    group: &[i64],
) -> QueryResult<Vec<QueueEntry>> {
    let ids: Vec<i64> =
        Statement::<BigInt>::fixed("SELECT id FROM queue_entry WHERE company_id IN ? ORDER BY id")
            .bind(Value::numbers(group.iter().copied()))
            .load(conn)?;
    entries(conn, &ids)
}

/// Every entry of these persons, of all campaigns.
pub(in crate::calling) fn entries_of_persons(
    conn: &mut Conn,
    group: &[i64],
) -> QueryResult<Vec<QueueEntry>> {
    let ids: Vec<i64> =
        Statement::<BigInt>::fixed("SELECT id FROM queue_entry WHERE person_id IN ? ORDER BY id")
            .bind(Value::numbers(group.iter().copied()))
            .load(conn)?;
    entries(conn, &ids)
}

fn entries(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<QueueEntry>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    queue_entry::table
        .filter(queue_entry::id.eq_any(ids.to_vec()))
        .select(QueueEntry::as_select())
        .order(queue_entry::id)
        .load(conn)
}

/// How many entries an agent has skipped since a moment.
pub(in crate::calling) fn skips_since(
    conn: &mut Conn,
    agent_id: i64,
    since: NaiveDateTime,
) -> QueryResult<i64> {
    lease::table
        .filter(lease::agent_id.eq(agent_id))
        .filter(lease::claimed_at.ge(since))
        .filter(lease::state.eq("skipped"))
        .count()
        .get_result(conn)
}

/// The names of users.
pub(in crate::calling) fn user_name(conn: &mut Conn, id: i64) -> QueryResult<Option<String>> {
    Statement::<Text>::fixed("SELECT name FROM users WHERE id = ?")
        .bind(id)
        .get_result(conn)
        .optional()
}
