//! SQL of what calls leave on a company: its last dial, its touches, its rest.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Timestamp};

use crate::platform::db::{Conn, Statement, Value};

/// The company was dialled: it is no longer one that nobody ever called.
pub(in crate::calling) fn company_was_dialled(
    conn: &mut Conn,
    root_id: i64,
    at: NaiveDateTime,
) -> QueryResult<()> {
    Statement::<()>::fixed(
        "UPDATE company SET last_dial_at = ? WHERE id = ? AND (last_dial_at IS NULL OR last_dial_at < ?)",
    )
    .bind(at)
    .bind(root_id)
    .bind(at)
    .execute(conn)
    .map(|_| ())
}

/// Somebody of the company was spoken with.
pub(in crate::calling) fn company_was_touched(
    conn: &mut Conn,
    root_id: i64,
    at: Option<NaiveDateTime>,
) -> QueryResult<()> {
    Statement::<()>::fixed("UPDATE company SET last_touch_at = ? WHERE id = ?")
        .bind(at)
        .bind(root_id)
        .execute(conn)
        .map(|_| ())
}

/// The last touch of a company that is not of this call. Letters are none: nobody spoke with anybody.
pub(in crate::calling) fn last_touch(
    conn: &mut Conn,
    group: &[i64],
) -> QueryResult<Option<NaiveDateTime>> {
    Statement::<Nullable<Timestamp>>::fixed("SELECT max(at) FROM touch WHERE company_id IN ? AND kind NOT IN ('mail','greeting','news')")
        .bind(Value::numbers(group.iter().copied()))
        .get_result(conn)
}

/// A contact that arrived.
#[derive(Debug, Clone, Copy)]
pub(in crate::calling) struct NewTouch<'a> {
    pub company_id: Option<i64>,
    pub person_id: Option<i64>,
    pub incoming: bool,
    pub at: NaiveDateTime,
    pub actor_id: i64,
    pub call_id: i64,
    pub result: &'a str,
}

pub(in crate::calling) fn insert_touch(conn: &mut Conn, new: &NewTouch<'_>) -> QueryResult<()> {
    Statement::<()>::fixed(
        "INSERT INTO touch (company_id, person_id, kind, incoming, at, actor_id, call_id, result) VALUES (?, ?, 'call', ?, ?, ?, ?, ?)",
    )
    .bind(new.company_id)
    .bind(new.person_id)
    .bind(new.incoming)
    .bind(new.at)
    .bind(new.actor_id)
    .bind(new.call_id)
    .bind(new.result)
    .execute(conn)
    .map(|_| ())
}

/// A touch whose result was taken back never was.
pub(in crate::calling) fn delete_touch(
    conn: &mut Conn,
    group: &[i64],
    person_id: Option<i64>,
    call_id: i64,
) -> QueryResult<()> {
    Statement::<()>::fixed("DELETE FROM touch WHERE company_id IN ? AND call_id = ?")
        .bind(Value::numbers(group.iter().copied()))
        .bind(call_id)
        .execute(conn)?;
    if group.is_empty() {
        Statement::<()>::fixed("DELETE FROM touch WHERE person_id = ? AND call_id = ?")
            .bind(person_id)
            .bind(call_id)
            .execute(conn)?;
    }
    Ok(())
}

/// Leaves a company in peace, or not any more.
pub(in crate::calling) fn set_rest(
    conn: &mut Conn,
    root_id: i64,
    until: Option<NaiveDateTime>,
) -> QueryResult<()> {
    Statement::<()>::fixed("UPDATE company SET rest_until = ? WHERE id = ?")
        .bind(until)
        .bind(root_id)
        .execute(conn)
        .map(|_| ())
}
