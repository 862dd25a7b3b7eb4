//! Facts as a program or the call screen sends them: values by field code, read into what one record says.

use chrono::NaiveDate;
use serde_json::Value;

use crate::platform::error::{AppError, AppResult};
use crate::qualifying::Urgency;
use crate::qualifying::rules::sign_by;
use crate::registry::model::{Field, FieldShape, Part, Said, SaidValue};
use crate::registry::rules::phone::{Home, PhoneContext};
use crate::registry::rules::read_value::{Unreadable, read_value};

/// The key items as one may send them whole, `{"budget": {"state": "approved", "year": 2027}}`, and their fields.
const KEY_ITEMS: [(&str, &str, Field); 15] = [
    ("schedule", "urgency", Field::Urgency),
    ("schedule", "sign_by", Field::SignBy),
    ("schedule", "go_live", Field::GoLive),
    ("budget", "state", Field::BudgetState),
    ("budget", "min", Field::BudgetMin),
    ("budget", "max", Field::BudgetMax),
    ("budget", "currency", Field::BudgetCurrency),
    ("budget", "year", Field::BudgetYear),
    ("requirement", "needs", Field::Needs),
    ("requirement", "text", Field::NeedText),
    ("requirement", "users", Field::NeedUsers),
    ("decision", "decider", Field::Decider),
    ("decision", "process", Field::DecisionProcess),
    ("decision", "selection_started", Field::SelectionStarted),
    ("competition", "vendors", Field::Vendors),
];

/// Reads values by field code; a value may carry how sure it is: `{"value": …, "certainty": 2}`. A key item that
/// carries nothing is as sure as `certainty`; a number without country code is one of `home`. 422 names the field that is unknown or cannot be read.
pub(super) fn read<'a>(
    values: impl IntoIterator<Item = (&'a String, &'a Value)>,
    certainty: Option<u8>,
    home: Home,
) -> AppResult<Said> {
    let mut said = Said::new();
    for (name, value) in values {
        for (field, value) in fields_of(name, value)? {
            let (field, value) = one(field, value, certainty, home)?;
            said.0.insert(field, value);
        }
    }
    Ok(said)
}

/// The day follows from an urgency that came without one.
pub(super) fn say_sign_by(said: &mut Said, today: NaiveDate) {
    let urgency = said.text(Field::Urgency).and_then(Urgency::from_code);
    if let (Some(urgency), false) = (urgency, said.0.contains_key(&Field::SignBy)) {
        let day = sign_by(urgency, today).map(|day| day.to_string());
        let certainty = said.0[&Field::Urgency].certainty;
        said.put(Field::SignBy, day.map_or(Value::Null, Value::from));
        if let Some(day) = said.0.get_mut(&Field::SignBy) {
            day.certainty = certainty;
        }
    }
}

fn fields_of<'a>(name: &str, value: &'a Value) -> AppResult<Vec<(Field, &'a Value)>> {
    let unknown = |name: &str| AppError::invalid("fact_unknown", "facts").with("fact", name);
    if let (Some(parts), true) = (
        value.as_object(),
        KEY_ITEMS.iter().any(|item| item.0 == name),
    ) {
        let read = parts.iter().map(|(part, value)| {
            KEY_ITEMS
                .iter()
                .find(|item| (item.0, item.1) == (name, part.as_str()))
                .map(|item| (item.2, value))
                .ok_or_else(|| unknown(&format!("{name}.{part}")))
        });
        return read.collect();
    }
    Field::from_code(name)
        .filter(|field| field.part() != Part::Note || *field == Field::Remark)
        .map(|field| vec![(field, value)])
        .ok_or_else(|| unknown(name))
}

fn one(
    field: Field,
    value: &Value,
    certainty: Option<u8>,
    home: Home,
) -> AppResult<(Field, SaidValue)> {
    let refused = |why: Unreadable| {
        AppError::invalid("fact_unreadable", "facts")
            .with("fact", field.code())
            .with("why", why.code())
    };
    let mut read: SaidValue =
        serde_json::from_value(value.clone()).map_err(|_| refused(Unreadable::Text))?;
    read.value = read_value(field, read.value, &PhoneContext::at(home)).map_err(refused)?;
    if field.shape() == FieldShape::KeyItem {
        read.certainty = read.certainty.or(certainty);
    }
    Ok((field, read))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Map, json};

    fn facts(sent: Value) -> AppResult<Said> {
        let sent: Map<String, Value> = serde_json::from_value(sent).expect("an object");
        read(&sent, Some(2), Home::default())
    }

    #[test]
    fn a_key_item_may_come_whole_or_by_its_fields() {
        let whole = facts(json!({"budget": {"state": "approved", "year": 2027}})).expect("fine");
        let fields = facts(json!({"budget_state": "approved", "budget_year": 2027})).expect("fine");
        assert_eq!(whole, fields);
        assert_eq!(whole.0[&Field::BudgetState].certainty, Some(2));
    }

    #[test]
    fn how_sure_a_value_is_may_be_said() {
        let said = facts(json!({"budget_state": {"value": "none", "certainty": 0}})).expect("fine");
        assert_eq!(said.0[&Field::BudgetState].certainty, Some(0));
    }

    #[test]
    fn what_is_unknown_or_unreadable_is_named() {
        for (sent, code, fact) in [
            (json!({"colour": "red"}), "fact_unknown", "colour"),
            (
                json!({"budget": {"colour": "red"}}),
                "fact_unknown",
                "budget.colour",
            ),
            (json!({"point_states": {}}), "fact_unknown", "point_states"),
            (json!({"headcount": "abc"}), "fact_unreadable", "headcount"),
        ] {
            let error = facts(sent.clone()).expect_err("refused");
            let refusal = error.refusal().expect("a refusal");
            assert_eq!(refusal.code, code, "{sent}");
            assert!(refusal.args.contains(&("fact", fact.to_owned())), "{sent}");
        }
    }
}
