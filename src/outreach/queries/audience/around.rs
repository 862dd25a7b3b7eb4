//! What goes on around persons: letters that wait, complaints, quotations, touches with nobody named.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use super::Who;
use crate::outreach::model::Window;
use crate::platform::db::{Conn, Statement, Value, by_keys};

/// A letter that waits for somebody in another mailing.
#[derive(Debug, Clone, Queryable)]
pub(in crate::outreach) struct WaitingMail {
    pub person_id: i64,
    pub id: i64,
    /// When it may leave, where it has not begun to.
    pub due_at: Option<NaiveDateTime>,
}

impl WaitingMail {
    /// It is on its way, or goes before a letter of the same person: of two that wait the one that is due first, and of
    /// those the one that was planned first. Of any two exactly one goes before the other.
    pub(in crate::outreach) fn goes_before(&self, own: (NaiveDateTime, i64)) -> bool {
        self.due_at.is_none_or(|other| (other, self.id) < own)
    }
}

/// Letters that wait for persons in other mailings which are approved, and news whose fate nobody knows (a greeting of
/// unknown fate counts as sent). One whose window is over waits for nothing any more.
pub(in crate::outreach) fn waiting_mails(
    conn: &mut Conn,
    who: Who<'_>,
    mailing_id: i64,
    since: NaiveDateTime,
    now: NaiveDateTime,
) -> QueryResult<Vec<WaitingMail>> {
    let text = format!(
        "SELECT d.person_id, d.id, CASE WHEN d.state = 'queued' THEN d.due_at END FROM delivery d JOIN mailing m ON m.id = d.mailing_id \
         WHERE {} AND d.state IN ('queued','claimed','on_wire','unknown') AND d.mailing_id <> ? \
         AND ((d.state = 'unknown' AND m.kind = 'news' AND d.changed_at >= ?) OR (d.state <> 'unknown' AND m.state IN ('scheduled','sending','paused'))) \
         AND (d.state <> 'queued' OR d.until_at IS NULL OR d.until_at > ?)",
        who.is("d.person_id")
    );
    Statement::<(BigInt, BigInt, Nullable<Timestamp>)>::built(text)
        .bind_all(who.values())
        .bind(mailing_id)
        .bind(since)
        .bind(now)
        .load(conn)
}

/// The letters of a mailing that wait for persons: whose, when due, id.
pub(in crate::outreach) fn own_mails(
    conn: &mut Conn,
    who: Who<'_>,
    mailing_id: i64,
) -> QueryResult<Vec<(i64, NaiveDateTime, i64)>> {
    let text = format!(
        "SELECT d.person_id, d.due_at, d.id FROM delivery d \
         WHERE {} AND d.state = 'queued' AND d.due_at IS NOT NULL AND d.mailing_id = ?",
        who.is("d.person_id")
    );
    Statement::<(BigInt, Timestamp, BigInt)>::built(text)
        .bind_all(who.values())
        .bind(mailing_id)
        .load(conn)
}

/// A greeting that somebody gets.
#[derive(Debug, Clone, Queryable)]
pub(in crate::outreach) struct GreetedPerson {
    pub person_id: i64,
    /// Code of the occasion.
    pub occasion: String,
    pub due_at: NaiveDateTime,
    pub until_at: NaiveDateTime,
}

/// Greetings by other mailings that reach persons within some hours.
pub(in crate::outreach) fn other_greetings(
    conn: &mut Conn,
    persons: &[i64],
    mailing_id: i64,
    within: Window,
) -> QueryResult<Vec<GreetedPerson>> {
    by_keys(persons, |part| {
        Statement::<(BigInt, Text, Timestamp, Timestamp)>::fixed(
            "SELECT d.person_id, m.occasion, d.due_at, d.until_at FROM delivery d JOIN mailing m ON m.id = d.mailing_id \
             WHERE d.person_id IN ? AND d.state IN ('queued','claimed','on_wire','sent','unknown') AND d.mailing_id <> ? \
             AND d.until_at > ? AND d.due_at < ? AND m.kind = 'greeting' AND m.occasion IS NOT NULL AND m.state NOT IN ('draft','cancelled')",
        )
        .bind(Value::numbers(part.iter().copied()))
        .bind(mailing_id)
        .bind(within.from)
        .bind(within.until)
        .load(conn)
    })
}

/// Touches of companies of which nobody noted with whom: company, how many.
pub(in crate::outreach) fn with_anybody(
    conn: &mut Conn,
    companies: &[i64],
    since: NaiveDateTime,
) -> QueryResult<Vec<(i64, i64)>> {
    Statement::<(BigInt, BigInt)>::fixed(
        "SELECT h.company_id, count(*) FROM touch h WHERE h.company_id IN ? AND h.at >= ? AND h.person_id IS NULL \
         AND NOT h.incoming GROUP BY h.company_id",
    )
    .bind(Value::numbers(companies.iter().copied()))
    .bind(since)
    .load(conn)
}

/// Every complaint that is not settled: the root of the company. They are few.
pub(in crate::outreach) fn complaints(conn: &mut Conn) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT DISTINCT c.root_id FROM task k JOIN company c ON c.id = k.company_id WHERE k.kind = 'complaint' AND k.state = 'open'",
    )
    .load(conn)
}

/// Which of these companies have an open quotation: it was given, and the sale is neither won nor lost.
pub(in crate::outreach) fn quotations(conn: &mut Conn, companies: &[i64]) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT DISTINCT o.company_id FROM opportunity o JOIN stage_change s ON s.opportunity_id = o.id \
         WHERE o.company_id IN ? AND o.state = 'open' AND s.stage = 'quotation'",
    )
    .bind(Value::numbers(companies.iter().copied()))
    .load(conn)
}
