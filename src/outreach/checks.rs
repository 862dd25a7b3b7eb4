//! Invariants of the ledger for `canvass check`.

use crate::platform::check::Invariant;

/// Every invariant of this area.
pub const INVARIANTS: &[Invariant] = &[];
