//! A lane: how much of our mail one recipient domain takes at once. It starts narrow, grows by one for each clean cohort,
//! halves when the receiver says "slower", and rests when it was as narrow as can be. One domain's trouble slows no other.

use std::time::{Duration, Instant};

use super::pace::Pace;
use super::replies::Answer;

/// Letters under way at the same time at first, and at most.
pub const FIRST_WIDTH: u32 = 2;
const WIDEST: u32 = 20;
/// Letters over one connection unless the receiver wants fewer.
pub const PER_CONNECTION: u32 = 100;
/// The first rest; each further one is twice as long, up to the longest.
const FIRST_REST: Duration = Duration::from_secs(30);
const LONGEST_REST: Duration = Duration::from_secs(30 * 60);

/// The lane of one domain.
#[derive(Debug, Clone)]
pub struct Lane {
    width: u32,
    streak: u32,
    rests: u32,
    under_way: u32,
    per_connection: u32,
    rests_until: Option<Instant>,
    cut_at: Option<Instant>,
    pace: Pace,
    /// It was slowed down once, now or before: only then there is something to remember.
    is_known: bool,
    has_changed: bool,
}

/// What of a lane outlives the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Letters at the same time.
    pub width: i32,
    /// Letters over one connection.
    pub per_connection: i32,
    /// Letters a minute, once learned.
    pub per_minute: Option<i32>,
    /// Clean letters since the width last changed.
    pub streak: i32,
    /// How long it rests from now on.
    pub rests_for: Option<Duration>,
}

impl Lane {
    /// A lane that nothing is known of.
    pub fn new(now: Instant) -> Self {
        Self {
            width: FIRST_WIDTH,
            streak: 0,
            rests: 0,
            under_way: 0,
            per_connection: PER_CONNECTION,
            rests_until: None,
            cut_at: None,
            pace: Pace::new(None, now),
            is_known: false,
            has_changed: false,
        }
    }

    /// A lane as an earlier process left it.
    pub fn kept(kept: Kept, now: Instant) -> Self {
        let number = |n: i32, most: u32| u32::try_from(n).unwrap_or(1).clamp(1, most);
        Self {
            width: number(kept.width, WIDEST),
            streak: u32::try_from(kept.streak).unwrap_or(0),
            per_connection: number(kept.per_connection, PER_CONNECTION),
            rests_until: kept.rests_for.map(|rest| now + rest),
            pace: Pace::new(kept.per_minute, now),
            is_known: true,
            ..Self::new(now)
        }
    }

    /// What is kept of it, if it has learned something since this was asked last.
    pub fn news(&mut self, now: Instant) -> Option<Kept> {
        if !std::mem::take(&mut self.has_changed) {
            return None;
        }
        let as_number = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        Some(Kept {
            width: as_number(self.width),
            per_connection: as_number(self.per_connection),
            per_minute: self.pace.per_minute(),
            streak: as_number(self.streak),
            rests_for: self.rest(now),
        })
    }

    /// Takes the right to send one letter now; else how long to wait, or no time where one that is under way must come
    /// back first.
    pub fn take(&mut self, now: Instant) -> Result<(), Option<Duration>> {
        if let Some(rest) = self.rest(now) {
            return Err(Some(rest));
        }
        if self.under_way >= self.width {
            return Err(None);
        }
        self.pace.take(now).map_err(Some)?;
        self.under_way += 1;
        Ok(())
    }

    /// A letter came back untried.
    pub fn give_back(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    /// How many letters this lane may usefully have at hand: what it can send in a few seconds.
    pub fn appetite(&self, now: Instant) -> usize {
        if self.rest(now).is_some() {
            return 0;
        }
        let a_while = self.pace.per_minute().map_or(200, |n| n / 20);
        usize::try_from(a_while).unwrap_or(0).clamp(2, 200)
    }

    /// Whether it takes letters as fast as they come, as far as anybody knows.
    pub fn is_free(&self, now: Instant) -> bool {
        self.rest(now).is_none() && self.pace.per_minute().is_none()
    }

    /// Whether it may be forgotten: nothing is under way, and nobody ever said "slower".
    pub fn is_forgettable(&self) -> bool {
        !self.is_known && self.under_way == 0
    }

    /// Letters over one connection.
    pub fn per_connection(&self) -> u32 {
        self.per_connection
    }

    /// The receiver takes so many over one connection.
    pub fn connection_was_full(&mut self, letters: u32) {
        self.per_connection = letters.saturating_sub(1).clamp(1, self.per_connection);
        (self.is_known, self.has_changed) = (true, true);
    }

    /// A letter came back with an answer.
    pub fn answered(&mut self, answer: Answer, now: Instant) {
        self.give_back();
        match answer {
            Answer::Taken | Answer::Refused | Answer::Later => {
                self.pace.taken(now);
                self.streak += 1;
                if self.streak >= self.width {
                    self.streak = 0;
                    self.rests = 0;
                    if self.width < WIDEST {
                        self.width += 1;
                        self.has_changed = self.is_known;
                    }
                }
            }
            Answer::SlowDown => self.slow_down(now),
        }
    }

    /// How long it rests still.
    fn rest(&self, now: Instant) -> Option<Duration> {
        let rest = self.rests_until?.saturating_duration_since(now);
        (!rest.is_zero()).then_some(rest)
    }

    fn slow_down(&mut self, now: Instant) {
        self.pace.slow_down(now);
        self.streak = 0;
        (self.is_known, self.has_changed) = (true, true);
        // What was under way when it said so says it again; that is one word, not many.
        let is_same = self
            .cut_at
            .is_some_and(|cut| now.saturating_duration_since(cut) < Duration::from_secs(1));
        if is_same {
            return;
        }
        self.cut_at = Some(now);
        if self.width > 1 {
            self.width /= 2;
            return;
        }
        let rest = FIRST_REST * 2_u32.pow(self.rests.min(8));
        self.rests += 1;
        self.rests_until = Some(now + rest.min(LONGEST_REST));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn after(lane: &mut Lane, answers: &[Answer], now: Instant) {
        for answer in answers {
            lane.under_way = 1;
            lane.answered(*answer, now);
        }
    }

    #[test]
    fn a_lane_widens_by_one_for_each_clean_cohort_and_halves_at_a_word() {
        let now = Instant::now();
        let mut lane = Lane::new(now);
        after(&mut lane, &[Answer::Taken; 2], now);
        assert_eq!(lane.width, 3);
        after(&mut lane, &[Answer::Taken; 3], now);
        assert_eq!(lane.width, 4);
        after(&mut lane, &[Answer::Taken; 1_000], now);
        assert_eq!(lane.width, WIDEST);
        after(&mut lane, &[Answer::SlowDown; 5], now);
        assert_eq!(lane.width, 10, "what comes together is one word");
        let later = now + Duration::from_secs(2);
        after(&mut lane, &[Answer::SlowDown], later);
        assert_eq!(lane.width, 5);
    }

    #[test]
    fn the_narrowest_lane_rests_longer_each_time() {
        let mut now = Instant::now();
        let mut lane = Lane::new(now);
        let mut rests = Vec::new();
        for _ in 0..4 {
            after(&mut lane, &[Answer::SlowDown], now);
            if let Err(Some(rest)) = lane.take(now) {
                rests.push(rest.as_secs());
                now += rest;
            }
            now += Duration::from_secs(2);
            lane.under_way = 0;
        }
        assert_eq!(rests, [30, 60, 120]);
        assert_eq!(Lane::new(now).appetite(now), 200);
    }

    #[test]
    fn a_rest_ends_by_itself_also_where_nothing_waits_for_it() {
        let now = Instant::now();
        let mut lane = Lane::new(now);
        lane.width = 1;
        after(&mut lane, &[Answer::SlowDown], now);
        assert_eq!((lane.appetite(now), lane.is_free(now)), (0, false));
        let later = now + FIRST_REST;
        assert_eq!((lane.appetite(later), lane.is_free(later)), (200, true));
        let kept = lane.news(now).expect("it has learned");
        assert_eq!(kept.rests_for, Some(FIRST_REST));
        assert_eq!(Lane::kept(kept, now).appetite(later), 200);
    }

    #[test]
    fn what_concerns_one_mailbox_does_not_slow_its_domain() {
        let now = Instant::now();
        let mut lane = Lane::new(now);
        after(&mut lane, &[Answer::Later, Answer::Refused], now);
        assert_eq!((lane.width, lane.pace.per_minute()), (3, None));
    }

    #[test]
    fn a_lane_goes_on_as_the_last_process_left_it() {
        let now = Instant::now();
        let mut lane = Lane::new(now);
        assert_eq!(lane.news(now), None);
        lane.connection_was_full(6);
        after(&mut lane, &[Answer::Taken; 5], now);
        let kept = lane.news(now).expect("it has learned");
        assert_eq!((kept.width, kept.per_connection), (4, 5));
        assert_eq!(lane.news(now), None);
        let again = Lane::kept(kept, now);
        assert_eq!((again.width, again.per_connection), (4, 5));
    }

    proptest! {
        /// Never more under way than is wide, never wider or narrower than allowed.
        #[test]
        fn a_lane_keeps_its_bounds(steps in proptest::collection::vec((0_u8..4, 0_u64..3_000), 0..200)) {
            let mut now = Instant::now();
            let mut lane = Lane::new(now);
            for (step, wait) in steps {
                now += Duration::from_millis(wait);
                if lane.take(now).is_ok() {
                    prop_assert!(lane.under_way <= lane.width);
                    let answer = [Answer::Taken, Answer::SlowDown, Answer::Later, Answer::Refused][usize::from(step)];
                    lane.answered(answer, now);
                }
                prop_assert!((1..=WIDEST).contains(&lane.width));
                prop_assert!(lane.streak < lane.width.max(2));
            }
        }
    }
}
