//! SQL of users.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::dsl::{exists, max};
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::BigInt;

use crate::accounts::model::{Actor, NewUser, Roles, User};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::schema::{session, users};

/// Whether there is any user.
pub(in crate::accounts) fn has_users(conn: &mut Conn) -> QueryResult<bool> {
    diesel::select(exists(users::table.select(users::id))).get_result(conn)
}

pub(in crate::accounts) fn user(conn: &mut Conn, id: i64) -> QueryResult<User> {
    users::table.find(id).select(User::as_select()).first(conn)
}

/// Everybody who is not switched off, by name.
pub(in crate::accounts) fn working_users(conn: &mut Conn) -> QueryResult<Vec<Actor>> {
    let found: Vec<(i64, String, i32, Option<i64>)> = users::table
        .filter(users::disabled_at.is_null())
        .order((users::name, users::id))
        .select((users::id, users::name, users::roles, users::team_id))
        .load(conn)?;
    let actor = |(id, name, roles, team_id)| Actor {
        user_id: Some(id),
        team_id,
        roles: Roles(roles),
        name,
    };
    Ok(found.into_iter().map(actor).collect())
}

pub(in crate::accounts) fn user_by_email(
    conn: &mut Conn,
    email: &str,
) -> QueryResult<Option<User>> {
    users::table
        .filter(users::email.eq(email))
        .select(User::as_select())
        .first(conn)
        .optional()
}

pub(in crate::accounts) fn user_by_reset(
    conn: &mut Conn,
    hash: &[u8],
    now: NaiveDateTime,
) -> QueryResult<Option<User>> {
    users::table
        .filter(users::reset_hash.eq(hash))
        .filter(users::reset_until.gt(now))
        .filter(users::disabled_at.is_null())
        .select(User::as_select())
        .first(conn)
        .optional()
}

/// Full names of users by their ids, switched off or not.
pub fn user_names(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, String>> {
    Ok(users::table
        .filter(users::id.eq_any(ids.to_vec()))
        .select((users::id, users::name))
        .load::<(i64, String)>(conn)?
        .into_iter()
        .collect())
}

/// Every user by name, with when each was last seen in a session.
pub(in crate::accounts) fn all_users(
    conn: &mut Conn,
) -> QueryResult<Vec<(User, Option<NaiveDateTime>)>> {
    let all = users::table
        .order((users::disabled_at.is_not_null(), users::name, users::id))
        .select(User::as_select())
        .load::<User>(conn)?;
    let seen: HashMap<i64, Option<NaiveDateTime>> = session::table
        .group_by(session::user_id)
        .select((session::user_id, max(session::seen_at)))
        .load::<(i64, Option<NaiveDateTime>)>(conn)?
        .into_iter()
        .collect();
    Ok(all
        .into_iter()
        .map(|user| {
            let at = seen.get(&user.id).copied().flatten();
            (user, at)
        })
        .collect())
}

pub(in crate::accounts) fn insert_user(conn: &mut Conn, new: &NewUser<'_>) -> AppResult<i64> {
    taken(
        diesel::insert_into(users::table)
            .values(new)
            .returning(users::id)
            .get_result(conn),
    )
}

pub(in crate::accounts) fn update_user(
    conn: &mut Conn,
    id: i64,
    email: &str,
    name: &str,
    roles: i32,
) -> AppResult<()> {
    let values = (
        users::email.eq(email),
        users::name.eq(name),
        users::roles.eq(roles),
    );
    taken(
        diesel::update(users::table.find(id))
            .set(values)
            .execute(conn),
    )
    .map(|_| ())
}

/// One address, one user: the unique key says so, whoever was first.
fn taken<T>(result: QueryResult<T>) -> AppResult<T> {
    result.map_err(|error| match error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            AppError::invalid("email_taken", "email")
        }
        other => other.into(),
    })
}

pub(in crate::accounts) fn rename_user(
    conn: &mut Conn,
    id: i64,
    name: &str,
    phone: Option<&str>,
) -> QueryResult<()> {
    diesel::update(users::table.find(id))
        .set((users::name.eq(name), users::phone.eq(phone)))
        .execute(conn)
        .map(|_| ())
}

pub(in crate::accounts) fn set_look(
    conn: &mut Conn,
    id: i64,
    language: Option<&str>,
    theme: Option<&str>,
) -> QueryResult<()> {
    diesel::update(users::table.find(id))
        .set((users::language.eq(language), users::theme.eq(theme)))
        .execute(conn)
        .map(|_| ())
}

/// A new password: an open reset link has done its work.
pub(in crate::accounts) fn set_password(conn: &mut Conn, id: i64, hash: &str) -> QueryResult<()> {
    diesel::update(users::table.find(id))
        .set((
            users::password_hash.eq(Some(hash)),
            users::reset_hash.eq(None::<Vec<u8>>),
            users::reset_until.eq(None::<NaiveDateTime>),
        ))
        .execute(conn)
        .map(|_| ())
}

pub(in crate::accounts) fn set_reset(
    conn: &mut Conn,
    id: i64,
    hash: Option<&[u8]>,
    until: Option<NaiveDateTime>,
) -> QueryResult<()> {
    diesel::update(users::table.find(id))
        .set((users::reset_hash.eq(hash), users::reset_until.eq(until)))
        .execute(conn)
        .map(|_| ())
}

pub(in crate::accounts) fn set_disabled(
    conn: &mut Conn,
    id: i64,
    at: Option<NaiveDateTime>,
) -> QueryResult<()> {
    diesel::update(users::table.find(id))
        .set(users::disabled_at.eq(at))
        .execute(conn)
        .map(|_| ())
}

/// Every session of an older epoch is dead from here on.
pub(in crate::accounts) fn next_epoch(conn: &mut Conn, id: i64) -> QueryResult<()> {
    diesel::update(users::table.find(id))
        .set(users::auth_epoch.eq(users::auth_epoch + 1))
        .execute(conn)
        .map(|_| ())
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The administrators who are switched on. Their rows stay locked until the end of the transaction, so that two of
/// them cannot take the role from each other at once.
pub(in crate::accounts) fn lock_administrators(conn: &mut Conn) -> QueryResult<Vec<i64>> {
    let text = match conn {
        Conn::Postgres(_) => {
            "SELECT id FROM users WHERE roles & 1 = 1 AND disabled_at IS NULL ORDER BY id FOR UPDATE"
        }
        Conn::Sqlite(_) => {
            "SELECT id FROM users WHERE roles & 1 = 1 AND disabled_at IS NULL ORDER BY id"
        }
    };
    let rows = diesel::sql_query(text).load::<Id>(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
