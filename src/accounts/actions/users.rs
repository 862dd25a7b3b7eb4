//! Users: added, changed, switched off and on, and given a new password.

use actix_web::http::StatusCode;
use chrono::{NaiveDateTime, TimeDelta};

use super::sessions::end_everywhere;
use crate::accounts::model::{Account, Actor, NewUser, Role, User};
use crate::accounts::queries;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};
use crate::platform::secret;

/// How long a reset link works.
const RESET_HOURS: i64 = 24;

/// Whether anybody has an account yet; without one the first page makes the administrator.
pub fn has_users(conn: &mut Conn) -> AppResult<bool> {
    Ok(queries::has_users(conn)?)
}

/// The user with this e-mail address, in any spelling.
pub fn find_user(conn: &mut Conn, email: &str) -> AppResult<User> {
    let email = email.trim().to_lowercase();
    let unknown = || AppError::refuse(StatusCode::NOT_FOUND, "no_such_user").with("email", &email);
    queries::user_by_email(conn, &email)?.ok_or_else(unknown)
}

/// The user with this id.
pub fn user_by_id(conn: &mut Conn, id: i64) -> AppResult<User> {
    Ok(queries::user(conn, id)?)
}

/// Every user, with when each was last seen.
pub fn list_users(conn: &mut Conn) -> AppResult<Vec<(User, Option<NaiveDateTime>)>> {
    Ok(queries::all_users(conn)?)
}

/// Adds a user. Without a password nobody can log in as them until a reset link is used.
pub fn add_user(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    account: &Account,
    password_hash: Option<&str>,
) -> AppResult<i64> {
    let id = queries::insert_user(
        conn,
        &NewUser {
            email: &account.email,
            name: &account.name,
            password_hash,
            roles: account.roles.0,
            language: None,
            auth_epoch: 0,
            created_at: now,
        },
    )?;
    log(conn, now, actor, "add", "user", id, None)?;
    Ok(id)
}

/// Changes name, address and roles. The last administrator keeps the role.
pub(in crate::accounts) fn edit_user(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
    account: &Account,
) -> AppResult<()> {
    let before = queries::user(conn, id)?;
    if !account.roles.has(Role::Admin) && is_last_administrator(conn, id)? {
        return Err(AppError::invalid("last_administrator", "role"));
    }
    queries::update_user(conn, id, &account.email, &account.name, account.roles.0)?;
    let fields: Vec<&str> = [
        ("email", before.email != account.email),
        ("name", before.name != account.name),
        ("roles", before.roles != account.roles.0),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect();
    if fields.is_empty() {
        return Ok(());
    }
    log(conn, now, actor, "edit", "user", id, Some(fields.join(",")))
}

/// Changes one's own name, and the number under it in letters.
pub(in crate::accounts) fn rename(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    name: &str,
    phone: Option<&str>,
) -> AppResult<()> {
    queries::rename_user(conn, actor.id(), name, phone)?;
    log(
        conn,
        now,
        actor,
        "edit",
        "user",
        actor.id(),
        Some("name,phone".into()),
    )
}

/// Sets a new password.
pub(in crate::accounts) fn change_password(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
    password_hash: &str,
) -> AppResult<()> {
    queries::set_password(conn, id, password_hash)?;
    log(
        conn,
        now,
        actor,
        "edit",
        "user",
        id,
        Some("password".into()),
    )
}

/// Makes a one-time link's token for a user who forgot the password or has none yet. An older link ends.
pub fn make_reset_link(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
) -> AppResult<String> {
    if queries::user(conn, id)?.disabled_at.is_some() {
        return Err(AppError::conflict("user_is_off"));
    }
    let token = secret::random_token();
    let until = now + TimeDelta::hours(RESET_HOURS);
    queries::set_reset(conn, id, Some(&secret::hash(&token)), Some(until))?;
    log(conn, now, actor, "reset_link", "user", id, None)?;
    Ok(token)
}

/// The user of a reset link that still works.
pub(in crate::accounts) fn reset_is_open(
    conn: &mut Conn,
    now: NaiveDateTime,
    token: &str,
) -> AppResult<User> {
    queries::user_by_reset(conn, &secret::hash(token), now)?
        .ok_or_else(|| AppError::refuse(StatusCode::GONE, "reset_link_dead"))
}

/// Uses a reset link up: the new password holds, every session ends.
pub(in crate::accounts) fn spend_reset(
    conn: &mut Conn,
    now: NaiveDateTime,
    token: &str,
    password_hash: &str,
) -> AppResult<User> {
    let user = reset_is_open(conn, now, token)?;
    change_password(conn, now, &user.actor(), user.id, password_hash)?;
    end_everywhere(conn, user.id)?;
    Ok(queries::user(conn, user.id)?)
}

/// Switches a user off: sessions, tokens and links end at once. What the user held in other areas is released by
/// the flow that calls this.
pub fn switch_off(conn: &mut Conn, now: NaiveDateTime, actor: &Actor, id: i64) -> AppResult<User> {
    if actor.user_id == Some(id) {
        return Err(AppError::conflict("cannot_switch_off_self"));
    }
    let user = queries::user(conn, id)?;
    if user.disabled_at.is_some() {
        return Ok(user);
    }
    if is_last_administrator(conn, id)? {
        return Err(AppError::conflict("last_administrator"));
    }
    queries::set_disabled(conn, id, Some(now))?;
    queries::set_reset(conn, id, None, None)?;
    queries::revoke_all(conn, id, now)?;
    end_everywhere(conn, id)?;
    log(conn, now, actor, "switch_off", "user", id, None)?;
    Ok(queries::user(conn, id)?)
}

/// Switches a user on again: the old password works, tokens have to be made anew.
pub fn switch_on(conn: &mut Conn, now: NaiveDateTime, actor: &Actor, id: i64) -> AppResult<User> {
    let user = queries::user(conn, id)?;
    if user.disabled_at.is_none() {
        return Ok(user);
    }
    queries::set_disabled(conn, id, None)?;
    log(conn, now, actor, "switch_on", "user", id, None)?;
    Ok(queries::user(conn, id)?)
}

fn is_last_administrator(conn: &mut Conn, id: i64) -> AppResult<bool> {
    Ok(queries::lock_administrators(conn)? == [id])
}

pub(super) fn log(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    verb: &str,
    object_kind: &str,
    object_id: i64,
    fields: Option<String>,
) -> AppResult<()> {
    changed(
        conn,
        &Change {
            at: now,
            actor_id: actor.user_id,
            verb,
            object_kind,
            object_id: Some(object_id),
            fields,
            n: 1,
            ..Change::default()
        },
    )?;
    Ok(())
}
