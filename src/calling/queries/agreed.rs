//! SQL of what was agreed in a call: call-backs and tasks.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::calling::model::{Callback, NewCallback, NewTask};
use crate::platform::db::{Conn, Statement};
use crate::schema::{callback, task};

pub(in crate::calling) fn insert_callback(conn: &mut Conn, new: &NewCallback) -> QueryResult<i64> {
    diesel::insert_into(callback::table)
        .values(new)
        .returning(callback::id)
        .get_result(conn)
}

/// The open call-back of an entry.
pub(in crate::calling) fn open_callback(
    conn: &mut Conn,
    entry_id: i64,
) -> QueryResult<Option<Callback>> {
    callback::table
        .filter(callback::entry_id.eq(entry_id))
        .filter(callback::state.eq("open"))
        .order(callback::id.desc())
        .select(Callback::as_select())
        .get_result(conn)
        .optional()
}

/// The open call-backs of an entry, or of a company or person outside any campaign.
pub(in crate::calling) fn open_callbacks(
    conn: &mut Conn,
    entry_id: Option<i64>,
    group: &[i64],
    person_id: Option<i64>,
) -> QueryResult<Vec<i64>> {
    let mut ids: Vec<i64> = Vec::new();
    if let Some(entry_id) = entry_id {
        ids.extend(
            callback::table
                .filter(callback::entry_id.eq(entry_id))
                .filter(callback::state.eq("open"))
                .select(callback::id)
                .load::<i64>(conn)?,
        );
    } else if !group.is_empty() {
        ids.extend(
            callback::table
                .filter(callback::company_id.eq_any(group.to_vec()))
                .filter(callback::state.eq("open"))
                .select(callback::id)
                .load::<i64>(conn)?,
        );
    } else if let Some(person_id) = person_id {
        ids.extend(
            callback::table
                .filter(callback::person_id.eq(person_id))
                .filter(callback::state.eq("open"))
                .select(callback::id)
                .load::<i64>(conn)?,
        );
    }
    Ok(ids)
}

pub(in crate::calling) fn set_callbacks(
    conn: &mut Conn,
    ids: &[i64],
    state: &str,
) -> QueryResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    diesel::update(callback::table.filter(callback::id.eq_any(ids.to_vec())))
        .set(callback::state.eq(state))
        .execute(conn)
        .map(|_| ())
}

/// Call-backs that a call agreed.
pub(in crate::calling) fn callbacks_of_call(
    conn: &mut Conn,
    call_id: i64,
) -> QueryResult<Vec<i64>> {
    callback::table
        .filter(callback::call_id.eq(call_id))
        .filter(callback::state.eq("open"))
        .select(callback::id)
        .load(conn)
}

/// Who agreed a call-back.
pub(in crate::calling) fn agreed_by(
    conn: &mut Conn,
    callback: &Callback,
) -> QueryResult<Option<String>> {
    let Some(call_id) = callback.call_id else {
        return Ok(None);
    };
    Statement::<Text>::fixed(
        "SELECT u.name FROM call c JOIN users u ON u.id = c.agent_id WHERE c.id = ?",
    )
    .bind(call_id)
    .get_result(conn)
    .optional()
}

pub(in crate::calling) fn insert_task(conn: &mut Conn, new: &NewTask) -> QueryResult<i64> {
    diesel::insert_into(task::table)
        .values(new)
        .returning(task::id)
        .get_result(conn)
}

/// Tasks that a call made and nobody finished yet; `finished` counts those that somebody did.
pub(in crate::calling) fn tasks_of_call(
    conn: &mut Conn,
    call_id: i64,
) -> QueryResult<Vec<(i64, String)>> {
    task::table
        .filter(task::call_id.eq(call_id))
        .select((task::id, task::state))
        .load(conn)
}

pub(in crate::calling) fn undo_tasks(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    diesel::update(
        task::table
            .filter(task::id.eq_any(ids.to_vec()))
            .filter(task::state.eq("open")),
    )
    .set(task::state.eq("undone"))
    .execute(conn)
    .map(|_| ())
}
