use proptest::prelude::*;

use super::*;
use crate::selling::rules::territory::Reach;

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 9, 22).expect("a date")
}

fn rep(user_id: i64, load: i64) -> RepFacts {
    RepFacts {
        user_id,
        name: format!("rep {user_id}"),
        load,
        last_offer: None,
        is_away: false,
        deputy: None,
    }
}

fn territory(id: i64, user_id: i64, region: &str) -> Territory {
    let regions = Some(region.to_owned()).filter(|r| !r.is_empty());
    let reach = Reach {
        regions: regions.into_iter().collect(),
        ..Reach::default()
    };
    Territory { id, user_id, reach }
}

fn inputs(territories: Vec<Territory>, reps: Vec<RepFacts>) -> Inputs {
    Inputs {
        spot: Spot {
            region: Some("320583".into()),
            industry: Some("C34".into()),
            size: Some(4),
        },
        territories,
        reps,
        had: Vec::new(),
        today: day(),
    }
}

#[test]
fn the_most_specific_wins_whatever_the_load() {
    let made = inputs(
        vec![territory(1, 7, "320000"), territory(2, 8, "320500")],
        vec![rep(7, 0), rep(8, 50)],
    );
    let decided = decide(&made);
    assert_eq!((decided.rep, decided.territory), (Some(8), Some(2)));
    assert!(matches!(
        decided.why[..],
        [Why::MostSpecific { territory: 2, .. }]
    ));
}

#[test]
fn an_overlap_goes_to_the_lighter_load_and_then_in_turn() {
    let both = vec![territory(1, 7, "320500"), territory(2, 8, "320500")];
    let decided = decide(&inputs(both.clone(), vec![rep(7, 4), rep(8, 3)]));
    assert_eq!(decided.rep, Some(8));
    assert!(decided.why.contains(&Why::LightestLoad { load: 3 }));
    let mut waited = rep(7, 3);
    waited.last_offer = Some(90);
    let mut latest = rep(8, 3);
    latest.last_offer = Some(91);
    let decided = decide(&inputs(both, vec![latest, waited]));
    assert_eq!(decided.rep, Some(7));
    assert!(decided.why.contains(&Why::RoundRobin));
}

#[test]
fn a_deputy_stands_in_and_without_one_the_next_territory_takes_it() {
    let drawn = vec![territory(1, 7, "320500"), territory(2, 9, "320000")];
    let mut away = rep(7, 0);
    (away.is_away, away.deputy) = (true, Some(8));
    let decided = decide(&inputs(
        drawn.clone(),
        vec![away.clone(), rep(8, 9), rep(9, 0)],
    ));
    assert_eq!(decided.rep, Some(8));
    assert!(decided.why.contains(&Why::Deputy {
        name: "rep 7".into()
    }));
    away.deputy = None;
    let decided = decide(&inputs(drawn, vec![away, rep(9, 0)]));
    assert_eq!(decided.rep, Some(9));
    assert!(decided.why.contains(&Why::Away {
        name: "rep 7".into()
    }));
}

#[test]
fn who_had_it_is_passed_over_and_then_nobody_is_left() {
    let drawn = vec![territory(1, 7, "320500"), territory(2, 9, "320000")];
    let mut made = inputs(drawn, vec![rep(7, 0), rep(9, 0)]);
    made.had = vec![7];
    assert_eq!(decide(&made).rep, Some(9));
    made.had = vec![7, 9];
    let decided = decide(&made);
    assert_eq!(
        (decided.rep, decided.why.last()),
        (None, Some(&Why::NobodyLeft))
    );
}

#[test]
fn without_a_territory_the_manager_decides() {
    let decided = decide(&inputs(vec![territory(1, 7, "440000")], vec![rep(7, 0)]));
    assert_eq!(
        (decided.rep, &decided.why[..]),
        (None, &[Why::NoTerritory][..])
    );
}

const PLACES: [&str; 5] = ["", "320000", "320500", "320583", "310000"];

prop_compose! {
    fn any_inputs()(
        drawn in proptest::collection::vec((0..5usize, 1..6i64), 0..8),
        reps in proptest::collection::vec((0..4i64, proptest::option::of(1..50i64), any::<bool>(), proptest::option::of(1..6i64)), 5),
        had in proptest::collection::vec(1..6i64, 0..3),
    ) -> Inputs {
        let territories = drawn.iter().enumerate()
            .map(|(n, (place, user))| territory(n as i64 + 1, *user, PLACES[*place]))
            .collect();
        let reps = reps.into_iter().enumerate().map(|(n, (load, last_offer, is_away, deputy))| {
            let user_id = n as i64 + 1;
            RepFacts { load, last_offer, is_away, deputy: deputy.filter(|d| *d != user_id), ..rep(user_id, 0) }
        }).collect();
        Inputs { had, ..inputs(territories, reps) }
    }
}

proptest! {
    /// What was stored decides again as it decided, in whatever order the database lists it.
    #[test]
    fn an_assignment_is_a_function_of_its_recorded_inputs(made in any_inputs(), turn in 0..8usize) {
        let first = decide(&made);
        let stored = serde_json::to_string(&made).expect("JSON");
        let mut read: Inputs = serde_json::from_str(&stored).expect("JSON");
        prop_assert_eq!(&decide(&read), &first);
        let by = turn % read.territories.len().max(1);
        read.territories.rotate_left(by);
        read.reps.reverse();
        prop_assert_eq!(&decide(&read), &first);
    }

    /// Nobody gets what they had, and nobody on leave gets anything.
    #[test]
    fn whoever_is_chosen_is_there_and_did_not_have_it(made in any_inputs()) {
        let decided = decide(&made);
        if let Some(chosen) = decided.rep {
            prop_assert!(!made.had.contains(&chosen));
            let rep = made.reps.iter().find(|r| r.user_id == chosen).expect("a known rep");
            prop_assert!(!rep.is_away);
            prop_assert!(decided.territory.is_some());
        } else {
            prop_assert!(!decided.why.is_empty());
        }
    }
}
