//! Rule sets and office settings: typed structs, each kind stored as versioned JSON. A decision keeps the version.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::db::{Conn, Statement};
use super::error::{AppError, AppResult};
use crate::schema::{setting, users};

/// A settings struct with a name of its own. `Default` is what ships with the product, version 0.
pub trait Setting: Serialize + DeserializeOwned + Default {
    /// Stable name of the kind.
    const KIND: &'static str;
}

/// A rule set and the version it was read at.
#[derive(Debug, Clone)]
pub struct Versioned<T> {
    /// 0 for the defaults.
    pub version: i32,
    /// The settings themselves.
    pub value: T,
}

/// The newest version of a kind.
pub fn load<T: Setting>(conn: &mut Conn) -> AppResult<Versioned<T>> {
    let row = Statement::<(Integer, Text)>::fixed(
        "SELECT version, body FROM setting WHERE kind = ? ORDER BY version DESC LIMIT 1",
    )
    .bind(T::KIND)
    .get_result::<(i32, String)>(conn)
    .optional()?;
    match row {
        None => Ok(Versioned {
            version: 0,
            value: T::default(),
        }),
        Some((version, body)) => Ok(Versioned {
            version,
            value: serde_json::from_str(&body)?,
        }),
    }
}

/// Writes the next version. `seen` is the version that the person edited: somebody else's later change is no
/// longer overwritten silently.
pub fn save<T: Setting>(
    conn: &mut Conn,
    value: &T,
    seen: i32,
    actor_id: Option<i64>,
    now: NaiveDateTime,
) -> AppResult<i32> {
    let current = load::<T>(conn)?.version;
    if current != seen {
        return Err(AppError::conflict("setting_changed"));
    }
    let version = current + 1;
    diesel::insert_into(setting::table)
        .values((
            setting::kind.eq(T::KIND),
            setting::version.eq(version),
            setting::body.eq(serde_json::to_string(value)?),
            setting::actor_id.eq(actor_id),
            setting::at.eq(now),
        ))
        .execute(conn)?;
    Ok(version)
}

/// One version of a kind as pages list it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Past {
    /// Its number.
    pub version: i32,
    /// Who made it; none for the system.
    pub by: Option<String>,
    /// When.
    pub at: NaiveDateTime,
}

/// The last versions of a kind with the names of who made them, newest first.
pub fn past<T: Setting>(conn: &mut Conn) -> AppResult<Vec<Past>> {
    Ok(setting::table
        .left_join(users::table.on(setting::actor_id.eq(users::id.nullable())))
        .filter(setting::kind.eq(T::KIND))
        .order(setting::version.desc())
        .select((setting::version, users::name.nullable(), setting::at))
        .limit(10)
        .load(conn)?)
}
