use super::*;
use crate::consent::rules::Ground;
use crate::platform::calendar::Country;
use crate::platform::i18n::Lang;
use chrono::TimeDelta;
use chrono_tz::Asia::Shanghai;

fn sh(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap() - TimeDelta::hours(8)
}

fn number(point_id: i64, place: Place, is_key: bool) -> NumberFacts {
    NumberFacts {
        point_id,
        contact_id: (place != Place::Switchboard).then_some(point_id),
        place,
        is_key,
        state: PointState::Unknown,
        left: false,
        suppressed: false,
        ground: Verdict::Allowed,
        dials: Vec::new(),
    }
}

fn choose(numbers: &[NumberFacts], company: &CompanyBar<'_>, at: &str) -> Choice {
    let calendar = Calendar::shipped(Shanghai, Country::Cn);
    choose_number(
        numbers,
        company,
        sh(at),
        &Limits::default(),
        &calendar,
        &calendar,
    )
}

fn chosen(numbers: &[NumberFacts]) -> Option<i64> {
    match choose(numbers, &CompanyBar::default(), "2026-09-24 10:00") {
        Choice::Call { point_id, .. } => Some(point_id),
        _ => None,
    }
}

#[test]
fn the_key_contact_comes_before_the_switchboard() {
    let (board, direct, mobile) = (
        number(1, Place::Switchboard, false),
        number(2, Place::Direct, true),
        number(3, Place::Mobile, true),
    );
    let other = number(4, Place::Mobile, false);
    let bad = |number: &NumberFacts| NumberFacts {
        state: PointState::Bad,
        ..number.clone()
    };
    for (numbers, point) in [
        (
            vec![board.clone(), direct.clone(), mobile.clone(), other.clone()],
            Some(3),
        ),
        (
            vec![board.clone(), direct.clone(), bad(&mobile), other.clone()],
            Some(2),
        ),
        (
            vec![board.clone(), bad(&direct), bad(&mobile), other.clone()],
            Some(1),
        ),
        (
            vec![bad(&board), bad(&direct), bad(&mobile), other.clone()],
            Some(4),
        ),
        (vec![board.clone(), other.clone()], Some(4)), // nobody is key: the person first
        (
            vec![
                board.clone(),
                NumberFacts {
                    left: true,
                    ..mobile.clone()
                },
            ],
            Some(1),
        ),
        (
            vec![
                board.clone(),
                NumberFacts {
                    suppressed: true,
                    ..mobile.clone()
                },
            ],
            Some(1),
        ),
        (
            vec![NumberFacts {
                state: PointState::NotTheirs,
                ..board
            }],
            None,
        ),
        (vec![], None),
    ] {
        assert_eq!(chosen(&numbers), point, "{numbers:?}");
    }
    let good = NumberFacts {
        state: PointState::Good,
        ..number(9, Place::Mobile, true)
    };
    assert_eq!(
        chosen(&[mobile, good]),
        Some(9),
        "a number that is known to work first"
    );
}

#[test]
fn a_number_over_its_limit_is_passed_over() {
    let dials = vec![sh("2026-09-24 09:05"), sh("2026-09-24 09:40")];
    let mobile = NumberFacts {
        dials: dials.clone(),
        ..number(3, Place::Mobile, true)
    };
    let board = number(1, Place::Switchboard, false);
    let company = CompanyBar {
        dials: &dials,
        ..CompanyBar::default()
    };
    let day = Bar::Limit {
        reason: LimitReason::NumberDay { dials: 2 },
    };
    let both = choose(&[mobile.clone(), board], &company, "2026-09-24 10:00");
    assert_eq!(
        both,
        Choice::Call {
            point_id: 1,
            passed_over: vec![(3, day)]
        }
    );
    let alone = choose(&[mobile], &company, "2026-09-24 10:00");
    assert_eq!(
        alone,
        Choice::NotUntil {
            at: sh("2026-09-28 09:00"),
            because: day
        }
    );
}

#[test]
fn nothing_is_dialled_that_must_not_be() {
    let board = || number(1, Place::Switchboard, false);
    let no_ground = Verdict::PrivateNumber {
        ground: Ground::PublicSource,
    };
    let bare = CompanyBar::default();
    let resting = CompanyBar {
        rest_until: Some(sh("2026-10-01 00:00")),
        ..bare
    };
    for (numbers, company, at, choice) in [
        (
            vec![board()],
            CompanyBar {
                suppressed: true,
                ..bare
            },
            "2026-09-24 10:00",
            Choice::Never {
                because: Bar::Suppressed,
            },
        ),
        (
            vec![board()],
            resting,
            "2026-09-24 10:00",
            Choice::NotUntil {
                at: sh("2026-10-08 09:00"),
                because: Bar::Resting,
            },
        ),
        (
            vec![board()],
            resting,
            "2026-10-08 10:00",
            Choice::Call {
                point_id: 1,
                passed_over: vec![],
            },
        ),
        (
            vec![board()],
            CompanyBar {
                in_campaign: 6,
                ..bare
            },
            "2026-09-24 10:00",
            Choice::Exhausted { dials: 6 },
        ),
        (
            vec![board()],
            bare,
            "2026-09-24 12:30",
            Choice::NotUntil {
                at: sh("2026-09-24 14:00"),
                because: Bar::Closed,
            },
        ),
        (
            vec![],
            bare,
            "2026-09-24 10:00",
            Choice::Never {
                because: Bar::NoNumber,
            },
        ),
        (
            vec![
                NumberFacts {
                    ground: no_ground,
                    ..board()
                },
                NumberFacts {
                    state: PointState::Bad,
                    ..board()
                },
            ],
            bare,
            "2026-09-24 10:00",
            Choice::Never {
                because: Bar::Ground { verdict: no_ground },
            },
        ),
    ] {
        assert_eq!(choose(&numbers, &company, at), choice, "{at}");
    }
}

#[test]
fn every_bar_is_a_sentence_in_both_languages() {
    for bar in [
        Bar::Suppressed,
        Bar::Unusable,
        Bar::NoNumber,
        Bar::Resting,
        Bar::Closed,
        Bar::Exhausted { dials: 6 },
    ] {
        assert!(
            Lang::ALL.iter().all(|lang| lang.knows(bar.sentence().key)),
            "{bar:?}"
        );
    }
    let keys = Place::ALL
        .iter()
        .map(|code| code.key())
        .chain(PointState::ALL.iter().map(|code| code.key()));
    for key in keys {
        assert!(Lang::ALL.iter().all(|lang| lang.knows(key)), "{key}");
    }
}
