//! How claims of a field are ordered.

use std::cmp::Ordering;

use chrono::NaiveDateTime;

/// Certainty loses one step in this many seconds.
const STEP_SECONDS: i64 = 180 * 86_400;

/// One value's standing against the others of its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    pub record: i64,
    pub rank: i32,
    pub certainty: Option<u8>,
    pub at: NaiveDateTime,
    pub empty: bool,
}

impl Claim {
    /// Linear in time, so the order of two claims does not depend on the day of the comparison.
    fn sureness(&self) -> i64 {
        self.certainty.map_or(0, |c| {
            i64::from(c) * STEP_SECONDS + self.at.and_utc().timestamp()
        })
    }
    /// The greater one is shown.
    pub fn order(&self, other: &Self) -> Ordering {
        other
            .rank
            .cmp(&self.rank)
            .then(self.sureness().cmp(&other.sureness()))
            .then(self.at.cmp(&other.at))
            .then_with(|| {
                // Of two edits in one instant the later counts; of two rows of one day the first stays, so that a
                // long list does not rewrite its own companies row by row.
                let later = self.record.cmp(&other.record);
                if self.rank == 1 {
                    later
                } else {
                    later.reverse()
                }
            })
    }
    /// Is shown where the other was.
    pub fn beats(&self, other: &Self) -> bool {
        self.order(other) == Ordering::Greater
    }
}
