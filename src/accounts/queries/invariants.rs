//! SQL of what must hold: each query finds what is broken.

use diesel::prelude::*;

use super::{has_users, lock_administrators};
use crate::platform::check::NAMED;
use crate::platform::db::Conn;
use crate::schema::{session, token, users};

/// Live sessions of users who are switched off.
pub(in crate::accounts) fn sessions_of_disabled(conn: &mut Conn) -> QueryResult<Vec<String>> {
    session::table
        .inner_join(users::table)
        .filter(users::disabled_at.is_not_null())
        .filter(session::auth_epoch.eq(users::auth_epoch))
        .select(users::email)
        .distinct()
        .order(users::email)
        .limit(NAMED)
        .load(conn)
}

/// Sessions whose user does not exist.
pub(in crate::accounts) fn sessions_without_user(conn: &mut Conn) -> QueryResult<Vec<String>> {
    session::table
        .left_join(users::table)
        .filter(users::id.is_null())
        .select(session::user_id)
        .distinct()
        .order(session::user_id)
        .limit(NAMED)
        .load::<i64>(conn)
        .map(|ids| ids.into_iter().map(|id| format!("user {id}")).collect())
}

/// Working tokens of users who are switched off.
pub(in crate::accounts) fn tokens_of_disabled(conn: &mut Conn) -> QueryResult<Vec<String>> {
    token::table
        .inner_join(users::table.on(users::id.eq(token::user_id)))
        .filter(users::disabled_at.is_not_null())
        .filter(token::revoked_at.is_null())
        .select((users::email, token::name))
        .order(token::id)
        .limit(NAMED)
        .load::<(String, String)>(conn)
        .map(|rows| rows.into_iter().map(|(e, n)| format!("{e}: {n}")).collect())
}

/// Addresses that are not in the spelling by which log-in looks for them.
pub(in crate::accounts) fn emails(conn: &mut Conn) -> QueryResult<Vec<String>> {
    users::table
        .select(users::email)
        .order(users::email)
        .load(conn)
}

/// Whether there are users but none of them administers.
pub(in crate::accounts) fn lacks_administrator(conn: &mut Conn) -> QueryResult<bool> {
    Ok(has_users(conn)? && lock_administrators(conn)?.is_empty())
}
