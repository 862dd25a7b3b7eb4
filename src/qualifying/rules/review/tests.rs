use super::*;
use crate::qualifying::model::{Urgency, VendorState};
use crate::qualifying::rules::examples::{all_known, at, day, graded, vendor};

fn rules() -> GradeRules {
    GradeRules::default()
}

#[test]
fn an_expired_grade_is_proposed_lower_and_says_for_how_long() {
    for (grade, today, lower) in [
        (Grade::A, "2026-10-21", None),
        (Grade::A, "2026-10-22", Some((Grade::B, 30))),
        (Grade::B, "2026-12-20", None),
        (Grade::B, "2026-12-21", Some((Grade::C, 90))),
        (Grade::C, "2027-03-20", None),
        (Grade::C, "2027-03-21", Some((Grade::D, 180))),
        (Grade::D, "2029-01-01", None),
        (Grade::E, "2029-01-01", None),
    ] {
        let evidence = Evidence {
            today: day(today),
            ..graded(all_known(Urgency::M3), grade, "2026-09-01")
        };
        let proposal = expired(&evidence, &rules());
        assert_eq!(
            proposal.as_ref().and_then(|p| p.grade),
            lower.map(|(grade, _)| grade),
            "{grade:?} {today}"
        );
        if let (Some(proposal), Some((grade, days))) = (proposal, lower) {
            assert_eq!(proposal.reasons, [GradeReason::Expired { days, grade }]);
        }
    }
}

#[test]
fn what_contradicts_a_given_grade_proposes_a_lower_one() {
    let lost = Evidence {
        vendors: vendor(VendorState::Signed),
        ..graded(all_known(Urgency::M3), Grade::B, "2026-09-22")
    };
    let proposal = contradicted(&lost, &Circumstances::default(), &rules()).expect("a proposal");
    assert_eq!(proposal.grade, Some(Grade::D));
    let fine = graded(all_known(Urgency::M3), Grade::B, "2026-09-22");
    assert_eq!(
        contradicted(&fine, &Circumstances::default(), &rules()),
        None
    );
    let done = Evidence {
        last_contact: Some(at("2026-09-20")),
        ..graded(lost, Grade::D, "2026-09-22")
    };
    assert_eq!(
        contradicted(&done, &Circumstances::default(), &rules()),
        None
    );
}

#[test]
fn other_rules_count_what_would_move_and_lift_nobody() {
    let mut strict = rules();
    strict.best.insert(Urgency::M4To6, Grade::C);
    let b = graded(all_known(Urgency::M4To6), Grade::B, "2026-09-22");
    let all = [
        b.clone(),
        b.clone(),
        graded(all_known(Urgency::M3), Grade::A, "2026-09-22"),
    ];
    assert_eq!(
        moves(&all, &rules(), &strict),
        [Move {
            from: Grade::B,
            to: Grade::C,
            companies: 2
        }]
    );
    let proposal = under_other_rules(&b, &rules(), &strict).expect("a proposal");
    assert_eq!(proposal.grade, Some(Grade::C));
    let c = graded(all_known(Urgency::M4To6), Grade::C, "2026-09-22");
    assert_eq!(moves([&c], &strict, &rules())[0].to, Grade::B);
    assert_eq!(under_other_rules(&c, &strict, &rules()), None);
}
