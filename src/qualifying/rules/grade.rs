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
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all_known(urgency: Urgency) -> GradeFacts {
        GradeFacts {
            urgency,
            selection: SelectionStarted::Yes,
            rough_need: true,
            decider_known: true,
            budget: BudgetState::Approved,
            inside_target: true,
        }
    }

    fn project(facts: &GradeFacts) -> Option<Grade> {
        propose_grade(facts, None, None, GradePreset::Project).grade
    }

    #[test]
    fn urgency_gives_the_best_grade() {
        for (urgency, in_project, in_short_cycle) in [
            (Urgency::M1, Some(Grade::A), Some(Grade::A)),
            (Urgency::M3, Some(Grade::A), Some(Grade::B)),
            (Urgency::M4To6, Some(Grade::B), Some(Grade::C)),
            (Urgency::M7To12, Some(Grade::C), Some(Grade::D)),
            (Urgency::Gt12, Some(Grade::D), Some(Grade::D)),
            (Urgency::NoPlan, Some(Grade::D), Some(Grade::D)),
            (Urgency::Unknown, None, None),
        ] {
            assert_eq!(project(&all_known(urgency)), in_project, "{urgency:?}");
            assert_eq!(
                best_grade(urgency, GradePreset::ShortCycle),
                in_short_cycle,
                "{urgency:?}"
            );
        }
    }

    #[test]
    fn gates_lower_an_a() {
        let known = all_known(Urgency::M1);
        let no_selection = GradeFacts {
            selection: SelectionStarted::Unknown,
            ..known
        };
        let no_budget = GradeFacts {
            budget: BudgetState::None,
            ..no_selection
        };
        for (facts, grade) in [
            (known, Grade::A),
            (
                GradeFacts {
                    budget: BudgetState::Applying,
                    ..known
                },
                Grade::A,
            ),
            (no_selection, Grade::B),
            (
                GradeFacts {
                    budget: BudgetState::Unknown,
                    ..known
                },
                Grade::B,
            ),
            (no_budget, Grade::B),
            (
                GradeFacts {
                    decider_known: false,
                    ..no_budget
                },
                Grade::C,
            ),
            (
                GradeFacts {
                    rough_need: false,
                    ..known
                },
                Grade::C,
            ), // B needs a rough need too
        ] {
            assert_eq!(project(&facts), Some(grade), "{facts:?}");
        }
        assert_eq!(
            project(&GradeFacts {
                rough_need: false,
                ..all_known(Urgency::M4To6)
            }),
            Some(Grade::C)
        );
        assert_eq!(
            project(&GradeFacts {
                inside_target: false,
                ..all_known(Urgency::NoPlan)
            }),
            Some(Grade::E)
        );
        assert_eq!(
            project(&GradeFacts {
                inside_target: false,
                ..all_known(Urgency::M3)
            }),
            Some(Grade::A)
        );
    }

    #[test]
    fn the_result_of_a_call_proposes_or_caps() {
        let unknown = all_known(Urgency::Unknown);
        for (facts, hint, present, grade) in [
            (
                unknown,
                Some(GradeHint::Propose(Grade::D)),
                Some(Grade::B),
                Some(Grade::D),
            ),
            (
                unknown,
                Some(GradeHint::AtMost(Grade::C)),
                Some(Grade::A),
                Some(Grade::C),
            ),
            (
                unknown,
                Some(GradeHint::AtMost(Grade::C)),
                Some(Grade::D),
                None,
            ),
            (unknown, Some(GradeHint::AtMost(Grade::C)), None, None),
            (unknown, None, Some(Grade::B), None),
            (
                all_known(Urgency::M1),
                Some(GradeHint::AtMost(Grade::C)),
                None,
                Some(Grade::C),
            ),
            (
                all_known(Urgency::M1),
                Some(GradeHint::Propose(Grade::E)),
                None,
                Some(Grade::E),
            ),
            (
                all_known(Urgency::NoPlan),
                Some(GradeHint::Propose(Grade::C)),
                None,
                Some(Grade::D),
            ),
        ] {
            assert_eq!(
                propose_grade(&facts, hint, present, GradePreset::Project).grade,
                grade,
                "{facts:?} {hint:?}"
            );
        }
    }

    #[test]
    fn reasons_name_what_lowered_it() {
        let facts = GradeFacts {
            budget: BudgetState::None,
            ..all_known(Urgency::M1)
        };
        let proposal = propose_grade(&facts, None, None, GradePreset::Project);
        assert_eq!(
            proposal.reasons,
            [
                GradeReason::UrgencyGives {
                    urgency: Urgency::M1,
                    grade: Grade::A
                },
                GradeReason::BudgetNone
            ]
        );
        let unknown = propose_grade(
            &all_known(Urgency::Unknown),
            None,
            Some(Grade::B),
            GradePreset::Project,
        );
        assert_eq!(unknown.reasons, [GradeReason::UrgencyUnknown]);
    }

    #[test]
    fn a_telemarketer_sets_b_to_e_and_proposes_a() {
        for (chosen, proposed, reason, outcome) in [
            (
                Grade::B,
                Some(Grade::B),
                None,
                Ok(AgentGrade::Set(Grade::B)),
            ),
            (Grade::A, Some(Grade::A), None, Ok(AgentGrade::ProposeToRep)),
            (
                Grade::C,
                Some(Grade::B),
                None,
                Err(AgentGradeFault::NeedsReason),
            ),
            (
                Grade::C,
                Some(Grade::B),
                Some("  "),
                Err(AgentGradeFault::NeedsReason),
            ),
            (
                Grade::C,
                Some(Grade::B),
                Some("老板出差到年底"),
                Ok(AgentGrade::Set(Grade::C)),
            ),
            (Grade::D, None, None, Err(AgentGradeFault::NeedsReason)),
        ] {
            assert_eq!(agent_grade(chosen, proposed, reason), outcome);
        }
    }

    proptest! {
        #[test]
        fn knowing_less_never_lifts_a_grade(urgency in 0usize..7, bits in 0u8..16) {
            let full = all_known(Urgency::ALL[urgency]);
            let less = GradeFacts {
                selection: if bits & 1 > 0 { SelectionStarted::No } else { full.selection },
                rough_need: bits & 2 == 0,
                decider_known: bits & 4 == 0,
                budget: if bits & 8 > 0 { BudgetState::None } else { full.budget },
                ..full
            };
            prop_assert!(project(&less) >= project(&full));
        }
    }

    #[test]
    fn every_reason_is_a_sentence_in_both_languages() {
        use crate::platform::i18n::Lang;
        for (reason, zh, en) in [
            (
                GradeReason::UrgencyGives {
                    urgency: Urgency::M1,
                    grade: Grade::A,
                },
                "迫切度是“1个月内”，最高A级。",
                "They sign “within a month”, so A at best.",
            ),
            (GradeReason::BudgetNone, "没有预算。", "There is no budget."),
            (
                GradeReason::ResultCaps { grade: Grade::C },
                "按这次通话结果，最高C级。",
                "The result of this call allows C at best.",
            ),
        ] {
            let now = "2026-09-24T02:00:00".parse().unwrap();
            assert_eq!(reason.sentence().write(Lang::Zh, chrono_tz::UTC, now), zh);
            assert_eq!(reason.sentence().write(Lang::En, chrono_tz::UTC, now), en);
        }
        for reason in [
            GradeReason::UrgencyUnknown,
            GradeReason::SelectionNotStarted,
            GradeReason::NeedUnknown,
            GradeReason::DeciderUnknown,
            GradeReason::BudgetUnknown,
            GradeReason::OutsideTarget,
            GradeReason::ResultProposes { grade: Grade::D },
        ] {
            assert!(
                Lang::ALL
                    .iter()
                    .all(|lang| lang.knows(reason.sentence().key)),
                "{reason:?}"
            );
        }
    }
}
