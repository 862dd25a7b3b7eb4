//! SQL of a person's own: finishing a task, the figures of the day, what was typed and not saved.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::calling::model::Task;
use crate::platform::db::{Both, Conn, Statement};
use crate::schema::{draft, task};

pub(in crate::calling) fn task_by_id(conn: &mut Conn, id: i64) -> QueryResult<Task> {
    task::table.find(id).select(Task::as_select()).first(conn)
}

pub(in crate::calling) fn finish_task(
    conn: &mut Conn,
    id: i64,
    user_id: i64,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(task::table.find(id).filter(task::state.eq("open")))
        .set((
            task::state.eq("done"),
            task::done_at.eq(Some(now)),
            task::done_by.eq(Some(user_id)),
        ))
        .execute(conn)
}

/// The raw figures of an agent since a moment: dials, talks, talks with whoever decides, leads with an A or B after.
pub(in crate::calling) fn day_counts(
    conn: &mut Conn,
    agent_id: i64,
    since: NaiveDateTime,
) -> QueryResult<(i64, i64, i64, i64)> {
    Statement::<(BigInt, BigInt, BigInt, BigInt)>::fixed(
        "SELECT count(*), count(CASE WHEN k.reached THEN 1 END), \
         count(CASE WHEN k.reached AND (t.role = 'decider' OR t.is_key) THEN 1 END), \
         count(CASE WHEN r.undone_at IS NULL AND (r.grade_after IN ('A','B') OR r.grade_proposed = 'A') AND r.urgency IS NOT NULL THEN 1 END) \
         FROM call k LEFT JOIN contact t ON t.id = k.contact_id LEFT JOIN call_result r ON r.id = k.result_id \
         WHERE k.agent_id = ? AND k.dialled_at >= ? AND k.direction = 'out'",
    )
    .bind(agent_id)
    .bind(since)
    .get_result(conn)
}

/// Companies called since a moment whose record is complete enough to be shown green.
pub(in crate::calling) fn completed_since(
    conn: &mut Conn,
    agent_id: i64,
    since: NaiveDateTime,
    green: i64,
) -> QueryResult<i64> {
    Statement::<BigInt>::fixed(
        "SELECT count(DISTINCT c.root_id) FROM call k JOIN company m ON m.id = k.company_id JOIN company c ON c.id = m.root_id \
         WHERE k.agent_id = ? AND k.dialled_at >= ? AND k.reached AND c.completeness >= ?",
    )
    .bind(agent_id)
    .bind(since)
    .bind(green)
    .get_result(conn)
}

pub(in crate::calling) fn put_draft(
    conn: &mut Conn,
    user_id: i64,
    key: &str,
    body: &str,
    now: NaiveDateTime,
) -> QueryResult<()> {
    Both(
        diesel::insert_into(draft::table)
            .values((
                draft::user_id.eq(user_id),
                draft::object_key.eq(key),
                draft::body.eq(body),
                draft::at.eq(now),
            ))
            .on_conflict((draft::user_id, draft::object_key))
            .do_update()
            .set((draft::body.eq(body), draft::at.eq(now))),
    )
    .execute(conn)
    .map(|_| ())
}

pub(in crate::calling) fn draft(
    conn: &mut Conn,
    user_id: i64,
    key: &str,
) -> QueryResult<Option<(String, NaiveDateTime)>> {
    draft::table
        .find((user_id, key))
        .select((draft::body, draft::at))
        .first(conn)
        .optional()
}

pub(in crate::calling) fn delete_draft(
    conn: &mut Conn,
    user_id: i64,
    key: &str,
) -> QueryResult<()> {
    diesel::delete(draft::table.find((user_id, key)))
        .execute(conn)
        .map(|_| ())
}
