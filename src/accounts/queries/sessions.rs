//! SQL of sessions.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::accounts::model::{NewSession, SessionRow};
use crate::platform::db::Conn;
use crate::schema::session;

pub(in crate::accounts) fn insert_session(
    conn: &mut Conn,
    new: &NewSession<'_>,
) -> QueryResult<()> {
    diesel::insert_into(session::table)
        .values(new)
        .execute(conn)
        .map(|_| ())
}

pub(in crate::accounts) fn delete_session(conn: &mut Conn, hash: &[u8]) -> QueryResult<usize> {
    diesel::delete(session::table.find(hash.to_vec())).execute(conn)
}

pub(in crate::accounts) fn delete_sessions_of(conn: &mut Conn, user_id: i64) -> QueryResult<usize> {
    diesel::delete(session::table.filter(session::user_id.eq(user_id))).execute(conn)
}

/// The live sessions of a user, last seen first.
pub(in crate::accounts) fn sessions_of(
    conn: &mut Conn,
    user_id: i64,
    auth_epoch: i32,
    now: NaiveDateTime,
) -> QueryResult<Vec<SessionRow>> {
    session::table
        .filter(session::user_id.eq(user_id))
        .filter(session::auth_epoch.eq(auth_epoch))
        .filter(session::expires_at.gt(now))
        .order(session::seen_at.desc())
        .limit(50)
        .select(SessionRow::as_select())
        .load(conn)
}

pub(in crate::accounts) fn delete_expired_sessions(
    conn: &mut Conn,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::delete(session::table.filter(session::expires_at.lt(now))).execute(conn)
}
