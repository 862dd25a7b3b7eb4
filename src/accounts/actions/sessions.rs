//! Sessions: opened at the log-in with keys of their own, ended one by one or all at once.

use chrono::{NaiveDateTime, TimeDelta};

use crate::accounts::identify::SESSION_DAYS;
use crate::accounts::model::{NewSession, User};
use crate::accounts::queries;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::{idempotency, secret};

/// Opens a session; the cookie's value is returned and kept nowhere.
pub(in crate::accounts) fn open_session(
    conn: &mut Conn,
    now: NaiveDateTime,
    user: &User,
) -> AppResult<String> {
    let cookie = secret::random_token();
    queries::insert_session(
        conn,
        &NewSession {
            token_hash: &secret::hash(&cookie),
            user_id: user.id,
            auth_epoch: user.auth_epoch,
            csrf: &secret::random_token(),
            created_at: now,
            seen_at: now,
            expires_at: now + TimeDelta::days(SESSION_DAYS),
        },
    )?;
    Ok(cookie)
}

/// Ends the session of a cookie.
pub(in crate::accounts) fn close_session(conn: &mut Conn, cookie: &str) -> AppResult<()> {
    queries::delete_session(conn, &secret::hash(cookie))?;
    Ok(())
}

/// Ends every session of a user, also one that another node is just opening with the old epoch.
pub(in crate::accounts) fn end_everywhere(conn: &mut Conn, user_id: i64) -> AppResult<()> {
    queries::next_epoch(conn, user_id)?;
    queries::delete_sessions_of(conn, user_id)?;
    Ok(())
}

/// Ends every session of a user and opens one new: after a change of the password.
pub(in crate::accounts) fn renew(
    conn: &mut Conn,
    now: NaiveDateTime,
    user_id: i64,
) -> AppResult<String> {
    end_everywhere(conn, user_id)?;
    let user = queries::user(conn, user_id)?;
    open_session(conn, now, &user)
}

/// Drops sessions that have run out and answers of idempotency keys that nobody asks for any more.
pub fn forget_expired(conn: &mut Conn, now: NaiveDateTime) -> AppResult<()> {
    queries::delete_expired_sessions(conn, now)?;
    idempotency::forget_old(conn, now)?;
    Ok(())
}
