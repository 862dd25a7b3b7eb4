//! What happens to accounts, inside the caller's transaction.

use super::queries;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Whether anybody has an account yet; without one the first page makes the administrator.
pub fn has_users(conn: &mut Conn) -> AppResult<bool> {
    Ok(queries::count_users(conn)? > 0)
}
