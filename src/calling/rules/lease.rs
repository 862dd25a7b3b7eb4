//! The life of a lease, from preview to result, as pure transitions. After dialling nothing is served again silently.

use chrono::{NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::table::CallingRules;
use crate::codes;
use crate::platform::calendar::Calendar;

codes! {
    /// Where a lease stands.
    pub enum LeaseState {
        /// The agent reads; nobody was dialled.
        Preview = "preview" => "calling-lease-preview",
        /// The number was dialled.
        Dialled = "dialled" => "calling-lease-dialled",
        /// Dialled, and nobody said how it ended.
        NeedsOutcome = "needs_outcome" => "calling-lease-needs-outcome",
        /// Over.
        Ended = "ended" => "calling-lease-ended",
    }
}

/// The times of a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseClock {
    /// Where it stands.
    pub state: LeaseState,
    /// When it was claimed.
    pub claimed_at: NaiveDateTime,
    /// The last sign of life.
    pub heartbeat_at: NaiveDateTime,
    /// When the next transition by time is due.
    pub expires_at: NaiveDateTime,
    /// When the number was dialled.
    pub dialled_at: Option<NaiveDateTime>,
}

/// What time does to a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseEnd {
    /// The preview lapsed: the entry goes back, nothing is counted.
    Lapsed,
    /// The result is asked for; the locks stay.
    NeedsOutcome(LeaseClock),
    /// Nobody gave a result: the entry goes to the team as a retry that says so.
    TeamRetry,
}

codes! {
    /// Why a lease does not go on; told as `error-<code>`.
    pub enum LeaseRefusal {
        /// It is over, or has gone to somebody else.
        Lost = "lease_lost" => "error-lease-lost",
        /// A dialled entry is given back with a result only.
        AlreadyDialled = "lease_already_dialled" => "error-lease-already-dialled",
    }
}

impl LeaseClock {
    /// A fresh claim.
    pub fn claimed(now: NaiveDateTime, rules: &CallingRules) -> Self {
        Self {
            state: LeaseState::Preview,
            claimed_at: now,
            heartbeat_at: now,
            expires_at: now + seconds(rules.preview_seconds),
            dialled_at: None,
        }
    }

    /// A sign of life: it prolongs a preview up to its longest time, and a call without end.
    pub fn heartbeat(self, now: NaiveDateTime, rules: &CallingRules) -> Result<Self, LeaseRefusal> {
        let at = now.max(self.heartbeat_at);
        match self.state {
            LeaseState::Preview if now >= self.expires_at => Err(LeaseRefusal::Lost),
            LeaseState::Preview => {
                let longest = self.claimed_at + minutes(rules.preview_longest_minutes);
                let expires_at = (at + seconds(rules.preview_seconds))
                    .min(longest)
                    .max(self.expires_at.min(longest));
                Ok(Self {
                    heartbeat_at: at,
                    expires_at,
                    ..self
                })
            }
            // Somebody is there after all: an hour without a sign made it wait for its result, and it still does.
            LeaseState::NeedsOutcome => Ok(Self {
                heartbeat_at: at,
                ..self
            }),
            LeaseState::Dialled => Ok(Self {
                heartbeat_at: at,
                expires_at: at + minutes(rules.outcome_minutes),
                ..self
            }),
            LeaseState::Ended => Err(LeaseRefusal::Lost),
        }
    }

    /// The number is dialled. Saying it twice changes nothing.
    pub fn dialled(self, now: NaiveDateTime, rules: &CallingRules) -> Result<Self, LeaseRefusal> {
        match self.state {
            LeaseState::Preview if now >= self.expires_at => Err(LeaseRefusal::Lost),
            LeaseState::Preview => Ok(Self {
                state: LeaseState::Dialled,
                heartbeat_at: now,
                expires_at: now + minutes(rules.outcome_minutes),
                dialled_at: Some(now),
                ..self
            }),
            LeaseState::Dialled | LeaseState::NeedsOutcome => Ok(self),
            LeaseState::Ended => Err(LeaseRefusal::Lost),
        }
    }

    /// Given back without a call.
    pub fn release(self) -> Result<Self, LeaseRefusal> {
        match self.state {
            LeaseState::Preview => Ok(self.ended()),
            LeaseState::Dialled | LeaseState::NeedsOutcome => Err(LeaseRefusal::AlreadyDialled),
            LeaseState::Ended => Err(LeaseRefusal::Lost),
        }
    }

    /// A result has come: also for a preview, whose dial it implies. A lapsed preview is lost only when it has been taken.
    pub fn result(self, now: NaiveDateTime) -> Result<Self, LeaseRefusal> {
        match self.state {
            LeaseState::Ended => Err(LeaseRefusal::Lost),
            _ => Ok(Self {
                dialled_at: self.dialled_at.or(Some(now)),
                ..self.ended()
            }),
        }
    }

    /// What is due by time alone at a moment.
    pub fn due(
        self,
        now: NaiveDateTime,
        office: &Calendar,
        rules: &CallingRules,
    ) -> Option<LeaseEnd> {
        if now < self.expires_at {
            return None;
        }
        match self.state {
            LeaseState::Preview => Some(LeaseEnd::Lapsed),
            LeaseState::Dialled => {
                let expires_at = office.add_working_days(self.expires_at, rules.outcome_days);
                Some(LeaseEnd::NeedsOutcome(Self {
                    state: LeaseState::NeedsOutcome,
                    expires_at,
                    ..self
                }))
            }
            LeaseState::NeedsOutcome => Some(LeaseEnd::TeamRetry),
            LeaseState::Ended => None,
        }
    }

    fn ended(self) -> Self {
        Self {
            state: LeaseState::Ended,
            ..self
        }
    }
}

fn seconds(n: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from(n))
}

fn minutes(n: u32) -> TimeDelta {
    TimeDelta::minutes(i64::from(n))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::calendar::Country;
    use chrono_tz::Asia::Shanghai;
    use proptest::prelude::*;

    fn sh(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap() - TimeDelta::hours(8)
    }

    fn office() -> Calendar {
        Calendar::shipped(Shanghai, Country::Cn)
    }

    #[test]
    fn heartbeats_prolong_a_preview_to_ten_minutes() {
        let rules = CallingRules::default();
        let start = sh("2026-09-24 10:00");
        let mut lease = LeaseClock::claimed(start, &rules);
        assert_eq!(lease.expires_at, start + TimeDelta::seconds(120));
        for (after, expires) in [
            (100, 220),
            (200, 320),
            (310, 430),
            (420, 540),
            (530, 600),
            (590, 600),
        ] {
            lease = lease
                .heartbeat(start + TimeDelta::seconds(after), &rules)
                .unwrap();
            assert_eq!(
                lease.expires_at,
                start + TimeDelta::seconds(expires),
                "{after}"
            );
        }
        let over = start + TimeDelta::seconds(600);
        assert_eq!(lease.heartbeat(over, &rules), Err(LeaseRefusal::Lost));
        assert_eq!(lease.dialled(over, &rules), Err(LeaseRefusal::Lost));
        assert_eq!(
            lease.due(over - TimeDelta::seconds(1), &office(), &rules),
            None
        );
        assert_eq!(lease.due(over, &office(), &rules), Some(LeaseEnd::Lapsed));
    }

    #[test]
    fn a_dialled_lease_waits_for_its_result_and_then_for_the_team() {
        let rules = CallingRules::default();
        let start = sh("2026-09-24 16:30");
        let lease = LeaseClock::claimed(start, &rules)
            .dialled(start, &rules)
            .unwrap();
        let lease = lease
            .heartbeat(start + TimeDelta::minutes(20), &rules)
            .unwrap();
        assert_eq!(
            lease.dialled(start + TimeDelta::minutes(21), &rules),
            Ok(lease),
            "twice is once"
        );
        assert_eq!(
            lease.due(start + TimeDelta::minutes(79), &office(), &rules),
            None
        );
        let Some(LeaseEnd::NeedsOutcome(waiting)) =
            lease.due(start + TimeDelta::minutes(80), &office(), &rules)
        else {
            panic!("an hour after the last heartbeat")
        };
        // One working day later is Monday: 中秋 lies between.
        assert_eq!(waiting.expires_at, sh("2026-09-28 17:50"));
        assert_eq!(waiting.release(), Err(LeaseRefusal::AlreadyDialled));
        assert_eq!(waiting.due(sh("2026-09-28 17:49"), &office(), &rules), None);
        assert_eq!(
            waiting.due(sh("2026-09-28 17:50"), &office(), &rules),
            Some(LeaseEnd::TeamRetry)
        );
        assert_eq!(
            waiting.result(sh("2026-09-28 09:00")).unwrap().state,
            LeaseState::Ended
        );
    }

    #[test]
    fn what_is_over_stays_over() {
        let rules = CallingRules::default();
        let start = sh("2026-09-24 10:00");
        let ended = LeaseClock::claimed(start, &rules).release().unwrap();
        assert_eq!(ended.heartbeat(start, &rules), Err(LeaseRefusal::Lost));
        assert_eq!(ended.dialled(start, &rules), Err(LeaseRefusal::Lost));
        assert_eq!(ended.release(), Err(LeaseRefusal::Lost));
        assert_eq!(ended.result(start), Err(LeaseRefusal::Lost));
        assert_eq!(
            ended.due(start + TimeDelta::days(9), &office(), &rules),
            None
        );
        let implied = LeaseClock::claimed(start, &rules).result(start).unwrap();
        assert_eq!(implied.dialled_at, Some(start), "a result implies the dial");
    }

    #[test]
    fn every_state_and_refusal_has_its_words() {
        use crate::platform::i18n::Lang;
        let keys = LeaseState::ALL.iter().map(|code| code.key());
        for key in keys.chain(LeaseRefusal::ALL.iter().map(|code| code.key())) {
            assert!(Lang::ALL.iter().all(|lang| lang.knows(key)), "{key}");
        }
    }

    proptest! {
        #[test]
        fn no_order_of_events_serves_a_dialled_entry_again_in_silence(events in proptest::collection::vec((0u8..4, 0i64..5_000), 1..30)) {
            let rules = CallingRules::default();
            let mut now = sh("2026-09-21 09:00");
            let mut lease = LeaseClock::claimed(now, &rules);
            let mut dialled = false;
            for (kind, seconds) in events {
                now += TimeDelta::seconds(seconds);
                let next = match kind {
                    0 => lease.heartbeat(now, &rules),
                    1 => lease.dialled(now, &rules),
                    2 => lease.release(),
                    _ => Ok(lease),
                };
                lease = next.unwrap_or(lease);
                dialled |= lease.dialled_at.is_some();
                if lease.state == LeaseState::Preview { prop_assert!(lease.expires_at <= lease.claimed_at + TimeDelta::minutes(10)); }
                match lease.due(now, &office(), &rules) {
                    Some(LeaseEnd::Lapsed) => { prop_assert!(!dialled); break; }
                    Some(LeaseEnd::NeedsOutcome(waiting)) => { prop_assert!(dialled && waiting.expires_at > now - TimeDelta::days(1)); lease = waiting; }
                    Some(LeaseEnd::TeamRetry) => { prop_assert!(dialled); break; }
                    None => {}
                }
                if dialled { prop_assert_eq!(lease.release(), Err(LeaseRefusal::AlreadyDialled)); }
                if lease.state == LeaseState::Ended { break; }
            }
        }
    }
}
