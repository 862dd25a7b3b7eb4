//! Who comes next: the class first, then the score, then the oldest; and the one line that says why.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::dispositions::Disposition;
use crate::codes;
use crate::platform::calendar::Calendar;
use crate::platform::sentence::Sentence;
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

/// Why this entry is the next, stored with the lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "class", rename_all = "snake_case")]
pub enum QueueWhy {
    /// The agent agreed a call.
    MyCallback {
        /// When it is due.
        due_at: NaiveDateTime,
        /// When it was agreed.
        agreed_at: Option<NaiveDateTime>,
        /// With whom.
        with: Option<String>,
        /// Minutes late; negative: early.
        late_minutes: i64,
    },
    /// Somebody agreed a call, and the team makes it.
    TeamCallback {
        /// When it is due.
        due_at: NaiveDateTime,
        /// Who agreed it.
        agreed_by: Option<String>,
        /// With whom.
        with: Option<String>,
    },
    /// They were met at an event.
    EventLead {
        /// Its name.
        event: String,
        /// Working hours that are left for the first call.
        hours_left: i64,
    },
    /// The grade is about to expire.
    GradeExpires {
        /// The grade.
        grade: Grade,
        /// Days since the last contact.
        days: i64,
    },
    /// It is time to try again.
    RetryDue {
        /// The last result.
        result: Disposition,
        /// When that was.
        at: NaiveDateTime,
        /// Which attempt this is.
        attempt: u32,
    },
    /// What the last call ended with is unknown.
    OutcomeUnknown {
        /// When it was dialled.
        at: NaiveDateTime,
    },
    /// Nobody has called yet.
    Fresh {
        /// The urgency, if known.
        urgency: Option<Urgency>,
        /// The score.
        score: i32,
    },
    /// It is time to keep in touch.
    DCadence {
        /// When they were last spoken with.
        last_at: Option<NaiveDateTime>,
    },
}

impl QueueWhy {
    /// The line on the call screen.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::MyCallback {
                due_at,
                agreed_at,
                with,
                late_minutes,
            } => {
                let key = match (agreed_at, with, *late_minutes) {
                    (Some(_), Some(_), ..=0) => "why-my-callback",
                    (Some(_), Some(_), _) => "why-my-callback-late",
                    (_, _, ..=0) => "why-my-callback-plain",
                    _ => "why-my-callback-plain-late",
                };
                let sentence = Sentence::of(key)
                    .with("due", *due_at)
                    .with("minutes", late_minutes.max(&0).to_owned());
                let sentence = sentence.with("with", with.clone().unwrap_or_default());
                match agreed_at {
                    Some(at) => sentence.with("agreed", *at),
                    None => sentence,
                }
            }
            Self::TeamCallback {
                due_at,
                agreed_by,
                with,
            } => {
                let key = match (agreed_by, with) {
                    (Some(_), Some(_)) => "why-team-callback",
                    _ => "why-team-callback-plain",
                };
                let sentence = Sentence::of(key)
                    .with("due", *due_at)
                    .with("by", agreed_by.clone().unwrap_or_default());
                sentence.with("with", with.clone().unwrap_or_default())
            }
            Self::EventLead { event, hours_left } => Sentence::of("why-event-lead")
                .with("event", event.clone())
                .with("hours", *hours_left),
            Self::GradeExpires { grade, days } => Sentence::of("why-grade-expires")
                .with("grade", grade.key())
                .with("days", *days),
            Self::RetryDue {
                result,
                at,
                attempt,
            } => Sentence::of("why-retry-due")
                .with("result", result.key())
                .with("at", *at)
                .with("attempt", *attempt),
            Self::OutcomeUnknown { at } => Sentence::of("why-outcome-unknown").with("at", *at),
            Self::Fresh {
                urgency: Some(urgency),
                score,
            } => Sentence::of("why-fresh-urgent")
                .with("urgency", urgency.key())
                .with("score", i64::from(*score)),
            Self::Fresh {
                urgency: None,
                score,
            } => Sentence::of("why-fresh").with("score", i64::from(*score)),
            Self::DCadence { last_at: Some(at) } => Sentence::of("why-d-cadence").with("at", *at),
            Self::DCadence { last_at: None } => Sentence::of("why-d-cadence-never"),
        }
    }
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

    #[test]
    fn the_line_says_why_in_both_languages() {
        let late = QueueWhy::MyCallback {
            due_at: sh("2026-09-22 10:30"),
            agreed_at: Some(sh("2026-09-18 16:02")),
            with: Some("陈立群".into()),
            late_minutes: 4,
        };
        let write =
            |why: &QueueWhy, lang| why.sentence().write(lang, Shanghai, sh("2026-09-22 10:34"));
        assert_eq!(
            write(&late, Lang::Zh),
            "您9月18日 16:02与陈立群约好10:30回拨，现在晚了4分钟。"
        );
        assert_eq!(
            write(&late, Lang::En),
            "You agreed on 18 Sep 16:02 with 陈立群 to call back at 10:30. It is 4 minutes late."
        );
        let at = sh("2026-09-22 09:00");
        for why in [
            QueueWhy::MyCallback {
                due_at: at,
                agreed_at: Some(at),
                with: Some("周敏".into()),
                late_minutes: 0,
            },
            QueueWhy::MyCallback {
                due_at: at,
                agreed_at: None,
                with: None,
                late_minutes: -3,
            },
            QueueWhy::MyCallback {
                due_at: at,
                agreed_at: None,
                with: None,
                late_minutes: 3,
            },
            QueueWhy::TeamCallback {
                due_at: at,
                agreed_by: Some("林小满".into()),
                with: Some("周敏".into()),
            },
            QueueWhy::TeamCallback {
                due_at: at,
                agreed_by: None,
                with: None,
            },
            QueueWhy::EventLead {
                event: "2026苏州工业展".into(),
                hours_left: 5,
            },
            QueueWhy::GradeExpires {
                grade: Grade::B,
                days: 46,
            },
            QueueWhy::RetryDue {
                result: Disposition::Busy,
                at,
                attempt: 2,
            },
            QueueWhy::OutcomeUnknown { at },
            QueueWhy::Fresh {
                urgency: Some(Urgency::M3),
                score: 61,
            },
            QueueWhy::Fresh {
                urgency: None,
                score: 20,
            },
            QueueWhy::DCadence { last_at: Some(at) },
            QueueWhy::DCadence { last_at: None },
        ] {
            for lang in Lang::ALL {
                let line = write(&why, lang);
                assert!(
                    lang.knows(why.sentence().key) && !line.contains('{') && !line.contains("$"),
                    "{line}"
                );
            }
            let json = serde_json::to_string(&why).unwrap();
            assert_eq!(serde_json::from_str::<QueueWhy>(&json).unwrap(), why);
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
