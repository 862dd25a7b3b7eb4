//! What was typed on the call screen: the pairs of its form, kept as a draft, read as the call that is recorded.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::calling::model::CallForm;
use crate::calling::rules::Disposition;
use crate::flows::facts;
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::qualifying::Needs;
use crate::qualifying::model::{Vendor, VendorState};
use crate::registry::model::{Field, Said};
use crate::registry::rules::phone::Home;

/// Revenue is typed in ten thousands of the currency.
const MINOR_UNITS_OF_TEN_THOUSAND: f64 = 1_000_000.0;
/// A budget is typed in whole units.
const MINOR_UNITS: f64 = 100.0;
/// Competitors that can be named in one call.
pub const VENDORS: usize = 2;
/// What somebody says on the telephone is as sure as this.
const SAID_BY_CONTACT: u8 = 2;
/// Fields that belong to the request, not to the answers.
const NOT_ANSWERS: [&str; 5] = ["csrf", "then", "started", "talked", "rang"];

/// The pairs of a form as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub Vec<(String, String)>);

impl Answers {
    /// From a form.
    pub fn of(pairs: &Pairs) -> Self {
        let answers = pairs.0.iter().filter(|(name, value)| {
            !NOT_ANSWERS.contains(&name.as_str()) && !value.trim().is_empty()
        });
        Self(answers.cloned().collect())
    }
    /// From a stored draft.
    pub fn from_json(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
    /// The first value of a field, trimmed; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, value)| value.trim())
    }
    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, value)| value.trim())
    }
    /// Whether a field has this value among others.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|given| given == value)
    }
    fn optional(&self, name: &str) -> Option<String> {
        Some(self.get(name).to_owned()).filter(|text| !text.is_empty())
    }
    /// The chosen result.
    pub fn disposition(&self) -> Option<Disposition> {
        Disposition::from_code(self.get("disposition"))
    }
    /// Contact and point of the chosen line.
    pub fn line(&self) -> (Option<i64>, Option<i64>) {
        let (contact, point) = self.get("line").split_once(':').unwrap_or(("", ""));
        (contact.parse().ok(), point.parse().ok())
    }

    /// The agreed moment: a suggested one, or date and time by hand in the callee's zone.
    pub fn moment(&self, zone: Tz) -> AppResult<Option<NaiveDateTime>> {
        let (slot, date, time) = (self.get("slot"), self.get("date"), self.get("time"));
        let local = if !date.is_empty() || !time.is_empty() {
            let date = date.parse::<NaiveDate>();
            let time = NaiveTime::parse_from_str(time, "%H:%M")
                .or_else(|_| NaiveTime::parse_from_str(time, "%H:%M:%S"));
            match (date, time) {
                (Ok(date), Ok(time)) => date.and_time(time),
                _ => return Err(AppError::invalid("callback_unreadable", "callback_at")),
            }
        } else if !slot.is_empty() {
            NaiveDateTime::parse_from_str(slot, "%Y-%m-%dT%H:%M")
                .map_err(|_| AppError::invalid("callback_unreadable", "callback_at"))?
        } else {
            return Ok(None);
        };
        let at = zone.from_local_datetime(&local).earliest();
        let at = at.ok_or_else(|| AppError::invalid("callback_unreadable", "callback_at"))?;
        Ok(Some(at.naive_utc()))
    }

    /// The call as it is recorded: what was typed is said. `zone` is the callee's, `needs` the office's list.
    pub fn call(&self, zone: Tz, needs: &Needs) -> AppResult<CallForm> {
        let disposition = self
            .disposition()
            .ok_or_else(|| AppError::invalid("disposition_missing", "disposition"))?;
        if disposition == Disposition::DoNotCall && self.get("sure").is_empty() {
            return Err(AppError::invalid("do_not_call_unsure", "ways"));
        }
        let at = self
            .moment(zone)?
            .map(|at| at.and_utc().to_rfc3339_opts(SecondsFormat::Secs, true));
        let is_visit = disposition == Disposition::VisitAgreed;
        Ok(CallForm {
            contact: self.line().0,
            disposition: disposition.code().to_owned(),
            urgency: self.optional("urgency"),
            need: self.optional("need_text").map(Value::from),
            note: self.optional("note"),
            facts: self.facts(Some(disposition), needs),
            grade: self.optional("grade"),
            keeps_proposal: true,
            grade_reason: self.optional("grade_reason"),
            callback_at: at.clone().filter(|_| disposition.takes_callback()),
            visit_at: at.filter(|_| is_visit),
            reason: self.optional("reason"),
            ways: (disposition == Disposition::DoNotCall)
                .then(|| self.optional("ways").unwrap_or_else(|| "call".into())),
            duplicate_of: self.get("duplicate_of").parse().ok(),
            successor: self.optional("successor"),
            ..CallForm::default()
        })
    }

    /// Competitors that were named, with how far each has come.
    fn vendors(&self) -> Vec<Vendor> {
        let vendor = |n: usize| {
            let name = self.optional(&format!("vendor_{n}"))?;
            let state = VendorState::from_code(self.get(&format!("vendor_state_{n}")));
            Some(Vendor {
                name,
                state: state.unwrap_or(VendorState::Mentioned),
            })
        };
        (0..VENDORS).filter_map(vendor).collect()
    }

    /// What was typed that a record may say, whatever the result is; what cannot be read yet is left out.
    pub fn said_so_far(&self, needs: &Needs, home: Home, today: NaiveDate) -> Said {
        let mut said = Said::new();
        for (name, value) in self.facts(None, needs) {
            if let Ok(read) = facts::read([(&name, &value)], Some(SAID_BY_CONTACT), home) {
                said.0.extend(read.0);
            }
        }
        let typed = [(Field::Urgency, "urgency"), (Field::NeedText, "need_text")];
        for (field, name) in typed {
            if let Some(text) = self.optional(name) {
                said.put_certain(field, text, SAID_BY_CONTACT);
            }
        }
        facts::say_sign_by(&mut said, today);
        said
    }

    fn facts(&self, disposition: Option<Disposition>, needs: &Needs) -> Map<String, Value> {
        let mut facts = Map::new();
        for (name, value) in &self.0 {
            if let Some(field) = name.strip_prefix("f-") {
                facts.insert(field.to_owned(), typed(field, value.trim()));
            }
        }
        let bit = |code: &str| {
            needs
                .0
                .iter()
                .find(|need| need.code == code)
                .map(|need| need.bit)
        };
        let bits: Vec<u32> = self.all("need").filter_map(bit).collect();
        if !bits.is_empty() {
            facts.insert("needs".into(), Value::from(bits));
        }
        let vendors = self.vendors();
        if !vendors.is_empty() {
            facts.insert("vendors".into(), json!(vendors));
        }
        let moved_to = self.get("moved_to");
        if disposition == Some(Disposition::Moved) && !moved_to.is_empty() {
            facts.insert("address".into(), Value::from(moved_to));
        }
        facts
    }
}

/// Money in minor units: revenue is typed in ten thousands, a budget in whole units; every other value as it was typed.
fn typed(field: &str, text: &str) -> Value {
    let factor = match Field::from_code(field) {
        Some(Field::Revenue) => MINOR_UNITS_OF_TEN_THOUSAND,
        Some(Field::BudgetMin | Field::BudgetMax) => MINOR_UNITS,
        _ => return Value::from(text),
    };
    match text.replace([',', '，'], "").parse::<f64>() {
        Ok(amount) => Value::from((amount * factor).round() as i64),
        Err(_) => Value::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Shanghai;

    fn answers(pairs: &[(&str, &str)]) -> Answers {
        let pairs = pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        Answers::of(&Pairs(pairs.collect()))
    }

    #[test]
    fn a_moment_is_chosen_or_typed_in_the_zone_of_whoever_is_called() {
        let utc = |text: &str| Some(text.parse::<NaiveDateTime>().expect("an instant"));
        for (pairs, at) in [
            (
                vec![("slot", "2026-09-24T10:30")],
                utc("2026-09-24T02:30:00"),
            ),
            (
                vec![
                    ("slot", "2026-09-24T10:30"),
                    ("date", "2026-09-25"),
                    ("time", "09:05"),
                ],
                utc("2026-09-25T01:05:00"),
            ),
            (vec![], None),
        ] {
            assert_eq!(answers(&pairs).moment(Shanghai).expect("readable"), at);
        }
        assert!(answers(&[("date", "2026-09-25")]).moment(Shanghai).is_err());
    }

    #[test]
    fn a_do_not_call_is_asked_twice() {
        let unsure = answers(&[("disposition", "do_not_call"), ("ways", "all")]);
        let code = unsure
            .call(Shanghai, &Needs::default())
            .expect_err("unsure")
            .refusal()
            .map(|r| r.code);
        assert_eq!(code, Some("do_not_call_unsure"));
        let sure = answers(&[
            ("disposition", "do_not_call"),
            ("ways", "all"),
            ("sure", "yes"),
        ]);
        assert_eq!(
            sure.call(Shanghai, &Needs::default())
                .expect("sure")
                .ways
                .as_deref(),
            Some("all")
        );
    }

    #[test]
    fn what_was_typed_is_said() {
        let given = answers(&[
            ("csrf", "x"),
            ("disposition", "interested"),
            ("line", "7:9"),
            ("need", "inventory"),
            ("need_text", "报价太慢"),
            ("f-headcount", "320"),
            ("f-present_system", "旧系统"),
            ("f-address", " "),
        ]);
        let call = given.call(Shanghai, &Needs::default()).expect("a call");
        assert_eq!(call.contact, Some(7));
        assert_eq!(given.line(), (Some(7), Some(9)));
        assert_eq!(call.facts["headcount"], Value::from("320"));
        assert_eq!(call.facts.len(), 3);
        assert_eq!(call.facts["needs"], serde_json::json!([1]));
        assert_eq!(call.need, Some(Value::from("报价太慢")));
    }
}
