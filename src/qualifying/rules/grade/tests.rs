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
