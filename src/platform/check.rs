//! Invariants: what must always hold in the data. Each area lists its own in `checks.rs`; `canvass check` runs them all.

use super::db::Conn;
use super::error::AppResult;

/// How many broken things an invariant names at most; more would only scroll by.
pub const NAMED: i64 = 20;

/// One thing that must hold.
#[derive(Clone, Copy)]
pub struct Invariant {
    /// Stable code, area first, e.g. `accounts.session_without_user`. Its sentence is the key [`Invariant::key`].
    pub code: &'static str,
    /// Finds what is broken, each thing named in a few words, at most [`NAMED`] of them; empty when it holds.
    pub find: fn(&mut Conn) -> AppResult<Vec<String>>,
}

impl Invariant {
    /// Key of the sentence that says what must hold: `check-accounts-session-without-user`.
    pub fn key(&self) -> String {
        format!("check-{}", self.code.replace(['.', '_'], "-"))
    }
}

impl std::fmt::Debug for Invariant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code)
    }
}
