//! Making, planning, approving, scheduling, starting, pausing and calling off mailings.
//!
//! Every move is one of `rules::mailing_state`; each holds the mailing's row first, so that of two people who press at
//! once the second is told what the first one did.

mod make;
mod run;

pub use make::{approve, ask_plan, create, edit, plan_and_approve, plan_failed, planned, schedule};
pub(in crate::outreach) use make::{check_not_far, renew};
pub(in crate::outreach) use run::reopen;
pub use run::{cancel, finish, pause, resume, start, start_due, start_now};

use std::collections::HashMap;

use chrono::NaiveDateTime;

use crate::accounts::{Actor, Object, Role, Verb, may, require};
use crate::outreach::model::Mailing;
use crate::outreach::queries::{self, Teams};
use crate::outreach::rules::mailing_state::{self, Move};
use crate::outreach::rules::occasions::name_in;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::Lang;
use crate::platform::log::{Change, changed};

/// A mailing that a person may see.
pub fn visible_mailing(conn: &mut Conn, actor: &Actor, id: i64) -> AppResult<Mailing> {
    require(actor, Verb::SeeMailings, Object::Any)?;
    let found = queries::mailing_by_id(conn, id)?.ok_or_else(AppError::not_found)?;
    let object = Object::Mailing {
        team_id: found.team_id,
    };
    require(actor, Verb::SeeMailings, object)?;
    Ok(found)
}

/// A mailing that a person may change, and that can still be changed.
pub fn editable_mailing(conn: &mut Conn, actor: &Actor, id: i64) -> AppResult<Mailing> {
    let found = visible_mailing(conn, actor, id)?;
    require_run(actor, found.team_id)?;
    if !mailing_state::can(found.state(), Move::Edit) {
        return Err(AppError::conflict("mailing_state").with("state", &found.state));
    }
    Ok(found)
}

/// The mailings a person may see, the newest first: all for marketing, those of the own team for a manager.
pub fn visible_mailings(
    conn: &mut Conn,
    actor: &Actor,
    states: &[&str],
    before: Option<i64>,
    limit: i64,
) -> AppResult<Vec<Mailing>> {
    require(actor, Verb::SeeMailings, Object::Any)?;
    let teams = match actor.roles.has(Role::Marketing) {
        true => Teams::All,
        false => Teams::One(actor.team_id),
    };
    Ok(queries::mailings(conn, teams, states, before, limit)?)
}

/// Whose mailings a person makes: marketing writes for the whole office, a manager for the own team.
pub fn team_of_maker(actor: &Actor) -> Option<i64> {
    actor.team_id.filter(|_| !actor.roles.has(Role::Marketing))
}

/// What somebody learns of a mailing by a letter of it.
#[derive(Debug, Clone, Default)]
pub struct KnownMailing {
    /// Its name; none where it is another team's.
    pub name: Option<String>,
    /// Its page opens.
    pub is_readable: bool,
}

/// Names of mailings as far as somebody may know them: that a letter came counts for everybody, in which mailing does not.
pub fn known_mailings(
    conn: &mut Conn,
    actor: &Actor,
    lang: Lang,
    ids: &[i64],
) -> AppResult<HashMap<i64, KnownMailing>> {
    let known = |mailing: &Mailing| {
        let team_id = mailing.team_id;
        let known = KnownMailing {
            name: may_know(actor, team_id).then(|| name_in(lang, mailing)),
            is_readable: may(actor, Verb::SeeMailings, Object::Mailing { team_id }),
        };
        (mailing.id, known)
    };
    let found = queries::mailings_called(conn, ids)?;
    Ok(found.iter().map(known).collect())
}

/// Who opens mailings knows the names of those; who opens none knows those of the office and of the own team.
fn may_know(actor: &Actor, team_id: Option<i64>) -> bool {
    match may(actor, Verb::SeeMailings, Object::Any) {
        true => may(actor, Verb::SeeMailings, Object::Mailing { team_id }),
        false => team_id.is_none() || team_id == actor.team_id,
    }
}

/// Whether a person may move this mailing.
pub fn may_run(actor: &Actor, mailing: &Mailing) -> bool {
    let object = Object::Mailing {
        team_id: mailing.team_id,
    };
    may(actor, Verb::RunMailings, object)
}

/// Whether a mailing got another moment since it was read; it is held until the transaction ends.
pub fn got_another_moment(conn: &mut Conn, read: &Mailing) -> AppResult<bool> {
    let held = queries::hold_mailing(conn, read.id)?;
    let moment = |of: &Mailing| (of.send_from, of.send_until);
    Ok(held.is_some_and(|held| moment(&held) != moment(read)))
}

/// A mailing that a person may move, held until the transaction ends.
fn hold(conn: &mut Conn, actor: &Actor, id: i64) -> AppResult<Mailing> {
    require(actor, Verb::RunMailings, Object::Any)?;
    let found = queries::hold_mailing(conn, id)?.ok_or_else(AppError::not_found)?;
    require_run(actor, found.team_id)?;
    Ok(found)
}

fn require_run(actor: &Actor, team_id: Option<i64>) -> AppResult<()> {
    require(actor, Verb::RunMailings, Object::Mailing { team_id })
}

/// Moves the state, or says why it cannot.
fn step(to: &mut Mailing, by: Move) -> AppResult<()> {
    let Some(state) = mailing_state::next(to.state(), by) else {
        return Err(AppError::conflict("mailing_state").with("state", &to.state));
    };
    to.state = state.code().to_owned();
    Ok(())
}

/// Stores the mailing after a move, with its entry in the change log.
fn keep(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    mut to: Mailing,
    by: Move,
) -> AppResult<Mailing> {
    to.changed_at = now;
    queries::update_mailing(conn, &to)?;
    log(conn, now, actor, by.code(), to.id, 1)?;
    Ok(to)
}

/// What happened to a mailing, or to so many of its letters: its line in the change log.
pub(super) fn log(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    verb: &str,
    id: i64,
    n: usize,
) -> AppResult<()> {
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb,
        object_kind: "mailing",
        object_id: Some(id),
        n: i32::try_from(n).unwrap_or(i32::MAX),
        ..Change::default()
    };
    Ok(changed(conn, &change)?)
}
