//! `canvass check`: every invariant of every area, counted.

use serde::Serialize;

use crate::platform::check::Invariant;
use crate::platform::db::Db;
use crate::platform::error::AppResult;

/// What became of one invariant.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// Its stable code.
    pub code: &'static str,
    /// Key of its sentence in the language files.
    #[serde(skip)]
    pub key: String,
    /// The broken things, each in a few words; empty when it holds.
    pub broken: Vec<String>,
}

/// Every invariant, area by area.
pub fn invariants() -> Vec<Invariant> {
    [
        crate::accounts::checks(),
        crate::consent::checks::INVARIANTS.to_vec(),
        crate::calling::checks::invariants(),
        crate::selling::checks::invariants(),
    ]
    .concat()
}

/// Looks at every invariant in turn.
pub fn check(db: &Db) -> AppResult<Vec<Finding>> {
    invariants()
        .into_iter()
        .map(|invariant| {
            let broken = db.read_blocking(invariant.find)?;
            Ok(Finding {
                code: invariant.code,
                key: invariant.key(),
                broken,
            })
        })
        .collect()
}
