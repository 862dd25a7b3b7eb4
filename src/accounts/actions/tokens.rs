//! API tokens: shown once, kept as a hash, revoked by their owner or with the user.

use chrono::NaiveDateTime;

use super::users::log;
use crate::accounts::model::Actor;
use crate::accounts::queries;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::secret;

/// What every token begins with, so that one that lies about is recognised.
const PREFIX: &str = "canvass_";
/// Longest name.
const NAME_LENGTH: usize = 100;

/// Makes a token for a user; its text is returned and kept nowhere.
pub fn make_token(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    user_id: i64,
    name: &str,
) -> AppResult<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_LENGTH {
        return Err(AppError::invalid("token_name_malformed", "token_name"));
    }
    if queries::user(conn, user_id)?.disabled_at.is_some() {
        return Err(AppError::conflict("user_is_off"));
    }
    if queries::has_token(conn, user_id, name)? {
        return Err(AppError::invalid("token_name_taken", "token_name"));
    }
    queries::delete_revoked(conn, user_id, name)?;
    let text = format!("{PREFIX}{}", secret::random_token());
    let id = queries::insert_token(conn, user_id, name, &secret::hash(&text), now)?;
    log(conn, now, actor, "add", "token", id, None)?;
    Ok(text)
}

/// Revokes a token of a user; it stops working at once.
pub(in crate::accounts) fn revoke_token(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    user_id: i64,
    id: i64,
) -> AppResult<()> {
    if !queries::revoke(conn, user_id, id, now)? {
        return Err(AppError::not_found());
    }
    log(conn, now, actor, "revoke", "token", id, None)
}
