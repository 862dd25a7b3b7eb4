//! SQL of grades: the present one, every change of it, and the proposals that wait for an answer.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};

use crate::accounts::Whose;
use crate::platform::db::{Conn, Statement, Value};
use crate::schema::{company, grade_change};

/// A change or proposal to write.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = grade_change)]
pub(in crate::qualifying) struct NewGradeChange<'a> {
    pub company_id: i64,
    pub before: Option<&'a str>,
    pub after: Option<&'a str>,
    pub proposed: Option<&'a str>,
    pub reasons: &'a str,
    pub rule_version: Option<i32>,
    pub state: &'a str,
    pub actor_id: Option<i64>,
    pub call_id: Option<i64>,
    pub at: NaiveDateTime,
    pub kind: Option<&'a str>,
    pub evidence: Option<&'a str>,
}

/// On PostgreSQL the company stays locked until the transaction ends: two grades at once come one after the other.
pub(in crate::qualifying) fn hold(conn: &mut Conn, company_id: i64) -> QueryResult<()> {
    if let Conn::Postgres(_) = conn {
        Statement::<BigInt>::fixed("SELECT id FROM company WHERE id = ? FOR UPDATE")
            .bind(company_id)
            .execute(conn)?;
    }
    Ok(())
}

pub(in crate::qualifying) fn insert(conn: &mut Conn, new: &NewGradeChange<'_>) -> QueryResult<()> {
    diesel::insert_into(grade_change::table)
        .values(new)
        .execute(conn)
        .map(|_| ())
}

/// The state of the open proposal of a company becomes another: one waits at a time.
pub(in crate::qualifying) fn close_open(
    conn: &mut Conn,
    company_id: i64,
    state: &str,
) -> QueryResult<usize> {
    Statement::<()>::fixed(
        "UPDATE grade_change SET state = ? WHERE company_id = ? AND state = 'proposed'",
    )
    .bind(state)
    .bind(company_id)
    .execute(conn)
}

/// Who answered a proposal, and how.
pub(in crate::qualifying) fn decide(
    conn: &mut Conn,
    id: i64,
    state: &str,
    actor_id: i64,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    Statement::<()>::fixed(
        "UPDATE grade_change SET state = ?, decided_by = ?, decided_at = ? WHERE id = ? AND state = 'proposed'",
    )
    .bind(state)
    .bind(actor_id)
    .bind(now)
    .bind(id)
    .execute(conn)
}

/// Writes the grade into the company.
pub(in crate::qualifying) fn set_grade(
    conn: &mut Conn,
    company_id: i64,
    grade: &str,
    now: NaiveDateTime,
) -> QueryResult<()> {
    Statement::<()>::fixed("UPDATE company SET grade = ?, grade_at = ? WHERE id = ?")
        .bind(grade)
        .bind(now)
        .bind(company_id)
        .execute(conn)
        .map(|_| ())
}

/// A proposal that waits for an answer.
#[derive(Debug, Clone, Queryable)]
pub(in crate::qualifying) struct ProposalRow {
    pub id: i64,
    pub company_id: i64,
    pub company: String,
    pub present: Option<String>,
    pub proposed: String,
    pub reasons: String,
    pub kind: Option<String>,
    pub owner_id: Option<i64>,
    pub at: NaiveDateTime,
}

type ProposalColumns = (
    BigInt,
    BigInt,
    Text,
    Nullable<Text>,
    Text,
    Text,
    Nullable<Text>,
    Nullable<BigInt>,
    Timestamp,
);

/// Open proposals with a smaller id than the cursor, latest first.
pub(in crate::qualifying) fn proposals(
    conn: &mut Conn,
    whose: &Whose,
    before: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<ProposalRow>> {
    let owned = whose.condition("c.owner_id");
    let text = format!(
        "SELECT g.id, c.id, c.name, c.grade, g.proposed, g.reasons, g.kind, c.owner_id, g.at FROM grade_change g \
         JOIN company c ON c.id = g.company_id WHERE g.state = 'proposed' AND g.proposed IS NOT NULL AND c.merged_into IS NULL \
         AND g.id < ? AND {owned} ORDER BY g.id DESC LIMIT {limit}"
    );
    Statement::<ProposalColumns>::built(text)
        .bind(before.unwrap_or(i64::MAX))
        .load(conn)
}

/// One open proposal.
pub(in crate::qualifying) fn proposal(
    conn: &mut Conn,
    id: i64,
) -> QueryResult<Option<ProposalRow>> {
    Statement::<ProposalColumns>::fixed(
        "SELECT g.id, c.id, c.name, c.grade, g.proposed, g.reasons, g.kind, c.owner_id, g.at FROM grade_change g \
         JOIN company c ON c.id = g.company_id WHERE g.state = 'proposed' AND g.proposed IS NOT NULL AND g.id = ?",
    )
    .bind(id)
    .get_result(conn)
    .optional()
}

/// The open proposal of a company.
pub(in crate::qualifying) fn proposal_of(
    conn: &mut Conn,
    company_id: i64,
) -> QueryResult<Option<ProposalRow>> {
    let id: Option<i64> = grade_change::table
        .filter(grade_change::company_id.eq(company_id))
        .filter(grade_change::state.eq("proposed"))
        .select(grade_change::id)
        .first(conn)
        .optional()?;
    id.map_or(Ok(None), |id| proposal(conn, id))
}

/// Whether somebody answered the same proposal since the grade was given: it is not made again.
pub(in crate::qualifying) fn was_declined(
    conn: &mut Conn,
    company_id: i64,
    kind: &str,
    proposed: &str,
    since: NaiveDateTime,
) -> QueryResult<bool> {
    let n: i64 = grade_change::table
        .filter(grade_change::company_id.eq(company_id))
        .filter(grade_change::state.eq("declined"))
        .filter(grade_change::kind.eq(kind))
        .filter(grade_change::proposed.eq(proposed))
        .filter(grade_change::at.ge(since))
        .count()
        .get_result(conn)?;
    Ok(n > 0)
}

/// A change as its history tells it.
#[derive(Debug, Clone, Queryable)]
pub(in crate::qualifying) struct GradeHistoryRow {
    pub before: Option<String>,
    pub after: Option<String>,
    pub proposed: Option<String>,
    pub reasons: String,
    pub state: String,
    pub kind: Option<String>,
    pub rule_version: Option<i32>,
    pub by: Option<String>,
    pub decided_by: Option<String>,
    pub evidence: Option<String>,
    pub at: NaiveDateTime,
}

/// Every change and proposal of a group, latest first.
pub(in crate::qualifying) fn history(
    conn: &mut Conn,
    group: &[i64],
    limit: i64,
) -> QueryResult<Vec<GradeHistoryRow>> {
    type Row = (
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Text>,
        Text,
        Text,
        Nullable<Text>,
        Nullable<Integer>,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Text>,
        Timestamp,
    );
    Statement::<Row>::built(format!(
        "SELECT g.before, g.after, g.proposed, g.reasons, g.state, g.kind, g.rule_version, u.name, d.name, g.evidence, g.at FROM grade_change g \
         LEFT JOIN users u ON u.id = g.actor_id LEFT JOIN users d ON d.id = g.decided_by \
         WHERE g.company_id IN ? AND g.state <> 'replaced' ORDER BY g.id DESC LIMIT {limit}"
    ))
    .bind(Value::numbers(group.iter().copied()))
    .load(conn)
}

/// Roots that are graded or have a rep, with a greater id, in order of their ids.
pub(in crate::qualifying) fn looked_after(
    conn: &mut Conn,
    after: i64,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    company::table
        .filter(
            company::grade
                .is_not_null()
                .or(company::owner_id.is_not_null()),
        )
        .filter(company::merged_into.is_null())
        .filter(company::id.gt(after))
        .order(company::id)
        .limit(limit)
        .select(company::id)
        .load(conn)
}
