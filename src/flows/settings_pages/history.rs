//! Who changed a rule set, and when.

use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::settings::{self, Past, Setting};

/// The last versions of a rule set.
pub(super) struct History {
    pub versions: Vec<Past>,
}

impl History {
    pub(super) fn of<T: Setting>(conn: &mut Conn) -> AppResult<Self> {
        Ok(Self {
            versions: settings::past::<T>(conn)?,
        })
    }

    /// Two kinds that one page edits, newest first.
    pub(super) fn of_both<A: Setting, B: Setting>(conn: &mut Conn) -> AppResult<Self> {
        Ok(Self::joined([
            settings::past::<A>(conn)?,
            settings::past::<B>(conn)?,
        ]))
    }

    /// Whatever one page edits, newest first.
    pub(super) fn joined<const N: usize>(kinds: [Vec<Past>; N]) -> Self {
        let mut versions: Vec<Past> = kinds.into_iter().flatten().collect();
        versions.sort_by_key(|past| std::cmp::Reverse(past.at));
        versions.truncate(10);
        Self { versions }
    }
}
