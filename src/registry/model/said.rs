//! What a record said: values by field, as compact JSON.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

use super::field::Field;

/// One value, and how sure who said it was (0 guess, 1 hearsay, 2 said by a contact, 3 confirmed).
/// `null` says: wrong, leave blank.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Stored")]
pub struct SaidValue {
    /// The value.
    pub value: Value,
    /// How sure.
    pub certainty: Option<u8>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Certain { value: Value, certainty: u8 },
    Plain(Value),
}

impl From<Stored> for SaidValue {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Certain { value, certainty } => Self {
                value,
                certainty: Some(certainty),
            },
            Stored::Plain(value) => Self {
                value,
                certainty: None,
            },
        }
    }
}

impl Serialize for SaidValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Certain<'a> {
            value: &'a Value,
            certainty: u8,
        }
        match self.certainty {
            None => self.value.serialize(serializer),
            Some(certainty) => Certain {
                value: &self.value,
                certainty,
            }
            .serialize(serializer),
        }
    }
}

/// All that one record said. A field stands for one value; contact points are lists.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Said(pub BTreeMap<Field, SaidValue>);

impl Said {
    /// Nothing said yet.
    pub fn new() -> Self {
        Self::default()
    }
    /// Says a value without certainty.
    pub fn put(&mut self, field: Field, value: impl Into<Value>) {
        self.0.insert(
            field,
            SaidValue {
                value: value.into(),
                certainty: None,
            },
        );
    }
    /// Says a value with certainty 0–3.
    pub fn put_certain(&mut self, field: Field, value: impl Into<Value>, certainty: u8) {
        self.0.insert(
            field,
            SaidValue {
                value: value.into(),
                certainty: Some(certainty),
            },
        );
    }
    /// [`Said::put`], to build in one expression.
    #[must_use]
    pub fn with(mut self, field: Field, value: impl Into<Value>) -> Self {
        self.put(field, value);
        self
    }
    /// Says a text unless it is empty.
    pub fn put_text(&mut self, field: Field, text: &str) {
        if !text.is_empty() {
            self.put(field, text);
        }
    }
    /// The value of a field; `None` if the record says nothing about it or says *empty*.
    pub fn get(&self, field: Field) -> Option<&Value> {
        self.0
            .get(&field)
            .map(|said| &said.value)
            .filter(|value| !value.is_null())
    }
    /// The value as text.
    pub fn text(&self, field: Field) -> Option<&str> {
        self.get(field).and_then(Value::as_str)
    }
    /// The value as a whole number; digits in a text count.
    pub fn whole(&self, field: Field) -> Option<i64> {
        whole(self.get(field)?)
    }
    /// The value in another type.
    pub fn typed<T: DeserializeOwned>(&self, field: Field) -> Option<T> {
        serde_json::from_value(self.get(field)?.clone()).ok()
    }
    /// A list of texts; one text counts as a list of one.
    pub fn list(&self, field: Field) -> Vec<&str> {
        match self.get(field) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => vec![text],
            _ => Vec::new(),
        }
    }
    /// The fields spoken of.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.0.keys().copied()
    }
    /// The codes of the fields, by comma, for the change log.
    pub fn codes(&self) -> String {
        let codes: Vec<&str> = self.fields().map(Field::code).collect();
        codes.join(",")
    }
    /// Nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// As stored.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a map of JSON values is JSON")
    }
    /// As stored; what this version does not know is left out rather than lost with the rest.
    pub fn from_json(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|_| {
            let map: BTreeMap<String, SaidValue> = serde_json::from_str(text).unwrap_or_default();
            Self(
                map.into_iter()
                    .filter_map(|(code, said)| Some((Field::from_code(&code)?, said)))
                    .collect(),
            )
        })
    }
}

/// A whole number, also where it was kept as text.
pub(crate) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().map(|f| f.round() as i64)),
        Value::String(text) => text.trim().parse().ok(),
        Value::Bool(yes) => Some(i64::from(*yes)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_values_stay_plain() {
        let mut said = Said::new()
            .with(Field::Name, "苏州宏远机械有限公司")
            .with(Field::Phone, vec!["+8651265801234"]);
        said.put_certain(Field::Urgency, "M3", 2);
        said.put(Field::Address, Value::Null);
        let json = said.to_json();
        assert_eq!(
            json,
            r#"{"name":"苏州宏远机械有限公司","address":null,"phone":["+8651265801234"],"urgency":{"value":"M3","certainty":2}}"#
        );
        assert_eq!(Said::from_json(&json), said);
    }

    #[test]
    fn a_field_of_a_later_version_is_skipped() {
        let said = Said::from_json(r#"{"name":"甲","colour":"red"}"#);
        assert_eq!(said.text(Field::Name), Some("甲"));
        assert_eq!(said.0.len(), 1);
    }
}
