//! `canvass check`: every invariant of every area, counted.

use serde::Serialize;

use crate::platform::check::{Depth, Invariant};
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
    /// How many broken things there are.
    pub count: u64,
    /// The first of them, each in a few words; empty when it holds.
    pub broken: Vec<String>,
}

/// Every invariant, area by area.
pub fn invariants() -> Vec<Invariant> {
    [
        crate::accounts::checks::INVARIANTS,
        crate::registry::checks::INVARIANTS,
        crate::consent::checks::INVARIANTS,
        crate::intake::checks::INVARIANTS,
        crate::qualifying::checks::INVARIANTS,
        crate::calling::checks::INVARIANTS,
        crate::selling::checks::INVARIANTS,
        crate::outreach::checks::INVARIANTS,
    ]
    .concat()
}

/// Looks at every invariant in turn, each at one moment of the data: work that goes on meanwhile is not seen half.
pub fn check(db: &Db, depth: Depth) -> AppResult<Vec<Finding>> {
    invariants()
        .into_iter()
        .map(|invariant| {
            let broken = db.snapshot_blocking(|conn| invariant.find(conn, depth))?;
            Ok(Finding {
                code: invariant.code,
                key: invariant.key(),
                count: broken.count,
                broken: broken.first,
            })
        })
        .collect()
}
