//! SQL of suppressions, their list, and grounds.

pub(super) mod grounds;
pub(super) mod invariants;
pub(super) mod list;
pub(super) mod refusals;
pub(super) mod sources;
pub(super) mod suppression;
