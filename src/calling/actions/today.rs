//! What a person has to do today, and how the day goes.

use chrono::NaiveDateTime;

use super::rulebook::Rulebook;
use crate::accounts::{Actor, Object, Verb, require, work_of};
use crate::calling::model::NewTask;
use crate::calling::queries;
use crate::platform::calendar::zone;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};

/// A record from this completeness on is shown green.
const GREEN: i64 = crate::registry::rules::completeness::GREEN_FROM as i64;

/// Leaves something to do, outside of a call.
pub fn leave_task(conn: &mut Conn, task: &NewTask) -> AppResult<i64> {
    Ok(queries::insert_task(conn, task)?)
}

/// A person finished a task: an own one, one that nobody of the own team has, or a manager anybody's of the team.
pub fn finish_task(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    task_id: i64,
) -> AppResult<()> {
    let task = queries::task_by_id(conn, task_id)?;
    let object = match task.user_id {
        Some(user_id) => work_of(conn, user_id)?,
        None => Object::TeamWork {
            team_id: task.team_id,
        },
    };
    require(actor, Verb::FinishTask, object)?;
    if queries::finish_task(conn, task_id, actor.id(), now)? == 0 {
        return Err(AppError::conflict("task_finished"));
    }
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb: "finish",
        object_kind: "task",
        object_id: Some(task_id),
        n: 1,
        ..Change::default()
    };
    Ok(changed(conn, &change)?)
}

/// How an agent's day goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DayFigures {
    /// Numbers dialled.
    pub dials: i64,
    /// Calls that reached somebody.
    pub talks: i64,
    /// Talks with somebody who decides.
    pub deciders: i64,
    /// Records that are complete now.
    pub completed: i64,
    /// Leads that are good enough for a rep.
    pub qualified: i64,
}

/// Counts the day of an agent; the day is the office's.
pub fn day_figures(
    conn: &mut Conn,
    now: NaiveDateTime,
    agent_id: i64,
    rules: &Rulebook,
) -> AppResult<DayFigures> {
    let since = day_start(now, rules);
    let (dials, talks, deciders, qualified) = queries::day_counts(conn, agent_id, since)?;
    let completed = queries::completed_since(conn, agent_id, since, GREEN)?;
    Ok(DayFigures {
        dials,
        talks,
        deciders,
        completed,
        qualified,
    })
}

fn day_start(now: NaiveDateTime, rules: &Rulebook) -> NaiveDateTime {
    let office = rules.calendars.office();
    zone::day_start(office.zone(), office.date(now))
}

/// Longest draft.
const DRAFT_LIMIT: usize = 64 << 10;

/// Keeps what somebody typed and has not saved; `key` names the thing, e.g. `lease:17`.
pub fn save_draft(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    key: &str,
    body: &str,
) -> AppResult<()> {
    if body.len() > DRAFT_LIMIT || key.len() > 100 {
        return Err(AppError::bad_request("draft_too_large"));
    }
    Ok(queries::put_draft(conn, actor.id(), key, body, now)?)
}

/// What was typed and not saved, and when.
pub fn load_draft(
    conn: &mut Conn,
    actor: &Actor,
    key: &str,
) -> AppResult<Option<(String, NaiveDateTime)>> {
    Ok(queries::draft(conn, actor.id(), key)?)
}

/// Forgets a draft: it was saved, or given up.
pub fn drop_draft(conn: &mut Conn, actor: &Actor, key: &str) -> AppResult<()> {
    Ok(queries::delete_draft(conn, actor.id(), key)?)
}
