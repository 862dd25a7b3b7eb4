//! The words of qualifying, with their stable codes, and what is known of a company.

mod contradiction;
mod evidence;
mod fact;
mod material;

use serde::{Deserialize, Serialize};

use crate::codes;
use crate::registry::rules::urgency::months_of;

pub use contradiction::{Checked, ContradictionCode, Effect, Found, Level};
pub use evidence::{Decider, Evidence, GradeRise, Known, Opinion, Origin};
pub use fact::{Cited, Fact, FactValue};
pub use material::{ContactFacts, Draft, GradeSet, Material, SaidRecord, Talk, TalkResult};

codes! {
    /// How good a lead is; A is the best.
    pub enum Grade {
        /// Signs soon and has begun to choose.
        A = "A" => "grade-A",
        /// Signs within half a year.
        B = "B" => "grade-B",
        /// Signs within a year.
        C = "C" => "grade-C",
        /// Later, or no plan yet.
        D = "D" => "grade-D",
        /// No target.
        E = "E" => "grade-E",
    }
}

impl Grade {
    /// Whether this is a better grade than the other.
    pub fn is_better_than(self, other: Self) -> bool {
        self < other
    }

    /// The worse of the two: what a cap leaves.
    pub fn at_most(self, cap: Self) -> Self {
        self.max(cap)
    }
}

codes! {
    /// Within which time the contact said that they would sign.
    pub enum Urgency {
        /// Within a month.
        M1 = "M1" => "urgency-M1",
        /// Within three months.
        M3 = "M3" => "urgency-M3",
        /// In four to six months.
        M4To6 = "M4_6" => "urgency-M4-6",
        /// In seven to twelve months.
        M7To12 = "M7_12" => "urgency-M7-12",
        /// In more than a year.
        Gt12 = "GT12" => "urgency-GT12",
        /// No plan.
        NoPlan = "NOPLAN" => "urgency-NOPLAN",
        /// Asked, not answered.
        Unknown = "UNKNOWN" => "urgency-UNKNOWN",
    }
}

impl Urgency {
    /// The months within which they sign; none where no date follows.
    pub fn months(self) -> Option<u32> {
        months_of(self.code())
    }
}

codes! {
    /// Where the money stands.
    pub enum BudgetState {
        /// Approved.
        Approved = "approved" => "budget-approved",
        /// Applied for.
        Applying = "applying" => "budget-applying",
        /// There is none.
        None = "none" => "budget-none",
        /// Nobody said.
        Unknown = "unknown" => "budget-unknown",
    }
}

codes! {
    /// Whether they have begun to choose.
    pub enum SelectionStarted {
        /// They have.
        Yes = "yes" => "selection-yes",
        /// They have not.
        No = "no" => "selection-no",
        /// Nobody said.
        Unknown = "unknown" => "selection-unknown",
    }
}

codes! {
    /// How they decide.
    pub enum DecisionProcess {
        /// One person.
        Single = "single" => "company-process-single",
        /// A committee.
        Committee = "committee" => "company-process-committee",
        /// A tender.
        Tender = "tender" => "company-process-tender",
        /// The head office of the group.
        GroupHq = "group_hq" => "company-process-group-hq",
    }
}

codes! {
    /// How far a competitor has come.
    pub enum VendorState {
        /// Somebody named them.
        Mentioned = "mentioned" => "vendor-mentioned",
        /// They have shown what they sell.
        Demo = "demo" => "vendor-demo",
        /// They have sent a quotation.
        Quoted = "quoted" => "vendor-quoted",
        /// They have the contract.
        Signed = "signed" => "vendor-signed",
    }
}

/// A competitor that the company looks at.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Vendor {
    /// Its name.
    pub name: String,
    /// How far it has come.
    pub state: VendorState,
}

codes! {
    /// The six things that tell whether and when somebody buys.
    pub enum KeyItem {
        /// When they sign and go live.
        Schedule = "schedule" => "key-item-schedule",
        /// The money.
        Budget = "budget" => "key-item-budget",
        /// What they need.
        Requirement = "requirement" => "key-item-requirement",
        /// Who decides, and how.
        Decision = "decision" => "key-item-decision",
        /// Who else sells to them.
        Competition = "competition" => "key-item-competition",
        /// What they judge by.
        KeyEvaluation = "key_evaluation" => "key-item-key-evaluation",
    }
}

codes! {
    /// Which urgency gives which grade.
    pub enum GradePreset {
        /// A project of months: A within three months.
        Project = "project" => "grade-preset-project",
        /// A short sale: A within one month.
        ShortCycle = "short_cycle" => "grade-preset-short-cycle",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_go_there_and_back() {
        for urgency in Urgency::ALL {
            assert_eq!(Urgency::from_code(urgency.code()), Some(*urgency));
            assert_eq!(
                serde_json::to_string(urgency).unwrap(),
                format!("\"{}\"", urgency.code())
            );
        }
        assert_eq!(Urgency::from_code("m1"), None);
        assert_eq!(serde_json::from_str::<Grade>("\"B\"").unwrap(), Grade::B);
    }

    #[test]
    fn a_cap_never_lifts() {
        assert_eq!(Grade::A.at_most(Grade::C), Grade::C);
        assert_eq!(Grade::D.at_most(Grade::C), Grade::D);
        assert!(Grade::A.is_better_than(Grade::B));
    }

    #[test]
    fn every_code_has_a_name_in_both_languages() {
        use crate::platform::i18n::Lang;
        let keys = Grade::ALL
            .iter()
            .map(|code| code.key())
            .chain(Urgency::ALL.iter().map(|code| code.key()));
        let keys = keys.chain(BudgetState::ALL.iter().map(|code| code.key()));
        let keys = keys.chain(SelectionStarted::ALL.iter().map(|code| code.key()));
        let keys = keys.chain(DecisionProcess::ALL.iter().map(|code| code.key()));
        let keys = keys.chain(VendorState::ALL.iter().map(|code| code.key()));
        let keys = keys.chain(KeyItem::ALL.iter().map(|code| code.key()));
        let keys = keys.chain(Fact::ALL.iter().map(|code| code.key()));
        let keys = keys.chain(Level::ALL.iter().map(|code| code.key()));
        for key in keys.chain(GradePreset::ALL.iter().map(|code| code.key())) {
            assert!(Lang::ALL.iter().all(|lang| lang.knows(key)), "{key}");
        }
    }
}
