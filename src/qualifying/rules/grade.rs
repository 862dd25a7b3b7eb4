//! The grade that follows from what is known: urgency gives the best one, gates only lower it, a person decides.

use serde::{Deserialize, Serialize};

use crate::platform::sentence::Sentence;
use crate::qualifying::model::{BudgetState, Grade, GradePreset, SelectionStarted, Urgency};

/// What a grade is read off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GradeFacts {
    /// As said, not as moved by time.
    pub urgency: Urgency,
    /// Whether they have begun to choose.
    pub selection: SelectionStarted,
    /// Whether the need is known at least roughly.
    pub rough_need: bool,
    /// Whether somebody is known to decide.
    pub decider_known: bool,
    /// Where the money stands.
    pub budget: BudgetState,
    /// Whether the company is inside the target market; without one everybody is.
    pub inside_target: bool,
}

/// What a call's result says about the grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "grade", rename_all = "snake_case")]
pub enum GradeHint {
    /// This grade.
    Propose(Grade),
    /// No better grade than this.
    AtMost(Grade),
}

/// Why a grade is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum GradeReason {
    /// The urgency gives this grade at best.
    UrgencyGives {
        /// As said.
        urgency: Urgency,
        /// The best grade.
        grade: Grade,
    },
    /// No urgency: the present grade stays.
    UrgencyUnknown,
    /// They have not begun to choose, or nobody knows.
    SelectionNotStarted,
    /// The need is not even roughly known.
    NeedUnknown,
    /// Nobody knows who decides.
    DeciderUnknown,
    /// There is no budget.
    BudgetNone,
    /// Nobody knows whether there is a budget.
    BudgetUnknown,
    /// Not inside the target market.
    OutsideTarget,
    /// The result of the call proposes this grade.
    ResultProposes {
        /// The grade.
        grade: Grade,
    },
    /// The result of the call allows no better grade.
    ResultCaps {
        /// The best that is left.
        grade: Grade,
    },
}

impl GradeReason {
    /// The sentence that says it.
    pub fn sentence(self) -> Sentence {
        match self {
            Self::UrgencyGives { urgency, grade } => Sentence::of("grade-why-urgency")
                .with("urgency", urgency.key())
                .with("grade", grade.key()),
            Self::UrgencyUnknown => Sentence::of("grade-why-urgency-unknown"),
            Self::SelectionNotStarted => Sentence::of("grade-why-selection"),
            Self::NeedUnknown => Sentence::of("grade-why-need"),
            Self::DeciderUnknown => Sentence::of("grade-why-decider"),
            Self::BudgetNone => Sentence::of("grade-why-budget-none"),
            Self::BudgetUnknown => Sentence::of("grade-why-budget-unknown"),
            Self::OutsideTarget => Sentence::of("grade-why-outside"),
            Self::ResultProposes { grade } => {
                Sentence::of("grade-why-result").with("grade", grade.key())
            }
            Self::ResultCaps { grade } => {
                Sentence::of("grade-why-result-caps").with("grade", grade.key())
            }
        }
    }
}

/// A proposed grade with its reasons; no grade where the rules have nothing to propose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradeProposal {
    /// The grade, if one is proposed.
    pub grade: Option<Grade>,
    /// Why, the deciding reasons first.
    pub reasons: Vec<GradeReason>,
}

/// The best grade that an urgency can give.
pub fn best_grade(urgency: Urgency, preset: GradePreset) -> Option<Grade> {
    Some(match (urgency, preset) {
        (Urgency::Unknown, _) => return None,
        (Urgency::M1, _) => Grade::A,
        (Urgency::M3, GradePreset::Project) => Grade::A,
        (Urgency::M3, GradePreset::ShortCycle) | (Urgency::M4To6, GradePreset::Project) => Grade::B,
        (Urgency::M4To6, GradePreset::ShortCycle) | (Urgency::M7To12, GradePreset::Project) => {
            Grade::C
        }
        (Urgency::M7To12, GradePreset::ShortCycle) | (Urgency::Gt12 | Urgency::NoPlan, _) => {
            Grade::D
        }
    })
}

/// The grade to propose after a call, from the facts and from what its result says.
pub fn propose_grade(
    facts: &GradeFacts,
    hint: Option<GradeHint>,
    present: Option<Grade>,
    preset: GradePreset,
) -> GradeProposal {
    let (mut grade, mut reasons) = from_facts(facts, preset);
    match hint {
        Some(GradeHint::Propose(proposed)) => {
            grade = Some(grade.map_or(proposed, |grade| grade.at_most(proposed)));
            reasons.insert(0, GradeReason::ResultProposes { grade: proposed });
        }
        Some(GradeHint::AtMost(cap)) => {
            let before = grade.or(present);
            if before.is_some_and(|before| before.is_better_than(cap)) {
                grade = Some(cap);
                reasons.insert(0, GradeReason::ResultCaps { grade: cap });
            }
        }
        None => {}
    }
    if grade.is_some() {
        reasons.retain(|reason| *reason != GradeReason::UrgencyUnknown);
    }
    GradeProposal { grade, reasons }
}

fn from_facts(facts: &GradeFacts, preset: GradePreset) -> (Option<Grade>, Vec<GradeReason>) {
    let Some(best) = best_grade(facts.urgency, preset) else {
        return (None, vec![GradeReason::UrgencyUnknown]);
    };
    let given = GradeReason::UrgencyGives {
        urgency: facts.urgency,
        grade: best,
    };
    match best {
        Grade::A => {
            let missing = missing_for_a(facts);
            let by_count = [Grade::A, Grade::B, Grade::B]
                .get(missing.len())
                .copied()
                .unwrap_or(Grade::C);
            let grade = if facts.rough_need {
                by_count
            } else {
                by_count.at_most(Grade::C)
            };
            (Some(grade), std::iter::once(given).chain(missing).collect())
        }
        Grade::B if !facts.rough_need => (Some(Grade::C), vec![given, GradeReason::NeedUnknown]),
        Grade::D if !facts.inside_target => {
            (Some(Grade::E), vec![given, GradeReason::OutsideTarget])
        }
        best => (Some(best), vec![given]),
    }
}

fn missing_for_a(facts: &GradeFacts) -> Vec<GradeReason> {
    [
        (
            facts.selection != SelectionStarted::Yes,
            GradeReason::SelectionNotStarted,
        ),
        (!facts.rough_need, GradeReason::NeedUnknown),
        (!facts.decider_known, GradeReason::DeciderUnknown),
        (facts.budget == BudgetState::None, GradeReason::BudgetNone),
        (
            facts.budget == BudgetState::Unknown,
            GradeReason::BudgetUnknown,
        ),
    ]
    .into_iter()
    .filter_map(|(missing, reason)| missing.then_some(reason))
    .collect()
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
