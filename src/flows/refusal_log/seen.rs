//! When ids were written into the log: on PostgreSQL a lower one may be committed behind a higher one.

use std::time::{Duration, Instant};

use crate::platform::db::Horizon;

/// On PostgreSQL lower ids are waited for so long at least, since one is given out just before its transaction is known.
const LATE: Duration = Duration::from_secs(10);
/// So long at most, where a transaction does not end: everything behind it is read again at every look.
const TOO_LATE: Duration = Duration::from_secs(3_600);

/// When an id was written, by the clock and by the transactions of PostgreSQL.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    at: Instant,
    /// The next transaction to begin.
    next: i64,
}

impl Seen {
    pub(super) fn now(horizon: Option<Horizon>) -> Self {
        Self {
            at: Instant::now(),
            next: horizon.map_or(0, |horizon| horizon.next),
        }
    }

    /// No lower id comes any more: whatever had begun by then has ended.
    pub(super) fn is_settled(&self, horizon: Option<Horizon>) -> bool {
        self.is_settled_after(self.at.elapsed(), horizon)
    }

    fn is_settled_after(&self, after: Duration, horizon: Option<Horizon>) -> bool {
        let Some(horizon) = horizon else {
            return true;
        };
        (after >= LATE && self.next <= horizon.oldest) || after >= TOO_LATE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_settled_once_everything_that_had_begun_has_ended() {
        let at = |oldest, next| Some(Horizon { oldest, next });
        let seen = Seen::now(at(90, 100));
        for (seconds, horizon, is_settled) in [
            (60, at(90, 120), false),
            (60, at(99, 120), false),
            (60, at(100, 120), true),
            (1, at(100, 120), false),
            (3_600, at(90, 120), true),
            (0, None, true),
        ] {
            let after = Duration::from_secs(seconds);
            let found = seen.is_settled_after(after, horizon);
            assert_eq!(found, is_settled, "{seconds} {horizon:?}");
        }
    }
}
