//! Filling a campaign: what is asked for, and how far it is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::registry::filter::Filter;

/// Whom to let into a campaign.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FillRequest {
    /// Which companies; empty = everybody who may be called.
    pub filter: Filter,
    /// Only these companies; those that the filter does not take are counted as `not_in_filter`.
    pub companies: Option<Vec<i64>>,
    /// Entries go to these agents in turn; empty = to whoever asks.
    pub give_to: Vec<i64>,
}

/// What a fill did so far; its job keeps it as its cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FillProgress {
    /// Companies up to this id (of a given list: this many of it) were looked at.
    pub companies_done: i64,
    /// Persons up to this id were looked at.
    pub persons_done: i64,
    /// Entries made.
    pub added: i64,
    /// Who stays out, by reason.
    pub left_out: BTreeMap<String, i64>,
    /// Nothing is left to look at.
    pub is_done: bool,
}

impl FillProgress {
    /// Adds what a chunk brought.
    pub(in crate::calling) fn count(&mut self, added: i64, reasons: Vec<(String, i64)>) {
        self.added += added;
        for (reason, n) in reasons.into_iter().filter(|(reason, _)| reason != "in") {
            *self.left_out.entry(reason).or_default() += n;
        }
    }
}
