//! The six key items of a company: told on its page and to programs, and typed on a page of their own.

mod form;
mod typed;

use actix_web::web;
use chrono::NaiveDateTime;
use serde_json::{Map, Value, json};

use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::i18n::Lang;
use crate::qualifying::actions::{Evidenced, GradingBook, evidence_of, grading, unsettled};
use crate::qualifying::model::{Cited, Evidence, KeyItem};
use crate::qualifying::pages::Teller;
use crate::qualifying::rules::{Man, asks_again};

/// The facts of all key items.
fn cited(evidence: &Evidence) -> Vec<Cited> {
    let facts = KeyItem::ALL.iter().flat_map(|item| item.facts());
    facts.filter_map(|fact| evidence.cite(*fact)).collect()
}

/// Key items, MAN, contradictions and what stays silent, for programs.
pub fn told_json(
    conn: &mut Conn,
    lang: Lang,
    now: NaiveDateTime,
    root: i64,
) -> AppResult<Map<String, Value>> {
    let book = grading(conn)?;
    let known = evidence_of(conn, &book, now, root, None)?;
    let mut told = Map::new();
    told.insert(
        "key_items".into(),
        items_json(conn, lang, now, &book, &known)?,
    );
    let man = Man::ALL
        .iter()
        .map(|one| (one.code().to_owned(), json!(one.of(&known.evidence))));
    told.insert("man".into(), Value::Object(man.collect()));
    told.insert("ask_again".into(), json!(asks_again(&known.evidence)));
    let state = unsettled(&book, &known);
    let silent = state
        .silent
        .iter()
        .map(|(code, missing)| json!({ "code": code, "missing": missing }));
    told.insert("contradictions_silent".into(), silent.collect());
    let found = super::contradictions::told_json(conn, lang, now, &book, &state.found)?;
    told.insert("contradictions".into(), found);
    Ok(told)
}

fn items_json(
    conn: &mut Conn,
    lang: Lang,
    now: NaiveDateTime,
    book: &GradingBook,
    known: &Evidenced,
) -> AppResult<Value> {
    let all = cited(&known.evidence);
    let teller = Teller::new(conn, (lang, book.zone, now), &book.needs, &all)?;
    let of_item = |item: &KeyItem| {
        let facts = item.facts().iter();
        let facts: Vec<Value> = facts
            .filter_map(|fact| known.evidence.cite(*fact))
            .map(|cited| teller.fact_json(&cited))
            .collect();
        (item.code().to_owned(), Value::Array(facts))
    };
    Ok(Value::Object(KeyItem::ALL.iter().map(of_item).collect()))
}

/// Routes of this flow.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/companies/{id:\\d+}/key-items")
            .route(web::get().to(form::show))
            .route(web::head().to(form::show))
            .route(web::post().to(form::save)),
    );
}
