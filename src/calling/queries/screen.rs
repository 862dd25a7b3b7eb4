//! Reads of the call screen: what happened with a company, how often a number was dialled, an agent's day and drafts.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::calling::model::{Campaign, Lease, QueueEntry};
use crate::platform::db::Conn;
use crate::schema::{call, call_result, contact, person, record, source, users};

/// A call as its history tells it.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct PastCall {
    pub at: NaiveDateTime,
    pub disposition: Option<String>,
    pub agent: String,
    pub person: Option<String>,
    pub note: Option<String>,
}

/// The latest calls that ended somehow with companies (every id of a group), or with a lone person.
pub(crate) fn past_calls(
    conn: &mut Conn,
    companies: &[i64],
    person_id: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<PastCall>> {
    let calls = call::table
        .inner_join(users::table.on(users::id.eq(call::agent_id)))
        .left_join(person::table.on(person::id.nullable().eq(call::person_id)))
        .left_join(call_result::table.on(call_result::id.nullable().eq(call::result_id)))
        .select((
            call::dialled_at,
            call::disposition,
            users::name,
            person::name.nullable(),
            call_result::note.nullable(),
        ))
        .filter(call::disposition.is_not_null())
        .order((call::dialled_at.desc(), call::id.desc()))
        .limit(limit);
    match person_id {
        Some(id) if companies.is_empty() => calls.filter(call::person_id.eq(id)).load(conn),
        _ => calls
            .filter(call::company_id.eq_any(companies.to_vec()))
            .load(conn),
    }
}

/// Lists that named companies, and hand edits: kind, when, the list's name.
pub(crate) fn past_records(
    conn: &mut Conn,
    companies: &[i64],
    limit: i64,
) -> QueryResult<Vec<(String, NaiveDateTime, Option<String>)>> {
    record::table
        .left_join(source::table.on(source::id.nullable().eq(record::source_id)))
        .filter(record::company_id.eq_any(companies.to_vec()))
        .filter(record::voided_at.is_null())
        .filter(record::kind.ne("call"))
        .select((record::kind, record::said_at, source::name.nullable()))
        .order(record::id.desc())
        .limit(limit)
        .load(conn)
}

/// Dials of numbers (by key with extension) since an instant; only those that count.
pub(crate) fn number_dials(
    conn: &mut Conn,
    keys: &[i64],
    since: NaiveDateTime,
) -> QueryResult<Vec<(i64, NaiveDateTime)>> {
    let keys: Vec<Option<i64>> = keys.iter().copied().map(Some).collect();
    let rows: Vec<(Option<i64>, NaiveDateTime)> = call::table
        .filter(call::number_key.eq_any(keys))
        .filter(call::dialled_at.ge(since))
        .filter(call::counts.eq(true))
        .select((call::number_key, call::dialled_at))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(key, at)| Some((key?, at)))
        .collect())
}

/// The live lease of an agent.
pub(crate) fn live_lease(conn: &mut Conn, agent_id: i64) -> QueryResult<Option<Lease>> {
    super::live_lease_of(conn, agent_id)
}

/// An entry.
pub(crate) fn entry(conn: &mut Conn, id: i64) -> QueryResult<QueueEntry> {
    super::entry(conn, id)
}

/// Entries that an agent skipped since an instant.
pub(crate) fn skips_since(
    conn: &mut Conn,
    agent_id: i64,
    since: NaiveDateTime,
) -> QueryResult<i64> {
    super::skips_since(conn, agent_id, since)
}

/// The running campaigns in which a user may call.
pub(crate) fn campaigns_for(conn: &mut Conn, user_id: i64) -> QueryResult<Vec<Campaign>> {
    super::campaigns_of(conn, user_id)
}

/// Whose a contact point is: companies (as written) and the person behind it.
pub(crate) fn owners_of(
    conn: &mut Conn,
    owner_kind: i32,
    owner_id: i64,
) -> QueryResult<(Vec<i64>, Option<i64>)> {
    let contacts = contact::table
        .filter(contact::left_at.is_null())
        .select((contact::company_id, contact::person_id));
    let rows: Vec<(Option<i64>, i64)> = match owner_kind {
        1 => return Ok((vec![owner_id], None)),
        2 => contacts
            .filter(contact::person_id.eq(owner_id))
            .load(conn)?,
        _ => contacts.filter(contact::id.eq(owner_id)).load(conn)?,
    };
    let person = match owner_kind {
        2 => Some(owner_id),
        _ => rows.first().map(|(_, person)| *person),
    };
    Ok((rows.into_iter().filter_map(|(id, _)| id).collect(), person))
}

/// Company and person of a call.
pub(crate) fn whom(conn: &mut Conn, call_id: i64) -> QueryResult<(Option<i64>, Option<i64>)> {
    call::table
        .find(call_id)
        .select((call::company_id, call::person_id))
        .first(conn)
}
