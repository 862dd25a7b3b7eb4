//! How many letters a second a receiver takes, learned from its refusals: none is known until it says "slower"; from then
//! on just below what it took, with a slow look whether it takes more.

use std::time::{Duration, Instant};

/// What was taken is counted in parts of so long.
const PART: Duration = Duration::from_millis(500);
const PARTS: usize = 10;
/// Refusals that come together are one.
const EPISODE: Duration = Duration::from_secs(1);
/// Below the rate at which it said "slower".
const BELOW: f64 = 0.9;
/// Up to this share of that rate it goes back quickly, from there on it feels its way.
const NEAR: f64 = 0.97;
/// Share of that rate by which it grows a second before and after.
const QUICK: f64 = 0.05;
const FEELING: f64 = 0.004;
/// Letters by which a rate can be judged.
const ENOUGH: u32 = 5;
/// Without a word for so long the receiver takes more than it did, and the pace grows by this share a second.
const QUIET: Duration = Duration::from_secs(30);
const FREELY: f64 = 0.02;
/// One a minute is slow enough for everybody.
const SLOWEST: f64 = 1.0 / 60.0;
/// Letters that may go at once after a pause.
const BURST: f64 = 2.0;

/// The pace of one domain.
#[derive(Debug, Clone)]
pub struct Pace {
    /// Letters a second; none: as fast as they go.
    rate: Option<f64>,
    /// The rate that was too much.
    ceiling: f64,
    tokens: f64,
    at: Instant,
    cut_at: Option<Instant>,
    parts: [u32; PARTS],
    part_at: Instant,
    counted_since: Instant,
}

impl Pace {
    /// Unknown, or as it was learned before.
    pub fn new(per_minute: Option<i32>, now: Instant) -> Self {
        let rate = per_minute.map(|n| (f64::from(n) / 60.0).max(SLOWEST));
        Self {
            rate,
            ceiling: rate.map_or(0.0, |rate| rate / BELOW),
            tokens: 1.0,
            at: now,
            cut_at: None,
            parts: [0; PARTS],
            part_at: now,
            counted_since: now,
        }
    }

    /// Letters a minute, where that is known.
    pub fn per_minute(&self) -> Option<i32> {
        self.rate.map(|rate| (rate * 60.0).round().max(1.0) as i32)
    }

    /// Takes the right to send one letter now; else how long to wait for it.
    pub fn take(&mut self, now: Instant) -> Result<(), Duration> {
        self.grow(now);
        let Some(rate) = self.rate else {
            return Ok(());
        };
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        Err(Duration::from_secs_f64((1.0 - self.tokens) / rate))
    }

    /// One was taken.
    pub fn taken(&mut self, now: Instant) {
        self.shift(now);
        self.parts[PARTS - 1] += 1;
    }

    /// The receiver said "slower".
    pub fn slow_down(&mut self, now: Instant) {
        let is_same = self
            .cut_at
            .is_some_and(|cut| now.saturating_duration_since(cut) < EPISODE);
        if is_same {
            return;
        }
        self.grow(now);
        self.cut_at = Some(now);
        let took = self.took(now);
        let less = match (self.rate, took) {
            (Some(rate), None) => rate / 2.0,
            (Some(rate), Some(took)) => took.min(rate).max(rate / 2.0),
            (None, Some(took)) => took,
            // Nothing is known of a receiver that has taken next to nothing; its lane narrows and rests.
            (None, None) => return,
        };
        self.ceiling = less.max(SLOWEST);
        self.rate = Some((less * BELOW).max(SLOWEST));
        self.tokens = 0.0;
    }

    /// Letters a second that it took of late, where they were enough to judge by.
    fn took(&mut self, now: Instant) -> Option<f64> {
        self.shift(now);
        let taken: u32 = self.parts.iter().sum();
        if taken < ENOUGH {
            return None;
        }
        let counted = now.saturating_duration_since(self.counted_since);
        let span = counted.clamp(Duration::from_secs(1), PART * PARTS as u32);
        Some(f64::from(taken) / span.as_secs_f64())
    }

    fn shift(&mut self, now: Instant) {
        let mut passed = 0;
        while now.saturating_duration_since(self.part_at) >= PART && passed < PARTS {
            self.parts.rotate_left(1);
            self.parts[PARTS - 1] = 0;
            self.part_at += PART;
            passed += 1;
        }
        if passed == PARTS {
            self.part_at = now;
        }
    }

    fn grow(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.at = now;
        let Some(rate) = self.rate.as_mut() else {
            return;
        };
        self.tokens = (self.tokens + passed * *rate).min(BURST.max(*rate / 10.0));
        let is_quiet = self
            .cut_at
            .is_none_or(|cut| now.saturating_duration_since(cut) > QUIET);
        let share = match *rate < self.ceiling * NEAR {
            true => QUICK,
            false if is_quiet => FREELY,
            false => FEELING,
        };
        let grown = *rate + self.ceiling * share * passed;
        *rate = grown.min(*rate * 2.0);
        self.ceiling = self.ceiling.max(*rate);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A receiver that takes so many in each second, and what a pace gets out of it in so many seconds.
    fn run(limit: u32, seconds: u32) -> (u32, u32, u32) {
        let began = Instant::now();
        let mut pace = Pace::new(None, began);
        let (mut in_second, mut second) = (0, 0);
        let (mut taken, mut late_taken, mut late_refused) = (0, 0, 0);
        for step in 0..seconds * 1_000 {
            let now = began + Duration::from_millis(u64::from(step));
            if step / 1_000 != second {
                (second, in_second) = (step / 1_000, 0);
            }
            if pace.take(now).is_err() {
                continue;
            }
            let is_late = second >= 30;
            if in_second < limit {
                in_second += 1;
                taken += 1;
                late_taken += u32::from(is_late);
                pace.taken(now);
            } else {
                late_refused += u32::from(is_late);
                pace.slow_down(now);
            }
        }
        (taken, late_taken, late_refused)
    }

    #[test]
    fn a_slow_receiver_gets_what_it_takes_and_little_more() {
        for limit in [5, 20, 100] {
            let (_, taken, refused) = run(limit, 120);
            let allowed = limit * 90;
            assert!(taken * 100 >= allowed * 80, "{limit}: {taken} of {allowed}");
            assert!(
                refused * 100 < (taken + refused) * 5,
                "{limit}: {refused} refused"
            );
        }
    }

    #[test]
    fn whoever_never_says_slower_is_never_slowed() {
        let (taken, ..) = run(2_000, 3);
        assert_eq!(taken, 3_000);
    }

    #[test]
    fn a_receiver_that_takes_nothing_is_asked_less_and_less() {
        let began = Instant::now();
        let mut pace = Pace::new(Some(600), began);
        let mut asked = 0;
        for step in 0..120_000_u64 {
            let now = began + Duration::from_millis(step);
            if pace.take(now).is_ok() {
                asked += 1;
                pace.slow_down(now);
            }
        }
        assert!(asked < 120, "{asked}");
    }

    #[test]
    fn what_was_learned_is_kept_by_the_minute() {
        let now = Instant::now();
        assert_eq!(Pace::new(Some(90), now).per_minute(), Some(90));
        assert_eq!(Pace::new(None, now).per_minute(), None);
    }
}
