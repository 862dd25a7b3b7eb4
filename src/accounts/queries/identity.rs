//! SQL of every request: whose session or token is it.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::accounts::model::User;
use crate::platform::db::Conn;
use crate::schema::{session, token, users};

/// A live session with its user.
pub(in crate::accounts) struct LiveSession {
    pub user: User,
    pub csrf: String,
    pub seen_at: NaiveDateTime,
}

/// The session of a cookie, unless it has expired, was ended everywhere, or its user was switched off.
pub(in crate::accounts) fn live_session(
    conn: &mut Conn,
    token_hash: &[u8],
    now: NaiveDateTime,
) -> QueryResult<Option<LiveSession>> {
    session::table
        .inner_join(users::table)
        .filter(session::token_hash.eq(token_hash))
        .filter(session::expires_at.gt(now))
        .filter(session::auth_epoch.eq(users::auth_epoch))
        .filter(users::disabled_at.is_null())
        .select((User::as_select(), session::csrf, session::seen_at))
        .get_result::<(User, String, NaiveDateTime)>(conn)
        .optional()
        .map(|found| {
            found.map(|(user, csrf, seen_at)| LiveSession {
                user,
                csrf,
                seen_at,
            })
        })
}

pub(in crate::accounts) fn session_was_seen(
    conn: &mut Conn,
    token_hash: &[u8],
    now: NaiveDateTime,
    until: NaiveDateTime,
) -> QueryResult<()> {
    diesel::update(session::table.find(token_hash.to_vec()))
        .set((session::seen_at.eq(now), session::expires_at.eq(until)))
        .execute(conn)
        .map(|_| ())
}

/// The user of an API token, with the token's id and when it was last used.
pub(in crate::accounts) fn user_of_token(
    conn: &mut Conn,
    token_hash: &[u8],
) -> QueryResult<Option<(User, i64, Option<NaiveDateTime>)>> {
    token::table
        .inner_join(users::table.on(users::id.eq(token::user_id)))
        .filter(token::token_hash.eq(token_hash))
        .filter(token::revoked_at.is_null())
        .filter(users::disabled_at.is_null())
        .select((User::as_select(), token::id, token::used_at))
        .get_result(conn)
        .optional()
}

pub(in crate::accounts) fn token_was_used(
    conn: &mut Conn,
    id: i64,
    now: NaiveDateTime,
) -> QueryResult<()> {
    diesel::update(token::table.find(id))
        .set(token::used_at.eq(Some(now)))
        .execute(conn)
        .map(|_| ())
}

pub(in crate::accounts) fn choose_language(
    conn: &mut Conn,
    user_id: i64,
    code: &str,
) -> QueryResult<()> {
    diesel::update(users::table.find(user_id))
        .set(users::language.eq(Some(code)))
        .execute(conn)
        .map(|_| ())
}
