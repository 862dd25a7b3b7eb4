use super::*;
use proptest::prelude::*;

fn at(day: &str) -> NaiveDateTime {
    day.parse::<NaiveDate>().unwrap().and_time(NaiveTime::MIN)
}

fn record<'a>(id: i64, kind: RecordKind, rank: i32, day: &str, said: &'a Said) -> FoldRecord<'a> {
    FoldRecord::new(id, kind, rank, Some(day.parse().unwrap()), at(day), said)
}

fn says(field: Field, value: impl Into<Value>) -> Said {
    Said::new().with(field, value)
}

#[test]
fn typed_by_a_person_beats_any_list() {
    let (typed, customer) = (says(Field::Headcount, 320), says(Field::Headcount, 500));
    let records = [
        record(1, RecordKind::Edit, 6, "2026-01-01", &typed),
        record(2, RecordKind::Row, 2, "2026-09-01", &customer),
    ];
    let (winners, shown) = fold(records, Part::Company);
    assert_eq!(shown[&Field::Headcount], 320);
    assert_eq!(winners.record_of(Field::Headcount), Some(1));
    let explained = explain(records, Part::Company);
    assert_eq!(explained[0].lost[0].1, LostBecause::LowerRank);
}

#[test]
fn within_a_rank_the_newer_list_wins_and_empty_on_purpose_holds() {
    let (old, new, blank) = (
        says(Field::Address, "旧址"),
        says(Field::Address, "新址"),
        says(Field::Address, Value::Null),
    );
    let mut records = vec![
        record(1, RecordKind::Row, 6, "2026-05-01", &new),
        record(2, RecordKind::Row, 6, "2025-05-01", &old),
    ];
    assert_eq!(
        fold(records.clone(), Part::Company).1[&Field::Address],
        "新址"
    );
    assert_eq!(
        explain(records.clone(), Part::Company)[0].lost[0].1,
        LostBecause::OlderDate
    );
    records.push(record(3, RecordKind::Edit, 1, "2026-06-01", &blank));
    let (winners, shown) = fold(records, Part::Company);
    assert!(!shown.contains_key(&Field::Address));
    assert!(!winners.shows(Field::Address));
    assert_eq!(winners.record_of(Field::Address), Some(3));
}

#[test]
fn a_sure_answer_outlives_a_guess_for_180_days_a_step() {
    let mut sure = Said::new();
    sure.put_certain(Field::Urgency, "M3", 3);
    let mut guess = Said::new();
    guess.put_certain(Field::Urgency, "NOPLAN", 2);
    let shown = |day| {
        let records = [
            record(1, RecordKind::Call, 1, "2026-01-01", &sure),
            record(2, RecordKind::Call, 1, day, &guess),
        ];
        fold(records, Part::Company).1[&Field::Urgency].clone()
    };
    assert_eq!(shown("2026-05-01"), "M3");
    assert_eq!(shown("2026-08-01"), "NOPLAN");
}

#[test]
fn winners_are_short_and_come_back() {
    let said = Said::new()
        .with(Field::Name, "甲")
        .with(Field::Region, "320500")
        .with(Field::Address, Value::Null);
    let (winners, _) = fold(
        [record(7, RecordKind::Row, 4, "2026-09-24", &said)],
        Part::Company,
    );
    let json = winners.to_json();
    assert_eq!(
        json,
        r#"[{"record":7,"rank":4,"date":"2026-09-24","fields":"name region -address"}]"#
    );
    assert_eq!(Winners::from_json(&json), winners);
}

#[test]
fn parts_are_folded_apart() {
    let said = Said::new()
        .with(Field::Name, "甲")
        .with(Field::PersonName, "王小明")
        .with(Field::Title, "经理");
    let one = [record(1, RecordKind::Row, 4, "2026-09-24", &said)];
    assert_eq!(
        fold(one, Part::Person).1.keys().collect::<Vec<_>>(),
        [&Field::PersonName]
    );
    assert_eq!(
        fold(one, Part::Contact).1.keys().collect::<Vec<_>>(),
        [&Field::Title]
    );
}

fn any_said() -> impl Strategy<Value = Said> {
    let value = prop_oneof![Just(Value::Null), (0..4i64).prop_map(Value::from)];
    let field = prop::sample::select(vec![
        Field::Name,
        Field::Headcount,
        Field::Urgency,
        Field::BudgetState,
    ]);
    prop::collection::vec((field, value, prop::option::of(0u8..4)), 1..4).prop_map(|values| {
        let mut said = Said::new();
        for (field, value, certainty) in values {
            match certainty {
                Some(certainty) => said.put_certain(field, value, certainty),
                None => said.put(field, value),
            }
        }
        said
    })
}

fn any_records() -> impl Strategy<Value = Vec<(i64, RecordKind, i32, u32, Said)>> {
    let kind = prop::sample::select(vec![
        RecordKind::Row,
        RecordKind::Edit,
        RecordKind::Call,
        RecordKind::Lead,
    ]);
    prop::collection::vec((kind, 2..7i32, 0..800u32, any_said()), 1..9).prop_map(|list| {
        list.into_iter()
            .enumerate()
            .map(|(n, (kind, rank, day, said))| (n as i64 + 1, kind, rank, day, said))
            .collect()
    })
}

proptest! {
    #[test]
    fn the_order_of_records_does_not_matter((stored, mixed) in any_records().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle()))) {
        let view = |list: &[(i64, RecordKind, i32, u32, Said)]| {
            let records: Vec<FoldRecord<'_>> = list.iter().map(|(id, kind, rank, day, said)| {
                let day = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + chrono::Days::new(u64::from(*day));
                FoldRecord::new(*id, *kind, *rank, Some(day), day.and_time(NaiveTime::MIN), said)
            }).collect();
            let full = fold(records.clone(), Part::Company);
            let mut winners = Winners::default();
            let mut shown = Shown::new();
            for record in &records {
                for (field, value) in fold_in(&mut winners, record, Part::Company) {
                    if value.is_null() { shown.remove(&field); } else { shown.insert(field, value.clone()); }
                }
                winners = Winners::from_json(&winners.to_json());
            }
            assert_eq!(full, (winners.clone(), shown));
            full
        };
        prop_assert_eq!(view(&stored), view(&mixed));
    }
}
