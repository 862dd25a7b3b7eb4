//! The contradictions K01–K26: each looks at a few facts that cannot all be true, and says which.
//!
//! A contradiction whose facts nobody knows stays silent and says what is missing. What fires names its facts with
//! their sources, how heavy it weighs and what it does to the grade.

mod figures;
mod haste;
mod people;
mod plans;
mod rivals;
mod standing;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::qualifying::model::{
    BudgetState, Checked, Cited, ContradictionCode, Effect, Evidence, Fact, Found, Grade, Level,
    SelectionStarted, Urgency,
};
use crate::qualifying::rules::urgency::bucket_on;
use crate::registry::rules::hash::hash64;

pub(super) use figures::says_no_system;

/// What the office may change about them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContradictionRules {
    /// Not looked for at all.
    pub off: BTreeSet<ContradictionCode>,
    /// Nobody signs within a month of a first contact younger than this (K05).
    pub first_contact_days: u16,
    /// From signing to going live it takes at least this (K08).
    pub go_live_days: u16,
    /// A system younger than this is not replaced (K09).
    pub young_system_years: u16,
    /// A system older than this is old (K10).
    pub old_system_years: u16,
    /// Who signs within a month has a next date within this (K18).
    pub next_date_days: u16,
    /// A call shorter than this makes no A (K23).
    pub short_call_seconds: u16,
    /// What a project costs a head at least and at most, whole CNY (K12).
    pub cny_per_head: (u32, u32),
    /// Needs that only some industries have, by the letters of their sections (K25).
    pub industries_of_need: BTreeMap<String, String>,
}

impl Default for ContradictionRules {
    fn default() -> Self {
        let sections = [("production", "ABCDEF"), ("equipment", "ABCDEFGNO")];
        Self {
            off: BTreeSet::new(),
            first_contact_days: 14,
            go_live_days: 30,
            young_system_years: 2,
            old_system_years: 10,
            next_date_days: 14,
            short_call_seconds: 60,
            cny_per_head: (200, 20_000),
            industries_of_need: sections
                .map(|(need, letters)| (need.to_owned(), letters.to_owned()))
                .into(),
        }
    }
}

/// What a look found.
pub(super) struct Hit {
    level: Level,
    effect: Effect,
    /// Facts to cite beside those of the rule.
    also: Vec<Cited>,
}

impl Hit {
    fn new_if(is_so: bool, level: Level, effect: Effect) -> Option<Self> {
        is_so.then(|| Self {
            level,
            effect,
            also: Vec::new(),
        })
    }
    fn block_if(is_so: bool, best: Grade) -> Option<Self> {
        Self::new_if(is_so, Level::Block, Effect::AtMost(best))
    }
    fn warn_if(is_so: bool) -> Option<Self> {
        Self::new_if(is_so, Level::Warn, Effect::None)
    }
    fn hint_if(is_so: bool) -> Option<Self> {
        Self::new_if(is_so, Level::Hint, Effect::None)
    }
}

type Look = fn(&Evidence, &ContradictionRules) -> Option<Hit>;

/// One contradiction: the facts it cannot do without (of each group one), what it cites, and how it looks.
struct Rule {
    code: ContradictionCode,
    needs: &'static [&'static [Fact]],
    cites: &'static [Fact],
    look: Look,
}

use ContradictionCode as K;

#[rustfmt::skip] // one contradiction a line, read as a table
const RULES: [Rule; 26] = [
    Rule { code: K::K01, needs: &[&[Fact::Urgency], &[Fact::Budget]], cites: &[Fact::Urgency, Fact::Budget], look: haste::no_budget },
    Rule { code: K::K02, needs: &[&[Fact::Urgency, Fact::Grade]], cites: &[Fact::Urgency, Fact::Grade], look: haste::no_decider },
    Rule { code: K::K03, needs: &[&[Fact::Urgency]], cites: &[Fact::Urgency], look: haste::no_need },
    Rule { code: K::K04, needs: &[&[Fact::LastResult], &[Fact::Vendors]], cites: &[Fact::LastResult, Fact::Vendors], look: rivals::no_need_but_demo },
    Rule { code: K::K05, needs: &[&[Fact::Urgency], &[Fact::FirstContact]], cites: &[Fact::Urgency, Fact::FirstContact], look: haste::just_met },
    Rule { code: K::K06, needs: &[&[Fact::Urgency], &[Fact::Grade]], cites: &[Fact::Urgency, Fact::Grade], look: standing::far_but_good },
    Rule { code: K::K07, needs: &[&[Fact::Urgency], &[Fact::Budget]], cites: &[Fact::Urgency, Fact::Budget], look: plans::budget_without_plan },
    Rule { code: K::K08, needs: &[&[Fact::SignBy], &[Fact::GoLive]], cites: &[Fact::SignBy, Fact::GoLive], look: plans::live_too_early },
    Rule { code: K::K09, needs: &[&[Fact::PresentSystemYear], &[Fact::Urgency]], cites: &[Fact::PresentSystem, Fact::PresentSystemYear, Fact::Urgency], look: plans::young_system },
    Rule { code: K::K10, needs: &[&[Fact::PresentSystemYear], &[Fact::Satisfaction], &[Fact::Grade]], cites: &[Fact::PresentSystemYear, Fact::Satisfaction, Fact::Grade], look: standing::content_but_a },
    Rule { code: K::K11, needs: &[&[Fact::Quotation]], cites: &[Fact::Quotation, Fact::Need], look: rivals::quoted_without_need },
    Rule { code: K::K12, needs: &[&[Fact::BudgetAmount], &[Fact::Headcount]], cites: &[Fact::BudgetAmount, Fact::Headcount], look: figures::budget_out_of_scale },
    Rule { code: K::K13, needs: &[&[Fact::NeedUsers], &[Fact::Headcount]], cites: &[Fact::NeedUsers, Fact::Headcount], look: figures::more_users_than_heads },
    Rule { code: K::K14, needs: &[&[Fact::SizeClass], &[Fact::Headcount]], cites: &[Fact::SizeClass, Fact::Headcount], look: figures::size_disagrees },
    Rule { code: K::K15, needs: &[&[Fact::DeciderTitle]], cites: &[Fact::Decider, Fact::DeciderTitle], look: people::low_title },
    Rule { code: K::K16, needs: &[&[Fact::OtherSays]], cites: &[], look: people::two_stories },
    Rule { code: K::K17, needs: &[&[Fact::GradeRise]], cites: &[Fact::GradeRise, Fact::LastContact], look: standing::rose_by_itself },
    Rule { code: K::K18, needs: &[&[Fact::Urgency]], cites: &[Fact::Urgency, Fact::NextDate], look: haste::no_next_date },
    Rule { code: K::K19, needs: &[&[Fact::PresentSystem]], cites: &[Fact::PresentSystem, Fact::OtherSystem, Fact::PresentSystemYear], look: figures::no_system_but_one },
    Rule { code: K::K20, needs: &[&[Fact::Refusal]], cites: &[Fact::Refusal, Fact::Grade, Fact::NextDate], look: people::refused },
    Rule { code: K::K21, needs: &[&[Fact::Vendors], &[Fact::Grade]], cites: &[Fact::Vendors, Fact::Grade], look: rivals::signed },
    Rule { code: K::K22, needs: &[&[Fact::Process]], cites: &[Fact::Process, Fact::Parent], look: people::head_office },
    Rule { code: K::K23, needs: &[&[Fact::TalkSeconds, Fact::NoteTwin]], cites: &[Fact::NoteTwin, Fact::TalkSeconds, Fact::Grade], look: standing::thin_ground },
    Rule { code: K::K24, needs: &[&[Fact::BudgetYear], &[Fact::SignBy]], cites: &[Fact::BudgetYear, Fact::SignBy], look: plans::other_year },
    Rule { code: K::K25, needs: &[&[Fact::Industry], &[Fact::Need]], cites: &[Fact::Industry, Fact::Need], look: figures::need_of_another_industry },
    Rule { code: K::K26, needs: &[&[Fact::CreditCode, Fact::LastResult]], cites: &[], look: figures::no_such_company },
];

/// Looks for every contradiction that the office wants to know of.
pub fn check_all(
    evidence: &Evidence,
    rules: &ContradictionRules,
) -> Vec<(ContradictionCode, Checked)> {
    RULES
        .iter()
        .filter(|rule| !rules.off.contains(&rule.code))
        .map(|rule| (rule.code, check_rule(rule, evidence, rules)))
        .collect()
}

/// Those that are there, the heaviest first.
pub fn contradictions(evidence: &Evidence, rules: &ContradictionRules) -> Vec<Found> {
    let mut found: Vec<Found> = check_all(evidence, rules)
        .into_iter()
        .filter_map(|(_, checked)| match checked {
            Checked::Fires(found) => Some(found),
            Checked::Agrees | Checked::Missing(_) => None,
        })
        .collect();
    found.sort_by_key(|one| one.level);
    found
}

fn check_rule(rule: &Rule, evidence: &Evidence, rules: &ContradictionRules) -> Checked {
    let unknown = |group: &&&[Fact]| !group.iter().any(|fact| knows(evidence, *fact));
    let missing: Vec<Fact> = rule
        .needs
        .iter()
        .filter(unknown)
        .flat_map(|group| group.iter().copied())
        .collect();
    if !missing.is_empty() {
        return Checked::Missing(missing);
    }
    let Some(hit) = (rule.look)(evidence, rules) else {
        return Checked::Agrees;
    };
    let mut facts: Vec<Cited> = rule
        .cites
        .iter()
        .filter_map(|fact| evidence.cite(*fact))
        .collect();
    facts.extend(hit.also);
    Checked::Fires(Found {
        code: rule.code,
        level: hit.level,
        effect: hit.effect,
        facts,
    })
}

/// Whether a fact is known; "not answered" is not.
fn knows(evidence: &Evidence, fact: Fact) -> bool {
    match fact {
        Fact::Urgency => urgency_now(evidence).is_some(),
        Fact::Budget => budget(evidence).is_some(),
        Fact::Selection => evidence
            .selection
            .as_ref()
            .is_some_and(|known| known.value != SelectionStarted::Unknown),
        Fact::OneSays => !evidence.opinions.is_empty(),
        Fact::OtherSays => people::of_several(evidence).next().is_some(),
        fact => evidence.cite(fact).is_some(),
    }
}

/// The bucket as time has moved it; none where it was not answered.
fn urgency_now(evidence: &Evidence) -> Option<Urgency> {
    let said = evidence.urgency.as_ref()?.value;
    let sign_by = evidence.sign_by.as_ref().map(|known| known.value);
    (said != Urgency::Unknown).then(|| bucket_on(said, sign_by, evidence.today))
}

/// The state of the money; none where nobody knows.
fn budget(evidence: &Evidence) -> Option<BudgetState> {
    let state = evidence.budget.as_ref()?.value;
    (state != BudgetState::Unknown).then_some(state)
}

impl ContradictionCode {
    /// The key of the question that settles it.
    pub fn question_key(self) -> String {
        format!("contradiction-{}-ask", self.code().to_lowercase())
    }

    /// The facts it cannot do without.
    pub fn needs(self) -> impl Iterator<Item = Fact> {
        let of_code = RULES.iter().filter(move |rule| rule.code == self);
        of_code.flat_map(|rule| rule.needs.iter().flat_map(|group| group.iter().copied()))
    }
}

/// What moves by itself: a dismissal holds although the grade, the next date or the last contact is another.
const MOVING: [Fact; 4] = [
    Fact::Grade,
    Fact::GradeMeant,
    Fact::NextDate,
    Fact::LastContact,
];

impl Found {
    /// Tells these facts from others: what was dismissed stays so until one of its values changes.
    pub fn hash(&self) -> i64 {
        let lasting = self.facts.iter().filter(|c| !MOVING.contains(&c.fact));
        let values: Vec<_> = lasting.map(|c| (c.fact, &c.value)).collect();
        let text = serde_json::to_string(&values).expect("plain values are JSON");
        hash64(&format!("{}{text}", self.code.code()))
    }
}

#[cfg(test)]
mod tests;
