//! Teams: named, and filled with users. Whoever is in none belongs to the office's own, the first one.

use chrono::NaiveDateTime;

use super::users::log;
use crate::accounts::model::{Actor, Team};
use crate::accounts::queries;
use crate::accounts::rules::credentials::clean_name;
use crate::accounts::rules::{CompanyAccess, Object, Verb, may};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};

/// Every team beside the office's own, by name.
pub fn teams(conn: &mut Conn) -> AppResult<Vec<Team>> {
    Ok(queries::teams(conn)?)
}

fn team_of(conn: &mut Conn, user_id: i64) -> AppResult<Option<i64>> {
    Ok(queries::user(conn, user_id)?.team_id)
}

/// The work of a user, as `may` looks at it.
pub fn work_of(conn: &mut Conn, user_id: i64) -> AppResult<Object> {
    let team_id = team_of(conn, user_id)?;
    Ok(Object::Work { user_id, team_id })
}

/// A company of this rep, or of nobody, as `may` looks at it where the owner alone decides.
pub fn company_of(conn: &mut Conn, owner_id: Option<i64>) -> AppResult<Object> {
    let owner_team_id = match owner_id {
        Some(id) => team_of(conn, id)?,
        None => None,
    };
    Ok(Object::Company(CompanyAccess {
        owner_id,
        owner_team_id,
        ..CompanyAccess::default()
    }))
}

/// Everybody who may do this, by name; nobody who is switched off.
pub fn who_may(conn: &mut Conn, verb: Verb, object: Object) -> AppResult<Vec<i64>> {
    let mut users = queries::working_users(conn)?;
    users.retain(|user| may(user, verb, object));
    Ok(users.iter().map(Actor::id).collect())
}

/// Makes a team.
pub(in crate::accounts) fn add_team(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    name: &str,
) -> AppResult<i64> {
    let id = queries::insert_team(conn, &clean_name(name)?, now)?;
    log(conn, now, actor, "add", "team", id, None)?;
    Ok(id)
}

/// Gives a team another name.
pub(in crate::accounts) fn rename_team(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
    name: &str,
) -> AppResult<()> {
    if queries::rename_team(conn, id, &clean_name(name)?)? == 0 {
        return Err(AppError::not_found());
    }
    log(conn, now, actor, "edit", "team", id, Some("name".into()))
}

/// Puts a user into a team, or back into the office's own.
pub(in crate::accounts) fn put_into_team(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    user_id: i64,
    team_id: Option<i64>,
) -> AppResult<()> {
    if queries::user(conn, user_id)?.team_id == team_id {
        return Ok(());
    }
    if let Some(id) = team_id
        && !queries::teams(conn)?.iter().any(|team| team.id == id)
    {
        return Err(AppError::invalid("team_unknown", "team"));
    }
    queries::put_into_team(conn, user_id, team_id)?;
    log(
        conn,
        now,
        actor,
        "edit",
        "user",
        user_id,
        Some("team".into()),
    )
}
