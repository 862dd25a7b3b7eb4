//! Somebody must not be reached any more, or may be again: the list first, then whatever waits for them.

use chrono::NaiveDateTime;

use crate::accounts::Actor;
use crate::consent::{self, LaterConsent, NewOrigin, Subject, Ways};
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
    consent::withdraw_origin(conn, now, actor, origin_id, reason)?;
    Ok(())
}

/// Lifts a suppression on the person's own later consent; entries that nothing else bars are woken.
pub fn lift(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    suppression_id: i64,
    later: &LaterConsent,
) -> AppResult<()> {
    consent::lift(conn, now, actor, suppression_id, later)?;
    Ok(())
}
