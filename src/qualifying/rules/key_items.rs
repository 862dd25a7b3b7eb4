//! The six key items and MAN, read off the evidence; a promised day that has passed asks again.

use super::need::is_rough_need;
use super::urgency::is_overdue;
use crate::codes;
use crate::qualifying::model::{BudgetState, Evidence, Fact, KeyItem};

impl KeyItem {
    /// The facts it is made of, in the order in which they are told.
    pub fn facts(self) -> &'static [Fact] {
        match self {
            Self::Schedule => &[Fact::Urgency, Fact::SignBy, Fact::GoLive],
            Self::Budget => &[Fact::Budget, Fact::BudgetAmount, Fact::BudgetYear],
            Self::Requirement => &[Fact::Need, Fact::NeedUsers],
            Self::Decision => &[
                Fact::Decider,
                Fact::DeciderTitle,
                Fact::Process,
                Fact::Selection,
            ],
            Self::Competition => &[Fact::Vendors],
            Self::KeyEvaluation => &[Fact::KeyEvaluation],
        }
    }

    /// The key of the question that finds it out.
    pub fn question_key(self) -> String {
        format!("key-item-{}-ask", self.code().replace('_', "-"))
    }
}

codes! {
    /// The three things that somebody who buys must have.
    pub enum Man {
        /// Money: a budget.
        Money = "money" => "man-money",
        /// Authority: the one who decides is known, and somebody has spoken with them.
        Authority = "authority" => "man-authority",
        /// Need: at least roughly known.
        Need = "need" => "man-need",
    }
}

impl Man {
    /// Whether it is there; none where nobody knows.
    pub fn of(self, evidence: &Evidence) -> Option<bool> {
        match self {
            Self::Money => match evidence.budget.as_ref()?.value {
                BudgetState::Approved | BudgetState::Applying => Some(true),
                BudgetState::None => Some(false),
                BudgetState::Unknown => None,
            },
            Self::Authority => Some(evidence.decider.as_ref()?.value.is_contacted),
            Self::Need => {
                let (codes, text) = evidence.need();
                is_rough_need(codes.len(), text).then_some(true)
            }
        }
    }
}

/// Whether the day by which they were to sign has passed: ask again.
pub fn asks_again(evidence: &Evidence) -> bool {
    let promised = evidence.sign_by.as_ref().map(|known| known.value);
    is_overdue(promised, evidence.today)
}
