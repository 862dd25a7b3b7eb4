//! SQL by which open entries follow the companies and persons behind them, a set at a time.
//!
//! Only entries that may still be served are touched: what is in somebody's hands, parked or over stays as it is.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use super::ClassCutoffs;
use crate::calling::model::Bar;
use crate::platform::db::{Conn, Statement, Value};

/// Whose entries follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::calling) enum Whose {
    /// Entries of companies; what is read stands on the root `r`.
    Companies,
    /// Entries of persons without a company.
    Persons,
}

impl Whose {
    /// The root of an entry, as the rest of an `UPDATE queue_entry e`.
    fn root(self) -> &'static str {
        match self {
            Self::Companies => {
                "FROM company c JOIN company r ON r.id = c.root_id WHERE c.id = e.company_id AND e.company_id IN ?"
            }
            Self::Persons => {
                "FROM person c JOIN person r ON r.id = c.root_id WHERE c.id = e.person_id AND e.person_id IN ?"
            }
        }
    }

    /// The bar without an end that the root asks for, gravest first; NULL where nothing bars it.
    fn bar(self) -> &'static str {
        match self {
            Self::Companies => {
                "CASE WHEN (r.flags & 4) <> 0 THEN 'suppressed' \
                 WHEN r.grade = 'E' OR r.state = 'excluded' THEN 'excluded' \
                 WHEN (r.flags & 16) <> 0 OR r.state IN ('owned','customer') THEN 'owned' END"
            }
            Self::Persons => "CASE WHEN ((r.refused | c.refused) & 1) <> 0 THEN 'suppressed' END",
        }
    }

    /// Whether the root is still left in peace at a moment.
    fn rests(self) -> &'static str {
        match self {
            Self::Companies => "coalesce(r.rest_until > ?, FALSE)",
            Self::Persons => "(? IS NULL)",
        }
    }
}

/// Which of these have an entry that may still be served.
pub(in crate::calling) fn with_open_entry(
    conn: &mut Conn,
    whose: Whose,
    ids: &[i64],
) -> QueryResult<Vec<i64>> {
    let text = match whose {
        Whose::Companies => {
            "SELECT DISTINCT company_id FROM queue_entry WHERE company_id IN ? AND state IN ('ready','waiting','barred') ORDER BY 1"
        }
        Whose::Persons => {
            "SELECT DISTINCT person_id FROM queue_entry WHERE person_id IN ? AND state IN ('ready','waiting','barred') ORDER BY 1"
        }
    };
    Statement::<BigInt>::fixed(text)
        .bind(Value::numbers(ids.iter().copied()))
        .load(conn)
}

/// Rewrites the scores of open entries from the scores of their roots.
pub(in crate::calling) fn rescore(conn: &mut Conn, companies: &[i64]) -> QueryResult<usize> {
    Statement::<()>::fixed(
        "UPDATE queue_entry AS e SET score = r.score - 10 * e.attempts FROM company c JOIN company r ON r.id = c.root_id \
         WHERE c.id = e.company_id AND e.company_id IN ? AND e.score <> r.score - 10 * e.attempts",
    )
    .bind(Value::numbers(companies.iter().copied()))
    .execute(conn)
}

/// Open entries of companies with the region of the root and the calendar by which they go: entry, region, calendar.
pub(in crate::calling) fn calendars_of(
    conn: &mut Conn,
    companies: &[i64],
) -> QueryResult<Vec<(i64, Option<String>, i32)>> {
    Statement::<(BigInt, Nullable<Text>, Integer)>::fixed(
        "SELECT e.id, r.region, e.calendar_id FROM queue_entry e JOIN company c ON c.id = e.company_id JOIN company r ON r.id = c.root_id \
         WHERE e.company_id IN ? AND e.state IN ('ready','waiting','barred')",
    )
    .bind(Value::numbers(companies.iter().copied()))
    .load(conn)
}

/// Lets entries go by a calendar.
pub(in crate::calling) fn put_calendar(
    conn: &mut Conn,
    entries: &[i64],
    calendar: i32,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    Statement::<()>::fixed("UPDATE queue_entry SET calendar_id = ?, changed_at = ? WHERE id IN ?")
        .bind(calendar)
        .bind(now)
        .bind(Value::numbers(entries.iter().copied()))
        .execute(conn)
}

/// Bars open entries whose root must not be called. When they were due stays with them, and a call that was agreed is
/// kept until the other side refuses.
pub(in crate::calling) fn bar(
    conn: &mut Conn,
    whose: Whose,
    ids: &[i64],
    now: NaiveDateTime,
) -> QueryResult<usize> {
    let (root, bar) = (whose.root(), whose.bar());
    Statement::<()>::built(format!(
        "UPDATE queue_entry AS e SET state = 'barred', bar = {bar}, changed_at = ? {root} \
         AND e.state IN ('ready','waiting','barred') AND {bar} IS NOT NULL \
         AND (e.class > 1 OR {bar} = 'suppressed') AND (e.state <> 'barred' OR coalesce(e.bar, '') <> {bar})"
    ))
    .bind(now)
    .bind(Value::numbers(ids.iter().copied()))
    .execute(conn)
}

/// Wakes entries that were held back by something that may be over; the claim looks anew. Limits, hours and skips end
/// by themselves, and so does a rest.
pub(in crate::calling) fn wake(
    conn: &mut Conn,
    whose: Whose,
    ids: &[i64],
    now: NaiveDateTime,
) -> QueryResult<usize> {
    let (root, bar, rests) = (whose.root(), whose.bar(), whose.rests());
    Statement::<()>::built(format!(
        "UPDATE queue_entry AS e SET state = CASE WHEN e.state = 'barred' AND e.due_at > ? THEN 'waiting' ELSE 'ready' END, \
         bar = NULL, changed_at = ? {root} AND e.state IN ('waiting','barred') AND e.bar IS NOT NULL \
         AND e.bar NOT IN ('limit','closed','skipped') AND {bar} IS NULL AND NOT (e.bar = 'resting' AND {rests})"
    ))
    .bind(now)
    .bind(now)
    .bind(Value::numbers(ids.iter().copied()))
    .bind(now)
    .execute(conn)
}

/// Wakes every entry that one thing bars.
pub(in crate::calling) fn wake_barred(
    conn: &mut Conn,
    bar: Bar,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    Statement::<()>::fixed(
        "UPDATE queue_entry SET state = CASE WHEN due_at > ? THEN 'waiting' ELSE 'ready' END, bar = NULL, changed_at = ? \
         WHERE state = 'barred' AND bar = ?",
    )
    .bind(now)
    .bind(now)
    .bind(bar.code())
    .execute(conn)
}

/// Moves open entries from one calendar of the office to another: those of persons without a company, and of companies
/// whose region says no calendar. Those that a region in a country with a calendar gave the same one keep it.
pub(in crate::calling) fn move_calendar(
    conn: &mut Conn,
    (from, to): (i32, i32),
    countries: &[&str],
    now: NaiveDateTime,
) -> QueryResult<usize> {
    Statement::<()>::fixed(
        "UPDATE queue_entry SET calendar_id = ?, changed_at = ? WHERE calendar_id = ? \
         AND state NOT IN ('done','exhausted','parked') AND (company_id IS NULL OR company_id IN \
         (SELECT c.id FROM company c JOIN company r ON r.id = c.root_id WHERE r.region IS NULL OR \
         (r.region >= ':' AND NOT (substr(r.region, 1, 2) IN ?))))",
    )
    .bind(to)
    .bind(now)
    .bind(from)
    .bind(Value::codes(countries))
    .execute(conn)
}

/// A, B and C that nobody has spoken with for so long that they are about to expire.
const EXPIRING: &str = "((r.grade = 'A' AND coalesce(r.last_touch_at, r.grade_at) <= ?) \
     OR (r.grade = 'B' AND coalesce(r.last_touch_at, r.grade_at) <= ?) \
     OR (r.grade = 'C' AND coalesce(r.last_touch_at, r.grade_at) <= ?))";

/// Somebody of the company was met at an event a short while ago, and nobody has called since.
const MET: &str = "((r.channels & 8) <> 0 AND EXISTS (SELECT 1 FROM company m JOIN record k ON k.company_id = m.id \
     JOIN source s ON s.id = k.source_id WHERE m.root_id = r.id AND s.channel = 'EXPO' AND k.voided_at IS NULL \
     AND k.said_at >= ? AND (k.collected_on IS NULL OR k.collected_on >= ?) \
     AND NOT EXISTS (SELECT 1 FROM call l WHERE l.id = e.last_call_id AND l.dialled_at >= k.said_at)))";

/// Puts open entries into the class that events, their grade and their calls so far give them. Call-backs have a class
/// of their own, and who was met at an event keeps it until the first hours are over.
pub(in crate::calling) fn reclassify(
    conn: &mut Conn,
    companies: &[i64],
    cutoffs: &ClassCutoffs,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    let root = Whose::Companies.root();
    let class = format!(
        "CASE WHEN {MET} THEN 2 WHEN {EXPIRING} THEN 3 WHEN e.attempts > 0 AND e.class = 3 THEN 4 WHEN e.attempts > 0 THEN e.class \
         WHEN r.grade = 'D' THEN 6 ELSE 5 END"
    );
    Statement::<()>::built(format!(
        "UPDATE queue_entry AS e SET class = {class}, changed_at = ? {root} \
         AND e.state IN ('ready','waiting') AND e.class >= 3 AND e.class <> {class}"
    ))
    .bind_all(cutoffs.values())
    .bind(now)
    .bind(Value::numbers(companies.iter().copied()))
    .bind_all(cutoffs.values())
    .execute(conn)
}

/// Roots of a grade that are about to expire while one of their entries still stands further back. Found by the index
/// of grades.
pub(in crate::calling) fn newly_expiring(
    conn: &mut Conn,
    grade: &str,
    cutoff: NaiveDateTime,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    const OPEN: &str = "SELECT 1 FROM queue_entry e WHERE e.state IN ('ready','waiting') AND e.class > 3 AND e.company_id";
    Statement::<BigInt>::built(format!(
        "SELECT r.id FROM company r WHERE r.grade = ? AND r.grade IS NOT NULL AND r.merged_into IS NULL \
         AND coalesce(r.last_touch_at, r.grade_at) <= ? AND (EXISTS ({OPEN} = r.id) OR ((r.flags & 8) <> 0 AND EXISTS \
         ({OPEN} IN (SELECT m.id FROM company m WHERE m.root_id = r.id AND m.merged_into IS NOT NULL)))) LIMIT ?"
    ))
    .bind(grade)
    .bind(cutoff)
    .bind(limit)
    .load(conn)
}
