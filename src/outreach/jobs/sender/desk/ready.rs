//! How many letters are kept ready: what leaves in a moment, and no more. They are claimed for a few minutes only, and a
//! relay that is slow would let them grow old.

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

/// What leaves in a quarter of a second is enough, within these bounds.
const ENOUGH: RangeInclusive<usize> = 200..=2_400;
const PART_OF_SECOND: f64 = 4.0;
/// The pace is measured over so long.
const MEASURED: Duration = Duration::from_millis(250);

/// The pace at which letters leave.
#[derive(Debug, Default)]
pub(super) struct Ready {
    since: Option<Instant>,
    left: u32,
    per_second: f64,
}

impl Ready {
    /// One left.
    pub(super) fn left(&mut self) {
        self.left += 1;
    }

    /// Looks at the pace, where the last look was a while ago.
    pub(super) fn measure(&mut self, now: Instant) {
        let since = *self.since.get_or_insert(now);
        let took = now.saturating_duration_since(since);
        if took >= MEASURED {
            self.per_second = f64::from(self.left) / took.as_secs_f64();
            (self.since, self.left) = (Some(now), 0);
        }
    }

    /// So many are enough.
    pub(super) fn wanted(&self) -> usize {
        let soon = (self.per_second / PART_OF_SECOND) as usize;
        soon.clamp(*ENOUGH.start(), *ENOUGH.end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_relay_finds_more_letters_ready_than_a_slow_one() {
        let (mut ready, mut at) = (Ready::default(), Instant::now());
        ready.measure(at);
        assert_eq!(ready.wanted(), 200);
        for (n, wanted) in [(500, 500), (4_000, 2_400), (10, 200)] {
            (0..n).for_each(|_| ready.left());
            at += MEASURED;
            ready.measure(at);
            assert_eq!(ready.wanted(), wanted, "{n} in {MEASURED:?}");
        }
    }
}
