//! SQL of API tokens.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::accounts::model::TokenRow;
use crate::platform::db::Conn;
use crate::schema::token;

/// The tokens of a user that work, newest first.
pub(in crate::accounts) fn tokens_of(conn: &mut Conn, user_id: i64) -> QueryResult<Vec<TokenRow>> {
    token::table
        .filter(token::user_id.eq(user_id))
        .filter(token::revoked_at.is_null())
        .order(token::id.desc())
        .select(TokenRow::as_select())
        .load(conn)
}

/// Whether a token of that name works.
pub(in crate::accounts) fn has_token(
    conn: &mut Conn,
    user_id: i64,
    name: &str,
) -> QueryResult<bool> {
    let named = token::table
        .filter(token::user_id.eq(user_id))
        .filter(token::name.eq(name))
        .filter(token::revoked_at.is_null());
    diesel::select(diesel::dsl::exists(named)).get_result(conn)
}

/// A revoked token gives its name free; what it did stays in the logs.
pub(in crate::accounts) fn delete_revoked(
    conn: &mut Conn,
    user_id: i64,
    name: &str,
) -> QueryResult<()> {
    let named = token::table
        .filter(token::user_id.eq(user_id))
        .filter(token::name.eq(name))
        .filter(token::revoked_at.is_not_null());
    diesel::delete(named).execute(conn).map(|_| ())
}

pub(in crate::accounts) fn insert_token(
    conn: &mut Conn,
    user_id: i64,
    name: &str,
    hash: &[u8],
    now: NaiveDateTime,
) -> QueryResult<i64> {
    diesel::insert_into(token::table)
        .values((
            token::user_id.eq(user_id),
            token::name.eq(name),
            token::token_hash.eq(hash),
            token::created_at.eq(now),
        ))
        .returning(token::id)
        .get_result(conn)
}

/// Revokes one token of a user; false if there is none that works.
pub(in crate::accounts) fn revoke(
    conn: &mut Conn,
    user_id: i64,
    id: i64,
    now: NaiveDateTime,
) -> QueryResult<bool> {
    let mine = token::table
        .filter(token::id.eq(id))
        .filter(token::user_id.eq(user_id))
        .filter(token::revoked_at.is_null());
    diesel::update(mine)
        .set(token::revoked_at.eq(Some(now)))
        .execute(conn)
        .map(|n| n > 0)
}

pub(in crate::accounts) fn revoke_all(
    conn: &mut Conn,
    user_id: i64,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    let mine = token::table
        .filter(token::user_id.eq(user_id))
        .filter(token::revoked_at.is_null());
    diesel::update(mine)
        .set(token::revoked_at.eq(Some(now)))
        .execute(conn)
}
