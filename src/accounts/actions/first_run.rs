//! The first administrator: whoever can read the console of the server, and nobody else.
//!
//! Each start without users prints a code of its own; the last few stay valid, so that a restart, or a second node,
//! does not make the one on the screen useless. Only hashes are kept, and they go with the first user.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::users::log;
use crate::accounts::model::{Account, Actor, NewUser, Roles, User};
use crate::accounts::queries;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::settings::{self, Setting};
use crate::platform::{form, secret};

/// Codes that stay valid beside the newest.
const CODES: usize = 5;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct FirstRun {
    /// Hashes in hexadecimal, newest last.
    codes: Vec<String>,
}

impl Setting for FirstRun {
    const KIND: &'static str = "first_run";
}

/// A new one-time code as long as nobody has an account, in two halves for the eye; `None` afterwards.
pub fn first_code(conn: &mut Conn, now: NaiveDateTime) -> AppResult<Option<String>> {
    if queries::has_users(conn)? {
        return Ok(None);
    }
    let code = secret::short_code();
    let kept = settings::load::<FirstRun>(conn)?;
    let mut codes = kept.value.codes;
    codes.push(hashed(&code));
    let codes = codes.split_off(codes.len().saturating_sub(CODES));
    settings::save(conn, &FirstRun { codes }, kept.version, None, now)?;
    let (left, right) = code.split_at(code.len() / 2);
    Ok(Some(format!("{left}-{right}")))
}

/// Makes the first user, with every role, for whoever knows the code.
pub(in crate::accounts) fn make_administrator(
    conn: &mut Conn,
    now: NaiveDateTime,
    code: &str,
    account: &Account,
    password_hash: &str,
    language: &str,
) -> AppResult<User> {
    if queries::has_users(conn)? {
        return Err(AppError::conflict("first_run_over"));
    }
    let kept = settings::load::<FirstRun>(conn)?;
    let sent = hashed(code);
    if !kept.value.codes.iter().any(|code| form::same(code, &sent)) {
        return Err(AppError::invalid("first_code_wrong", "code"));
    }
    let id = queries::insert_user(
        conn,
        &NewUser {
            email: &account.email,
            name: &account.name,
            password_hash: Some(password_hash),
            roles: Roles::all().0,
            language: Some(language),
            auth_epoch: 0,
            created_at: now,
        },
    )?;
    // The next version of the setting is also what two administrators at once cannot both write.
    settings::save(conn, &FirstRun::default(), kept.version, Some(id), now)?;
    log(conn, now, &Actor::system(), "add", "user", id, None)?;
    Ok(queries::user(conn, id)?)
}

/// Codes are typed by hand: case, blanks and the hyphen do not count.
fn hashed(code: &str) -> String {
    let plain: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    secret::hash(&plain)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
