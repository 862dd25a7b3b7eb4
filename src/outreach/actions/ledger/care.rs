//! What time does to mailings on their way: they begin, end, miss their window, and let go who was called off.

use chrono::NaiveDateTime;

use super::claim::{moved, window_missed};
use super::once;
use crate::accounts::Actor;
use crate::outreach::actions::mailings;
use crate::outreach::model::{DeliveryState, Moved};
use crate::outreach::queries;
use crate::outreach::rules::ledger::Event;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};

/// The states of mailings.
pub fn mailing_states(conn: &mut Conn, mailings: &[i64]) -> AppResult<Vec<(i64, String)>> {
    Ok(queries::mailing_states(conn, mailings)?)
}

/// Whether something is due.
pub fn is_anything_due(conn: &mut Conn, now: NaiveDateTime) -> AppResult<bool> {
    Ok(!queries::due_mailings(conn, now)?.is_empty()
        || !queries::called_off(conn)?.is_empty()
        || !queries::late(conn, now)?.is_empty()
        || !queries::through(conn)?.is_empty())
}

/// Does what is due, a part of it in each transaction; how much moved.
pub fn bring_up_to_date(conn: &mut Conn, now: NaiveDateTime) -> AppResult<usize> {
    let mut moved = mailings::start_due(conn, now)?.len();
    for id in queries::called_off(conn)? {
        moved += call_off(conn, now, id)?;
    }
    for id in queries::late(conn, now)? {
        moved += miss(conn, now, id)?;
    }
    for id in queries::through(conn)? {
        match mailings::finish(conn, now, &Actor::system(), id) {
            Ok(()) => {
                queries::carry_over(conn, id)?;
                moved += 1;
            }
            // Another node was first, or somebody held it this moment.
            Err(AppError::Refused(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(moved)
}

/// Whoever waits in a mailing that was called off gets nothing; a part of them, how many.
pub fn call_off(conn: &mut Conn, now: NaiveDateTime, mailing_id: i64) -> AppResult<usize> {
    let waiting = queries::waiting(conn, mailing_id)?;
    let moves: Vec<Moved> = waiting
        .iter()
        .map(|held| moved(held, DeliveryState::Queued, Event::CalledOff))
        .collect();
    once::give_up(conn, now, &moves)
}

/// Whoever waits still when the last moment is over gets nothing late.
fn miss(conn: &mut Conn, now: NaiveDateTime, mailing_id: i64) -> AppResult<usize> {
    let waiting = queries::waiting(conn, mailing_id)?;
    let moves: Vec<Moved> = waiting
        .iter()
        .filter(|held| held.until_at.is_some_and(|until| until <= now))
        .map(window_missed)
        .collect();
    once::give_up(conn, now, &moves)
}
