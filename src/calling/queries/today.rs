//! SQL of what a person sees on Today: tasks, call-backs, unfinished calls, own history, figures of the day.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamp};

use crate::calling::model::{Callback, Task};
use crate::platform::db::{Both, Conn, Statement};
use crate::schema::{callback, draft, task};

/// Most rows of one list on Today.
const MOST: i64 = 200;

/// Open tasks of a user and of the team, the earliest first; those without a day last.
pub(in crate::calling) fn open_tasks(
    conn: &mut Conn,
    user_id: i64,
    with_team: bool,
) -> QueryResult<Vec<Task>> {
    let mut mine = task::table
        .filter(task::state.eq("open"))
        .select(Task::as_select())
        .into_boxed();
    mine = if with_team {
        mine.filter(task::user_id.eq(user_id).or(task::user_id.is_null()))
    } else {
        mine.filter(task::user_id.eq(user_id))
    };
    let mut tasks: Vec<Task> = mine.order(task::id.desc()).limit(MOST).load(conn)?;
    tasks.sort_by_key(|t| (t.due_at.is_none(), t.due_at, t.id));
    Ok(tasks)
}

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

/// Open call-backs of a user that are due before a moment, and the team's.
pub(in crate::calling) fn callbacks_until(
    conn: &mut Conn,
    user_id: i64,
    until: NaiveDateTime,
) -> QueryResult<Vec<Callback>> {
    callback::table
        .filter(callback::state.eq("open"))
        .filter(callback::due_at.lt(until))
        .filter(
            callback::owner_id
                .eq(user_id)
                .or(callback::owner_id.is_null()),
        )
        .order(callback::due_at)
        .limit(MOST)
        .select(Callback::as_select())
        .load(conn)
}

/// A lease that waits for its result, with what a manager needs to know.
#[derive(Debug, Clone, Queryable)]
pub struct Unfinished {
    /// The lease.
    pub lease_id: i64,
    /// Its call.
    pub call_id: Option<i64>,
    /// Who dialled.
    pub agent_id: i64,
    /// Name.
    pub agent: String,
    /// Company.
    pub company_id: Option<i64>,
    /// Its name.
    pub company: Option<String>,
    /// Campaign.
    pub campaign_id: i64,
    /// When.
    pub dialled_at: Option<NaiveDateTime>,
    /// When it goes to the team.
    pub expires_at: NaiveDateTime,
}

/// Leases that wait for their result, the oldest first.
pub(in crate::calling) fn unfinished(conn: &mut Conn) -> QueryResult<Vec<Unfinished>> {
    Statement::<(
        BigInt,
        Nullable<BigInt>,
        BigInt,
        Text,
        Nullable<BigInt>,
        Nullable<Text>,
        BigInt,
        Nullable<Timestamp>,
        Timestamp,
    )>::fixed(
        "SELECT l.id, l.call_id, l.agent_id, u.name, l.company_id, c.name, l.campaign_id, l.dialled_at, l.expires_at FROM lease l \
         JOIN users u ON u.id = l.agent_id LEFT JOIN company c ON c.id = l.company_id WHERE l.state = 'needs_outcome' ORDER BY l.expires_at LIMIT 200",
    )
    .load(conn)
}

/// A call as its agent sees it in the own history.
#[derive(Debug, Clone, Queryable)]
pub struct PastCall {
    /// Call.
    pub id: i64,
    /// Company.
    pub company_id: Option<i64>,
    /// Its name, or the person's.
    pub name: Option<String>,
    /// When.
    pub dialled_at: NaiveDateTime,
    /// `out` or `in`.
    pub direction: String,
    /// How it ended.
    pub disposition: Option<String>,
    /// Somebody was spoken with.
    pub reached: Option<bool>,
    /// Next call.
    pub next_attempt_at: Option<NaiveDateTime>,
    /// Note.
    pub note: Option<String>,
    /// Taken back.
    pub undone_at: Option<NaiveDateTime>,
}

/// Own calls before an id, the newest first.
pub(in crate::calling) fn own_calls(
    conn: &mut Conn,
    agent_id: i64,
    before: i64,
    limit: i64,
) -> QueryResult<Vec<PastCall>> {
    Statement::<(
        BigInt,
        Nullable<BigInt>,
        Nullable<Text>,
        Timestamp,
        Text,
        Nullable<Text>,
        Nullable<Bool>,
        Nullable<Timestamp>,
        Nullable<Text>,
        Nullable<Timestamp>,
    )>::fixed(
        "SELECT k.id, k.company_id, coalesce(c.name, h.name), k.dialled_at, k.direction, k.disposition, k.reached, r.next_attempt_at, r.note, r.undone_at \
         FROM call k LEFT JOIN company c ON c.id = k.company_id LEFT JOIN person h ON h.id = k.person_id LEFT JOIN call_result r ON r.id = k.result_id \
         WHERE k.agent_id = ? AND k.id < ? ORDER BY k.dialled_at DESC, k.id DESC LIMIT ?",
    )
    .bind(agent_id)
    .bind(before)
    .bind(limit)
    .load(conn)
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
