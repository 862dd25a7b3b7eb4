//! How many are in, and how many are not, by reason.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Verdict;

/// The figures of a planning.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    /// Who gets a letter.
    #[serde(rename = "in")]
    pub included: i64,
    /// Who gets none, by the code of the reason.
    pub left_out: BTreeMap<String, i64>,
    /// Who gets one, by grade.
    pub grades: BTreeMap<String, i64>,
    /// Who gets one, by language.
    pub languages: BTreeMap<String, i64>,
}

impl Figures {
    /// Counts one more person.
    pub fn count(&mut self, verdict: &Verdict) {
        let (by, key) = match verdict {
            Verdict::Out(reason) => (&mut self.left_out, reason.code()),
            Verdict::In(included) => {
                self.included += 1;
                *self.languages.entry(included.language.clone()).or_default() += 1;
                (&mut self.grades, included.grade.code())
            }
        };
        *by.entry(key.to_owned()).or_default() += 1;
    }

    /// Everybody who was considered.
    pub fn considered(&self) -> i64 {
        self.included + self.left_out.values().sum::<i64>()
    }
}
