//! What came of an import, counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Figures of a batch; they add up: total = valid + rejected.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    /// Rows that are data.
    pub rows_total: u64,
    /// Taken.
    pub rows_valid: u64,
    /// Data, but not good enough.
    pub rows_rejected: u64,
    /// Titles, blank rows, totals.
    pub rows_skipped: u64,
    /// Rejected rows by reason code; `duplicate_in_file` and `person_unclear` count valid ones.
    pub reasons: BTreeMap<String, u64>,
    /// Valid rows that an earlier import of the same source brought already.
    pub rows_known: u64,
    /// Valid rows that replaced an earlier reading or a wrong row.
    pub rows_corrected: u64,
    /// Rows of the corrected batch that this file no longer has.
    pub rows_gone: u64,
    /// Companies nobody had heard of.
    pub companies_new: u64,
    /// Companies that were there already.
    pub companies_matched: u64,
    /// Contacts nobody had heard of.
    pub contacts_new: u64,
    /// Pairs that a person has to look at.
    pub reviews_opened: u64,
    /// Numbers, addresses, persons and companies that are not to be reached any more.
    pub suppressed: u64,
    /// Wall time.
    pub seconds: f64,
    /// Undo: companies that were kept because somebody had worked on them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<i64>,
    /// Undo: companies that went.
    pub companies_removed: u64,
    /// Undo: records that went.
    pub records_removed: u64,
}
