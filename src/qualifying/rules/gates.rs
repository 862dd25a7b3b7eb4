//! Gates: what must be known for a grade as good as the urgency allows. They only lower it, in the open.

use super::need::is_rough_need;
use super::reason::GradeReason;
use super::settings::GradeRules;
use crate::qualifying::model::{BudgetState, Evidence, Grade, SelectionStarted};

/// The best grade that the urgency gives, as it was said: time does not make it better.
pub(super) fn best_by_urgency(
    evidence: &Evidence,
    rules: &GradeRules,
) -> Option<(Grade, GradeReason)> {
    let urgency = evidence.urgency.as_ref()?.value;
    let grade = rules.best_of(urgency)?;
    Some((grade, GradeReason::UrgencyGives { urgency, grade }))
}

/// The grade that is left, and what was found at each gate.
pub(super) fn gates(
    evidence: &Evidence,
    best: Grade,
    rules: &GradeRules,
) -> (Grade, Vec<GradeReason>) {
    match best {
        Grade::A => gates_of_a(evidence, rules),
        Grade::B => gate_of_b(evidence, rules),
        Grade::D => gate_of_d(evidence, rules),
        best => (best, Vec::new()),
    }
}

fn gates_of_a(evidence: &Evidence, rules: &GradeRules) -> (Grade, Vec<GradeReason>) {
    let needed = rules.for_a;
    let looks = [
        (needed.selection, selection(evidence)),
        (needed.need, need(evidence)),
        (needed.decider, decider(evidence)),
        (needed.budget, budget(evidence)),
    ];
    let mut told: Vec<GradeReason> = looks
        .into_iter()
        .filter_map(|(counts, reason)| counts.then_some(reason))
        .collect();
    let missing = told.iter().filter(|reason| reason.is_missing()).count();
    if missing == 0 {
        return (Grade::A, told);
    }
    let few = missing < usize::from(rules.c_from_missing);
    let lowered = if few { Grade::B } else { Grade::C };
    told.push(GradeReason::MissingLowers {
        missing: u8::try_from(missing).unwrap_or(u8::MAX),
        grade: lowered,
    });
    if lowered == Grade::B && lacks_need_for_b(evidence, rules) {
        told.push(GradeReason::NeedForB);
        return (Grade::C, told);
    }
    (lowered, told)
}

fn gate_of_b(evidence: &Evidence, rules: &GradeRules) -> (Grade, Vec<GradeReason>) {
    if lacks_need_for_b(evidence, rules) {
        (
            Grade::C,
            vec![GradeReason::NeedUnknown, GradeReason::NeedForB],
        )
    } else {
        let told = is_need_known(evidence).then_some(GradeReason::NeedKnown);
        (Grade::B, told.into_iter().collect())
    }
}

fn gate_of_d(evidence: &Evidence, rules: &GradeRules) -> (Grade, Vec<GradeReason>) {
    match rules.outside_target {
        Some(grade) if !evidence.inside_target => {
            (Grade::D.at_most(grade), vec![GradeReason::OutsideTarget])
        }
        _ => (Grade::D, Vec::new()),
    }
}

fn is_need_known(evidence: &Evidence) -> bool {
    let (codes, text) = evidence.need();
    is_rough_need(codes.len(), text)
}

fn lacks_need_for_b(evidence: &Evidence, rules: &GradeRules) -> bool {
    rules.b_needs_need && !is_need_known(evidence)
}

fn selection(evidence: &Evidence) -> GradeReason {
    match evidence.selection.as_ref().map(|known| known.value) {
        Some(SelectionStarted::Yes) => GradeReason::SelectionStarted,
        _ => GradeReason::SelectionNotStarted,
    }
}

fn need(evidence: &Evidence) -> GradeReason {
    if is_need_known(evidence) {
        GradeReason::NeedKnown
    } else {
        GradeReason::NeedUnknown
    }
}

fn decider(evidence: &Evidence) -> GradeReason {
    match &evidence.decider {
        Some(known) => GradeReason::DeciderKnown {
            certainty: known.from.certainty.unwrap_or(1),
        },
        None => GradeReason::DeciderUnknown,
    }
}

fn budget(evidence: &Evidence) -> GradeReason {
    match evidence.budget.as_ref().map(|known| known.value) {
        Some(BudgetState::None) => GradeReason::BudgetNone,
        Some(BudgetState::Unknown) | None => GradeReason::BudgetUnknown,
        Some(budget) => GradeReason::BudgetKnown { budget },
    }
}
