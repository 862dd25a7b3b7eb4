//! Why this entry is the next: stored with the lease, told in one line on the call screen.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::dispositions::Disposition;
use crate::platform::sentence::Sentence;
use crate::qualifying::{Grade, Urgency};

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
        /// They were dialled since, for something else.
        #[serde(default)]
        was_dialled: bool,
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
            Self::EventLead {
                event,
                hours_left,
                was_dialled,
            } => {
                let key = match was_dialled {
                    false => "why-event-lead",
                    true => "why-event-lead-dialled",
                };
                Sentence::of(key)
                    .with("event", event.clone())
                    .with("hours", *hours_left)
            }
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
    use crate::platform::i18n::Lang;
    use chrono::TimeDelta;
    use chrono_tz::Asia::Shanghai;

    fn sh(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap() - TimeDelta::hours(8)
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
                was_dialled: false,
            },
            QueueWhy::EventLead {
                event: "2026苏州工业展".into(),
                hours_left: 3,
                was_dialled: true,
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
}
