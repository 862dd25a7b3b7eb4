//! A grade grows old without a valid contact: first a warning, then a proposal. Nothing is lowered silently.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::qualifying::model::Grade;

/// When a grade grows old.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpiryRule {
    /// Days without a contact until the warning.
    pub warn_days: u16,
    /// Days until a lower grade is proposed, and which.
    pub lower: Option<(u16, Grade)>,
}

/// The table for all grades; editable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ExpiryRules(pub BTreeMap<Grade, ExpiryRule>);

impl Default for ExpiryRules {
    fn default() -> Self {
        let rule = |warn_days, lower| ExpiryRule { warn_days, lower };
        Self(BTreeMap::from([
            (Grade::A, rule(14, Some((30, Grade::B)))),
            (Grade::B, rule(45, Some((90, Grade::C)))),
            (Grade::C, rule(90, Some((180, Grade::D)))),
            (Grade::D, rule(365, None)),
        ]))
    }
}

/// The days on which something happens to a grade that nobody looks after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    /// From this day on it is about to expire: it moves up in the queue.
    pub warn_on: NaiveDate,
    /// On this day a lower grade is proposed.
    pub lower_on: Option<(NaiveDate, Grade)>,
}

/// How old a grade is on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Young enough.
    Fresh,
    /// A call is due before something happens; the lower grade and its day, if there is one.
    Warned(Option<(NaiveDate, Grade)>),
    /// A lower grade is proposed.
    Expired(Grade),
}

impl ExpiryRules {
    /// How old a grade is.
    pub fn age(&self, grade: Grade, last_contact: NaiveDate, today: NaiveDate) -> Age {
        let Some(expiry) = self.expiry(grade, last_contact) else {
            return Age::Fresh;
        };
        match expiry.lower_on {
            Some((on, lower)) if today >= on => Age::Expired(lower),
            lower_on if today >= expiry.warn_on => Age::Warned(lower_on),
            _ => Age::Fresh,
        }
    }

    /// When a grade expires that was last confirmed by a contact on a day; E never does.
    pub fn expiry(&self, grade: Grade, last_contact: NaiveDate) -> Option<Expiry> {
        let rule = self.0.get(&grade)?;
        let after = |days: u16| last_contact + TimeDelta::days(i64::from(days));
        Some(Expiry {
            warn_on: after(rule.warn_days),
            lower_on: rule.lower.map(|(days, grade)| (after(days), grade)),
        })
    }

    /// Refuses a table that would warn too late or lift a grade.
    pub fn is_valid(&self) -> bool {
        self.0.iter().all(|(grade, rule)| {
            rule.warn_days > 0
                && rule.lower.is_none_or(|(days, lower)| {
                    days > rule.warn_days && grade.is_better_than(lower)
                })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_grow_old() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let rules = ExpiryRules::default();
        assert!(rules.is_valid());
        for (grade, warn_on, lower_on) in [
            (Grade::A, "2026-01-15", Some(("2026-01-31", Grade::B))),
            (Grade::B, "2026-02-15", Some(("2026-04-01", Grade::C))),
            (Grade::C, "2026-04-01", Some(("2026-06-30", Grade::D))),
            (Grade::D, "2027-01-01", None),
        ] {
            let expiry = rules.expiry(grade, day("2026-01-01")).unwrap();
            assert_eq!(expiry.warn_on, day(warn_on), "{grade:?}");
            assert_eq!(
                expiry.lower_on,
                lower_on.map(|(on, to)| (day(on), to)),
                "{grade:?}"
            );
        }
        assert_eq!(rules.expiry(Grade::E, day("2026-01-01")), None);
    }

    #[test]
    fn an_old_grade_warns_before_it_expires() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let rules = ExpiryRules::default();
        let lowers = (day("2026-04-01"), Grade::C);
        for (grade, today, age) in [
            (Grade::B, "2026-02-14", Age::Fresh),
            (Grade::B, "2026-02-15", Age::Warned(Some(lowers))),
            (Grade::B, "2026-03-31", Age::Warned(Some(lowers))),
            (Grade::B, "2026-04-01", Age::Expired(Grade::C)),
            (Grade::D, "2026-12-31", Age::Fresh),
            (Grade::D, "2029-01-01", Age::Warned(None)),
            (Grade::E, "2029-01-01", Age::Fresh),
        ] {
            assert_eq!(
                rules.age(grade, day("2026-01-01"), day(today)),
                age,
                "{today}"
            );
        }
    }

    #[test]
    fn a_table_that_lifts_is_refused() {
        let rule = ExpiryRule {
            warn_days: 10,
            lower: Some((20, Grade::A)),
        };
        assert!(!ExpiryRules(BTreeMap::from([(Grade::B, rule)])).is_valid());
    }
}
