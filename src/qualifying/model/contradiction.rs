//! Key items that cannot all be true.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::{Cited, Fact, FactValue, Grade};
use crate::codes;

codes! {
    /// The contradictions that are looked for.
    pub enum ContradictionCode {
        /// No budget, but in a hurry.
        K01 = "K01" => "contradiction-k01",
        /// Nobody known who decides, but in a hurry or an A.
        K02 = "K02" => "contradiction-k02",
        /// No need named, but in a hurry.
        K03 = "K03" => "contradiction-k03",
        /// "No need", but a competitor is showing its product.
        K04 = "K04" => "contradiction-k04",
        /// Signs within a month, but met only days ago.
        K05 = "K05" => "contradiction-k05",
        /// More than a year away, but A or B.
        K06 = "K06" => "contradiction-k06",
        /// No plan, but a fixed budget.
        K07 = "K07" => "contradiction-k07",
        /// Runs before it can.
        K08 = "K08" => "contradiction-k08",
        /// A young system, to be replaced soon.
        K09 = "K09" => "contradiction-k09",
        /// An old system, very content, and an A.
        K10 = "K10" => "contradiction-k10",
        /// Quoted, but nobody knows what for.
        K11 = "K11" => "contradiction-k11",
        /// A budget out of all scale.
        K12 = "K12" => "contradiction-k12",
        /// More users than heads.
        K13 = "K13" => "contradiction-k13",
        /// Size and head-count disagree.
        K14 = "K14" => "contradiction-k14",
        /// A clerk who decides.
        K15 = "K15" => "contradiction-k15",
        /// Two contacts, two stories.
        K16 = "K16" => "contradiction-k16",
        /// Rose by two grades without a contact.
        K17 = "K17" => "contradiction-k17",
        /// In a hurry, but nothing is agreed.
        K18 = "K18" => "contradiction-k18",
        /// "No system", but one is named.
        K19 = "K19" => "contradiction-k19",
        /// Refused, but A, B or to be called.
        K20 = "K20" => "contradiction-k20",
        /// A competitor has signed.
        K21 = "K21" => "contradiction-k21",
        /// The head office decides.
        K22 = "K22" => "contradiction-k22",
        /// A copied note, or an A from a very short call.
        K23 = "K23" => "contradiction-k23",
        /// Money of another year.
        K24 = "K24" => "contradiction-k24",
        /// A need that the industry does not have.
        K25 = "K25" => "contradiction-k25",
        /// Closed, or a credit code that fails.
        K26 = "K26" => "contradiction-k26",
    }
}

codes! {
    /// How heavy a contradiction weighs.
    pub enum Level {
        /// It holds the grade down.
        Block = "B" => "contradiction-level-block",
        /// It warns.
        Warn = "W" => "contradiction-level-warn",
        /// It hints.
        Hint = "I" => "contradiction-level-hint",
    }
}

/// What a contradiction does to the grade as long as it is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "grade", rename_all = "snake_case")]
pub enum Effect {
    /// Nothing.
    None,
    /// No better grade than this.
    AtMost(Grade),
    /// Ask again before this grade is given.
    AskBefore(Grade),
}

/// A contradiction that was found, with the facts that cannot all be true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Which.
    pub code: ContradictionCode,
    /// How heavy.
    pub level: Level,
    /// What it does.
    pub effect: Effect,
    /// The facts, each with its source.
    pub facts: Vec<Cited>,
}

impl Found {
    /// The same, told before anything is saved: a grade under which it was looked for is only meant, and stands beside the
    /// one that holds, given when.
    pub fn foretold(mut self, present: Option<(Grade, NaiveDateTime)>) -> Self {
        let holds = |grade: Grade| FactValue::Word(grade.key().to_owned());
        let value = present.map(|(grade, _)| holds(grade));
        let is_meant = |one: &Cited| one.fact == Fact::Grade && value.as_ref() != Some(&one.value);
        let Some(at) = self.facts.iter().position(is_meant) else {
            return self;
        };
        self.facts[at].fact = Fact::GradeMeant;
        if let Some((grade, since)) = present {
            let now = Cited {
                fact: Fact::Grade,
                value: holds(grade),
                certainty: None,
                record: None,
                at: since,
            };
            self.facts.insert(at, now);
        }
        self
    }
}

/// What became of looking for one contradiction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// It is there.
    Fires(Found),
    /// It is not.
    Agrees,
    /// Nobody knows: these facts are missing.
    Missing(Vec<Fact>),
}
