//! What must always hold about accounts.

use super::queries;
use super::rules::credentials::clean_email;
use crate::platform::check::{Broken, Depth, Invariant};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Invariants of this area.
pub const INVARIANTS: &[Invariant] = &[
    Invariant::query(
        "accounts.session_without_user",
        "SELECT DISTINCT 'user ' || s.user_id FROM session s WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.id = s.user_id)",
    ),
    Invariant::query(
        "accounts.session_of_disabled",
        "SELECT DISTINCT u.email FROM session s JOIN users u ON u.id = s.user_id \
         WHERE u.disabled_at IS NOT NULL AND s.auth_epoch = u.auth_epoch",
    ),
    Invariant::query(
        "accounts.token_of_disabled",
        "SELECT u.email || ': ' || t.name FROM token t JOIN users u ON u.id = t.user_id \
         WHERE u.disabled_at IS NOT NULL AND t.revoked_at IS NULL",
    ),
    Invariant::query(
        "accounts.no_administrator",
        "SELECT 'users' WHERE EXISTS (SELECT 1 FROM users) AND NOT EXISTS \
         (SELECT 1 FROM users WHERE (roles & 1) <> 0 AND disabled_at IS NULL)",
    ),
    Invariant::work("accounts.email_spelling", odd_spellings),
];

/// Addresses in another spelling than the one by which log-in looks for them.
fn odd_spellings(conn: &mut Conn, _depth: Depth) -> AppResult<Broken> {
    let emails = queries::emails(conn)?;
    let is_odd = |email: &String| clean_email(email).is_ok_and(|clean| clean != *email);
    Ok(emails.into_iter().filter(is_odd).collect())
}
