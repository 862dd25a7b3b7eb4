//! The grade that follows from the evidence: urgency gives the best one, gates, results and contradictions only lower
//! it, and without a contact nothing rises. A person decides.

use std::collections::BTreeSet;

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use super::contradictions::contradictions;
use super::gates::{best_by_urgency, gates};
use super::reason::GradeReason;
use super::settings::GradeRules;
use crate::qualifying::model::{Effect, Evidence, Found, Grade};

/// What a call's result says about the grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "grade", rename_all = "snake_case")]
pub enum GradeHint {
    /// This grade.
    Propose(Grade),
    /// No better grade than this.
    AtMost(Grade),
}

/// A proposed grade with its reasons; no grade where the rules have nothing to propose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradeProposal {
    /// The grade, if one is proposed.
    pub grade: Option<Grade>,
    /// What the urgency alone would give.
    pub best: Option<Grade>,
    /// Why, in the order in which it was found.
    pub reasons: Vec<GradeReason>,
}

/// What is put to the rules beside the evidence.
#[derive(Debug, Clone, Copy, Default)]
pub struct Circumstances<'a> {
    /// What the result of a call says.
    pub hint: Option<GradeHint>,
    /// Contradictions that somebody dismissed, by [`Found::hash`].
    pub dismissed: Option<&'a BTreeSet<i64>>,
}

impl Circumstances<'_> {
    /// Those that nobody dismissed.
    pub(super) fn open<'f>(&self, found: &'f [Found]) -> impl Iterator<Item = &'f Found> + Clone {
        let dismissed = self.dismissed;
        let counts = move |one: &&Found| dismissed.is_none_or(|all| !all.contains(&one.hash()));
        found.iter().filter(counts)
    }
}

/// The grade to propose.
pub fn propose_grade(
    evidence: &Evidence,
    around: &Circumstances<'_>,
    rules: &GradeRules,
) -> GradeProposal {
    let mut proposal = from_facts(evidence, rules);
    apply_hint(&mut proposal, around.hint, evidence.present());
    apply_contradictions(&mut proposal, evidence, around, rules);
    keep_without_contact(&mut proposal, evidence);
    if proposal.grade.is_some() {
        let is_told = |reason: &GradeReason| *reason != GradeReason::UrgencyUnknown;
        proposal.reasons.retain(is_told);
    }
    proposal
}

/// Urgency and gates, nothing else.
pub(super) fn from_facts(evidence: &Evidence, rules: &GradeRules) -> GradeProposal {
    let Some((best, given)) = best_by_urgency(evidence, rules) else {
        return GradeProposal {
            reasons: vec![GradeReason::UrgencyUnknown],
            ..GradeProposal::default()
        };
    };
    let (grade, told) = gates(evidence, best, rules);
    GradeProposal {
        grade: Some(grade),
        best: Some(best),
        reasons: std::iter::once(given).chain(told).collect(),
    }
}

fn apply_hint(proposal: &mut GradeProposal, hint: Option<GradeHint>, present: Option<Grade>) {
    match hint {
        Some(GradeHint::Propose(grade)) => {
            let lower = |had: Grade| had.at_most(grade);
            proposal.grade = Some(proposal.grade.map_or(grade, lower));
            proposal.reasons.push(GradeReason::ResultProposes { grade });
        }
        Some(GradeHint::AtMost(grade)) => {
            let before = proposal.grade.or(present);
            if before.is_some_and(|before| before.is_better_than(grade)) {
                proposal.grade = Some(grade);
                proposal.reasons.push(GradeReason::ResultCaps { grade });
            }
        }
        None => {}
    }
}

/// What is open against the grade that is about to be proposed holds it down.
fn apply_contradictions(
    proposal: &mut GradeProposal,
    evidence: &Evidence,
    around: &Circumstances<'_>,
    rules: &GradeRules,
) {
    let present = evidence.present();
    let at = evidence.today.and_time(NaiveTime::MIN);
    let meant = evidence.graded(proposal.grade.or(present), at);
    let found = contradictions(&meant, &rules.contradictions);
    for one in around.open(&found) {
        if let Effect::AskBefore(grade) = one.effect
            && proposal.grade == Some(grade)
        {
            let what = one.code;
            proposal.grade = present;
            proposal.reasons.push(GradeReason::AskAgain { what, grade });
        }
    }
    cap(proposal, around.open(&found), present);
}

/// No better grade than the open contradictions allow; without a proposal the present grade is looked at.
pub(super) fn cap<'f>(
    proposal: &mut GradeProposal,
    open: impl Iterator<Item = &'f Found>,
    present: Option<Grade>,
) {
    for one in open {
        let Effect::AtMost(grade) = one.effect else {
            continue;
        };
        let had = proposal.grade.or(present);
        if had.is_some_and(|had| had.is_better_than(grade)) {
            let what = one.code;
            proposal.grade = Some(grade);
            proposal
                .reasons
                .push(GradeReason::ContradictionCaps { what, grade });
        }
    }
}

/// Time alone, and another rule, never make a grade better.
fn keep_without_contact(proposal: &mut GradeProposal, evidence: &Evidence) {
    let (Some(grade), Some(present)) = (proposal.grade, &evidence.grade) else {
        return;
    };
    if grade.is_better_than(present.value) && !evidence.has_spoken_since_grade() {
        proposal.grade = Some(present.value);
        proposal.reasons.push(GradeReason::NoContactSince {
            on: present.from.at.date(),
            grade: present.value,
        });
    }
}

/// What becomes of the grade that a telemarketer chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "grade", rename_all = "snake_case")]
pub enum AgentGrade {
    /// It holds from now on.
    Set(Grade),
    /// An A is proposed to the rep, who confirms it; until then the company has the next lower grade.
    ProposeToRep,
}

/// Why a telemarketer's grade is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentGradeFault {
    /// It differs from the proposal and no reason was given.
    NeedsReason,
}

impl AgentGradeFault {
    /// Stable code; the sentence is `error-<code>`.
    pub fn code(self) -> &'static str {
        "grade_needs_reason"
    }
}

/// What a telemarketer may do with a grade: B to E is set, A stays a proposal, another than proposed needs a reason.
pub fn agent_grade(
    chosen: Grade,
    proposed: Option<Grade>,
    reason: Option<&str>,
) -> Result<AgentGrade, AgentGradeFault> {
    if proposed != Some(chosen) && reason.is_none_or(|reason| reason.trim().is_empty()) {
        return Err(AgentGradeFault::NeedsReason);
    }
    Ok(if chosen == Grade::A {
        AgentGrade::ProposeToRep
    } else {
        AgentGrade::Set(chosen)
    })
}

#[cfg(test)]
mod tests;
