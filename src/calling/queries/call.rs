//! SQL of calls, their results, and what they leave on a company.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use crate::calling::model::{Call, CallResult, Callback, NewCall, NewCallback, NewResult, NewTask};
use crate::platform::db::{Conn, Statement, Value};
use crate::schema::{call, call_result, callback, task};

/// A call; on PostgreSQL its row stays locked until the transaction ends.
pub(in crate::calling) fn call_by_id(conn: &mut Conn, id: i64) -> QueryResult<Call> {
    call::table
        .find(id)
        .select(Call::as_select())
        .get_result(conn)
}

/// Keeps others from writing a result of the same call until the transaction ends.
pub(in crate::calling) fn hold_call(conn: &mut Conn, id: i64) -> QueryResult<()> {
    if let Conn::Postgres(_) = conn {
        Statement::<BigInt>::fixed("SELECT id FROM call WHERE id = ? FOR UPDATE")
            .bind(id)
            .execute(conn)?;
    }
    Ok(())
}

pub(in crate::calling) fn insert_call(conn: &mut Conn, new: &NewCall) -> QueryResult<i64> {
    diesel::insert_into(call::table)
        .values(new)
        .returning(call::id)
        .get_result(conn)
}

/// Number, contact and person of a call that was noted before it was clear whom it reached.
pub(in crate::calling) fn update_call(conn: &mut Conn, to: &Call) -> QueryResult<()> {
    Statement::<()>::fixed(
        "UPDATE call SET person_id = ?, contact_id = ?, point_id = ?, number_key = ?, phone = ?, ext = ?, ended_at = ?, reached = ?, disposition = ?, result_id = ? WHERE id = ?",
    )
    .bind(to.person_id)
    .bind(to.contact_id)
    .bind(to.point_id)
    .bind(to.number_key)
    .bind(to.phone.clone())
    .bind(to.ext.clone())
    .bind(to.ended_at)
    .bind(flag(to.reached))
    .bind(to.disposition.clone())
    .bind(to.result_id)
    .bind(to.id)
    .execute(conn)
    .map(|_| ())
}

fn flag(value: Option<bool>) -> Value {
    Value::MaybeFlag(value)
}

pub(in crate::calling) fn insert_result(conn: &mut Conn, new: &NewResult) -> QueryResult<i64> {
    diesel::insert_into(call_result::table)
        .values(new)
        .returning(call_result::id)
        .get_result(conn)
}

/// The newest version of what a call brought, taken back or not.
pub(in crate::calling) fn last_result(
    conn: &mut Conn,
    call_id: i64,
) -> QueryResult<Option<CallResult>> {
    call_result::table
        .filter(call_result::call_id.eq(call_id))
        .order(call_result::version.desc())
        .select(CallResult::as_select())
        .get_result(conn)
        .optional()
}

/// Marks a result as taken back.
pub(in crate::calling) fn undo_result(
    conn: &mut Conn,
    id: i64,
    actor_id: i64,
    reason: Option<&str>,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        call_result::table
            .find(id)
            .filter(call_result::undone_at.is_null()),
    )
    .set((
        call_result::undone_at.eq(Some(now)),
        call_result::undone_by.eq(Some(actor_id)),
        call_result::undo_reason.eq(reason),
    ))
    .execute(conn)
}

/// The entry was dialled once more.
pub(in crate::calling) fn entry_was_dialled(
    conn: &mut Conn,
    entry_id: i64,
    call_id: i64,
    counts: bool,
    now: NaiveDateTime,
) -> QueryResult<()> {
    Statement::<()>::fixed(
        "UPDATE queue_entry SET dials = dials + ?, last_call_id = ?, changed_at = ? WHERE id = ?",
    )
    .bind(i64::from(counts))
    .bind(call_id)
    .bind(now)
    .bind(entry_id)
    .execute(conn)
    .map(|_| ())
}

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

/// The last touch of a company that is not of this call.
pub(in crate::calling) fn last_touch(
    conn: &mut Conn,
    group: &[i64],
) -> QueryResult<Option<NaiveDateTime>> {
    Statement::<Nullable<Timestamp>>::fixed("SELECT max(at) FROM touch WHERE company_id IN ?")
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

/// Calls of a company or person after a moment, but this one.
pub(in crate::calling) fn calls_since(
    conn: &mut Conn,
    group: &[i64],
    person_id: Option<i64>,
    call_id: i64,
    since: NaiveDateTime,
) -> QueryResult<i64> {
    if group.is_empty() {
        return Statement::<BigInt>::fixed(
            "SELECT count(*) FROM call WHERE person_id = ? AND id <> ? AND dialled_at >= ?",
        )
        .bind(person_id)
        .bind(call_id)
        .bind(since)
        .get_result(conn);
    }
    Statement::<BigInt>::fixed(
        "SELECT count(*) FROM call WHERE company_id IN ? AND id <> ? AND dialled_at >= ?",
    )
    .bind(Value::numbers(group.iter().copied()))
    .bind(call_id)
    .bind(since)
    .get_result(conn)
}

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

/// The contact at the company whose number a point is; none for the switchboard.
pub(in crate::calling) fn contact_of_point(
    conn: &mut Conn,
    point_id: i64,
    company_id: Option<i64>,
) -> QueryResult<Option<i64>> {
    // One walk an index: a condition with an OR would read every contact there is.
    const AT_COMPANY: &str = "SELECT t.id FROM contact_point p JOIN contact t ON t.id = p.owner_id JOIN company c ON c.id = t.company_id \
         WHERE p.id = ? AND p.owner_kind = 3 AND c.root_id = ? \
         UNION ALL SELECT t.id FROM contact_point p JOIN contact t ON t.person_id = p.owner_id JOIN company c ON c.id = t.company_id \
         WHERE p.id = ? AND p.owner_kind = 2 AND c.root_id = ? \
         UNION ALL SELECT t.id FROM contact_point p JOIN person h ON h.root_id = p.owner_id AND h.merged_into IS NOT NULL \
         JOIN contact t ON t.person_id = h.id JOIN company c ON c.id = t.company_id \
         WHERE p.id = ? AND p.owner_kind = 2 AND c.root_id = ? ORDER BY 1 LIMIT 1";
    const ANYWHERE: &str = "SELECT t.id FROM contact_point p JOIN contact t ON t.id = p.owner_id WHERE p.id = ? AND p.owner_kind = 3 \
         UNION ALL SELECT t.id FROM contact_point p JOIN contact t ON t.person_id = p.owner_id WHERE p.id = ? AND p.owner_kind = 2 ORDER BY 1 LIMIT 1";
    let asked = match company_id {
        Some(root) => Statement::<BigInt>::fixed(AT_COMPANY)
            .bind_all([point_id, root, point_id, root, point_id, root].map(Value::from)),
        None => Statement::<BigInt>::fixed(ANYWHERE).bind_all([point_id; 2].map(Value::from)),
    };
    asked.get_result(conn).optional()
}

/// Person and company of a contact, each by its root.
pub(in crate::calling) fn contact_roots(
    conn: &mut Conn,
    contact_id: i64,
) -> QueryResult<Option<(i64, Option<i64>)>> {
    Statement::<(BigInt, Nullable<BigInt>)>::fixed(
        "SELECT h.root_id, c.root_id FROM contact t JOIN person h ON h.id = t.person_id LEFT JOIN company c ON c.id = t.company_id WHERE t.id = ?",
    )
    .bind(contact_id)
    .get_result(conn)
    .optional()
}

/// The event at which somebody of a company was met last: its name and when it was noted.
pub(in crate::calling) fn event_of(
    conn: &mut Conn,
    root_id: i64,
) -> QueryResult<Option<(String, NaiveDateTime)>> {
    Statement::<(Text, Timestamp)>::fixed(
        "SELECT s.name, r.said_at FROM record r JOIN source s ON s.id = r.source_id WHERE r.company_id = ? AND s.channel = 'EXPO' AND r.voided_at IS NULL ORDER BY r.id DESC LIMIT 1",
    )
    .bind(root_id)
    .get_result(conn)
    .optional()
}

/// Calendars of a campaign in which something is ready, open or shut.
pub(in crate::calling) fn calendars_with_ready(
    conn: &mut Conn,
    campaign_id: i64,
) -> QueryResult<Vec<i32>> {
    Statement::<diesel::sql_types::Integer>::fixed(
        "SELECT DISTINCT calendar_id FROM queue_entry WHERE campaign_id = ? AND state = 'ready' AND owner_id IS NULL",
    )
    .bind(campaign_id)
    .load(conn)
}

/// What a company's grade is read off, beside the answers of this call.
#[derive(Debug, Clone, Queryable)]
pub(in crate::calling) struct GradeRow {
    pub grade: Option<String>,
    pub grade_at: Option<NaiveDateTime>,
    pub urgency: Option<String>,
    pub needs: i64,
    pub flags: i32,
    pub state: String,
    pub present_system_year: Option<i32>,
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
            c::present_system_year,
            c::rest_until,
            c::winners,
        ))
        .get_result(conn)
}
