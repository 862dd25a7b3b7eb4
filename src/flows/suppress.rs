//! Somebody must not be reached any more, or may be again: the list first, then whatever waits for them.

use chrono::NaiveDateTime;

use crate::accounts::Actor;
use crate::calling::actions as queue;
use crate::consent::{self, LaterConsent, NewOrigin, Scope, Subject, Ways};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Puts a subject on the list; entries of every campaign follow at once. Answers the suppression's id.
pub fn suppress(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    subject: &Subject,
    ways: Ways,
    origin: &NewOrigin,
) -> AppResult<i64> {
    let id = consent::suppress(conn, now, actor, subject, ways, origin)?;
    look_again(conn, now, std::slice::from_ref(subject))?;
    Ok(id)
}

/// Ends one origin that was a slip; entries that nothing else bars are woken.
pub fn withdraw_origin(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    origin_id: i64,
    reason: &str,
) -> AppResult<()> {
    let freed = consent::withdraw_origin(conn, now, actor, origin_id, reason)?;
    look_again(conn, now, &freed)
}

/// Lifts a suppression on the person's own later consent; entries that nothing else bars are woken.
pub fn lift(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    suppression_id: i64,
    later: &LaterConsent,
) -> AppResult<()> {
    let freed = consent::lift(conn, now, actor, suppression_id, later)?;
    look_again(conn, now, &freed)
}

/// Entries of everybody whom these subjects silence, or no longer do: barred at once, or woken for the claim to decide.
pub fn look_again(conn: &mut Conn, now: NaiveDateTime, subjects: &[Subject]) -> AppResult<()> {
    if subjects.is_empty() {
        return Ok(());
    }
    let companies = consent::companies_around(conn, subjects)?;
    queue::follow_companies(conn, now, &companies)?;
    let persons: Vec<i64> = subjects
        .iter()
        .filter(|subject| subject.scope == Scope::Person)
        .filter_map(Subject::id)
        .collect();
    queue::follow_persons(conn, now, &persons)
}
