//! SQL of grades: what one is read off, and its changes.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::platform::db::{Conn, Statement, Value};

/// What a company's grade is read off, beside the answers of this call.
#[derive(Debug, Clone, Queryable)]
pub(in crate::calling) struct GradeRow {
    pub grade: Option<String>,
    pub grade_at: Option<NaiveDateTime>,
    pub urgency: Option<String>,
    pub needs: i64,
    pub flags: i32,
    pub state: String,
    pub rest_until: Option<NaiveDateTime>,
    pub winners: String,
}

/// Reads what a grade rests on; on PostgreSQL the row stays locked until the transaction ends.
pub(in crate::calling) fn grade_row(conn: &mut Conn, root_id: i64) -> QueryResult<GradeRow> {
    use crate::schema::company as c;
    if let Conn::Postgres(_) = conn {
        Statement::<BigInt>::fixed("SELECT id FROM company WHERE id = ? FOR UPDATE")
            .bind(root_id)
            .execute(conn)?;
    }
    c::table
        .find(root_id)
        .select((
            c::grade,
            c::grade_at,
            c::urgency,
            c::needs,
            c::flags,
            c::state,
            c::rest_until,
            c::winners,
        ))
        .get_result(conn)
}

/// Sets the grade with its day, and the state where the grade decides it.
pub(in crate::calling) fn set_grade(
    conn: &mut Conn,
    root_id: i64,
    grade: Option<&str>,
    at: Option<NaiveDateTime>,
    state: &str,
) -> QueryResult<()> {
    Statement::<()>::fixed("UPDATE company SET grade = ?, grade_at = ?, state = ? WHERE id = ?")
        .bind(grade.map(str::to_owned))
        .bind(at)
        .bind(state)
        .bind(root_id)
        .execute(conn)
        .map(|_| ())
}

/// One change of a grade, or the proposal of one.
#[derive(Debug, Clone)]
pub(in crate::calling) struct NewGradeChange<'a> {
    pub company_id: i64,
    pub before: Option<&'a str>,
    pub after: Option<&'a str>,
    pub proposed: Option<&'a str>,
    pub reasons: &'a str,
    pub rule_version: i32,
    /// `set` or `proposed`.
    pub state: &'a str,
    pub actor_id: Option<i64>,
    pub call_id: Option<i64>,
    pub at: NaiveDateTime,
}

pub(in crate::calling) fn insert_grade_change(
    conn: &mut Conn,
    new: &NewGradeChange<'_>,
) -> QueryResult<()> {
    use crate::schema::grade_change as g;
    diesel::insert_into(g::table)
        .values((
            g::company_id.eq(new.company_id),
            g::before.eq(new.before),
            g::after.eq(new.after),
            g::proposed.eq(new.proposed),
            g::reasons.eq(new.reasons),
            g::rule_version.eq(Some(new.rule_version)),
            g::state.eq(new.state),
            g::actor_id.eq(new.actor_id),
            g::call_id.eq(new.call_id),
            g::at.eq(new.at),
        ))
        .execute(conn)
        .map(|_| ())
}

/// Marks the changes and proposals that a call made as taken back.
pub(in crate::calling) fn undo_grade_changes(
    conn: &mut Conn,
    company_id: i64,
    call_id: i64,
) -> QueryResult<()> {
    Statement::<()>::fixed(
        "UPDATE grade_change SET state = 'undone' WHERE company_id = ? AND call_id = ?",
    )
    .bind(company_id)
    .bind(call_id)
    .execute(conn)
    .map(|_| ())
}

/// Whether the grade was changed after this call by anything else.
pub(in crate::calling) fn grade_changed_since(
    conn: &mut Conn,
    company_id: i64,
    call_id: i64,
    since: NaiveDateTime,
) -> QueryResult<bool> {
    let n: i64 = Statement::<BigInt>::fixed(
        "SELECT count(*) FROM grade_change WHERE company_id = ? AND state = 'set' AND at >= ? AND (call_id IS NULL OR call_id <> ?)",
    )
    .bind(company_id)
    .bind(since)
    .bind(call_id)
    .get_result(conn)?;
    Ok(n > 0)
}

/// What the key items of a company stand on: the records that its winners name.
pub(in crate::calling) fn said_by(
    conn: &mut Conn,
    records: &[i64],
) -> QueryResult<Vec<(i64, String)>> {
    use crate::schema::record as r;
    r::table
        .filter(r::id.eq_any(records.to_vec()))
        .filter(r::voided_at.is_null())
        .select((r::id, r::said))
        .load(conn)
}

/// Whether somebody is known at a company who decides.
pub(in crate::calling) fn has_decider(conn: &mut Conn, group: &[i64]) -> QueryResult<bool> {
    let n: i64 = Statement::<BigInt>::fixed(
        "SELECT count(*) FROM contact WHERE company_id IN ? AND role = 'decider' AND left_at IS NULL",
    )
    .bind(Value::numbers(group.iter().copied()))
    .get_result(conn)?;
    Ok(n > 0)
}
