//! A mailing on its way: started, held, going on, called off, through.

use chrono::NaiveDateTime;

use super::make::{bring_forward, plan_as_approved};
use super::{hold, keep, step};
use crate::accounts::Actor;
use crate::outreach::actions::greetings;
use crate::outreach::model::{Mailing, MailingKind, MailingState, PauseReason};
use crate::outreach::queries;
use crate::outreach::rules::mailing_state::Move;
use crate::outreach::rules::occasions::Greeting;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::jobs;

const LONGEST_REASON: usize = 300;

/// It goes as soon as its moment has come: at once, or later by itself. Says how far it is then.
pub fn start(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
) -> AppResult<MailingState> {
    let mut to = hold(conn, actor, id)?;
    if to.state() == MailingState::Scheduled && to.send_from.is_some_and(|from| now < from) {
        return Ok(MailingState::Scheduled);
    }
    greetings::check_quiet_days(conn, now, &to)?;
    step(&mut to, Move::Start)?;
    to.started_at = to.started_at.or(Some(now));
    Ok(keep(conn, now, actor, to, Move::Start)?.state())
}

/// It goes now, whatever its moment was.
pub fn start_now(conn: &mut Conn, now: NaiveDateTime, actor: &Actor, id: i64) -> AppResult<()> {
    let seen = hold(conn, actor, id)?;
    if seen.kind() == MailingKind::Greeting {
        return Err(AppError::conflict("mailing_greeting_has_a_day"));
    }
    bring_forward(conn, now, actor, id)?;
    start(conn, now, actor, id).map(|_| ())
}

/// Sets in motion what was approved and whose moment has come; says which ones.
pub fn start_due(conn: &mut Conn, now: NaiveDateTime) -> AppResult<Vec<i64>> {
    let system = Actor::system();
    let due = queries::due_mailings(conn, now)?;
    let mut started = Vec::new();
    for id in due {
        match start(conn, now, &system, id) {
            Ok(_) => started.push(id),
            // Another node was first, or somebody held it this moment.
            Err(AppError::Refused(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(started)
}

/// Holds it. Letters that are on the wire arrive; no other one leaves.
pub fn pause(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
    reason: &PauseReason,
) -> AppResult<()> {
    if let PauseReason::ByPerson { text } = reason {
        check_reason(text)?;
    }
    let mut to = hold(conn, actor, id)?;
    step(&mut to, Move::Pause)?;
    to.pause_reason = Some(serde_json::to_string(reason)?);
    keep(conn, now, actor, to, Move::Pause).map(|_| ())
}

fn check_reason(text: &str) -> AppResult<()> {
    match text.trim().len() {
        0 => Err(AppError::invalid("mailing_pause_needs_reason", "reason")),
        n if n > LONGEST_REASON => Err(AppError::invalid("text_too_long", "reason")),
        _ => Ok(()),
    }
}

/// Goes on where it stopped.
pub fn resume(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
) -> AppResult<MailingState> {
    let mut to = hold(conn, actor, id)?;
    let by = match to.started_at {
        Some(_) => Move::ResumeSending,
        None => Move::ResumeWaiting,
    };
    step(&mut to, by)?;
    greetings::check_quiet_days(conn, now, &to)?;
    to.pause_reason = None;
    Ok(keep(conn, now, actor, to, by)?.state())
}

/// Calls it off: who waits gets nothing, what was sent stays sent.
pub fn cancel(conn: &mut Conn, now: NaiveDateTime, actor: &Actor, id: i64) -> AppResult<()> {
    let mut to = hold(conn, actor, id)?;
    if to.state() == MailingState::Planning
        && let Some(job) = to.job_id
    {
        jobs::ask_cancel(conn, job)?;
    }
    step(&mut to, Move::Cancel)?;
    to.ended_at = Some(now);
    to.pause_reason = None;
    let gone = keep(conn, now, actor, to, Move::Cancel)?;
    let_in(conn, now, &gone)
}

/// Whoever stood back in another greeting, since this one was to reach them on the same morning, gets that one now: it is
/// decided once more where it was approved and has not begun. One that nobody approved yet is decided anew anyhow.
fn let_in(conn: &mut Conn, now: NaiveDateTime, gone: &Mailing) -> AppResult<()> {
    let greeting = gone.occasion.as_deref().and_then(Greeting::from_code);
    if greeting.is_some_and(|greeting| greeting.is_own_day()) {
        for id in queries::stood_back_for(conn, gone.id, now)? {
            plan_as_approved(conn, now, id)?;
        }
    }
    Ok(())
}

/// Nobody waits any more.
pub fn finish(conn: &mut Conn, now: NaiveDateTime, actor: &Actor, id: i64) -> AppResult<()> {
    let mut to = hold(conn, actor, id)?;
    step(&mut to, Move::Finish)?;
    to.ended_at = Some(now);
    keep(conn, now, actor, to, Move::Finish).map(|_| ())
}

/// Letters wait again in a mailing that was through. In one that was called off nothing can wait: it is refused.
pub(in crate::outreach) fn reopen(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
) -> AppResult<()> {
    let mut to = hold(conn, actor, id)?;
    match to.state() {
        MailingState::Done | MailingState::Cancelled => step(&mut to, Move::Reopen)?,
        _ => return Ok(()),
    }
    to.ended_at = None;
    keep(conn, now, actor, to, Move::Reopen).map(|_| ())
}
