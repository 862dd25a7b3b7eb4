//! SQL of suppressions, their list, and grounds.

pub(super) mod grounds;
pub(super) mod invariants;
pub(super) mod list;
pub(super) mod sources;
pub(super) mod suppression;

/// Most keys of one `IN (…)`; SQLite's limit is 32,766 binds.
pub(super) const KEYS_PER_QUERY: usize = 5_000;
