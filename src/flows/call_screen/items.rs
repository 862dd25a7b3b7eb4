//! The key items that a call asks beside its five questions: days, money, users, process, competitors, what decides.

use serde_json::Value;

use super::answers::{Answers, VENDORS};
use super::callee::Callee;
use super::view::Choice;
use crate::platform::page::PageContext;
use crate::qualifying::model::{DecisionProcess, VendorState};
use crate::registry::model::Field;
use crate::registry::pages::shown;

/// One field as it is asked.
#[derive(Debug, Clone)]
pub struct AskedItem {
    /// Field code.
    pub field: &'static str,
    /// Name.
    pub label: String,
    /// `date` or `text`.
    pub kind: &'static str,
    /// `inputmode`, or empty.
    pub mode: &'static str,
    /// Typed so far.
    pub value: String,
    /// What was said before.
    pub before: String,
    /// Where only codes are taken.
    pub options: Vec<Choice>,
}

/// The more detailed half of the key items.
#[derive(Debug, Clone, Default)]
pub struct MoreItems {
    /// Fields.
    pub asked: Vec<AskedItem>,
    /// Competitors: number, name, states.
    pub vendors: Vec<(usize, String, Vec<Choice>)>,
    /// Competitors that were named before.
    pub vendors_before: String,
    /// Something is typed in here already.
    pub is_open: bool,
}

const FIELDS: [(Field, &str, &str); 7] = [
    (Field::SignBy, "date", ""),
    (Field::GoLive, "date", ""),
    (Field::BudgetMax, "text", "decimal"),
    (Field::BudgetYear, "text", "numeric"),
    (Field::NeedUsers, "text", "numeric"),
    (Field::DecisionProcess, "text", ""),
    (Field::KeyEvaluation, "text", ""),
];

/// What is asked, with what is known and what was typed.
pub fn more_items(ctx: &PageContext, callee: &Callee, answers: &Answers) -> MoreItems {
    let asked = FIELDS.map(|(field, kind, mode)| {
        let value = answers.get(&format!("f-{}", field.code())).to_owned();
        let process = DecisionProcess::ALL
            .iter()
            .filter(|_| field == Field::DecisionProcess);
        AskedItem {
            field: field.code(),
            label: ctx.code("company-field", field.code()),
            kind,
            mode,
            before: before(ctx, callee, field),
            options: process
                .map(|one| Choice::new(one.code(), ctx.t(one.key()), value == one.code()))
                .collect(),
            value,
        }
    });
    let vendor = |n: usize| {
        let state = answers.get(&format!("vendor_state_{n}"));
        let states = VendorState::ALL
            .iter()
            .map(|one| Choice::new(one.code(), ctx.t(one.key()), state == one.code()));
        let name = answers.get(&format!("vendor_{n}")).to_owned();
        (n, name, states.collect())
    };
    let vendors: Vec<(usize, String, Vec<Choice>)> = (0..VENDORS).map(vendor).collect();
    MoreItems {
        is_open: asked.iter().any(|one| !one.value.is_empty())
            || vendors.iter().any(|(_, name, _)| !name.is_empty()),
        vendors_before: before(ctx, callee, Field::Vendors),
        asked: asked.into(),
        vendors,
    }
}

fn before(ctx: &PageContext, callee: &Callee, field: Field) -> String {
    let told = callee.said(field);
    told.filter(|(value, _)| *value != Value::Null)
        .map_or_else(String::new, |(value, at)| {
            let value = shown::value(ctx, field, &value, "CNY");
            ctx.t2("screen-before", "day", ctx.date_of(&at), "value", value)
        })
}
