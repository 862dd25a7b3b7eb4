//! SQL of what was agreed in a call: call-backs and tasks.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::calling::model::{Callback, NewCallback, NewTask};
use crate::platform::db::{Conn, Statement, Value};
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
    Statement::<callback::SqlType>::fixed(
        "SELECT id, entry_id, campaign_id, company_id, person_id, call_id, phone, due_at, zone, owner_id, fallback_at, state, at \
         FROM callback WHERE entry_id = ? AND state = 'open' ORDER BY id DESC LIMIT 1",
    )
    .bind(entry_id)
    .get_result(conn)
    .optional()
}

/// Ends the open call-backs of an entry, or of a company or person where it is about no campaign. Answers which.
pub(in crate::calling) fn close_callbacks(
    conn: &mut Conn,
    entry_id: Option<i64>,
    group: &[i64],
    person_id: Option<i64>,
) -> QueryResult<Vec<i64>> {
    const OF_ENTRY: &str =
        "UPDATE callback SET state = 'done' WHERE entry_id = ? AND state = 'open' RETURNING id";
    const OF_COMPANY: &str =
        "UPDATE callback SET state = 'done' WHERE company_id IN ? AND state = 'open' RETURNING id";
    const OF_PERSON: &str =
        "UPDATE callback SET state = 'done' WHERE person_id = ? AND state = 'open' RETURNING id";
    // The one writer looks first: most entries have none, and an answer of an update is a table that SQLite makes.
    if let (Some(entry), Conn::Sqlite(_)) = (entry_id, &conn)
        && open_callback(conn, entry)?.is_none()
    {
        return Ok(Vec::new());
    }
    let of = match (entry_id, person_id) {
        (Some(entry), _) => Statement::<BigInt>::fixed(OF_ENTRY).bind(entry),
        (None, _) if !group.is_empty() => {
            Statement::fixed(OF_COMPANY).bind(Value::numbers(group.iter().copied()))
        }
        (None, Some(person)) => Statement::fixed(OF_PERSON).bind(person),
        (None, None) => return Ok(Vec::new()),
    };
    let mut ids: Vec<i64> = of.load(conn)?;
    ids.sort_unstable();
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
    Statement::<BigInt>::fixed("SELECT id FROM callback WHERE call_id = ? AND state = 'open'")
        .bind(call_id)
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
