//! SQL of letters of other mailings that are under way.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::platform::db::{Conn, Statement, Value};

/// Held on PostgreSQL by a claim until it is committed; the writer of SQLite needs none.
const CLAIMS: i64 = 0x6361_6e03;

/// Before a claim reads what others hold: of two that meet the second sees what the first took.
pub(in crate::outreach) fn one_claim_at_a_time(conn: &mut Conn) -> QueryResult<()> {
    if let Conn::Postgres(_) = conn {
        Statement::<()>::fixed("SELECT pg_advisory_xact_lock(?)")
            .bind(CLAIMS)
            .execute(conn)?;
    }
    Ok(())
}

/// Mailings of which letters may be under way, or have arrived since a moment.
pub(in crate::outreach) fn live_mailings(
    conn: &mut Conn,
    since: NaiveDateTime,
) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT id FROM mailing WHERE state IN ('sending', 'paused') \
         UNION ALL SELECT id FROM mailing WHERE state IN ('done', 'cancelled') AND ended_at >= ?",
    )
    .bind(since)
    .load(conn)
}

/// A letter in the hands of a worker.
#[derive(Debug, Clone, Queryable)]
pub(in crate::outreach) struct UnderWay {
    /// Its mailing.
    pub mailing_id: i64,
    /// To whom, the root when it was planned.
    pub person_id: i64,
    /// Into which mailbox.
    pub address: String,
}

/// Letters of these mailings that are under way.
pub(in crate::outreach) fn under_way(
    conn: &mut Conn,
    mailings: &[i64],
) -> QueryResult<Vec<UnderWay>> {
    Statement::<(BigInt, BigInt, Text)>::fixed(
        "SELECT mailing_id, person_id, address FROM delivery \
         WHERE mailing_id IN ? AND state IN ('claimed', 'on_wire') AND address IS NOT NULL",
    )
    .bind(Value::numbers(mailings.iter().copied()))
    .load(conn)
}
