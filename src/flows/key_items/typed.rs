//! What was typed into the form of the key items, read into a record; only what differs from what is known is said.

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::{Value, json};

use crate::platform::form::Pairs;
use crate::qualifying::Urgency;
use crate::qualifying::model::{
    BudgetState, DecisionProcess, Evidence, SelectionStarted, Vendor, VendorState,
};
use crate::qualifying::rules::lists::Needs;
use crate::qualifying::rules::sign_by;
use crate::registry::model::{Field, Said};

/// Competitors that can be typed at once.
pub const VENDORS: usize = 3;
/// Minor units of one unit of money.
const MINOR: f64 = 100.0;

/// The form as it stands: texts by field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub urgency: String,
    pub sign_by: String,
    pub go_live: String,
    pub budget: String,
    pub budget_min: String,
    pub budget_max: String,
    pub budget_year: String,
    pub needs: Vec<String>,
    pub need_text: String,
    pub need_users: String,
    pub decider: String,
    pub process: String,
    pub selection: String,
    pub vendors: Vec<(String, String)>,
    pub key_evaluation: String,
}

fn text<T>(known: Option<&T>, write: impl Fn(&T) -> String) -> String {
    known.map(write).unwrap_or_default()
}

impl Typed {
    /// What is known, as the form would show it.
    pub fn of(evidence: &Evidence) -> Self {
        let e = evidence;
        let whole = |minor: i64| (minor / 100).to_string();
        let amount = e.budget_amount.as_ref().map(|known| &known.value);
        let vendors = e.vendors.as_ref().map_or(&[][..], |known| &known.value);
        Self {
            urgency: text(e.urgency.as_ref(), |k| k.value.code().to_owned()),
            sign_by: text(e.sign_by.as_ref(), |k| k.value.to_string()),
            go_live: text(e.go_live.as_ref(), |k| k.value.to_string()),
            budget: text(e.budget.as_ref(), |k| k.value.code().to_owned()),
            budget_min: amount
                .and_then(|(from, ..)| *from)
                .map(whole)
                .unwrap_or_default(),
            budget_max: amount
                .and_then(|(_, to, _)| *to)
                .map(whole)
                .unwrap_or_default(),
            budget_year: text(e.budget_year.as_ref(), |k| k.value.to_string()),
            needs: e.need().0.to_vec(),
            need_text: e.need().1.to_owned(),
            need_users: text(e.need_users.as_ref(), |k| k.value.to_string()),
            decider: text(e.decider.as_ref(), |k| k.value.name.clone()),
            process: text(e.process.as_ref(), |k| k.value.code().to_owned()),
            selection: text(e.selection.as_ref(), |k| k.value.code().to_owned()),
            vendors: vendors
                .iter()
                .map(|one| (one.name.clone(), one.state.code().to_owned()))
                .collect(),
            key_evaluation: text(e.key_evaluation.as_ref(), |k| k.value.clone()),
        }
    }

    /// What was sent.
    pub fn read(pairs: &Pairs) -> Self {
        let one = |name: &str| pairs.get(name).unwrap_or_default().to_owned();
        let vendor = |n: usize| {
            let name = one(&format!("vendor_{n}"));
            let state = one(&format!("vendor_state_{n}"));
            (!name.is_empty()).then_some((name, state))
        };
        let needs = pairs.0.iter().filter(|(name, _)| name == "needs");
        Self {
            urgency: one("urgency"),
            sign_by: one("sign_by"),
            go_live: one("go_live"),
            budget: one("budget_state"),
            budget_min: one("budget_min"),
            budget_max: one("budget_max"),
            budget_year: one("budget_year"),
            needs: needs.map(|(_, code)| code.clone()).collect(),
            need_text: one("need_text"),
            need_users: one("need_users"),
            decider: one("decider"),
            process: one("decision_process"),
            selection: one("selection_started"),
            vendors: (0..VENDORS).filter_map(vendor).collect(),
            key_evaluation: one("key_evaluation"),
        }
    }

    /// Says what differs from `known`; names the fields that cannot be read.
    pub fn said(
        &self,
        known: &Self,
        certainty: u8,
        needs: &Needs,
        now: NaiveDateTime,
    ) -> Result<Said, Vec<Field>> {
        let mut says = Says {
            said: Said::new(),
            wrong: Vec::new(),
            certainty,
        };
        let code = |ok: bool, text: &str| ok.then(|| json!(text));
        let day = |text: &str| {
            text.parse::<NaiveDate>()
                .ok()
                .map(|day| json!(day.to_string()))
        };
        let plain = |text: &str| Some(json!(text));
        says.put(Field::Urgency, &self.urgency, &known.urgency, |t| {
            code(Urgency::from_code(t).is_some(), t)
        });
        says.put(Field::SignBy, &self.sign_by, &known.sign_by, day);
        says.put(Field::GoLive, &self.go_live, &known.go_live, day);
        says.put(Field::BudgetState, &self.budget, &known.budget, |t| {
            code(BudgetState::from_code(t).is_some(), t)
        });
        says.put(Field::BudgetMin, &self.budget_min, &known.budget_min, money);
        says.put(Field::BudgetMax, &self.budget_max, &known.budget_max, money);
        says.put(
            Field::BudgetYear,
            &self.budget_year,
            &known.budget_year,
            year,
        );
        says.put(Field::NeedText, &self.need_text, &known.need_text, plain);
        says.put(Field::NeedUsers, &self.need_users, &known.need_users, whole);
        says.put(Field::Decider, &self.decider, &known.decider, plain);
        says.put(Field::DecisionProcess, &self.process, &known.process, |t| {
            code(DecisionProcess::from_code(t).is_some(), t)
        });
        says.put(
            Field::SelectionStarted,
            &self.selection,
            &known.selection,
            |t| code(SelectionStarted::from_code(t).is_some(), t),
        );
        says.put(
            Field::KeyEvaluation,
            &self.key_evaluation,
            &known.key_evaluation,
            plain,
        );
        self.say_lists(&mut says, known, needs);
        self.say_sign_by(&mut says, known, now);
        if says.wrong.is_empty() {
            Ok(says.said)
        } else {
            Err(says.wrong)
        }
    }

    fn say_lists(&self, says: &mut Says, known: &Self, needs: &Needs) {
        if self.needs != known.needs {
            let bit = |code: &String| {
                let need = needs.0.iter().find(|need| need.code == *code);
                need.map(|need| json!(need.bit))
            };
            let bits: Vec<Value> = self.needs.iter().filter_map(bit).collect();
            says.certain(Field::Needs, Value::Array(bits));
        }
        if self.vendors != known.vendors {
            let vendors: Vec<Vendor> = self.vendors.iter().map(vendor).collect();
            says.certain(Field::Vendors, json!(vendors));
        }
    }

    /// The day follows from an urgency that was typed without one.
    fn say_sign_by(&self, says: &mut Says, known: &Self, now: NaiveDateTime) {
        if self.urgency == known.urgency || self.sign_by != known.sign_by {
            return;
        }
        let day = Urgency::from_code(&self.urgency).and_then(|said| sign_by(said, now.date()));
        says.certain(
            Field::SignBy,
            day.map_or(Value::Null, |day| json!(day.to_string())),
        );
    }
}

/// What is being said.
struct Says {
    said: Said,
    wrong: Vec<Field>,
    certainty: u8,
}

impl Says {
    fn certain(&mut self, field: Field, value: Value) {
        self.said.put_certain(field, value, self.certainty);
    }

    fn put(
        &mut self,
        field: Field,
        typed: &str,
        known: &str,
        read: impl Fn(&str) -> Option<Value>,
    ) {
        if typed == known {
            return;
        }
        if typed.is_empty() {
            return self.certain(field, Value::Null);
        }
        match read(typed) {
            Some(value) => self.certain(field, value),
            None => self.wrong.push(field),
        }
    }
}

fn whole(text: &str) -> Option<Value> {
    let number: i64 = text.parse().ok()?;
    (1..=1_000_000).contains(&number).then(|| json!(number))
}

fn year(text: &str) -> Option<Value> {
    let year: i64 = text.parse().ok()?;
    (2000..=2100).contains(&year).then(|| json!(year))
}

/// Whole units as typed, minor units as kept; thousands may be marked.
fn money(text: &str) -> Option<Value> {
    let amount: f64 = text.replace([',', '，'], "").parse().ok()?;
    let is_sane = amount.is_finite() && (0.0..=1e13).contains(&amount);
    is_sane.then(|| json!((amount * MINOR).round() as i64))
}

fn vendor((name, state): &(String, String)) -> Vendor {
    Vendor {
        name: name.clone(),
        state: VendorState::from_code(state).unwrap_or(VendorState::Mentioned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> NaiveDateTime {
        "2026-09-22T02:00:00".parse().unwrap()
    }

    #[test]
    fn only_what_differs_is_said_and_an_urgency_brings_its_day() {
        let known = Typed {
            budget: "approved".into(),
            ..Typed::default()
        };
        let typed = Typed {
            urgency: "M3".into(),
            budget_max: "500,000".into(),
            ..known.clone()
        };
        let said = typed.said(&known, 2, &Needs::default(), now()).unwrap();
        assert_eq!(said.codes(), "urgency,sign_by,budget_max");
        assert_eq!(said.text(Field::SignBy), Some("2026-12-22"));
        assert_eq!(said.whole(Field::BudgetMax), Some(50_000_000));
    }

    #[test]
    fn a_field_that_was_emptied_says_so() {
        let known = Typed {
            decider: "姚启明".into(),
            ..Typed::default()
        };
        let said = Typed::default()
            .said(&known, 2, &Needs::default(), now())
            .unwrap();
        assert_eq!(said.codes(), "decider");
        assert_eq!(said.get(Field::Decider), None);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let typed = Typed {
            urgency: "soon".into(),
            need_users: "many".into(),
            budget_year: "26".into(),
            ..Typed::default()
        };
        let wrong = typed
            .said(&Typed::default(), 2, &Needs::default(), now())
            .unwrap_err();
        assert_eq!(wrong, [Field::Urgency, Field::BudgetYear, Field::NeedUsers]);
    }
}
