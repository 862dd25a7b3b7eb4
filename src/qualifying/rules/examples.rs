//! A company to try rules on: everything is known of it, and nothing contradicts itself.

use chrono::{NaiveDate, NaiveDateTime};

use crate::qualifying::model::{
    BudgetState, Decider, DecisionProcess, Evidence, Grade, Known, Opinion, Origin,
    SelectionStarted, Urgency, Vendor, VendorState,
};
use crate::qualifying::rules::sign_by;

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Ten in the morning of a day, office time or not.
pub(crate) fn at(text: &str) -> NaiveDateTime {
    day(text).and_hms_opt(2, 0, 0).expect("a time")
}

/// Said by a contact on the day of the example.
pub(crate) fn known<T>(value: T) -> Option<Known<T>> {
    let from = Origin {
        record: Some(7),
        at: at("2026-09-22"),
        certainty: Some(2),
    };
    Some(Known { value, from })
}

/// Nothing is known.
pub(crate) fn nothing() -> Evidence {
    Evidence {
        today: day("2026-09-22"),
        inside_target: true,
        ..Evidence::default()
    }
}

/// Everything is known, they sign within some time, and nothing contradicts itself.
pub(crate) fn all_known(urgency: Urgency) -> Evidence {
    let e = nothing();
    let today = e.today;
    Evidence {
        urgency: known(urgency),
        sign_by: sign_by(urgency, today).and_then(known),
        budget: known(BudgetState::Approved),
        need_text: known("报价太慢，库存对不上".into()),
        decider: known(Decider {
            name: "姚启明".into(),
            title: Some("总经理".into()),
            is_contacted: true,
        }),
        process: known(DecisionProcess::Single),
        selection: known(SelectionStarted::Yes),
        headcount: known(320),
        first_contact: Some(at("2026-06-18")),
        last_contact: Some(at("2026-09-22")),
        next_date: Some(at("2026-09-28")),
        ..e
    }
}

pub(crate) fn graded(evidence: Evidence, grade: Grade, on: &str) -> Evidence {
    evidence.graded(Some(grade), at(on))
}

pub(crate) fn vendor(state: VendorState) -> Option<Known<Vec<Vendor>>> {
    let name = "鼎衡软件".into();
    known(vec![Vendor { name, state }])
}

/// What a contact said about the money or the urgency.
pub(crate) fn says(
    contact_id: i64,
    what: crate::qualifying::model::Fact,
    word: &'static str,
) -> Opinion {
    let from = known(()).expect("an origin").from;
    let name = format!("联系人{contact_id}");
    Opinion {
        contact_id,
        name,
        fact: what,
        word,
        from,
    }
}
