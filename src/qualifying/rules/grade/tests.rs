use super::*;
use crate::qualifying::model::{
    BudgetState, ContradictionCode, GradePreset, SelectionStarted, Urgency, VendorState,
};
use crate::qualifying::rules::examples::{all_known, at, day, graded, known, nothing, vendor};
use proptest::prelude::*;

fn rules() -> GradeRules {
    GradeRules::default()
}

fn proposed(evidence: &Evidence, rules: &GradeRules) -> Option<Grade> {
    propose_grade(evidence, &Circumstances::default(), rules).grade
}

/// Everything is known but: `s` selection, `n` need, `d` decider, `b` budget; `0` no budget, `a` applied for,
/// `o` outside the target market.
fn but(urgency: Urgency, lacks: &str) -> Evidence {
    let mut e = all_known(urgency);
    for lack in lacks.chars() {
        match lack {
            's' => e.selection = known(SelectionStarted::Unknown),
            'n' => e.need_text = None,
            'd' => e.decider = None,
            'b' => e.budget = None,
            '0' => e.budget = known(BudgetState::None),
            'a' => e.budget = known(BudgetState::Applying),
            'o' => e.inside_target = false,
            other => panic!("{other}"),
        }
    }
    e
}

#[test]
fn the_evidence_gives_the_grade_in_both_presets() {
    use Grade::{A, B, C, D, E};
    use Urgency::{Gt12, M1, M3, M4To6, M7To12, NoPlan, Unknown};
    let none: Option<Grade> = None;
    #[rustfmt::skip] // urgency, what is missing, grade of a project, grade of a short sale
    let table = [
        (M1, "", Some(A), Some(A)), (M1, "a", Some(A), Some(A)), (M1, "o", Some(A), Some(A)),
        (M1, "s", Some(B), Some(B)), (M1, "d", Some(B), Some(B)), (M1, "b", Some(B), Some(B)),
        (M1, "0", Some(B), Some(B)), (M1, "sd", Some(B), Some(B)), (M1, "sb", Some(B), Some(B)),
        (M1, "s0", Some(B), Some(B)), (M1, "db", Some(B), Some(B)), (M1, "d0", Some(B), Some(B)),
        (M1, "n", Some(C), Some(C)), (M1, "sn", Some(C), Some(C)), (M1, "nd", Some(C), Some(C)),
        (M1, "nb", Some(C), Some(C)), (M1, "n0", Some(C), Some(C)), (M1, "sdb", Some(C), Some(C)),
        (M1, "sd0", Some(C), Some(C)), (M1, "snd", Some(C), Some(C)), (M1, "sndb", Some(C), Some(C)),
        (M1, "snd0", Some(C), Some(C)), (M1, "sndbo", Some(C), Some(C)),
        (M3, "", Some(A), Some(B)), (M3, "a", Some(A), Some(B)), (M3, "o", Some(A), Some(B)),
        (M3, "s", Some(B), Some(B)), (M3, "d", Some(B), Some(B)), (M3, "b", Some(B), Some(B)),
        (M3, "0", Some(B), Some(B)), (M3, "sd", Some(B), Some(B)), (M3, "d0", Some(B), Some(B)),
        (M3, "n", Some(C), Some(C)), (M3, "nb", Some(C), Some(C)), (M3, "sdb", Some(C), Some(B)),
        (M3, "sd0", Some(C), Some(B)), (M3, "sndb", Some(C), Some(C)),
        (M4To6, "", Some(B), Some(C)), (M4To6, "s", Some(B), Some(C)), (M4To6, "d", Some(B), Some(C)),
        (M4To6, "b", Some(B), Some(C)), (M4To6, "0", Some(B), Some(C)), (M4To6, "sdb", Some(B), Some(C)),
        (M4To6, "n", Some(C), Some(C)), (M4To6, "sndb", Some(C), Some(C)), (M4To6, "o", Some(B), Some(C)),
        (M7To12, "", Some(C), Some(D)), (M7To12, "n", Some(C), Some(D)), (M7To12, "sndb", Some(C), Some(D)),
        (M7To12, "o", Some(C), Some(D)),
        (Gt12, "", Some(D), Some(D)), (Gt12, "sndb", Some(D), Some(D)), (Gt12, "o", Some(E), Some(D)),
        (NoPlan, "", Some(D), Some(D)), (NoPlan, "sndb", Some(D), Some(D)), (NoPlan, "o", Some(E), Some(D)),
        (Unknown, "", none, none), (Unknown, "sndb", none, none), (Unknown, "o", none, none),
    ];
    assert!(table.len() * GradePreset::ALL.len() >= 60);
    for (urgency, lacks, in_project, in_short_cycle) in table {
        let evidence = but(urgency, lacks);
        let of = |preset| proposed(&evidence, &GradeRules::of(preset));
        assert_eq!(of(GradePreset::Project), in_project, "{urgency:?} {lacks}");
        assert_eq!(
            of(GradePreset::ShortCycle),
            in_short_cycle,
            "{urgency:?} {lacks}"
        );
    }
}

#[test]
fn the_result_of_a_call_proposes_or_caps() {
    use Grade::{A, B, C, D, E};
    let unknown = || all_known(Urgency::Unknown);
    let with = |e: Evidence, grade| graded(e, grade, "2026-09-01");
    for (evidence, hint, grade) in [
        (with(unknown(), B), GradeHint::Propose(D), Some(D)),
        (unknown(), GradeHint::Propose(D), Some(D)),
        (with(unknown(), A), GradeHint::AtMost(C), Some(C)),
        (with(unknown(), D), GradeHint::AtMost(C), None),
        (unknown(), GradeHint::AtMost(C), None),
        (all_known(Urgency::M1), GradeHint::AtMost(C), Some(C)),
        (all_known(Urgency::M1), GradeHint::Propose(E), Some(E)),
        (all_known(Urgency::NoPlan), GradeHint::Propose(C), Some(D)),
        (all_known(Urgency::M7To12), GradeHint::AtMost(C), Some(C)),
    ] {
        let around = Circumstances {
            hint: Some(hint),
            ..Circumstances::default()
        };
        let proposal = propose_grade(&evidence, &around, &rules());
        assert_eq!(proposal.grade, grade, "{hint:?} {:?}", evidence.present());
    }
}

#[test]
fn contradictions_hold_the_grade_down() {
    use Grade::{A, B, C, D};
    let just_met = Evidence {
        first_contact: Some(at("2026-09-20")),
        ..all_known(Urgency::M1)
    };
    let crowded = Evidence {
        need_users: known(400),
        ..all_known(Urgency::M3)
    };
    let live_early = Evidence {
        go_live: known(day("2026-10-01")),
        ..all_known(Urgency::M1)
    };
    let refused = Evidence {
        refusal: Some(at("2026-09-22")),
        ..all_known(Urgency::M4To6)
    };
    let lost = Evidence {
        vendors: vendor(VendorState::Signed),
        ..all_known(Urgency::M1)
    };
    let lost_unasked = Evidence {
        urgency: None,
        ..graded(lost.clone(), B, "2026-09-01")
    };
    for (name, evidence, grade) in [
        ("K05", just_met, B),
        ("K13", crowded, B),
        ("K08", live_early, B),
        ("K20", refused, C),
        ("K21", lost, D),
        ("K21 without urgency", lost_unasked, D),
        ("nothing", all_known(Urgency::M1), A),
    ] {
        assert_eq!(proposed(&evidence, &rules()), Some(grade), "{name}");
    }
}

#[test]
fn a_dismissed_contradiction_holds_nothing_until_its_facts_change() {
    let mut evidence = Evidence {
        need_users: known(400),
        ..all_known(Urgency::M3)
    };
    let dismissed: BTreeSet<i64> = contradictions(&evidence, &rules().contradictions)
        .iter()
        .map(Found::hash)
        .collect();
    let around = Circumstances {
        dismissed: Some(&dismissed),
        ..Circumstances::default()
    };
    let grade = |e: &Evidence| propose_grade(e, &around, &rules()).grade;
    assert_eq!(grade(&evidence), Some(Grade::A));
    evidence.need_users = known(500);
    assert_eq!(grade(&evidence), Some(Grade::B));
}

#[test]
fn no_need_while_a_competitor_shows_its_product_asks_again_before_d() {
    let evidence = Evidence {
        last_result: known("no_need".into()),
        vendors: vendor(VendorState::Demo),
        ..nothing()
    };
    let around = Circumstances {
        hint: Some(GradeHint::Propose(Grade::D)),
        ..Circumstances::default()
    };
    let fresh = propose_grade(&evidence, &around, &rules());
    assert_eq!(fresh.grade, None);
    let (what, grade) = (ContradictionCode::K04, Grade::D);
    assert!(
        fresh
            .reasons
            .contains(&GradeReason::AskAgain { what, grade })
    );
    let known_as_c = graded(evidence, Grade::C, "2026-09-01");
    assert_eq!(
        propose_grade(&known_as_c, &around, &rules()).grade,
        Some(Grade::C)
    );
}

#[test]
fn without_a_contact_nothing_rises() {
    let hot = all_known(Urgency::M1);
    for (given_on, grade) in [("2026-09-01", Grade::A), ("2026-09-22", Grade::C)] {
        let evidence = graded(hot.clone(), Grade::C, given_on);
        assert_eq!(proposed(&evidence, &rules()), Some(grade), "{given_on}");
    }
    let never = Evidence {
        last_contact: None,
        ..graded(hot, Grade::D, "2026-09-01")
    };
    assert_eq!(proposed(&never, &rules()), Some(Grade::D));
}

#[test]
fn reasons_name_what_lowered_it() {
    let evidence = but(Urgency::M1, "b");
    let proposal = propose_grade(&evidence, &Circumstances::default(), &rules());
    let (urgency, grade) = (Urgency::M1, Grade::A);
    assert_eq!(
        proposal.reasons,
        [
            GradeReason::UrgencyGives { urgency, grade },
            GradeReason::SelectionStarted,
            GradeReason::NeedKnown,
            GradeReason::DeciderKnown { certainty: 2 },
            GradeReason::BudgetUnknown,
            GradeReason::MissingLowers {
                missing: 1,
                grade: Grade::B
            },
        ]
    );
    let stored = serde_json::to_string(&proposal).unwrap();
    assert_eq!(
        serde_json::from_str::<GradeProposal>(&stored).unwrap(),
        proposal
    );
    let unknown = propose_grade(
        &all_known(Urgency::Unknown),
        &Circumstances::default(),
        &rules(),
    );
    assert_eq!(unknown.reasons, [GradeReason::UrgencyUnknown]);
}

#[test]
fn the_headline_says_what_lowered_it() {
    use crate::platform::i18n::Lang;
    let now = "2026-09-24T02:00:00".parse().unwrap();
    for (lacks, zh, en) in [
        (
            "b",
            "“1个月内”本可到A级；预算还不清楚：B级",
            "“within a month” would be A; budget not known: B",
        ),
        (
            "sb",
            "“1个月内”本可到A级；选型没开始、预算还不清楚：B级",
            "“within a month” would be A; not choosing yet, budget not known: B",
        ),
        (
            "sdb",
            "“1个月内”本可到A级；选型没开始，另有2项：C级",
            "“within a month” would be A; not choosing yet and 2 more: C",
        ),
    ] {
        let proposal = propose_grade(
            &but(Urgency::M1, lacks),
            &Circumstances::default(),
            &rules(),
        );
        let headline = proposal.headline().expect(lacks);
        assert_eq!(headline.write(Lang::Zh, chrono_tz::UTC, now), zh);
        assert_eq!(headline.write(Lang::En, chrono_tz::UTC, now), en);
    }
    let full = propose_grade(&but(Urgency::M1, ""), &Circumstances::default(), &rules());
    assert_eq!(full.headline(), None);
}

#[test]
fn a_telemarketer_sets_b_to_e_and_proposes_a() {
    let needs = Err(AgentGradeFault::NeedsReason);
    for (chosen, proposed, reason, outcome) in [
        (
            Grade::B,
            Some(Grade::B),
            None,
            Ok(AgentGrade::Set(Grade::B)),
        ),
        (Grade::A, Some(Grade::A), None, Ok(AgentGrade::ProposeToRep)),
        (Grade::C, Some(Grade::B), None, needs),
        (Grade::C, Some(Grade::B), Some("  "), needs),
        (
            Grade::C,
            Some(Grade::B),
            Some("老板出差到年底"),
            Ok(AgentGrade::Set(Grade::C)),
        ),
        (Grade::D, None, None, needs),
    ] {
        assert_eq!(agent_grade(chosen, proposed, reason), outcome);
    }
}

#[test]
fn every_reason_is_a_sentence_in_both_languages() {
    use crate::platform::i18n::Lang;
    let (grade, what) = (Grade::B, ContradictionCode::K01);
    let budget = BudgetState::Approved;
    let now = "2026-09-24T02:00:00".parse().unwrap();
    for reason in [
        GradeReason::UrgencyGives {
            urgency: Urgency::M1,
            grade,
        },
        GradeReason::UrgencyUnknown,
        GradeReason::SelectionStarted,
        GradeReason::SelectionNotStarted,
        GradeReason::NeedKnown,
        GradeReason::NeedUnknown,
        GradeReason::DeciderKnown { certainty: 1 },
        GradeReason::DeciderUnknown,
        GradeReason::BudgetKnown { budget },
        GradeReason::BudgetNone,
        GradeReason::BudgetUnknown,
        GradeReason::MissingLowers { missing: 2, grade },
        GradeReason::NeedForB,
        GradeReason::OutsideTarget,
        GradeReason::ResultProposes { grade },
        GradeReason::ResultCaps { grade },
        GradeReason::ContradictionCaps { what, grade },
        GradeReason::AskAgain { what, grade },
        GradeReason::NoContactSince {
            on: day("2026-06-01"),
            grade,
        },
        GradeReason::Expired { days: 90, grade },
        GradeReason::RulesChanged { grade },
    ] {
        for lang in Lang::ALL {
            let sentence = reason.sentence();
            assert!(lang.knows(sentence.key), "{reason:?}");
            let text = sentence.write(lang, chrono_tz::UTC, now);
            assert!(!text.contains("{$") && !text.contains("grade-"), "{text}");
        }
    }
}

/// Evidence of any kind, with and without a grade, fresh or old.
fn any_evidence() -> impl Strategy<Value = Evidence> {
    let facts = (0usize..7, 0u32..256, 0usize..5, 0i64..800, 0usize..6);
    facts.prop_map(|(urgency, bits, vendors, age, grade)| {
        let mut e = all_known(Urgency::ALL[urgency]);
        let has = |bit: u32| bits & (1 << bit) != 0;
        e.today += chrono::TimeDelta::days(age);
        e.selection = known(if has(0) {
            SelectionStarted::Yes
        } else {
            SelectionStarted::No
        });
        e.need_text = e.need_text.filter(|_| has(1));
        e.decider = e.decider.filter(|_| has(2));
        e.budget = known(BudgetState::ALL[usize::from(has(3)) * 2]);
        e.inside_target = has(4);
        e.need_users = known(if has(5) { 10 } else { 900 });
        e.refusal = has(6).then(|| at("2026-09-22"));
        e.next_date = e.next_date.filter(|_| has(7));
        e.vendors = VendorState::ALL
            .get(vendors)
            .and_then(|state| vendor(*state));
        match Grade::ALL.get(grade) {
            Some(present) => graded(
                e,
                *present,
                if has(1) { "2026-09-01" } else { "2026-09-22" },
            ),
            None => e,
        }
    })
}

fn any_hint() -> impl Strategy<Value = Option<GradeHint>> {
    (0usize..3, 0usize..5).prop_map(|(kind, grade)| {
        let grade = Grade::ALL[grade];
        [
            None,
            Some(GradeHint::Propose(grade)),
            Some(GradeHint::AtMost(grade)),
        ][kind]
    })
}

proptest! {
    #[test]
    fn no_upgrade_without_a_contact(evidence in any_evidence(), hint in any_hint(), days in 0i64..2_000) {
        let around = Circumstances { hint, ..Circumstances::default() };
        let later = Evidence { today: evidence.today + chrono::TimeDelta::days(days), ..evidence.clone() };
        let proposal = propose_grade(&later, &around, &rules());
        if let (Some(present), Some(grade), false) = (evidence.present(), proposal.grade, evidence.has_spoken_since_grade()) {
            prop_assert!(!grade.is_better_than(present), "{proposal:?}");
        }
    }

    #[test]
    fn a_blocked_grade_never_exceeds_its_cap(evidence in any_evidence(), hint in any_hint()) {
        let around = Circumstances { hint, ..Circumstances::default() };
        let proposal = propose_grade(&evidence, &around, &rules());
        let result = evidence.graded(proposal.grade.or(evidence.present()), at("2026-09-22"));
        for found in contradictions(&result, &rules().contradictions) {
            if let (Effect::AtMost(cap), Some(grade)) = (found.effect, result.present()) {
                prop_assert!(!grade.is_better_than(cap), "{found:?} {proposal:?}");
            }
        }
    }

    #[test]
    fn gates_only_lower(evidence in any_evidence()) {
        let proposal = from_facts(&evidence, &rules());
        prop_assert!(proposal.grade >= proposal.best);
    }

    #[test]
    fn knowing_less_never_lifts_a_grade(urgency in 0usize..7, bits in 0u8..16) {
        let full = all_known(Urgency::ALL[urgency]);
        let lacks: String = ['s', 'n', 'd', '0'].into_iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0).map(|(_, lack)| lack).collect();
        prop_assert!(proposed(&but(Urgency::ALL[urgency], &lacks), &rules()) >= proposed(&full, &rules()));
    }
}
