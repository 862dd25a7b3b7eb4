//! Who is in a hurry knows with what money, who decides, what for, and what happens next.

use chrono::TimeDelta;

use super::{ContradictionRules, Hit, budget, urgency_now};
use crate::qualifying::model::{BudgetState, Evidence, Grade, Urgency};
use crate::qualifying::rules::need::is_rough_need;

fn within_three_months(evidence: &Evidence) -> bool {
    urgency_now(evidence).is_some_and(|urgency| urgency <= Urgency::M3)
}

/// K01: no budget, but they sign soon.
pub(super) fn no_budget(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    if budget(evidence)? != BudgetState::None {
        return None;
    }
    match urgency_now(evidence)? {
        Urgency::M1 => Hit::block_if(true, Grade::B),
        Urgency::M3 => Hit::warn_if(true),
        _ => None,
    }
}

/// K02: nobody known who decides, but an A or in a hurry.
pub(super) fn no_decider(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    let is_hot = evidence.present() == Some(Grade::A) || within_three_months(evidence);
    Hit::block_if(evidence.decider.is_none() && is_hot, Grade::B)
}

/// K03: nobody named a need, but they are in a hurry.
pub(super) fn no_need(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    let (codes, text) = evidence.need();
    let is_known = is_rough_need(codes.len(), text);
    Hit::warn_if(!is_known && within_three_months(evidence))
}

/// K05: they sign within a month, but nobody spoke with them until a few days ago.
pub(super) fn just_met(evidence: &Evidence, rules: &ContradictionRules) -> Option<Hit> {
    let days = (evidence.today - evidence.first_contact?.date()).num_days();
    let is_young = days < i64::from(rules.first_contact_days);
    Hit::block_if(is_young && urgency_now(evidence)? == Urgency::M1, Grade::B)
}

/// K18: they sign within a month, but nothing is agreed for the next days.
pub(super) fn no_next_date(evidence: &Evidence, rules: &ContradictionRules) -> Option<Hit> {
    let until = evidence.today + TimeDelta::days(i64::from(rules.next_date_days));
    let is_agreed = evidence.next_date.is_some_and(|at| at.date() <= until);
    Hit::warn_if(urgency_now(evidence)? == Urgency::M1 && !is_agreed)
}
