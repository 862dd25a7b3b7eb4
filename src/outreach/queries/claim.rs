//! SQL of the claim: walking what waits, taking it, and what is looked at once more before a letter leaves.
//!
//! States are written as literals: a bound one would lose the partial index on PostgreSQL.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};

use crate::outreach::model::{Front, Held, Mailing, OpenClaim};
use crate::platform::db::{Conn, Statement, Value};
use crate::schema::{mailing, send_claim};

pub(super) type HeldRow = (
    BigInt,
    BigInt,
    BigInt,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Text,
    Text,
    Nullable<Text>,
    Integer,
    Timestamp,
    Nullable<Timestamp>,
    Integer,
);

/// What is on its way.
pub(in crate::outreach) fn sending(conn: &mut Conn) -> QueryResult<Vec<Mailing>> {
    mailing::table
        .filter(mailing::state.eq("sending"))
        .order(mailing::id)
        .select(Mailing::as_select())
        .load(conn)
}

/// The first priority of a mailing at which somebody waits, behind another one.
pub(in crate::outreach) fn next_priority(
    conn: &mut Conn,
    mailing_id: i64,
    after: i32,
) -> QueryResult<Option<i32>> {
    Statement::<Nullable<Integer>>::fixed(
        "SELECT min(priority) FROM delivery WHERE mailing_id = ? AND state = 'queued' AND priority > ?",
    )
    .bind(mailing_id)
    .bind(after)
    .get_result(conn)
}

/// What waits behind a front and whose moment has come, in order: id, domain, moment.
pub(in crate::outreach) fn walk(
    conn: &mut Conn,
    front: &Front,
    now: NaiveDateTime,
) -> QueryResult<Vec<(i64, String, NaiveDateTime)>> {
    Statement::<(BigInt, Text, Timestamp)>::fixed(
        "SELECT id, domain, due_at FROM delivery WHERE mailing_id = ? AND priority = ? AND state = 'queued' AND (due_at, id) > (?, ?) \
         AND due_at <= ? ORDER BY due_at, id LIMIT 400",
    )
    .bind(front.mailing_id)
    .bind(front.priority)
    .bind(front.due_at)
    .bind(front.id)
    .bind(now)
    .load(conn)
}

/// Those of these that wait and whose moment has come.
pub(in crate::outreach) fn due(
    conn: &mut Conn,
    ids: &[i64],
    now: NaiveDateTime,
) -> QueryResult<Vec<i64>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Statement::<BigInt>::fixed(
        "SELECT id FROM delivery WHERE id IN ? AND state = 'queued' AND due_at <= ?",
    )
    .bind(Value::numbers(ids.iter().copied()))
    .bind(now)
    .load(conn)
}

/// Those of these that still wait, for this transaction alone; what another node takes just now is passed over.
pub(in crate::outreach) fn take(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Held>> {
    const SQLITE: &str = "SELECT d.id, d.mailing_id, d.person_id, d.company_id, d.owner_id, d.address, d.domain, d.language, d.priority, d.due_at, \
         d.until_at, d.attempts FROM delivery d JOIN mailing m ON m.id = d.mailing_id WHERE d.id IN ? AND d.state = 'queued' AND m.state = 'sending' ORDER BY d.id";
    const POSTGRES: &str = "SELECT d.id, d.mailing_id, d.person_id, d.company_id, d.owner_id, d.address, d.domain, d.language, d.priority, d.due_at, \
         d.until_at, d.attempts FROM delivery d JOIN mailing m ON m.id = d.mailing_id WHERE d.id IN ? AND d.state = 'queued' AND m.state = 'sending' ORDER BY d.id \
         FOR UPDATE OF d SKIP LOCKED";
    let text = match conn {
        Conn::Postgres(_) => POSTGRES,
        Conn::Sqlite(_) => SQLITE,
    };
    Statement::<HeldRow>::fixed(text)
        .bind(Value::numbers(ids.iter().copied()))
        .load(conn)
}

/// Where the roots of these companies are; who has no region is not in it.
pub(in crate::outreach) fn regions(
    conn: &mut Conn,
    companies: &[i64],
) -> QueryResult<HashMap<i64, String>> {
    let rows: Vec<(i64, String)> = Statement::<(BigInt, Text)>::fixed(
        "SELECT c.id, r.region FROM company c JOIN company r ON r.id = c.root_id WHERE c.id IN ? AND r.region IS NOT NULL",
    )
    .bind(Value::numbers(companies.iter().copied()))
    .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// These wait for another moment.
pub(in crate::outreach) fn wait_until(
    conn: &mut Conn,
    ids: &[i64],
    due_at: NaiveDateTime,
) -> QueryResult<usize> {
    Statement::<()>::fixed("UPDATE delivery SET due_at = ? WHERE id IN ? AND state = 'queued'")
        .bind(due_at)
        .bind(Value::numbers(ids.iter().copied()))
        .execute(conn)
}

/// What waits in a mailing, a part of it, for this transaction alone.
pub(in crate::outreach) fn waiting(conn: &mut Conn, mailing_id: i64) -> QueryResult<Vec<Held>> {
    const SQLITE: &str = "SELECT id, mailing_id, person_id, company_id, owner_id, address, domain, language, priority, due_at, until_at, attempts \
         FROM delivery WHERE mailing_id = ? AND state = 'queued' ORDER BY id LIMIT 1000";
    const POSTGRES: &str = "SELECT id, mailing_id, person_id, company_id, owner_id, address, domain, language, priority, due_at, until_at, attempts \
         FROM delivery WHERE mailing_id = ? AND state = 'queued' ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED";
    let text = match conn {
        Conn::Postgres(_) => POSTGRES,
        Conn::Sqlite(_) => SQLITE,
    };
    Statement::<HeldRow>::fixed(text)
        .bind(mailing_id)
        .load(conn)
}

/// What a claim, or nobody any more, holds.
pub(in crate::outreach) fn held_by(conn: &mut Conn, claim_id: i64) -> QueryResult<Vec<Held>> {
    Statement::<HeldRow>::fixed(
        "SELECT id, mailing_id, person_id, company_id, owner_id, address, domain, language, priority, due_at, until_at, attempts \
         FROM delivery WHERE claim_id = ? AND state IN ('claimed', 'on_wire') ORDER BY id",
    )
    .bind(claim_id)
    .load(conn)
}

/// Some deliveries whose fate is unknown.
pub(in crate::outreach) fn unknown(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Held>> {
    Statement::<HeldRow>::fixed(
        "SELECT id, mailing_id, person_id, company_id, owner_id, address, domain, language, priority, due_at, until_at, attempts \
         FROM delivery WHERE id IN ? AND state = 'unknown' ORDER BY id FOR UPDATE",
    )
    .bind(Value::numbers(ids.iter().copied()))
    .load(conn)
}

/// Begins a claim.
pub(in crate::outreach) fn insert_claim(
    conn: &mut Conn,
    boot: &str,
    worker: &str,
    now: NaiveDateTime,
    expires_at: NaiveDateTime,
) -> QueryResult<i64> {
    diesel::insert_into(send_claim::table)
        .values((
            send_claim::boot.eq(boot),
            send_claim::worker.eq(worker),
            send_claim::at.eq(now),
            send_claim::expires_at.eq(expires_at),
        ))
        .returning(send_claim::id)
        .get_result(conn)
}

/// A worker is alive.
pub(in crate::outreach) fn renew_claims(
    conn: &mut Conn,
    worker: &str,
    expires_at: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        send_claim::table
            .filter(send_claim::worker.eq(worker))
            .filter(send_claim::settled_at.is_null()),
    )
    .set(send_claim::expires_at.eq(expires_at))
    .execute(conn)
}

/// Ends those of these claims that hold nothing any more; says which.
pub(in crate::outreach) fn close_claims(
    conn: &mut Conn,
    claims: &[i64],
    now: NaiveDateTime,
) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed(
        "UPDATE send_claim SET settled_at = ? WHERE id IN ? AND settled_at IS NULL AND NOT EXISTS \
         (SELECT 1 FROM delivery d WHERE d.claim_id = send_claim.id AND d.state IN ('claimed', 'on_wire')) RETURNING id",
    )
    .bind(now)
    .bind(Value::numbers(claims.iter().copied()))
    .load(conn)
}

/// Claims of a worker that are not settled.
pub(in crate::outreach) fn open_claims(
    conn: &mut Conn,
    worker: &str,
) -> QueryResult<Vec<OpenClaim>> {
    send_claim::table
        .filter(send_claim::worker.eq(worker))
        .filter(send_claim::settled_at.is_null())
        .order(send_claim::id)
        .select((send_claim::id, send_claim::boot, send_claim::worker))
        .load(conn)
}

/// Claims of others that nobody has renewed in time.
pub(in crate::outreach) fn expired_claims(
    conn: &mut Conn,
    now: NaiveDateTime,
) -> QueryResult<Vec<OpenClaim>> {
    send_claim::table
        .filter(send_claim::expires_at.le(now))
        .filter(send_claim::settled_at.is_null())
        .order(send_claim::id)
        .select((send_claim::id, send_claim::boot, send_claim::worker))
        .load(conn)
}

/// A person as the claim looks at them once more.
#[derive(Debug, Clone, Queryable)]
pub(in crate::outreach) struct Member {
    /// Id.
    pub id: i64,
    /// The root.
    pub root_id: i64,
    /// Ways that they refused.
    pub refused: i32,
}

/// Everybody under the roots of these persons: the root itself, and whoever was merged into it.
pub(in crate::outreach) fn members(conn: &mut Conn, persons: &[i64]) -> QueryResult<Vec<Member>> {
    let mut found: Vec<Member> = Statement::<(BigInt, BigInt, Integer)>::fixed(
        "SELECT r.id, r.root_id, r.refused FROM person p JOIN person r ON r.id = p.root_id WHERE p.id IN ? UNION ALL \
         SELECT m.id, m.root_id, m.refused FROM person p JOIN person m ON m.root_id = p.root_id AND m.merged_into IS NOT NULL WHERE p.id IN ?",
    )
    .bind(Value::numbers(persons.iter().copied()))
    .bind(Value::numbers(persons.iter().copied()))
    .load(conn)?;
    // Of several persons under one root.
    found.sort_unstable_by_key(|member| member.id);
    found.dedup_by_key(|member| member.id);
    Ok(found)
}
