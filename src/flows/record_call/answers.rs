//! What was sent with a call, read into codes and values; a wrong one is refused by its name.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use serde_json::Value;

use super::super::facts;
use crate::calling::model::CallForm;
use crate::calling::rules::Disposition;
use crate::calling::rules::dispositions::Given;
use crate::consent::Ways;
use crate::platform::error::{AppError, AppResult};
use crate::qualifying::rules::sign_by;
use crate::qualifying::{Grade, Urgency};
use crate::registry::model::{Field, Part, Said};
use crate::registry::rules::phone::{Home, Phone, PhoneContext, as_given};

/// What somebody says on the telephone is as sure as this.
const SAID_BY_CONTACT: u8 = 2;
/// Longest text of one answer.
const LONGEST: usize = 4_000;

/// The answers of one call.
#[derive(Debug, Clone)]
pub(super) struct Answers {
    pub disposition: Disposition,
    pub urgency: Option<Urgency>,
    pub need_text: Option<String>,
    pub grade: Option<Grade>,
    pub keeps_proposal: bool,
    pub callback_at: Option<NaiveDateTime>,
    pub visit_at: Option<NaiveDateTime>,
    pub ways: Option<Ways>,
    pub duplicate_of: Option<i64>,
    pub phone: Option<Phone>,
    pub incoming: bool,
    pub note: Option<String>,
    pub successor: Option<Said>,
    has_reason: bool,
    facts: Said,
}

impl Answers {
    /// Reads a form; 422 names the field that is wrong. A number without country code is one of `home`.
    pub fn read(form: &CallForm, home: Home) -> AppResult<Self> {
        let disposition = Disposition::from_code(&form.disposition)
            .ok_or_else(|| AppError::invalid("disposition_unknown", "disposition"))?;
        let incoming = match form.direction.as_deref() {
            None | Some("out") => false,
            Some("in") => true,
            Some(_) => return Err(AppError::invalid("direction_unknown", "direction")),
        };
        let mut facts = facts::read(&form.facts, Some(SAID_BY_CONTACT), home)?;
        let need_text = need(form, &mut facts)?;
        let has_reason = [&form.reason, &form.grade_reason, &form.note]
            .into_iter()
            .any(|text| text.as_deref().is_some_and(|t| !t.trim().is_empty()));
        Ok(Self {
            disposition,
            urgency: code(
                form.urgency.as_deref(),
                Urgency::from_code,
                "urgency_unknown",
                "urgency",
            )?,
            need_text,
            grade: code(
                form.grade.as_deref(),
                Grade::from_code,
                "grade_unknown",
                "grade",
            )?,
            keeps_proposal: form.keeps_proposal,
            callback_at: moment(form.callback_at.as_deref(), "callback_at")?,
            visit_at: moment(form.visit_at.as_deref(), "visit_at")?,
            ways: code(form.ways.as_deref(), Ways::parse, "ways_unknown", "ways")?,
            duplicate_of: form.duplicate_of,
            phone: form
                .phone
                .as_deref()
                .filter(|t| !t.trim().is_empty())
                .map(|text| phone(text, home))
                .transpose()?,
            incoming,
            note: form.note.clone().filter(|t| !t.trim().is_empty()),
            successor: form
                .successor
                .as_deref()
                .and_then(|text| successor(text, home)),
            has_reason,
            facts,
        })
    }

    /// What the result must not be without.
    pub fn given(&self) -> Given {
        Given {
            callback_at: self.callback_at,
            visit_at: self.visit_at,
            duplicate_of: self.duplicate_of.is_some(),
            reason: self.has_reason,
            wechat: self.facts.get(Field::Wechat).is_some(),
        }
    }

    /// Since when they have their system, if it was said.
    pub fn present_system_year(&self) -> Option<i32> {
        self.facts
            .whole(Field::PresentSystemYear)
            .and_then(|year| i32::try_from(year).ok())
    }

    /// The new address was said.
    pub fn says_address(&self) -> bool {
        self.facts.get(Field::Address).is_some()
    }

    /// A person was named who is not known yet.
    pub fn names_person(&self) -> bool {
        self.facts.text(Field::PersonName).is_some()
    }

    /// A number was said that may not have been known.
    pub fn teaches_number(&self) -> bool {
        let has_number = |said: &Said| {
            [Field::Phone, Field::Mobile, Field::DeskPhone]
                .into_iter()
                .any(|field| said.get(field).is_some())
        };
        has_number(&self.facts) || self.successor.as_ref().is_some_and(has_number)
    }

    /// What was said about the person.
    pub fn person_part(&self) -> Said {
        let of_person = |field: &Field| matches!(field.part(), Part::Person | Part::Contact);
        Said(
            self.facts
                .0
                .iter()
                .filter(|(field, _)| of_person(field))
                .map(|(f, v)| (*f, v.clone()))
                .collect(),
        )
    }

    /// Something was said that a grade rests on.
    pub fn bears_on_grade(&self) -> bool {
        if self.urgency.is_some() {
            return true;
        }
        let items = [
            Field::SelectionStarted,
            Field::BudgetState,
            Field::Decider,
            Field::Needs,
            Field::NeedText,
            Field::Vendors,
            Field::GoLive,
            Field::NeedUsers,
            Field::PresentSystemYear,
        ];
        items
            .into_iter()
            .any(|field| self.facts.get(field).is_some())
    }

    /// All that was said, with the day that follows from the urgency.
    pub fn said(&self, today: NaiveDate) -> Said {
        let mut said = self.facts.clone();
        if let Some(urgency) = self.urgency {
            said.put_certain(Field::Urgency, urgency.code(), SAID_BY_CONTACT);
            let day = sign_by(urgency, today).map(|day| day.to_string());
            // Without a day the earlier one goes, too; a day that they named themselves stays.
            if !said.0.contains_key(&Field::SignBy) {
                let day = day.map_or(Value::Null, Value::from);
                said.put_certain(Field::SignBy, day, SAID_BY_CONTACT);
            }
        }
        said
    }
}

fn code<T>(
    sent: Option<&str>,
    read: impl Fn(&str) -> Option<T>,
    wrong: &'static str,
    field: &'static str,
) -> AppResult<Option<T>> {
    match sent.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => read(text)
            .map(Some)
            .ok_or_else(|| AppError::invalid(wrong, field)),
    }
}

fn moment(sent: Option<&str>, field: &'static str) -> AppResult<Option<NaiveDateTime>> {
    let read = |text: &str| {
        DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|at| at.naive_utc())
    };
    code(sent, read, "moment_unreadable", field)
}

/// A number as a program or a person gives it.
fn phone(text: &str, home: Home) -> AppResult<Phone> {
    as_given(text.trim(), &PhoneContext::at(home))
        .map_err(|_| AppError::invalid("phone_unreadable", "phone"))
}

/// `王敏 13800001111`: a name, and a number where one is said.
fn successor(text: &str, home: Home) -> Option<Said> {
    let at = text
        .find(|c: char| c.is_ascii_digit() || c == '+')
        .unwrap_or(text.len());
    let (name, number) = text.split_at(at);
    let name = name.trim().trim_end_matches([',', '，', ':', '：']);
    if name.is_empty() {
        return None;
    }
    let mut said = Said::new().with(Field::PersonName, name);
    if let Ok(phone) = phone(number, home) {
        said.put(Field::Mobile, vec![phone.e164]);
    }
    Some(said)
}

/// A need in words, or a list of needs of the office's list by their bits.
fn need(form: &CallForm, facts: &mut Said) -> AppResult<Option<String>> {
    match &form.need {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) if text.len() <= LONGEST => {
            facts.put_certain(Field::NeedText, text.trim(), SAID_BY_CONTACT);
            Ok(Some(text.trim().to_owned()))
        }
        Some(Value::Array(items)) => {
            facts.put_certain(Field::Needs, items.clone(), SAID_BY_CONTACT);
            Ok(Some(serde_json::to_string(items)?))
        }
        Some(_) => Err(AppError::invalid("need_unreadable", "need")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> AppResult<Answers> {
        Answers::read(
            &serde_json::from_str::<CallForm>(json).expect("a form"),
            Home::default(),
        )
    }

    #[test]
    fn wrong_values_are_named() {
        for (json, code, field) in [
            (
                r#"{"disposition":"maybe"}"#,
                "disposition_unknown",
                "disposition",
            ),
            (
                r#"{"disposition":"busy","urgency":"soon"}"#,
                "urgency_unknown",
                "urgency",
            ),
            (
                r#"{"disposition":"busy","grade":"F"}"#,
                "grade_unknown",
                "grade",
            ),
            (
                r#"{"disposition":"callback","callback_at":"tomorrow"}"#,
                "moment_unreadable",
                "callback_at",
            ),
            (
                r#"{"disposition":"busy","direction":"up"}"#,
                "direction_unknown",
                "direction",
            ),
            (
                r#"{"disposition":"busy","facts":{"colour":"red"}}"#,
                "fact_unknown",
                "facts",
            ),
            (
                r#"{"disposition":"do_not_call","ways":"fax"}"#,
                "ways_unknown",
                "ways",
            ),
        ] {
            let error = read(json).expect_err(json);
            let refusal = error.refusal().expect("a refusal");
            assert_eq!(
                (refusal.status.as_u16(), refusal.code),
                (422, code),
                "{json}"
            );
            assert!(
                refusal.args.contains(&("field", field.to_owned())),
                "{json}"
            );
        }
    }

    #[test]
    fn an_urgency_says_a_day_and_a_need_is_kept() {
        let answers = read(r#"{"disposition":"interested","urgency":"M3","need":"报价太慢","facts":{"headcount":120}}"#).expect("fine");
        let said = answers.said("2026-09-22".parse().expect("a day"));
        assert_eq!(said.text(Field::Urgency), Some("M3"));
        assert_eq!(said.text(Field::SignBy), Some("2026-12-22"));
        assert_eq!(said.text(Field::NeedText), Some("报价太慢"));
        assert_eq!(said.whole(Field::Headcount), Some(120));
    }

    #[test]
    fn a_number_may_carry_an_extension() {
        let phone = phone("+8651265801234;ext=801", Home::default()).expect("a number");
        assert_eq!(
            (phone.e164.as_str(), phone.ext.as_deref()),
            ("+8651265801234", Some("801"))
        );
        let said = successor("王敏 +8613800001111", Home::default()).expect("a successor");
        assert_eq!(said.text(Field::PersonName), Some("王敏"));
        assert_eq!(said.list(Field::Mobile), ["+8613800001111"]);
    }
}
