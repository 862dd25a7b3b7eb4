//! Why somebody gets no letter: codes and parameters are stored, the sentence is made when somebody reads it.

use serde::{Deserialize, Serialize};

use crate::consent::Scope;
use crate::consent::rules::Ground;
use crate::outreach::rules::cadence::CAP_DAYS;
use crate::outreach::rules::letter::by_code;
use crate::outreach::rules::occasions::Occasion;
use crate::platform::sentence::{Arg, Sentence};
use crate::qualifying::Grade;

/// Why somebody gets no letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Reason {
    /// Nobody knows where they work.
    NoCompany,
    /// Their company was never graded.
    Ungraded,
    /// The mailing is not for this grade.
    OtherGrade {
        /// Which.
        grade: Grade,
    },
    /// This grade gets only the great greetings.
    GreatOnly {
        /// Which.
        grade: Grade,
    },
    /// Where they are nobody keeps the day.
    NotKept,
    /// No ground is recorded.
    NoGround,
    /// They have to be asked first.
    AskFirst {
        /// The ground there is.
        ground: Ground,
    },
    /// The ground does not carry it.
    NotCarried {
        /// The ground there is.
        ground: Ground,
    },
    /// They do not want mail.
    Refused,
    /// Mail to their address, its domain or their company is not wanted.
    Silenced {
        /// Which of these.
        scope: Scope,
    },
    /// A complaint is not settled.
    Complaint,
    /// A quotation is open.
    Quotation,
    /// Another greeting reaches them on the same morning.
    SameMorning {
        /// Of what.
        occasion: Occasion,
    },
    /// They were touched as often as their grade bears.
    Capped {
        /// The grade.
        grade: Grade,
        /// What arrived in the days that count.
        touches: u32,
        /// What waits in other mailings.
        waiting: u32,
        /// The cap.
        at_most: u16,
    },
    /// The last issue of news is too fresh.
    NewsTooSoon {
        /// Days since then.
        days: u16,
        /// Days that have to lie between.
        every: u16,
    },
    /// No mailbox is known.
    NoAddress,
    /// Their mailbox is bad.
    BadAddress {
        /// Which.
        address: String,
    },
    /// Somebody else gets the letter in the same mailbox.
    SameMailbox {
        /// Who.
        person_id: i64,
    },
    /// They may be the same human being as somebody who gets it.
    MaybeSame {
        /// Who.
        person_id: i64,
    },
    /// Their name is not known, so the letter could not greet them.
    NoSalutation,
    /// The letter names something that is not known of them.
    NoField {
        /// What.
        field: String,
    },
    /// Nothing of the issue concerns them.
    NoItem,
    /// The moment in their zone is over.
    TooLate,
    /// Their rep writes by hand.
    ByHand {
        /// Who.
        owner_id: Option<i64>,
    },
}

impl Reason {
    /// The stable code: as stored, and in figures.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCompany => "no_company",
            Self::Ungraded => "ungraded",
            Self::OtherGrade { .. } => "other_grade",
            Self::GreatOnly { .. } => "great_only",
            Self::NotKept => "not_kept",
            Self::NoGround => "no_ground",
            Self::AskFirst { .. } => "ask_first",
            Self::NotCarried { .. } => "not_carried",
            Self::Refused => "refused",
            Self::Silenced { .. } => "silenced",
            Self::Complaint => "complaint",
            Self::Quotation => "quotation",
            Self::SameMorning { .. } => "same_morning",
            Self::Capped { .. } => "capped",
            Self::NewsTooSoon { .. } => "news_too_soon",
            Self::NoAddress => "no_address",
            Self::BadAddress { .. } => "bad_address",
            Self::SameMailbox { .. } => "same_mailbox",
            Self::MaybeSame { .. } => "maybe_same",
            Self::NoSalutation => "no_salutation",
            Self::NoField { .. } => "no_field",
            Self::NoItem => "no_item",
            Self::TooLate => "too_late",
            Self::ByHand { .. } => "by_hand",
        }
    }

    /// The codes in the order of the rules, as figures are listed.
    pub const CODES: [&'static str; 24] = [
        "no_company",
        "ungraded",
        "other_grade",
        "great_only",
        "not_kept",
        "no_ground",
        "ask_first",
        "not_carried",
        "refused",
        "silenced",
        "complaint",
        "quotation",
        "same_morning",
        "capped",
        "news_too_soon",
        "no_address",
        "bad_address",
        "same_mailbox",
        "maybe_same",
        "no_salutation",
        "no_field",
        "no_item",
        "too_late",
        "by_hand",
    ];

    /// The key of the line that counts everybody of this reason, `audience-<code>`.
    pub fn count_key(code: &str) -> String {
        format!("audience-{}", code.replace('_', "-"))
    }

    /// As it is stored beside a delivery.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The sentence about one person.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::NoCompany => Sentence::of("audience-why-no-company"),
            Self::Ungraded => Sentence::of("audience-why-ungraded"),
            Self::OtherGrade { grade } => {
                Sentence::of("audience-why-other-grade").with("grade", grade.code().to_owned())
            }
            Self::GreatOnly { grade } => {
                Sentence::of("audience-why-great-only").with("grade", grade.code().to_owned())
            }
            Self::NotKept => Sentence::of("audience-why-not-kept"),
            Self::NoGround => Sentence::of("audience-why-no-ground"),
            Self::AskFirst { ground } => {
                Sentence::of("audience-why-ask-first").with("ground", ground.key())
            }
            Self::NotCarried { ground } => {
                Sentence::of("audience-why-not-carried").with("ground", ground.key())
            }
            Self::Refused => Sentence::of("audience-why-refused"),
            Self::Silenced { scope } => Sentence::of(match scope {
                Scope::Domain => "audience-why-silenced-domain",
                Scope::Company => "audience-why-silenced-company",
                _ => "audience-why-silenced-address",
            }),
            Self::Complaint => Sentence::of("audience-why-complaint"),
            Self::Quotation => Sentence::of("audience-why-quotation"),
            Self::SameMorning { occasion } => Sentence::of("audience-why-same-morning")
                .with("occasion", Arg::Name(occasion.key())),
            Self::Capped {
                grade,
                touches,
                waiting,
                at_most,
            } => Sentence::of("audience-why-capped")
                .with("grade", grade.code().to_owned())
                .with("touches", *touches)
                .with("waiting", *waiting)
                .with("most", u32::from(*at_most))
                .with("days", CAP_DAYS),
            Self::NewsTooSoon { days, every } => Sentence::of("audience-why-news-too-soon")
                .with("days", u32::from(*days))
                .with("every", u32::from(*every)),
            Self::NoAddress => Sentence::of("audience-why-no-address"),
            Self::BadAddress { address } => {
                Sentence::of("audience-why-bad-address").with("address", Arg::Text(address.clone()))
            }
            Self::SameMailbox { .. } => Sentence::of("audience-why-same-mailbox"),
            Self::MaybeSame { .. } => Sentence::of("audience-why-maybe-same"),
            Self::NoSalutation => Sentence::of("audience-why-no-salutation"),
            Self::NoField { field } => Sentence::of("audience-why-no-field").with(
                "field",
                by_code(field).map_or(Arg::Text(field.clone()), |known| Arg::Name(known.meaning)),
            ),
            Self::NoItem => Sentence::of("audience-why-no-item"),
            Self::TooLate => Sentence::of("audience-why-too-late"),
            Self::ByHand { .. } => Sentence::of("audience-why-by-hand"),
        }
    }
}
