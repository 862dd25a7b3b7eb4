//! Facts and contradictions in words: the value, who said it, when, how sure.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use chrono_tz::Tz;
use serde_json::{Value, json};

use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::i18n::Lang;
use crate::platform::page::PageContext;
use crate::platform::sentence::Sentence;
use crate::qualifying::actions::{SaidBy, said_by};
use crate::qualifying::model::{Cited, Effect, Fact, FactValue, Found, Grade, Vendor};
use crate::qualifying::rules::lists::Needs;
use crate::registry::pages::shown;

/// A fact as it is shown.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // each is what its name says
pub struct FactView {
    pub label: String,
    pub value: String,
    pub who: String,
    pub when: String,
    pub certainty: Option<u8>,
    pub record: Option<i64>,
}

/// A contradiction as it is shown.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // each is what its name says
pub struct ContradictionView {
    pub code: &'static str,
    /// `B`, `W` or `I`.
    pub level: &'static str,
    pub level_name: String,
    pub title: String,
    pub effect: String,
    pub question: String,
    pub facts: Vec<FactView>,
}

/// Writes facts for one reader.
pub struct Teller<'a> {
    lang: Lang,
    zone: Tz,
    now: NaiveDateTime,
    needs: &'a Needs,
    said_by: HashMap<i64, SaidBy>,
}

impl<'a> Teller<'a> {
    /// For the reader of a page.
    pub fn of_page<'f>(
        conn: &mut Conn,
        ctx: &PageContext,
        needs: &'a Needs,
        facts: impl IntoIterator<Item = &'f Cited>,
    ) -> AppResult<Self> {
        Self::new(conn, (ctx.language, ctx.zone, ctx.now), needs, facts)
    }

    /// For a reader of some language; instants are shown in a zone.
    pub fn new<'f>(
        conn: &mut Conn,
        (lang, zone, now): (Lang, Tz, NaiveDateTime),
        needs: &'a Needs,
        facts: impl IntoIterator<Item = &'f Cited>,
    ) -> AppResult<Self> {
        Ok(Self {
            lang,
            zone,
            now,
            needs,
            said_by: said_by(conn, facts)?,
        })
    }

    /// A sentence, written.
    pub fn say(&self, sentence: &Sentence) -> String {
        sentence.write(self.lang, self.zone, self.now)
    }

    /// What a fact is called.
    pub fn label(&self, fact: Fact) -> String {
        self.lang.text(fact.key())
    }

    /// A fact with its source.
    pub fn fact(&self, cited: &Cited) -> FactView {
        let said = cited.record.and_then(|record| self.said_by.get(&record));
        FactView {
            label: self.label(cited.fact),
            value: self.value(&cited.value),
            who: said.map_or_else(String::new, |said| self.who(said)),
            when: self.say(&Sentence::of("fact-on").with("at", cited.at)),
            certainty: cited.certainty,
            record: cited.record,
        }
    }

    /// The contact by name, else the list, else whoever wrote it down.
    fn who(&self, said: &SaidBy) -> String {
        let how = self.lang.text(&format!("company-record-{}", said.kind));
        let name = said
            .contact
            .as_ref()
            .or(said.list.as_ref())
            .or(said.user.as_ref());
        match name {
            Some(who) => {
                let pair = Sentence::of("company-said-by");
                self.say(&pair.with("who", who.clone()).with("how", how))
            }
            None => how,
        }
    }

    /// A value in words.
    pub fn value(&self, value: &FactValue) -> String {
        match value {
            FactValue::Word(key) => self.lang.text(key),
            FactValue::Text(text) => text.clone(),
            FactValue::Number(n) => n.to_string(),
            FactValue::Year(n) => self.say(&Sentence::of("fact-year").with("year", n.to_string())),
            FactValue::Day(day) => self.say(&Sentence::of("fact-day").with("day", *day)),
            FactValue::Money(from, to, currency) => self.money(*from, *to, currency),
            FactValue::Needs(codes, text) => self.need(codes, text),
            FactValue::Vendors(vendors) => self.vendors(vendors),
            FactValue::Size(class) => {
                let class = i32::try_from(*class).ok();
                shown::size(class).unwrap_or_default()
            }
            FactValue::Industry(code) => shown::industry_name(self.lang, code),
            FactValue::Says(who, key) => {
                let said = self.lang.text(key);
                let pair = Sentence::of("fact-says").with("who", who.clone());
                self.say(&pair.with("what", said))
            }
            FactValue::Rise(from, to) => {
                let pair = Sentence::of("fact-rise").with("from", from.key());
                self.say(&pair.with("to", to.key()))
            }
        }
    }

    fn money(&self, from: Option<i64>, to: Option<i64>, currency: &str) -> String {
        let one = |minor: i64| crate::platform::page::money(minor, currency);
        match (from, to) {
            (Some(from), Some(to)) if from != to => format!("{}–{}", one(from), one(to)),
            (Some(one_amount), _) | (None, Some(one_amount)) => one(one_amount),
            (None, None) => String::new(),
        }
    }

    fn vendors(&self, vendors: &[Vendor]) -> String {
        let one = |vendor: &Vendor| {
            let pair = Sentence::of("fact-vendor").with("name", vendor.name.clone());
            self.say(&pair.with("state", self.lang.text(vendor.state.key())))
        };
        let all: Vec<String> = vendors.iter().map(one).collect();
        all.join(&self.lang.text("company-comma"))
    }

    fn need(&self, codes: &[String], text: &str) -> String {
        let name = |code: &String| {
            let need = self.needs.0.iter().find(|need| need.code == *code);
            need.map_or_else(|| code.clone(), |need| need.name(self.lang).to_owned())
        };
        let mut parts: Vec<String> = codes.iter().map(name).collect();
        parts.extend((!text.is_empty()).then(|| text.to_owned()));
        parts.join(&self.lang.text("company-comma"))
    }

    /// A contradiction with its facts.
    pub fn contradiction(&self, found: &Found) -> ContradictionView {
        ContradictionView {
            code: found.code.code(),
            level: found.level.code(),
            level_name: self.lang.text(found.level.key()),
            title: self.lang.text(found.code.key()),
            effect: self.effect(found.effect),
            question: self.lang.text(&found.code.question_key()),
            facts: found.facts.iter().map(|one| self.fact(one)).collect(),
        }
    }

    fn effect(&self, effect: Effect) -> String {
        let told = |key, grade: Grade| self.say(&Sentence::of(key).with("grade", grade.key()));
        match effect {
            Effect::None => String::new(),
            Effect::AtMost(grade) => told("contradiction-at-most", grade),
            Effect::AskBefore(grade) => told("contradiction-ask-before", grade),
        }
    }

    /// A contradiction for programs: stable codes, and the sentences of the reader's language beside them.
    pub fn contradiction_json(&self, found: &Found) -> Value {
        let view = self.contradiction(found);
        let facts: Vec<Value> = found.facts.iter().map(|one| self.fact_json(one)).collect();
        json!({
            "code": view.code, "level": view.level, "title": view.title, "question": view.question,
            "effect": found.effect, "facts": facts,
        })
    }

    /// A fact for programs.
    pub fn fact_json(&self, cited: &Cited) -> Value {
        let view = self.fact(cited);
        json!({
            "fact": cited.fact, "label": view.label, "value": cited.value, "text": view.value, "source": view.who,
            "record_id": cited.record, "certainty": cited.certainty, "at": cited.at.and_utc(),
        })
    }
}
