use super::*;
use crate::consent::Scope;

#[test]
fn call_backs_keep_the_agreed_minute() {
    for (wished, at) in [
        ("2026-09-22 10:33", "2026-09-22 10:33"),
        ("2026-09-22 18:30", "2026-09-22 18:30"), // evening, their wish
        ("2026-09-22 12:30", "2026-09-22 14:00"), // midday pause: never
        ("2026-09-25 10:00", "2026-09-28 09:00"), // 中秋: never
        ("2026-09-22 21:30", "2026-09-23 09:00"),
    ] {
        let facts = Facts {
            given: given(Some(wished)),
            ..Facts::default()
        };
        let step = run(
            Disposition::Callback,
            "2026-09-21 10:30",
            dialled(&["2026-09-21 10:30"]),
            facts,
        );
        let expected = Effect::Callback {
            at: sh(at),
            owner: 7,
            fallback_at: sh(at) + TimeDelta::minutes(15),
        };
        assert_eq!(step.entry().effect, expected, "{wished}");
        assert_eq!(
            step.entry().because == [Why::Agreed],
            wished == at,
            "{wished}"
        );
    }
    let facts = Facts {
        given: given(Some("2026-09-22 10:33")),
        ..Facts::default()
    };
    let out = run(
        Disposition::DeciderOut,
        "2026-09-21 10:30",
        dialled(&[]),
        facts,
    );
    assert_eq!(out.next_attempt_at(), Some(sh("2026-09-22 10:33")));
}

#[test]
fn talks_lead_where_the_table_says() {
    use Disposition as D;
    let at = "2026-09-21 10:30";
    let day = |days: i64| sh(at) + TimeDelta::days(days);
    let grade = |hint| Effect::Grade { hint };
    let of = |result| {
        let facts = Facts {
            given: given(None),
            person_known: true,
            new_address: true,
            successor: true,
            ..Facts::default()
        };
        effects(&run(result, at, dialled(&[at]), facts))
    };
    assert_eq!(of(D::Interested), [Effect::HandOver, Effect::Done]);
    assert_eq!(of(D::WillAttend), [Effect::Register, Effect::Done]);
    assert_eq!(
        of(D::SendInfo),
        [
            Effect::SendInfo {
                not_before: sh(at) + TimeDelta::seconds(120)
            },
            Effect::Waiting { until: day(3) }
        ]
    );
    assert_eq!(
        of(D::NoNeed),
        [
            grade(GradeHint::Propose(Grade::D)),
            Effect::Waiting {
                until: sh("2026-12-21 09:00")
            }
        ]
    );
    assert_eq!(
        of(D::NoBudget),
        [grade(GradeHint::AtMost(Grade::C)), Effect::Done]
    );
    assert_eq!(
        of(D::NotInterested),
        [Effect::Rest { until: day(180) }, Effect::Done]
    );
    assert_eq!(
        of(D::Refused),
        [
            Effect::Suppress {
                scope: Scope::Person,
                ways: Ways::CALL
            },
            Effect::Rest { until: day(365) },
            Effect::Done
        ]
    );
    assert_eq!(
        of(D::WechatAdded),
        [Effect::KeepWechat, Effect::Waiting { until: day(7) }]
    );
    assert_eq!(
        of(D::DoNotCall),
        [
            Effect::Suppress {
                scope: Scope::Person,
                ways: Ways::ALL
            },
            Effect::Suppress {
                scope: Scope::Number,
                ways: Ways::CALL
            },
            Effect::Done
        ]
    );
    assert_eq!(
        of(D::NotTarget),
        [grade(GradeHint::Propose(Grade::E)), Effect::Done]
    );
    assert_eq!(
        of(D::Closed),
        [grade(GradeHint::Propose(Grade::E)), Effect::Done]
    );
    assert_eq!(
        of(D::Moved),
        [Effect::Waiting {
            until: sh("2026-09-22 09:00")
        }]
    );
    assert_eq!(
        of(D::ContactLeft),
        [Effect::ContactLeft, Effect::NextNumber { at: sh(at) }]
    );
    assert_eq!(of(D::Duplicate), [Effect::MergeRequest, Effect::Done]);
}

#[test]
fn a_present_system_grades_by_its_age() {
    for (year, step) in [
        (
            Some(2021),
            Effect::Grade {
                hint: GradeHint::Propose(Grade::C),
            },
        ),
        (
            Some(2014),
            Effect::Grade {
                hint: GradeHint::Propose(Grade::C),
            },
        ),
        (
            Some(2022),
            Effect::Grade {
                hint: GradeHint::Propose(Grade::D),
            },
        ),
        (
            Some(2027),
            Effect::Ask {
                input: Input::PresentSystemYear,
            },
        ),
        (
            None,
            Effect::Ask {
                input: Input::PresentSystemYear,
            },
        ),
    ] {
        let facts = Facts {
            present_system_year: year,
            ..Facts::default()
        };
        let found = effects(&run(
            Disposition::HasProduct,
            "2026-09-21 10:30",
            dialled(&[]),
            facts,
        ));
        assert_eq!(
            found,
            [
                Effect::Ask {
                    input: Input::Satisfaction
                },
                step,
                Effect::Done
            ],
            "{year:?}"
        );
    }
}
