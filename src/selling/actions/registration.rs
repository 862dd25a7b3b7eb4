//! Registering a project, prolonging and withdrawing that, each with its reason.

use chrono::{NaiveDateTime, TimeDelta};

use super::book::Book;
use super::own::refresh_mark;
use crate::accounts::{Actor, Verb, company_of, may};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};
use crate::registry;
use crate::selling::model::{
    NewRegistration, NewRegistrationChange, Registration, RegistrationMove,
};
use crate::selling::queries;
use crate::selling::rules::registration::{RegistrationFault, prolonged};

/// Longest name of a project, and longest reason, in bytes.
const LONGEST: usize = 300;

/// A rep registers a project of an own company, which protects it for some time.
pub fn register(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    company_id: i64,
    project: &str,
) -> AppResult<i64> {
    let project = project.trim();
    if project.is_empty() || project.len() > LONGEST {
        return Err(AppError::invalid("registration_needs_project", "project"));
    }
    registry::lock::shared(conn)?;
    let root = registry::actions::root_of(conn, company_id)?;
    let (owner, ..) = queries::hold_company(conn, root)?;
    if owner.is_none() || owner != actor.user_id {
        return Err(AppError::conflict("registration_not_owned"));
    }
    let group = registry::actions::group_of(conn, root)?;
    let today = book.today(now);
    if !queries::registrations(conn, &group, today)?.is_empty() {
        return Err(AppError::conflict("registration_live"));
    }
    let new = NewRegistration {
        company_id: root,
        rep_id: actor.id(),
        project: project.to_owned(),
        protected_until: today + TimeDelta::days(i64::from(book.pool.protect_days)),
        state: "live",
        at: now,
    };
    let id = queries::insert_registration(conn, &new)?;
    refresh_mark(conn, now, book, root)?;
    log(conn, now, actor, "register", root)?;
    Ok(id)
}

/// A registration that this person may change, with the root that it protects, held.
fn hold(conn: &mut Conn, actor: &Actor, id: i64) -> AppResult<(Registration, i64)> {
    let seen = queries::registration(conn, id)?.ok_or_else(AppError::not_found)?;
    let object = company_of(conn, Some(seen.rep_id))?;
    if !may(actor, Verb::Sell, object) {
        return Err(AppError::not_found());
    }
    registry::lock::shared(conn)?;
    let root = registry::actions::root_of(conn, seen.company_id)?;
    queries::hold_company(conn, root)?;
    let held = queries::registration(conn, id)?.ok_or_else(AppError::not_found)?;
    Ok((held, root))
}

fn refuse(fault: RegistrationFault) -> AppError {
    match fault {
        RegistrationFault::NoReason => AppError::invalid(fault.code(), "reason"),
        RegistrationFault::Ended | RegistrationFault::TooEarly => AppError::conflict(fault.code()),
    }
}

fn reason(text: &str) -> AppResult<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST {
        return Err(refuse(RegistrationFault::NoReason));
    }
    Ok(text.to_owned())
}

/// It protects longer, for a reason.
pub fn extend_registration(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    id: i64,
    why: &str,
) -> AppResult<()> {
    let why = reason(why)?;
    let (held, root) = hold(conn, actor, id)?;
    let (is_live, today) = (held.state == "live", book.today(now));
    let until =
        prolonged(is_live, held.protected_until, today, book.pool.protect_days).map_err(refuse)?;
    let change = NewRegistrationChange {
        registration_id: id,
        kind: RegistrationMove::Extended.code(),
        until,
        reason: Some(why),
        actor_id: actor.user_id,
        at: now,
    };
    queries::change_registration(conn, &change, "live")?;
    log(conn, now, actor, "extend_registration", root)
}

/// It is taken back, for a reason: others may have the company.
pub fn withdraw_registration(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    id: i64,
    why: &str,
) -> AppResult<()> {
    let why = reason(why)?;
    let (held, root) = hold(conn, actor, id)?;
    if held.state != "live" {
        return Err(refuse(RegistrationFault::Ended));
    }
    let change = NewRegistrationChange {
        registration_id: id,
        kind: RegistrationMove::Withdrawn.code(),
        until: held.protected_until,
        reason: Some(why),
        actor_id: actor.user_id,
        at: now,
    };
    queries::change_registration(conn, &change, "withdrawn")?;
    refresh_mark(conn, now, book, root)?;
    log(conn, now, actor, "withdraw_registration", root)
}

/// A company left its rep: what that rep registered for it protects nothing any more.
pub(super) fn end_with_rep(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    group: &[i64],
    rep_id: i64,
) -> AppResult<()> {
    let (all, _) = queries::registrations_of(conn, group)?;
    let mine = all
        .into_iter()
        .filter(|r| r.rep_id == rep_id && r.state == "live");
    for registration in mine {
        let change = NewRegistrationChange {
            registration_id: registration.id,
            kind: RegistrationMove::LeftRep.code(),
            until: registration.protected_until,
            reason: None,
            actor_id: actor.user_id,
            at: now,
        };
        queries::change_registration(conn, &change, "withdrawn")?;
    }
    Ok(())
}

fn log(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    verb: &'static str,
    root: i64,
) -> AppResult<()> {
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb,
        object_kind: "company",
        object_id: Some(root),
        n: 1,
        ..Change::default()
    };
    Ok(changed(conn, &change)?)
}
