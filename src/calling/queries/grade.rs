//! SQL of what a call changed in a grade, and may have to give back.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::platform::db::{Conn, Statement};

/// Until when a company is left in peace.
pub(in crate::calling) fn rest_of(
    conn: &mut Conn,
    root_id: i64,
) -> QueryResult<Option<NaiveDateTime>> {
    use crate::schema::company as c;
    c::table
        .find(root_id)
        .select(c::rest_until)
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
