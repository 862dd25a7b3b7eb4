//! What time does: mailings are made, or held before quiet days; answers end; what nobody approved in time is called off
//! with the reason.

use chrono::NaiveDateTime;

use super::answers::close_answers;
use super::book::{GreetingBook, greeting_book};
use super::make::{due_holidays, make_due};
use super::quiet::{due_quiet, hold_quiet};
use super::renew::renew_moment;
use crate::accounts::Actor;
use crate::outreach::actions::mailings;
use crate::outreach::model::{Mailing, PauseReason};
use crate::outreach::queries;
use crate::outreach::rules::occasions::{Step, UnderWay, step};
use crate::platform::db::{Conn, in_transaction};
use crate::platform::error::{AppError, AppResult};

/// Whether anything is due. Costs a handful of reads.
pub fn is_anything_due(conn: &mut Conn, now: NaiveDateTime) -> AppResult<bool> {
    let book = greeting_book(conn)?;
    Ok(!due_quiet(conn, now, &book)?.is_empty()
        || !due_holidays(conn, now, &book)?.is_empty()
        || !due_steps(conn, now, &book)?.is_empty())
}

/// Does what is due now; how much moved.
pub fn bring_up_to_date(conn: &mut Conn, now: NaiveDateTime) -> AppResult<usize> {
    let book = greeting_book(conn)?;
    let mut moved = hold_quiet(conn, now, &book)?;
    moved += make_due(conn, now, &book)?;
    for (mailing, due) in due_steps(conn, now, &book)? {
        let id = mailing.id;
        let whole = |conn: &mut Conn| advance(conn, now, &book, &mailing, due);
        match in_transaction(conn, whole) {
            Ok(()) => moved += 1,
            Err(why) => tracing::error!(mailing = id, "a greeting does not move on: {why}"),
        }
    }
    Ok(moved)
}

fn due_steps(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &GreetingBook,
) -> AppResult<Vec<(Mailing, Step)>> {
    let mut found = Vec::new();
    for (mailing, has_open) in queries::greetings_under_way(conn)? {
        let under_way = UnderWay {
            state: mailing.state(),
            since: mailing.changed_at,
            approve_by: mailing.approve_by,
            send_until: mailing.send_until,
            has_open,
        };
        let due = step(under_way, now, &book.rules);
        if due != Step::Wait {
            found.push((mailing, due));
        }
    }
    Ok(found)
}

fn advance(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &GreetingBook,
    mailing: &Mailing,
    due: Step,
) -> AppResult<()> {
    // Another node was first, or somebody moved it this moment.
    let held = queries::hold_mailing(conn, mailing.id)?;
    let seen = |of: &Mailing| (of.state.clone(), of.changed_at);
    if held.is_none_or(|held| seen(&held) != seen(mailing)) {
        return Ok(());
    }
    let system = Actor::system();
    match due {
        Step::Wait => Ok(()),
        Step::Decide => {
            renew_moment(conn, now, book, mailing)?;
            mailings::ask_plan(conn, now, &system, mailing.id).map(drop)
        }
        Step::CloseAnswers => close_answers(conn, now, book, mailing),
        Step::Settle => {
            close_answers(conn, now, book, mailing)?;
            match mailings::approve(conn, now, &system, mailing.id) {
                Err(refused) if is_nobody(&refused) => {
                    call_off(conn, now, mailing.id, &PauseReason::Nobody)
                }
                other => other,
            }
        }
        Step::Missed => call_off(conn, now, mailing.id, &PauseReason::WindowMissed),
    }
}

fn is_nobody(error: &AppError) -> bool {
    error.refusal().is_some_and(|r| r.code == "mailing_nobody")
}

/// Calls a greeting off by itself; the reason stays with it.
fn call_off(conn: &mut Conn, now: NaiveDateTime, id: i64, reason: &PauseReason) -> AppResult<()> {
    mailings::cancel(conn, now, &Actor::system(), id)?;
    queries::keep_reason(conn, id, &serde_json::to_string(reason)?)?;
    Ok(())
}
