//! Who comes next: the class first, then the score, then the oldest.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::dispositions::Disposition;
use crate::codes;
use crate::platform::calendar::Calendar;
use crate::qualifying::{Grade, Urgency};

codes! {
    /// The class of a queue entry; a lower one comes first.
    pub enum Class {
        /// The agent's own call-back is due.
        MyCallback = "my_callback" => "calling-class-my-callback",
        /// A call-back of the team is due.
        TeamCallback = "team_callback" => "calling-class-team-callback",
        /// Met at an event not long ago.
        EventLead = "event_lead" => "calling-class-event-lead",
        /// Its grade is about to expire.
        GradeExpires = "grade_expires" => "calling-class-grade-expires",
        /// A retry is due.
        RetryDue = "retry_due" => "calling-class-retry-due",
        /// Never called in this campaign.
        Fresh = "fresh" => "calling-class-fresh",
        /// Kept in touch with, without hurry.
        DCadence = "d_cadence" => "calling-class-d-cadence",
    }
}

impl Class {
    /// As stored with the entry: 0 to 6.
    pub fn number(self) -> i32 {
        self as i32
    }

    /// From what is stored.
    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }
}

/// What the class of an entry is read off.
#[derive(Debug, Clone, Default)]
pub struct EntryFacts {
    /// An agreed call: due, whose, and when it falls to the team.
    pub callback: Option<CallbackFacts>,
    /// When they came in from an event, if they did.
    pub event_at: Option<NaiveDateTime>,
    /// The present grade.
    pub grade: Option<Grade>,
    /// From this day on the grade is about to expire.
    pub expiry_warn_on: Option<NaiveDate>,
    /// Calls of the entry that ended without an agreement.
    pub attempts: u32,
    /// The last result of the entry.
    pub last_result: Option<Disposition>,
    /// When that was.
    pub last_at: Option<NaiveDateTime>,
}

/// A call that is agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackFacts {
    /// When.
    pub due_at: NaiveDateTime,
    /// Whose; none is the team's.
    pub owner: Option<i64>,
    /// When it falls to the team.
    pub fallback_at: NaiveDateTime,
}

impl CallbackFacts {
    /// Whose it is at a moment.
    pub fn owner_at(&self, now: NaiveDateTime) -> Option<i64> {
        self.owner.filter(|_| now < self.fallback_at)
    }
}

/// The class of an entry at a moment. A call-back has its class also before it is due: the entry waits until then.
pub fn classify(
    facts: &EntryFacts,
    now: NaiveDateTime,
    office: &Calendar,
    event_hours: u32,
) -> Class {
    if let Some(callback) = &facts.callback {
        return if callback.owner_at(now).is_some() {
            Class::MyCallback
        } else {
            Class::TeamCallback
        };
    }
    let young = |met: NaiveDateTime| {
        office.working_time_between(met, now) < TimeDelta::hours(i64::from(event_hours))
    };
    if facts.attempts == 0 && facts.event_at.is_some_and(young) {
        return Class::EventLead;
    }
    if facts
        .expiry_warn_on
        .is_some_and(|day| office.date(now) >= day)
        && facts.grade.is_some_and(|grade| grade <= Grade::C)
    {
        return Class::GradeExpires;
    }
    match facts.last_result {
        Some(Disposition::NoNeed) => Class::DCadence,
        Some(_) => Class::RetryDue,
        None if facts.grade == Some(Grade::D) => Class::DCadence,
        None => Class::Fresh,
    }
}

/// The day from which time alone gives another class, for the nightly look.
pub fn reclassify_at(
    facts: &EntryFacts,
    now: NaiveDateTime,
    office: &Calendar,
    event_hours: u32,
) -> Option<NaiveDateTime> {
    let fallback = facts.callback.map(|callback| callback.fallback_at);
    let event = facts
        .event_at
        .map(|met| office.add_working_hours(met, i64::from(event_hours)));
    let expiry = facts
        .expiry_warn_on
        .map(|day| crate::platform::calendar::zone::day_start(office.zone(), day));
    [fallback, event, expiry]
        .into_iter()
        .flatten()
        .filter(|at| *at > now)
        .min()
}

/// The score of a company: how near it is to buy, whether it is a target, how much is known.
pub fn company_score(urgency: Option<Urgency>, inside_target: bool, completeness: u32) -> i32 {
    let urgency = match urgency {
        Some(Urgency::M1) => 50,
        Some(Urgency::M3) => 40,
        Some(Urgency::M4To6) => 25,
        Some(Urgency::M7To12) => 10,
        _ => 0,
    };
    urgency + if inside_target { 20 } else { 0 } + (completeness / 5) as i32
}

/// The score of an entry: that of its company, less for each attempt.
pub fn entry_score(company_score: i32, attempts: u32) -> i32 {
    company_score - 10 * attempts as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::calendar::Country;
    use crate::platform::i18n::Lang;
    use chrono_tz::Asia::Shanghai;
    use proptest::prelude::*;

    fn sh(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap() - TimeDelta::hours(8)
    }

    #[test]
    fn entries_fall_into_their_class() {
        let office = Calendar::shipped(Shanghai, Country::Cn);
        let now = sh("2026-09-24 10:00");
        let callback = |owner| {
            let due_at = sh("2026-09-24 09:50");
            Some(CallbackFacts {
                due_at,
                owner,
                fallback_at: sh("2026-09-24 10:05"),
            })
        };
        let late = Some(CallbackFacts {
            due_at: sh("2026-09-24 09:30"),
            owner: Some(7),
            fallback_at: sh("2026-09-24 09:45"),
        });
        let none = EntryFacts::default();
        let day = |text: &str| Some(text.parse().unwrap());
        for (facts, class) in [
            (none.clone(), Class::Fresh),
            (
                EntryFacts {
                    callback: callback(Some(7)),
                    ..none.clone()
                },
                Class::MyCallback,
            ),
            (
                EntryFacts {
                    callback: callback(None),
                    ..none.clone()
                },
                Class::TeamCallback,
            ),
            (
                EntryFacts {
                    callback: late,
                    ..none.clone()
                },
                Class::TeamCallback,
            ),
            // Monday 14:01 is 19 working hours ago, the worked Sunday 27
            (
                EntryFacts {
                    event_at: Some(sh("2026-09-21 14:01")),
                    ..none.clone()
                },
                Class::EventLead,
            ),
            (
                EntryFacts {
                    event_at: Some(sh("2026-09-20 10:00")),
                    ..none.clone()
                },
                Class::Fresh,
            ),
            (
                EntryFacts {
                    grade: Some(Grade::B),
                    expiry_warn_on: day("2026-09-24"),
                    ..none.clone()
                },
                Class::GradeExpires,
            ),
            (
                EntryFacts {
                    grade: Some(Grade::B),
                    expiry_warn_on: day("2026-09-25"),
                    ..none.clone()
                },
                Class::Fresh,
            ),
            (
                EntryFacts {
                    grade: Some(Grade::D),
                    expiry_warn_on: day("2026-01-25"),
                    ..none.clone()
                },
                Class::DCadence,
            ),
            (
                EntryFacts {
                    last_result: Some(Disposition::Busy),
                    attempts: 1,
                    ..none.clone()
                },
                Class::RetryDue,
            ),
            (
                EntryFacts {
                    last_result: Some(Disposition::NoNeed),
                    ..none.clone()
                },
                Class::DCadence,
            ),
            (
                EntryFacts {
                    grade: Some(Grade::D),
                    ..none
                },
                Class::DCadence,
            ),
        ] {
            assert_eq!(classify(&facts, now, &office, 24), class, "{facts:?}");
        }
        assert_eq!(
            Class::ALL
                .iter()
                .map(|class| class.number())
                .collect::<Vec<_>>(),
            [0, 1, 2, 3, 4, 5, 6]
        );
        assert_eq!(Class::from_number(4), Some(Class::RetryDue));
        assert_eq!(Class::from_number(7), None);
    }

    #[test]
    fn time_alone_changes_a_class_at_a_known_moment() {
        let office = Calendar::shipped(Shanghai, Country::Cn);
        let facts = EntryFacts {
            event_at: Some(sh("2026-09-21 09:00")),
            ..EntryFacts::default()
        };
        let change = reclassify_at(&facts, sh("2026-09-22 09:00"), &office, 24).unwrap();
        assert_eq!(change, sh("2026-09-24 12:00"));
        assert_eq!(
            classify(&facts, change - TimeDelta::minutes(1), &office, 24),
            Class::EventLead
        );
        assert_eq!(classify(&facts, change, &office, 24), Class::Fresh);
        assert_eq!(reclassify_at(&facts, change, &office, 24), None);
    }

    #[test]
    fn every_class_has_a_name_in_both_languages() {
        for class in Class::ALL {
            assert!(
                Lang::ALL.iter().all(|lang| lang.knows(class.key())),
                "{class:?}"
            );
        }
    }

    #[test]
    fn scores_add_up() {
        for (urgency, inside, completeness, attempts, score) in [
            (Some(Urgency::M1), true, 100, 0, 90),
            (Some(Urgency::M3), true, 57, 0, 71),
            (Some(Urgency::M4To6), false, 0, 0, 25),
            (Some(Urgency::M7To12), false, 4, 0, 10),
            (Some(Urgency::NoPlan), true, 40, 0, 28),
            (None, false, 0, 3, -30),
            (Some(Urgency::M1), true, 57, 2, 61),
        ] {
            assert_eq!(
                entry_score(company_score(urgency, inside, completeness), attempts),
                score
            );
        }
    }

    proptest! {
        #[test]
        fn more_urgent_never_scores_less(a in 0usize..6, b in 0usize..6, inside: bool, completeness in 0u32..101) {
            let score = |which: usize| company_score(Some(Urgency::ALL[which]), inside, completeness);
            prop_assert!(a > b || score(a) >= score(b));
            prop_assert!((0..=90).contains(&score(a)));
        }
    }
}
