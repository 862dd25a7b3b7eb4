//! How much a desk takes.

use std::collections::HashMap;

/// Letters that a lane nobody knows takes at first.
pub(super) const UNKNOWN: usize = 200;

/// How many more of each domain a desk takes.
pub(in crate::outreach::jobs::sender) struct Rooms(pub(super) HashMap<String, usize>);

impl Rooms {
    pub(in crate::outreach::jobs::sender) fn of(&self, domain: &str) -> usize {
        self.0.get(domain).copied().unwrap_or(UNKNOWN)
    }
}
