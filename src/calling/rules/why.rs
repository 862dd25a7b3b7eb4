//! Why a step follows: codes with parameters, stored with the result; the sentence is written when it is read.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::dispositions::Disposition;
use super::limits::LimitReason;
use super::table::Delay;
use crate::platform::sentence::Sentence;

/// One reason of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Why {
    /// The result has this delay.
    Delay {
        /// How long.
        delay: Delay,
    },
    /// The time was moved to when calls are open there.
    Opening {
        /// From when.
        from: NaiveDateTime,
    },
    /// Tried at another time of day.
    OtherHour,
    /// A limit holds it back.
    Limit {
        /// Which.
        reason: LimitReason,
    },
    /// They named this time.
    Agreed,
    /// They named a time at which nobody may be called there.
    AgreedMoved {
        /// What they named.
        wished: NaiveDateTime,
    },
    /// The result came as often as it may.
    AttemptsUsed {
        /// How often.
        attempts: u32,
    },
    /// The entry was dialled as often as it may in this campaign.
    CampaignDials {
        /// How often.
        dials: u32,
    },
    /// The company has another number to try.
    AnotherNumber,
    /// The company has no other number.
    NoOtherNumber,
    /// The result itself asks for it.
    Result {
        /// Which.
        result: Disposition,
    },
    /// The present system is so old.
    SystemAge {
        /// Years.
        years: u32,
        /// From how many on it counts as old.
        old_from: u32,
    },
    /// Nobody knows how old the present system is.
    SystemAgeUnknown,
    /// Mail waits until the result can no longer be undone by one key.
    UndoTime {
        /// Seconds.
        seconds: u32,
    },
}

impl Why {
    /// The sentence that says it.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::Delay { delay } => match delay {
                Delay::Minutes(n) => Sentence::of("calling-why-minutes").with("n", *n),
                Delay::Hours(n) => Sentence::of("calling-why-hours").with("n", *n),
                Delay::NextDay => Sentence::of("calling-why-next-day"),
                Delay::Days(n) => Sentence::of("calling-why-days").with("n", *n),
            },
            Self::Opening { from } => Sentence::of("calling-why-opening").with("from", *from),
            Self::OtherHour => Sentence::of("calling-why-other-hour"),
            Self::Limit { reason } => reason.sentence(),
            Self::Agreed => Sentence::of("calling-why-agreed"),
            Self::AgreedMoved { wished } => {
                Sentence::of("calling-why-agreed-moved").with("wished", *wished)
            }
            Self::AttemptsUsed { attempts } => {
                Sentence::of("calling-why-attempts-used").with("attempts", *attempts)
            }
            Self::CampaignDials { dials } => {
                Sentence::of("calling-why-campaign-dials").with("dials", *dials)
            }
            Self::AnotherNumber => Sentence::of("calling-why-another-number"),
            Self::NoOtherNumber => Sentence::of("calling-why-no-other-number"),
            Self::Result { result } => {
                Sentence::of("calling-why-result").with("result", result.key())
            }
            Self::SystemAge { years, old_from } => Sentence::of("calling-why-system-age")
                .with("years", *years)
                .with("from", *old_from),
            Self::SystemAgeUnknown => Sentence::of("calling-why-system-age-unknown"),
            Self::UndoTime { seconds } => {
                Sentence::of("calling-why-undo-time").with("seconds", *seconds)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::i18n::Lang;
    use chrono_tz::Asia::Shanghai;

    #[test]
    fn every_reason_is_a_sentence_in_both_languages() {
        let at: NaiveDateTime = "2026-09-24T02:00:00".parse().unwrap();
        let result = Disposition::Busy;
        let whys = [
            Why::Delay {
                delay: Delay::Minutes(30),
            },
            Why::Delay {
                delay: Delay::Hours(4),
            },
            Why::Delay {
                delay: Delay::NextDay,
            },
            Why::Delay {
                delay: Delay::Days(3),
            },
            Why::Opening { from: at },
            Why::OtherHour,
            Why::Limit {
                reason: LimitReason::NumberGap { minutes: 30 },
            },
            Why::Limit {
                reason: LimitReason::NumberDay { dials: 2 },
            },
            Why::Limit {
                reason: LimitReason::NumberDays { dials: 3, days: 7 },
            },
            Why::Limit {
                reason: LimitReason::CompanyDay { dials: 3 },
            },
            Why::Limit {
                reason: LimitReason::CompanyDays { dials: 8, days: 30 },
            },
            Why::Agreed,
            Why::AgreedMoved { wished: at },
            Why::AttemptsUsed { attempts: 5 },
            Why::CampaignDials { dials: 6 },
            Why::AnotherNumber,
            Why::NoOtherNumber,
            Why::Result { result },
            Why::SystemAge {
                years: 12,
                old_from: 5,
            },
            Why::SystemAgeUnknown,
            Why::UndoTime { seconds: 120 },
        ];
        for why in whys {
            for lang in Lang::ALL {
                let text = why.sentence().write(lang, Shanghai, at);
                assert!(
                    lang.knows(why.sentence().key) && !text.contains(['{', '$']),
                    "{text}"
                );
            }
            let json = serde_json::to_string(&why).unwrap();
            assert_eq!(serde_json::from_str::<Why>(&json).unwrap(), why);
        }
        let moved = Why::Opening {
            from: "2026-09-24T04:30:00".parse().unwrap(),
        };
        assert_eq!(
            moved.sentence().write(Lang::Zh, Shanghai, at),
            "12:30不在呼叫时段，顺延到开始时"
        );
    }
}
