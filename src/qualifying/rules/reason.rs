//! Why a grade is proposed: codes with their parameters, so that the sentence is made when somebody reads it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::grade::GradeProposal;
use crate::platform::sentence::Sentence;
use crate::qualifying::model::{BudgetState, ContradictionCode, Grade, Urgency};

/// Why a grade is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[allow(missing_docs)] // parameters are what their names say
pub enum GradeReason {
    /// The urgency gives this grade at best.
    UrgencyGives { urgency: Urgency, grade: Grade },
    /// No urgency: the present grade stays.
    UrgencyUnknown,
    /// They have begun to choose.
    SelectionStarted,
    /// They have not begun to choose, or nobody knows.
    SelectionNotStarted,
    /// The need is known at least roughly.
    NeedKnown,
    /// The need is not even roughly known.
    NeedUnknown,
    /// Somebody is known to decide.
    DeciderKnown { certainty: u8 },
    /// Nobody knows who decides.
    DeciderUnknown,
    /// There is money, or it is applied for.
    BudgetKnown { budget: BudgetState },
    /// There is no budget.
    BudgetNone,
    /// Nobody knows whether there is a budget.
    BudgetUnknown,
    /// So many things are missing for an A.
    MissingLowers { missing: u8, grade: Grade },
    /// A B needs at least a rough need.
    NeedForB,
    /// Not inside the target market.
    OutsideTarget,
    /// The result of the call proposes this grade.
    ResultProposes { grade: Grade },
    /// The result of the call allows no better grade.
    ResultCaps { grade: Grade },
    /// An open contradiction allows no better grade.
    ContradictionCaps {
        what: ContradictionCode,
        grade: Grade,
    },
    /// An open contradiction wants an answer before this grade.
    AskAgain {
        what: ContradictionCode,
        grade: Grade,
    },
    /// Nobody has spoken with them since the present grade was given.
    NoContactSince { on: NaiveDate, grade: Grade },
    /// Nobody has spoken with them for so long that the grade has grown old.
    Expired { days: u32, grade: Grade },
    /// Since the office changed its rules it would be this.
    RulesChanged { grade: Grade },
}

/// What a reason does to the grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It speaks for the grade.
    For,
    /// Something is missing.
    Against,
    /// It allows no better one.
    Cap,
}

impl Weight {
    /// The class of its line on a page.
    pub fn class(self) -> &'static str {
        match self {
            Self::For => "",
            Self::Against => "no",
            Self::Cap => "cap",
        }
    }
}

impl GradeReason {
    /// Something that an A needs is missing.
    pub fn is_missing(self) -> bool {
        matches!(
            self,
            Self::SelectionNotStarted
                | Self::NeedUnknown
                | Self::DeciderUnknown
                | Self::BudgetNone
                | Self::BudgetUnknown
        )
    }

    /// What it does to the grade.
    pub fn weight(self) -> Weight {
        match self {
            Self::UrgencyGives { .. }
            | Self::SelectionStarted
            | Self::NeedKnown
            | Self::DeciderKnown { .. }
            | Self::BudgetKnown { .. }
            | Self::ResultProposes { .. } => Weight::For,
            Self::ResultCaps { .. }
            | Self::ContradictionCaps { .. }
            | Self::AskAgain { .. }
            | Self::NoContactSince { .. } => Weight::Cap,
            _ => Weight::Against,
        }
    }

    /// The sentence that says it.
    pub fn sentence(self) -> Sentence {
        match self {
            Self::UrgencyGives { urgency, grade } => Sentence::of("grade-why-urgency")
                .with("urgency", urgency.key())
                .with("grade", grade.key()),
            Self::DeciderKnown { certainty } => {
                Sentence::of("grade-why-decider-known").with("certainty", certainty_key(certainty))
            }
            Self::BudgetKnown { budget } => {
                Sentence::of("grade-why-budget-known").with("budget", budget.key())
            }
            Self::MissingLowers { missing, grade } => Sentence::of("grade-why-missing")
                .with("n", u32::from(missing))
                .with("grade", grade.key()),
            Self::ResultProposes { grade } => with_grade("grade-why-result", grade),
            Self::ResultCaps { grade } => with_grade("grade-why-result-caps", grade),
            Self::ContradictionCaps { what, grade } => {
                with_grade("grade-why-contradiction", grade).with("what", what.key())
            }
            Self::AskAgain { what, grade } => {
                with_grade("grade-why-ask-again", grade).with("what", what.key())
            }
            Self::NoContactSince { on, grade } => {
                with_grade("grade-why-no-contact", grade).with("on", on)
            }
            Self::Expired { days, grade } => {
                with_grade("grade-why-expired", grade).with("days", days)
            }
            Self::RulesChanged { grade } => with_grade("grade-why-rules", grade),
            plain => Sentence::of(plain.plain_key()),
        }
    }

    fn plain_key(self) -> &'static str {
        match self {
            Self::SelectionStarted => "grade-why-selection-started",
            Self::SelectionNotStarted => "grade-why-selection",
            Self::NeedKnown => "grade-why-need-known",
            Self::NeedUnknown => "grade-why-need",
            Self::DeciderUnknown => "grade-why-decider",
            Self::BudgetNone => "grade-why-budget-none",
            Self::BudgetUnknown => "grade-why-budget-unknown",
            Self::NeedForB => "grade-why-need-for-b",
            Self::OutsideTarget => "grade-why-outside",
            _ => "grade-why-urgency-unknown",
        }
    }

    /// What lowers the grade, in two or three words; none where it speaks for it.
    fn short_key(self) -> Option<&'static str> {
        Some(match self {
            Self::SelectionNotStarted => "grade-lack-selection",
            Self::NeedUnknown => "grade-lack-need",
            Self::DeciderUnknown => "grade-lack-decider",
            Self::BudgetNone => "grade-lack-budget-none",
            Self::BudgetUnknown => "grade-lack-budget",
            Self::OutsideTarget => "grade-lack-target",
            Self::ResultProposes { .. } | Self::ResultCaps { .. } => "grade-lack-result",
            Self::ContradictionCaps { what, .. } | Self::AskAgain { what, .. } => what.key(),
            Self::NoContactSince { .. } => "grade-lack-contact",
            _ => return None,
        })
    }
}

fn with_grade(key: &'static str, grade: Grade) -> Sentence {
    Sentence::of(key).with("grade", grade.key())
}

fn certainty_key(certainty: u8) -> &'static str {
    match certainty {
        0 => "company-certainty-0",
        1 => "company-certainty-1",
        2 => "company-certainty-2",
        _ => "company-certainty-3",
    }
}

impl GradeProposal {
    /// In one line what lowered the grade: "within a month would be A; budget not known: B".
    pub fn headline(&self) -> Option<Sentence> {
        let (best, grade) = (self.best?, self.grade?);
        let urgency = self.reasons.iter().find_map(|reason| match reason {
            GradeReason::UrgencyGives { urgency, .. } => Some(urgency.key()),
            _ => None,
        })?;
        let lacks: Vec<&'static str> = self.reasons.iter().filter_map(|r| r.short_key()).collect();
        if !best.is_better_than(grade) {
            return None;
        }
        let told = |key| {
            with_grade(key, grade)
                .with("urgency", urgency)
                .with("best", best.key())
        };
        match lacks.as_slice() {
            [] => None,
            [one] => Some(told("grade-headline").with("why", *one)),
            [one, other] => Some(
                told("grade-headline-two")
                    .with("why", *one)
                    .with("other", *other),
            ),
            [one, rest @ ..] => {
                let n = u32::try_from(rest.len()).unwrap_or(u32::MAX - 1);
                let more = told("grade-headline-more").with("why", *one);
                Some(more.with("n", n))
            }
        }
    }
}
