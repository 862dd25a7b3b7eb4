use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn what_ships_is_sound_and_comes_back_from_storage() {
    let rules = CadenceRules::default();
    assert!(rules.validate().is_ok());
    let stored = serde_json::to_string(&rules).unwrap();
    assert!(
        stored.contains("\"B\":{\"caller\":\"rep\",\"call_days\":14"),
        "{stored}"
    );
    assert_eq!(
        serde_json::from_str::<CadenceRules>(&stored).unwrap(),
        rules
    );
    assert_eq!(rules.longest_news_gap(), 60);
}

#[test]
fn each_grade_has_its_rhythm() {
    let rules = CadenceRules::default();
    for (grade, call, visit, news, at_most) in [
        (Grade::A, Some(7), Some(14), None, None),
        (Grade::B, Some(14), Some(45), Some(15), Some(6)),
        (Grade::C, Some(30), Some(90), Some(30), Some(4)),
        (Grade::D, Some(90), None, Some(60), Some(2)),
        (Grade::E, None, None, None, Some(0)),
    ] {
        let row = rules.of(grade);
        assert_eq!(row.every(Method::Call), call, "{grade:?}");
        assert_eq!(row.every(Method::Visit), visit, "{grade:?}");
        assert_eq!((row.news_days, row.at_most), (news, at_most), "{grade:?}");
    }
}

#[test]
fn what_a_rep_has_is_the_reps_and_the_rest_goes_by_the_table() {
    let rules = CadenceRules::default();
    for (grade, method, owner, charge) in [
        (Grade::A, Method::Call, Some(7), Charge::Rep(7)),
        (Grade::B, Method::Call, Some(7), Charge::Rep(7)),
        (Grade::B, Method::Call, None, Charge::Unassigned),
        (Grade::C, Method::Call, Some(7), Charge::Rep(7)),
        (Grade::C, Method::Call, None, Charge::Agents),
        (Grade::C, Method::Visit, None, Charge::Unassigned),
        (Grade::D, Method::Call, None, Charge::Agents),
        (Grade::D, Method::Call, Some(7), Charge::Rep(7)),
    ] {
        assert_eq!(
            in_charge(rules.of(grade), method, owner),
            charge,
            "{grade:?} {method:?}"
        );
    }
}

#[test]
fn a_call_is_due_so_many_days_after_the_last_one() {
    for (last, every, today, on, late) in [
        ("2026-09-10", 14, "2026-09-22", "2026-09-24", -2),
        ("2026-09-08", 14, "2026-09-22", "2026-09-22", 0),
        ("2026-08-01", 14, "2026-09-22", "2026-08-15", 38),
        ("2026-12-31", 7, "2027-01-06", "2027-01-07", -1),
    ] {
        let due = due(day(last), every, day(today));
        assert_eq!((due.on, due.late), (day(on), late), "{last}");
    }
}

#[test]
fn a_cap_counts_what_arrived_and_what_waits() {
    for (touches, waiting, at_most, full) in [
        (5, 0, Some(6), false),
        (5, 1, Some(6), true),
        (6, 0, Some(6), true),
        (0, 2, Some(2), true),
        (0, 0, Some(0), true),
        (99, 9, None, false),
    ] {
        let used = Used {
            touches,
            waiting,
            at_most,
        };
        assert_eq!(used.is_full(), full, "{used:?}");
    }
    assert_eq!(counts_since(day("2026-09-24")), day("2026-08-26"));
}

#[test]
fn numbers_without_sense_are_refused() {
    let with = |change: fn(&mut GradeCadence)| {
        let mut rules = CadenceRules::default();
        change(rules.0.get_mut(&Grade::B).unwrap());
        rules.validate()
    };
    assert!(with(|row| row.call_days = Some(0)).is_err());
    assert!(with(|row| row.news_days = Some(LONGEST_GAP + 1)).is_err());
    assert!(with(|row| row.at_most = Some(MOST_TOUCHES + 1)).is_err());
    assert!(with(|row| row.visit_days = None).is_ok());
}

#[test]
fn every_code_has_a_name_in_both_languages() {
    use crate::platform::i18n::Lang;
    let keys = Caller::ALL.iter().map(|code| code.key());
    let keys = keys.chain(Greetings::ALL.iter().map(|code| code.key()));
    for key in keys.chain(Method::ALL.iter().map(|code| code.key())) {
        assert!(Lang::ALL.iter().all(|lang| lang.knows(key)), "{key}");
    }
}
