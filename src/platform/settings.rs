//! Rule sets and office settings: typed structs, each kind stored as versioned JSON. A decision keeps the version.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};

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
    let stored = row.map(|(version, body)| (T::KIND.to_owned(), version, body));
    of(stored.as_slice())
}

/// The newest version of a kind as it is stored: kind, version, body.
pub type Stored = (String, i32, String);

/// The value of a kind among several that were read together; the defaults where it is not there.
pub fn of<T: Setting>(stored: &[Stored]) -> AppResult<Versioned<T>> {
    match stored.iter().find(|(kind, ..)| kind == T::KIND) {
        None => Ok(Versioned {
            version: 0,
            value: T::default(),
        }),
        Some((_, version, body)) => Ok(Versioned {
            version: *version,
            value: serde_json::from_str(body)?,
        }),
    }
}

/// Rule sets that stay parsed, by what they were parsed from: an edited rule is another text, so nothing here grows
/// stale.
#[derive(Debug)]
pub struct Parsed<T>(Mutex<HashMap<u64, Arc<T>>>);

/// So many are kept; tests have many offices in one process.
const MOST_PARSED: usize = 32;

impl<T> Default for Parsed<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Parsed<T> {
    /// What was made of these before, or what is made of them now.
    pub fn of(&self, stored: &[Stored], parse: impl FnOnce() -> AppResult<T>) -> AppResult<Arc<T>> {
        let mut hasher = DefaultHasher::new();
        stored.hash(&mut hasher);
        let key = hasher.finish();
        let known = self.0.lock().ok();
        if let Some(found) = known.and_then(|kept| kept.get(&key).cloned()) {
            return Ok(found);
        }
        let made = Arc::new(parse()?);
        if let Ok(mut kept) = self.0.lock() {
            if kept.len() >= MOST_PARSED {
                kept.clear();
            }
            kept.insert(key, made.clone());
        }
        Ok(made)
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
