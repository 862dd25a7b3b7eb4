//! What a person corrects about the reading of a file, as it is stored and as a mapping file holds it.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::field::Field;
use super::header::HeaderRow;

/// Which sheets are read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum SheetChoice {
    /// The first sheet that holds a list.
    #[default]
    First,
    /// This one, from 1.
    Number(u32),
    /// The one with this name.
    Name(String),
    /// Every sheet that holds a list.
    All,
}

impl From<SheetChoice> for String {
    fn from(choice: SheetChoice) -> Self {
        match choice {
            SheetChoice::First => "first".to_owned(),
            SheetChoice::Number(number) => number.to_string(),
            SheetChoice::Name(name) => name,
            SheetChoice::All => "all".to_owned(),
        }
    }
}

impl From<String> for SheetChoice {
    fn from(text: String) -> Self {
        match text.trim() {
            "" | "first" | "auto" => Self::First,
            "all" => Self::All,
            other => other
                .parse()
                .map_or_else(|_| Self::Name(other.to_owned()), Self::Number),
        }
    }
}

impl FromStr for SheetChoice {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::from(text.to_owned()))
    }
}

/// A column, by place or by heading, and what it is to be read as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnUse {
    /// From 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// As it stands in the list; used where no index is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    /// What it holds.
    pub field: Field,
}

/// Corrections; what is not said here is found out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    /// Columns that are not what they look like.
    pub columns: Vec<ColumnUse>,
    /// Where the header stands.
    pub header_row: HeaderRow,
    /// Which sheets are read.
    pub sheet: SheetChoice,
    /// Name of the encoding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// What stands between cells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
}

impl Mapping {
    /// Reads a mapping file: the full form, or a plain object from heading or position (from 1) to field,
    /// `{"单位名称": "company", "3": "phone"}`.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{FEFF}');
        let full = match serde_json::from_str::<Self>(text) {
            Ok(mapping) => return Ok(mapping),
            Err(error) => error,
        };
        let plain: BTreeMap<String, Field> = serde_json::from_str(text).map_err(|plain| {
            if text.contains("\"columns\"") {
                full.to_string()
            } else {
                plain.to_string()
            }
        })?;
        let columns = plain
            .into_iter()
            .map(|(key, field)| match key.parse::<usize>() {
                Ok(position) if position > 0 => ColumnUse {
                    index: Some(position - 1),
                    heading: None,
                    field,
                },
                _ => ColumnUse {
                    index: None,
                    heading: Some(key),
                    field,
                },
            });
        Ok(Self {
            columns: columns.collect(),
            ..Self::default()
        })
    }

    /// What this mapping says about a column.
    pub(crate) fn field_of(&self, index: usize, heading: &str) -> Option<Field> {
        let by_index = self
            .columns
            .iter()
            .find(|column| column.index == Some(index));
        let same = |wanted: &str| !heading.is_empty() && wanted.trim() == heading;
        let by_heading = || {
            self.columns.iter().find(|column| {
                column.index.is_none() && column.heading.as_deref().is_some_and(same)
            })
        };
        by_index.or_else(by_heading).map(|column| column.field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_comes_back_as_it_went() {
        let mapping = Mapping {
            columns: vec![
                ColumnUse {
                    index: Some(2),
                    heading: None,
                    field: Field::Phone,
                },
                ColumnUse {
                    index: None,
                    heading: Some("单位".into()),
                    field: Field::Company,
                },
            ],
            header_row: HeaderRow::At(4),
            sheet: SheetChoice::Name("参展商名单".into()),
            encoding: Some("gb18030".into()),
            delimiter: Some(';'),
        };
        let text = serde_json::to_string(&mapping).unwrap();
        assert_eq!(Mapping::from_json(&text).unwrap(), mapping);
    }

    #[test]
    fn a_plain_object_is_enough() {
        let mapping = Mapping::from_json("{\"单位名称\": \"company\", \"3\": \"phone\"}").unwrap();
        assert_eq!(mapping.field_of(0, "单位名称"), Some(Field::Company));
        assert_eq!(mapping.field_of(2, ""), Some(Field::Phone));
        assert_eq!(mapping.field_of(1, ""), None);
        assert!(Mapping::from_json("{\"a\": \"phnoe\"}").is_err());
    }
}
