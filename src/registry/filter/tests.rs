use chrono_tz::UTC;

use super::*;

fn at() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 9, 24)
        .and_then(|d| d.and_hms_opt(2, 0, 0))
        .expect("a date")
}

#[test]
fn an_empty_filter_asks_nothing() {
    let filter: Filter = serde_json::from_str("{}").expect("JSON");
    assert!(filter.is_empty() && filter.speaks_to_persons());
    assert_eq!(filter.criteria(at(), UTC).expect("fine").text, "1 = 1");
}

#[test]
fn every_question_mark_has_its_value() {
    let filter: Filter = serde_json::from_str(
        r#"{"grade":["B","none"],"region":["320500","US-CA"],"industry":["C"],"size":["20-99"],"channel":["EXPO"],"source":[3],
            "owner":[7],"state":["new","pool"],"urgency":["M1","M3","NOPLAN"],"need":[0,2],"completeness<":50,"missing":["key_mobile"],
            "last_touch_before":"2026-01-01","never_called":true,"tag":[1]}"#,
    )
    .expect("JSON");
    let criteria = filter.criteria(at(), UTC).expect("fine");
    assert_eq!(criteria.text.matches('?').count(), criteria.values.len());
    assert!(
        criteria.values.contains(&Value::from("3205"))
            && criteria.values.contains(&Value::from("3206"))
    );
    assert!(!filter.speaks_to_persons());
}

#[test]
fn what_has_an_index_leads_and_what_has_none_does_not() {
    let read = |text| serde_json::from_str::<Filter>(text).expect("JSON");
    let texts = |text| -> Vec<String> {
        let leads = read(text).leads().into_iter();
        leads.map(|lead| lead.who.text).collect()
    };
    assert_eq!(
        texts(r#"{"region":["320500"],"grade":["A"],"owner":[7],"size":["<20"]}"#),
        [
            "c.owner_id IN (7)",
            "c.grade IN ('A')",
            "((c.region >= ? AND c.region < ?))"
        ]
    );
    assert!(texts(r#"{"grade":["A","none"],"never_called":true}"#).is_empty());
    let lists = read(r#"{"source":[3]}"#);
    assert!(lists.looks_elsewhere() && lists.leads().len() == 1);
}

#[test]
fn bits_that_have_to_be_so_are_looked_at_together() {
    let filter: Filter = serde_json::from_str(
        r#"{"state":["new"],"size":["20-99"],"never_called":true,"grade":["B","C"]}"#,
    )
    .expect("JSON");
    let (mask, value) = (0b111_111_000 | 1 << 19, 0b010_000_000 | 1 << 19);
    assert_eq!(
        filter.criteria(at(), UTC).expect("fine").text,
        format!("(c.facets & {mask}) = {value} AND ((c.facets >> 0) & 7) IN (2, 3)")
    );
}

#[test]
fn an_unknown_code_names_its_criterion() {
    let filter = Filter {
        grade: vec!["F".into()],
        ..Filter::default()
    };
    let error = filter.criteria(at(), UTC).expect_err("no such grade");
    let refusal = error.refusal().expect("a refusal");
    assert_eq!(refusal.code, "filter_unknown_code");
    assert!(refusal.args.contains(&("field", "grade".into())));
    assert!(serde_json::from_str::<Filter>(r#"{"colour":["red"]}"#).is_err());
}
