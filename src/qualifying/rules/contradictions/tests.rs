use super::*;
use crate::qualifying::model::{Decider, DecisionProcess, FactValue, GradeRise, VendorState};
use crate::qualifying::rules::examples::{
    all_known, at, day, graded, known, nothing, says, vendor,
};

/// What becomes of one contradiction on some evidence.
fn look(code: ContradictionCode, evidence: &Evidence) -> Checked {
    let all = check_all(evidence, &ContradictionRules::default());
    let (_, checked) = all.into_iter().find(|(one, _)| *one == code).expect("on");
    checked
}

/// An example: the evidence, and the level at which it fires.
type Example = (Evidence, Option<Level>);

/// What is changed on the company of which everything is known.
fn with(urgency: Urgency, change: impl FnOnce(&mut Evidence)) -> Evidence {
    let mut evidence = all_known(urgency);
    change(&mut evidence);
    evidence
}

fn is_a(evidence: Evidence) -> Evidence {
    graded(evidence, Grade::A, "2026-09-01")
}

fn decider(title: Option<&str>) -> Option<crate::qualifying::model::Known<Decider>> {
    known(Decider {
        name: "周敏".into(),
        title: title.map(str::to_owned),
        is_contacted: false,
    })
}

fn amount(
    from: i64,
    to: i64,
    currency: &str,
) -> Option<crate::qualifying::model::Known<(Option<i64>, Option<i64>, String)>> {
    known((Some(from), Some(to), currency.to_owned()))
}

/// For every contradiction what fires, what just does not, and what nobody can tell.
#[rustfmt::skip] // one example a line, read as a table
fn examples() -> Vec<(ContradictionCode, Example)> {
    use Level::{Block, Hint, Warn};
    use Urgency::{Gt12, M1, M3, M4To6, M7To12, NoPlan};
    let rise = |from, to, had_contact| known(GradeRise { from, to, had_contact });
    let money = Fact::Budget;
    vec![
        (K::K01, (with(M1, |e| e.budget = known(BudgetState::None)), Some(Block))),
        (K::K01, (with(M3, |e| e.budget = known(BudgetState::None)), Some(Warn))),
        (K::K01, (with(M4To6, |e| e.budget = known(BudgetState::None)), None)),
        (K::K01, (with(M1, |e| e.budget = known(BudgetState::Unknown)), None)),
        (K::K02, (with(M3, |e| e.decider = None), Some(Block))),
        (K::K02, (is_a(with(M7To12, |e| e.decider = None)), Some(Block))),
        (K::K02, (with(M4To6, |e| e.decider = None), None)),
        (K::K02, (with(M3, |e| { e.decider = None; e.urgency = None }), None)),
        (K::K03, (with(M3, |e| e.need_text = known("进销".into())), Some(Warn))),
        (K::K03, (with(M3, |e| { e.need_text = None; e.needs = known(vec!["finance".into()]) }), None)),
        (K::K03, (with(M3, |e| { e.need_text = None; e.urgency = known(Urgency::Unknown) }), None)),
        (K::K04, (with(M3, |e| { e.last_result = known("no_need".into()); e.vendors = vendor(VendorState::Demo) }), Some(Block))),
        (K::K04, (with(M3, |e| { e.last_result = known("no_need".into()); e.vendors = vendor(VendorState::Mentioned) }), None)),
        (K::K04, (with(M3, |e| e.last_result = known("no_need".into())), None)),
        (K::K05, (with(M1, |e| e.first_contact = Some(at("2026-09-09"))), Some(Block))),
        (K::K05, (with(M1, |e| e.first_contact = Some(at("2026-09-08"))), None)),
        (K::K05, (with(M1, |e| e.first_contact = None), None)),
        (K::K06, (is_a(all_known(Gt12)), Some(Warn))),
        (K::K06, (graded(all_known(Gt12), Grade::C, "2026-09-01"), None)),
        (K::K06, (all_known(Gt12), None)),
        (K::K07, (all_known(NoPlan), Some(Warn))),
        (K::K07, (with(NoPlan, |e| e.budget = known(BudgetState::Applying)), None)),
        (K::K07, (with(NoPlan, |e| e.budget = None), None)),
        (K::K08, (with(M1, |e| e.go_live = known(day("2026-11-20"))), Some(Block))), // signs by 22 October
        (K::K08, (with(M1, |e| e.go_live = known(day("2026-11-21"))), None)),
        (K::K08, (with(NoPlan, |e| e.go_live = known(day("2026-11-20"))), None)),
        (K::K09, (with(M4To6, |e| e.present_system_year = known(2025)), Some(Warn))),
        (K::K09, (with(M4To6, |e| e.present_system_year = known(2024)), None)),
        (K::K09, (with(M7To12, |e| e.present_system_year = known(2025)), None)),
        (K::K09, (all_known(M4To6), None)),
        (K::K10, (is_a(with(M3, |e| { e.present_system_year = known(2015); e.satisfaction = known(5) })), Some(Hint))),
        (K::K10, (is_a(with(M3, |e| { e.present_system_year = known(2016); e.satisfaction = known(5) })), None)),
        (K::K10, (is_a(with(M3, |e| e.present_system_year = known(2015))), None)),
        (K::K11, (with(M3, |e| { e.quotation = Some(at("2026-09-20")); e.need_text = None }), Some(Warn))),
        (K::K11, (with(M3, |e| e.quotation = Some(at("2026-09-20"))), None)),
        (K::K11, (with(M3, |e| e.need_text = None), None)),
        (K::K12, (with(M3, |e| e.budget_amount = amount(6_000_000, 6_399_900, "CNY")), Some(Warn))), // 320 heads: 64,000
        (K::K12, (with(M3, |e| e.budget_amount = amount(640_000_100, 900_000_000, "CNY")), Some(Warn))), // 6,400,000
        (K::K12, (with(M3, |e| e.budget_amount = amount(6_400_000, 640_000_000, "CNY")), None)),
        (K::K12, (with(M3, |e| { e.budget_amount = amount(1, 2, "CNY"); e.headcount = None }), None)),
        (K::K13, (with(M3, |e| e.need_users = known(321)), Some(Block))),
        (K::K13, (with(M3, |e| e.need_users = known(320)), None)),
        (K::K13, (with(M3, |e| { e.need_users = known(321); e.headcount = None }), None)),
        (K::K14, (with(M3, |e| e.size_class = known(3)), Some(Warn))),
        (K::K14, (with(M3, |e| e.size_class = known(4)), None)),
        (K::K14, (all_known(M3), None)),
        (K::K15, (with(M3, |e| e.decider = decider(Some("采购专员"))), Some(Warn))),
        (K::K15, (with(M3, |e| e.decider = decider(Some("采购经理"))), None)),
        (K::K15, (with(M3, |e| e.decider = decider(None)), None)),
        (K::K16, (with(M3, |e| e.opinions = vec![says(1, money, "budget-none"), says(2, money, "budget-approved")]), Some(Warn))),
        (K::K16, (with(M3, |e| e.opinions = vec![says(1, money, "budget-none"), says(2, money, "budget-none")]), None)),
        (K::K16, (with(M3, |e| e.opinions = vec![says(1, money, "budget-none"), says(1, money, "budget-approved")]), None)),
        (K::K17, (with(M3, |e| e.grade_rise = rise(Grade::D, Grade::B, false)), Some(Block))),
        (K::K17, (with(M3, |e| e.grade_rise = rise(Grade::C, Grade::B, false)), None)),
        (K::K17, (with(M3, |e| e.grade_rise = rise(Grade::D, Grade::B, true)), None)),
        (K::K17, (all_known(M3), None)),
        (K::K18, (with(M1, |e| e.next_date = Some(at("2026-10-07"))), Some(Warn))),
        (K::K18, (with(M1, |e| e.next_date = None), Some(Warn))),
        (K::K18, (with(M1, |e| e.next_date = Some(at("2026-10-06"))), None)),
        (K::K18, (with(M1, |e| { e.next_date = None; e.urgency = None }), None)),
        (K::K19, (with(M3, |e| { e.present_system = known("没有".into()); e.present_system_year = known(2014) }), Some(Warn))),
        (K::K19, (with(M3, |e| { e.present_system = known("none".into()); e.other_system = known("鼎衡U6".into()) }), Some(Warn))),
        (K::K19, (with(M3, |e| { e.present_system = known("鼎衡U6".into()); e.present_system_year = known(2014) }), None)),
        (K::K19, (with(M3, |e| e.present_system_year = known(2014)), None)),
        (K::K20, (is_a(with(M3, |e| { e.refusal = Some(at("2026-09-20")); e.next_date = None })), Some(Block))),
        (K::K20, (with(M3, |e| e.refusal = Some(at("2026-09-20"))), Some(Block))),
        (K::K20, (graded(with(M3, |e| { e.refusal = Some(at("2026-09-20")); e.next_date = None }), Grade::C, "2026-09-01"), None)),
        (K::K20, (is_a(all_known(M3)), None)),
        (K::K21, (graded(with(M3, |e| e.vendors = vendor(VendorState::Signed)), Grade::C, "2026-09-01"), Some(Block))),
        (K::K21, (graded(with(M3, |e| e.vendors = vendor(VendorState::Signed)), Grade::D, "2026-09-01"), None)),
        (K::K21, (is_a(with(M3, |e| e.vendors = None)), None)),
        (K::K22, (with(M3, |e| e.process = known(DecisionProcess::GroupHq)), Some(Hint))),
        (K::K22, (with(M3, |e| e.process = known(DecisionProcess::Committee)), None)),
        (K::K22, (with(M3, |e| { e.process = None; e.parent = known("砚川集团".into()) }), None)),
        (K::K23, (is_a(with(M3, |e| e.talk_seconds = known(59))), Some(Warn))),
        (K::K23, (with(M3, |e| e.note_twin = known("昆山砚川".into())), Some(Warn))),
        (K::K23, (is_a(with(M3, |e| e.talk_seconds = known(60))), None)),
        (K::K23, (is_a(all_known(M3)), None)),
        (K::K24, (with(M1, |e| e.budget_year = known(2027)), Some(Warn))),
        (K::K24, (with(M1, |e| e.budget_year = known(2026)), None)),
        (K::K24, (with(NoPlan, |e| e.budget_year = known(2027)), None)),
        (K::K25, (with(M3, |e| { e.industry = known("J66".into()); e.needs = known(vec!["production".into()]) }), Some(Hint))),
        (K::K25, (with(M3, |e| { e.industry = known("C34".into()); e.needs = known(vec!["production".into()]) }), None)),
        (K::K25, (with(M3, |e| e.needs = known(vec!["production".into()])), None)),
        (K::K26, (with(M3, |e| e.credit_code = known("91320500MA1XXXXXX0".into())), Some(Warn))),
        (K::K26, (with(M3, |e| e.last_result = known("closed".into())), Some(Warn))),
        (K::K26, (with(M3, |e| e.credit_code = known("91350100M000100Y43".into())), None)),
        (K::K26, (all_known(M3), None)),
    ]
}

#[test]
fn each_fires_just_does_not_and_stays_silent_without_its_facts() {
    for (code, (evidence, level)) in examples() {
        let checked = look(code, &evidence);
        match (&checked, level) {
            (Checked::Fires(found), Some(level)) => assert_eq!(found.level, level, "{code:?}"),
            (Checked::Agrees | Checked::Missing(_), None) => {}
            _ => panic!("{code:?}: {checked:?}, expected {level:?}"),
        }
    }
}

#[test]
fn every_contradiction_has_three_examples_of_which_one_lacks_facts() {
    for code in ContradictionCode::ALL {
        let of_code: Vec<Checked> = examples()
            .iter()
            .filter(|(one, _)| one == code)
            .map(|(code, (evidence, _))| look(*code, evidence))
            .collect();
        assert!(of_code.len() >= 3, "{code:?}");
        for kind in ["fires", "agrees", "missing"] {
            let has = of_code.iter().any(|checked| match checked {
                Checked::Fires(_) => kind == "fires",
                Checked::Agrees => kind == "agrees",
                Checked::Missing(_) => kind == "missing",
            });
            assert!(has, "{code:?} has no example that {kind}");
        }
    }
}

#[test]
fn what_fires_names_its_facts_with_their_sources() {
    for (code, (evidence, level)) in examples() {
        if level.is_none() {
            continue;
        }
        let Checked::Fires(found) = look(code, &evidence) else {
            panic!("{code:?}");
        };
        assert!(!found.facts.is_empty(), "{code:?} names no fact");
        let stored = serde_json::to_string(&found).unwrap();
        assert_eq!(serde_json::from_str::<Found>(&stored).unwrap(), found);
    }
}

#[test]
fn only_what_blocks_does_something_to_the_grade() {
    for (code, (evidence, _)) in examples() {
        if let Checked::Fires(found) = look(code, &evidence) {
            let blocks = found.level == Level::Block;
            assert_eq!(found.effect != Effect::None, blocks, "{code:?}");
        }
    }
}

#[test]
fn of_nothing_nothing_is_contradicted() {
    let rules = ContradictionRules::default();
    let all = check_all(&nothing(), &rules);
    assert_eq!(all.len(), 26);
    for (code, checked) in all {
        assert!(matches!(checked, Checked::Missing(_)), "{code:?}");
    }
    assert!(contradictions(&all_known(Urgency::M3), &rules).is_empty());
    assert!(contradictions(&all_known(Urgency::M1), &rules).is_empty());
}

#[test]
fn a_contradiction_that_is_off_is_not_looked_for() {
    let rules = ContradictionRules {
        off: [ContradictionCode::K07].into(),
        ..ContradictionRules::default()
    };
    assert!(contradictions(&all_known(Urgency::NoPlan), &rules).is_empty());
}

#[test]
fn the_hash_follows_the_values_not_what_moves_by_itself() {
    let hash = |evidence: &Evidence| {
        let found = contradictions(evidence, &ContradictionRules::default());
        found.first().expect("a contradiction").hash()
    };
    let far = is_a(all_known(Urgency::Gt12));
    let as_b = graded(far.clone(), Grade::B, "2026-09-20");
    assert_eq!(hash(&far), hash(&as_b));
    let crowded = |users| with(Urgency::M3, |e| e.need_users = known(users));
    assert_ne!(hash(&crowded(400)), hash(&crowded(401)));
}

#[test]
fn a_grade_that_is_only_meant_stands_beside_the_present_one() {
    let found = |evidence: &Evidence| {
        let mut all = contradictions(evidence, &ContradictionRules::default());
        all.retain(|one| one.code == K::K02);
        all.remove(0)
    };
    let grades = |found: Found| -> Vec<(Fact, FactValue)> {
        let of_grade = |c: &Cited| matches!(c.fact, Fact::Grade | Fact::GradeMeant);
        let facts = found.facts.into_iter().filter(of_grade);
        facts.map(|c| (c.fact, c.value)).collect()
    };
    let word = |grade: Grade| FactValue::Word(grade.key().to_owned());
    let as_a = found(&is_a(with(Urgency::M7To12, |e| e.decider = None)));
    let since = at("2026-08-01");
    for (present, told) in [
        (Some(Grade::A), vec![(Fact::Grade, word(Grade::A))]),
        (
            Some(Grade::C),
            vec![
                (Fact::Grade, word(Grade::C)),
                (Fact::GradeMeant, word(Grade::A)),
            ],
        ),
        (None, vec![(Fact::GradeMeant, word(Grade::A))]),
    ] {
        let foretold = as_a.clone().foretold(present.map(|grade| (grade, since)));
        assert_eq!(grades(foretold), told, "{present:?}");
    }
    assert_eq!(as_a.clone().foretold(None).hash(), as_a.hash());
}

#[test]
fn every_contradiction_has_a_name_and_a_question_in_both_languages() {
    use crate::platform::i18n::Lang;
    for code in ContradictionCode::ALL {
        for lang in Lang::ALL {
            assert!(lang.knows(code.key()), "{}", code.key());
            assert!(lang.knows(&code.question_key()), "{}", code.question_key());
        }
    }
}
