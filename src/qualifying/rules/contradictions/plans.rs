//! Plans and what they rest on: the money's year, the day of going live, the system that is to go.

use chrono::{Datelike, TimeDelta};

use super::{ContradictionRules, Hit, budget, urgency_now};
use crate::qualifying::model::{BudgetState, Evidence, Grade, Urgency};

/// K07: no plan, but the money is there.
pub(super) fn budget_without_plan(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    let is_fixed = budget(evidence)? == BudgetState::Approved;
    Hit::warn_if(is_fixed && urgency_now(evidence)? == Urgency::NoPlan)
}

/// K08: it is to run before it can.
pub(super) fn live_too_early(evidence: &Evidence, rules: &ContradictionRules) -> Option<Hit> {
    let signed = evidence.sign_by.as_ref()?.value;
    let earliest = signed + TimeDelta::days(i64::from(rules.go_live_days));
    Hit::block_if(evidence.go_live.as_ref()?.value < earliest, Grade::B)
}

/// K09: the present system is young, but they want another within half a year.
pub(super) fn young_system(evidence: &Evidence, rules: &ContradictionRules) -> Option<Hit> {
    let age = i64::from(evidence.today.year()) - evidence.present_system_year.as_ref()?.value;
    let is_young = age < i64::from(rules.young_system_years);
    Hit::warn_if(is_young && urgency_now(evidence)? <= Urgency::M4To6)
}

/// K24: the money is planned for another year than the signature.
pub(super) fn other_year(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    let planned = evidence.budget_year.as_ref()?.value;
    let signed = i64::from(evidence.sign_by.as_ref()?.value.year());
    Hit::warn_if(planned != signed)
}
