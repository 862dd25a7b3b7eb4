//! What time and other rules do to grades that are given: only proposals, only lower ones, counted before rules change.

use std::collections::BTreeMap;

use super::contradictions::contradictions;
use super::expiry::Age;
use super::grade::{Circumstances, GradeProposal, cap, from_facts};
use super::reason::GradeReason;
use super::settings::GradeRules;
use crate::qualifying::model::{Evidence, Grade};

/// The lower grade that is due for a company nobody has spoken with for too long.
pub fn expired(evidence: &Evidence, rules: &GradeRules) -> Option<GradeProposal> {
    let known = evidence.grade.as_ref()?;
    let confirmed = evidence
        .last_contact
        .map_or(known.from.at, |spoke| spoke.max(known.from.at));
    let age = rules
        .expiry
        .age(known.value, confirmed.date(), evidence.today);
    let Age::Expired(grade) = age else {
        return None;
    };
    let days = (evidence.today - confirmed.date()).num_days();
    Some(GradeProposal {
        grade: Some(grade),
        best: None,
        reasons: vec![GradeReason::Expired {
            days: u32::try_from(days).unwrap_or(0),
            grade,
        }],
    })
}

/// The lower grade that open contradictions leave to a graded company; what the facts give else was decided already.
pub fn contradicted(
    evidence: &Evidence,
    around: &Circumstances<'_>,
    rules: &GradeRules,
) -> Option<GradeProposal> {
    let present = evidence.present()?;
    let mut proposal = GradeProposal {
        grade: Some(present),
        ..GradeProposal::default()
    };
    let found = contradictions(evidence, &rules.contradictions);
    cap(&mut proposal, around.open(&found), None);
    let lowers = proposal
        .grade
        .is_some_and(|grade| present.is_better_than(grade));
    lowers.then_some(proposal)
}

/// What other rules would make of a grade that is given: never a better one, for nobody has spoken with them.
pub fn under_other_rules(
    evidence: &Evidence,
    old: &GradeRules,
    new: &GradeRules,
) -> Option<GradeProposal> {
    let present = evidence.present()?;
    let (before, after) = (standing(evidence, old)?, standing(evidence, new)?);
    if before == after || !present.is_better_than(after) {
        return None;
    }
    let mut proposal = from_facts(evidence, new);
    proposal.grade = Some(after);
    proposal
        .reasons
        .insert(0, GradeReason::RulesChanged { grade: after });
    Some(proposal)
}

/// The grade that rules give by facts and age alone.
pub fn standing(evidence: &Evidence, rules: &GradeRules) -> Option<Grade> {
    let by_facts = from_facts(evidence, rules).grade.or(evidence.present())?;
    let by_age = expired(evidence, rules).and_then(|proposal| proposal.grade);
    Some(by_age.map_or(by_facts, |grade| by_facts.at_most(grade)))
}

/// How many companies other rules would grade otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// By the rules in force.
    pub from: Grade,
    /// By the others.
    pub to: Grade,
    /// Companies.
    pub companies: usize,
}

/// What would move if the rules were others.
pub fn moves<'a>(
    all: impl IntoIterator<Item = &'a Evidence>,
    old: &GradeRules,
    new: &GradeRules,
) -> Vec<Move> {
    let mut counted: BTreeMap<(Grade, Grade), usize> = BTreeMap::new();
    for evidence in all {
        if let (Some(from), Some(to)) = (standing(evidence, old), standing(evidence, new))
            && from != to
        {
            *counted.entry((from, to)).or_default() += 1;
        }
    }
    counted
        .into_iter()
        .map(|((from, to), companies)| Move {
            from,
            to,
            companies,
        })
        .collect()
}

#[cfg(test)]
mod tests;
