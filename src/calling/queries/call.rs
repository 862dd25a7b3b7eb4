//! SQL of calls and their results.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};

use crate::calling::model::{Call, CallResult, NewResult};
use crate::platform::db::{Conn, Statement, Value};
use crate::schema::{call, call_result};

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

/// Writes a dial, which gives it its id. What comes of it is written by [`finish_call`].
pub(in crate::calling) fn insert_call(conn: &mut Conn, new: &mut Call) -> QueryResult<()> {
    new.id = Statement::<BigInt>::fixed(
        "INSERT INTO call (lease_id, entry_id, campaign_id, company_id, person_id, contact_id, point_id, number_key, phone, ext, direction, \
         agent_id, dialled_at, counts, ended_at, reached, disposition) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(new.lease_id)
    .bind(new.entry_id)
    .bind(new.campaign_id)
    .bind(new.company_id)
    .bind(new.person_id)
    .bind(new.contact_id)
    .bind(new.point_id)
    .bind(new.number_key)
    .bind(new.phone.clone())
    .bind(new.ext.clone())
    .bind(new.direction.as_str())
    .bind(new.agent_id)
    .bind(new.dialled_at)
    .bind(new.counts)
    .bind(new.ended_at)
    .bind(flag(new.reached))
    .bind(new.disposition.clone())
    .get_result(conn)?;
    Ok(())
}

/// What came of a call whose number stands: the indexes of numbers are left alone.
pub(in crate::calling) fn finish_call(conn: &mut Conn, to: &Call) -> QueryResult<()> {
    Statement::<()>::fixed(
        "UPDATE call SET person_id = ?, contact_id = ?, ended_at = ?, reached = ?, disposition = ?, result_id = ? WHERE id = ?",
    )
    .bind(to.person_id)
    .bind(to.contact_id)
    .bind(to.ended_at)
    .bind(flag(to.reached))
    .bind(to.disposition.clone())
    .bind(to.result_id)
    .bind(to.id)
    .execute(conn)
    .map(|_| ())
}

/// The same with the number, for a call that was noted before it was clear which one rang.
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
    Statement::<BigInt>::fixed(
        "INSERT INTO call_result (call_id, version, disposition, urgency, need, note, note_key, facts, record_id, grade_before, grade_proposed, \
         grade_after, grade_reason, reason, entry_before, next_attempt_at, actor_id, at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
    )
    .bind(new.call_id)
    .bind(new.version)
    .bind(new.disposition.clone())
    .bind(new.urgency.clone())
    .bind(new.need.clone())
    .bind(new.note.clone())
    .bind(new.note_key)
    .bind(new.facts.clone())
    .bind(new.record_id)
    .bind(new.grade_before.clone())
    .bind(new.grade_proposed.clone())
    .bind(new.grade_after.clone())
    .bind(new.grade_reason.clone())
    .bind(new.reason.clone())
    .bind(new.entry_before.clone())
    .bind(new.next_attempt_at)
    .bind(new.actor_id)
    .bind(new.at)
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
