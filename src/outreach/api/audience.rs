//! Whom a mailing is for, as a program says it. What nobody understands is refused: it might have kept somebody out.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::outreach::model::Audience;
use crate::platform::error::{AppError, AppResult};
use crate::qualifying::Grade;
use crate::registry::filter::Filter;

/// Grades, and criteria of the company beside them or in a filter of their own.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct AudienceInput {
    #[serde(default, alias = "grade")]
    grades: Option<Vec<Grade>>,
    #[serde(default)]
    filter: Option<Filter>,
    #[serde(default)]
    companies: Option<Vec<i64>>,
    #[serde(default)]
    persons: Option<Vec<i64>>,
    #[serde(flatten)]
    criteria: Map<String, Value>,
}

impl AudienceInput {
    /// As it is kept; without grades the usual ones get it.
    pub(super) fn read(self, usual: impl FnOnce() -> AppResult<Vec<Grade>>) -> AppResult<Audience> {
        let grades = match self.grades {
            Some(grades) => grades,
            None => usual()?,
        };
        let unreadable = |why: String| AppError::bad_request("json_unreadable").with("detail", why);
        let filter = match self.filter {
            Some(_) if !self.criteria.is_empty() => {
                let beside: Vec<String> = self.criteria.into_iter().map(|(name, _)| name).collect();
                return Err(unreadable(format!(
                    "beside `filter` stands what belongs into it: {}",
                    beside.join(", ")
                )));
            }
            Some(filter) => filter,
            None => serde_json::from_value(Value::Object(self.criteria))
                .map_err(|why| unreadable(why.to_string()))?,
        };
        Ok(Audience {
            grades,
            filter,
            companies: chosen(self.companies, "audience.companies")?,
            persons: chosen(self.persons, "audience.persons")?,
        })
    }
}

/// Who was chosen one by one. Who chose nobody does not mean everybody.
fn chosen(ids: Option<Vec<i64>>, field: &'static str) -> AppResult<Vec<i64>> {
    match ids {
        Some(ids) if ids.is_empty() => Err(AppError::invalid("audience_nobody", field)),
        ids => Ok(ids.unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(said: Value) -> AppResult<Audience> {
        let input: AudienceInput = serde_json::from_value(said).expect("an object");
        input.read(|| Ok(vec![Grade::B, Grade::C]))
    }

    #[test]
    fn criteria_stand_beside_the_grades_or_in_a_filter() {
        let said = json!({ "grades": ["D"], "region": ["320000"], "persons": [7] });
        let beside = read(said).expect("read");
        assert_eq!((beside.grades, beside.persons), (vec![Grade::D], vec![7]));
        assert_eq!(beside.filter.region, ["320000"]);
        let within = read(json!({ "filter": { "industry": ["C"] } })).expect("read");
        assert_eq!(within.grades, [Grade::B, Grade::C]);
        assert_eq!(within.filter.industry, ["C"]);
        assert!(read(json!({ "grades": ["D"], "provinces": ["320000"] })).is_err());
        for nobody in [json!({ "persons": [] }), json!({ "companies": [] })] {
            assert!(read(nobody).is_err(), "that would be everybody");
        }
        let both = json!({ "filter": { "industry": ["C"] }, "region": ["320000"] });
        assert!(read(both).is_err(), "one of them would be lost");
    }
}
