//! Who is called: the company or lone person of a lease with people, numbers and what they said, read once and drawn
//! in several places.

mod lines;
mod names;
mod past;

use std::collections::HashMap;

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::Value;

use crate::calling;
use crate::calling::model::CallForm;
use crate::consent::{self, Subject, Way};
use crate::flows::hand_over;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;
use crate::registry::actions::{group_of, root_of};
use crate::registry::model::{Company, Contact, ContactPoint, Field, Person, Record};
use crate::registry::queries::{load, records};
use crate::registry::rules::{industry, region};
use crate::selling::rules::handover::Lacking;
pub use names::person_name;

/// Fields that belong to a person.
const OF_PERSON: [&str; 4] = ["mobile", "email", "wechat", "title"];
/// Lines of history on the screen.
const PAST: i64 = 8;

/// See the module.
#[derive(Debug, Clone, Default)]
pub struct Callee {
    /// The root company.
    pub company: Option<Company>,
    /// Every id of its group.
    pub group: Vec<i64>,
    /// Its contacts with the persons behind them; of a lone person, only the person.
    pub people: Vec<(Option<Contact>, Person)>,
    /// Numbers, mail boxes and accounts of all of them.
    pub points: Vec<ContactPoint>,
    /// Live records of the company, oldest first.
    pub records: Vec<Record>,
    /// What the company still lacks before it can be handed over; none where that is not in question.
    pub lacking: Vec<Lacking>,
    /// Points that its record needs for that.
    pub points_needed: i32,
    /// Points and persons that must not be called.
    silent_points: Vec<i64>,
    silent_persons: Vec<i64>,
    dials: HashMap<i64, Vec<NaiveDateTime>>,
    calls: Vec<calling::screen::PastCall>,
    listed: Vec<(String, NaiveDateTime, Option<String>)>,
}

/// Reads a company with everybody in it, or a lone person.
pub fn read(
    conn: &mut Conn,
    now: NaiveDateTime,
    company_id: Option<i64>,
    person_id: Option<i64>,
) -> AppResult<Callee> {
    let mut callee = Callee {
        points_needed: hand_over::points_needed(conn)?,
        ..Callee::default()
    };
    if let Some(id) = company_id {
        let root = root_of(conn, id)?;
        callee.company = load::companies(conn, &[root])?.into_iter().next();
        callee.group = group_of(conn, root)?;
        let contacts = load::contacts_of_companies(conn, &callee.group)?;
        callee.people = with_persons(conn, contacts)?;
        let ranked = records::of_companies(conn, &callee.group)?;
        callee.records = ranked.into_iter().map(|r| r.record).collect();
        callee.lacking = hand_over::lacking(conn, root)?.unwrap_or_default();
        callee.listed = calling::screen::past_records(conn, &callee.group, PAST)?;
    } else if let Some(id) = person_id {
        let persons = load::persons(conn, &[id])?;
        callee.people = persons.into_iter().map(|person| (None, person)).collect();
    }
    callee.calls = calling::screen::past_calls(conn, &callee.group, person_id, PAST)?;
    callee.read_points(conn)?;
    callee.read_refusals(conn)?;
    let keys: Vec<i64> = callee.points.iter().map(dial_key).collect();
    for (key, at) in calling::screen::number_dials(conn, &keys, now - TimeDelta::days(7))? {
        callee.dials.entry(key).or_default().push(at);
    }
    Ok(callee)
}

/// What a company or lone person is called.
pub fn name_of(
    conn: &mut Conn,
    ctx: &PageContext,
    company_id: Option<i64>,
    person_id: Option<i64>,
) -> AppResult<String> {
    let company = match company_id {
        Some(id) => calling::day::company_names(conn, &[id])?
            .into_iter()
            .next()
            .map(|(_, name)| name),
        None => None,
    };
    let person = match (company.is_some(), person_id) {
        (false, Some(id)) => calling::day::person_names(conn, &[id])?
            .into_iter()
            .next()
            .and_then(|(_, name)| name),
        _ => None,
    };
    Ok(company
        .or(person)
        .unwrap_or_else(|| ctx.t("incoming-no-company")))
}

fn with_persons(
    conn: &mut Conn,
    contacts: Vec<Contact>,
) -> AppResult<Vec<(Option<Contact>, Person)>> {
    let ids: Vec<i64> = contacts.iter().map(|c| c.person_id).collect();
    let persons: HashMap<i64, Person> = load::persons(conn, &ids)?
        .into_iter()
        .map(|person| (person.id, person))
        .collect();
    let mut people: Vec<(Option<Contact>, Person)> = contacts
        .into_iter()
        .filter(|contact| contact.left_at.is_none())
        .filter_map(|contact| {
            let person = persons.get(&contact.person_id)?.clone();
            Some((Some(contact), person))
        })
        .collect();
    people.sort_by_key(|(contact, _)| !contact.as_ref().is_some_and(|c| c.is_key));
    Ok(people)
}

/// The key under which dials of a number with its extension are counted.
fn dial_key(point: &ContactPoint) -> i64 {
    crate::registry::rules::hash::hash64(&point.full())
}

impl Callee {
    fn read_points(&mut self, conn: &mut Conn) -> AppResult<()> {
        let persons: Vec<i64> = self.people.iter().map(|(_, p)| p.id).collect();
        let contacts: Vec<i64> = self
            .people
            .iter()
            .filter_map(|(c, _)| Some(c.as_ref()?.id))
            .collect();
        for (owner, ids) in [(2, &persons), (3, &contacts), (1, &self.group)] {
            self.points.append(&mut load::points_of(conn, owner, ids)?);
        }
        Ok(())
    }

    fn read_refusals(&mut self, conn: &mut Conn) -> AppResult<()> {
        let numbers = self.points.iter().filter(|p| p.is_number());
        let mut subjects: Vec<Subject> = numbers.map(|p| Subject::number(&p.value)).collect();
        subjects.extend(self.people.iter().map(|(_, p)| Subject::person(p.id)));
        let refused = consent::suppressed_ways(conn, &subjects)?;
        let is_silent = |subject: Subject| {
            refused
                .get(&subject)
                .is_some_and(|ways| ways.has(Way::Call))
        };
        self.silent_points = self
            .points
            .iter()
            .filter(|p| p.is_number() && is_silent(Subject::number(&p.value)))
            .map(|p| p.id)
            .collect();
        self.silent_persons = self
            .people
            .iter()
            .filter(|(_, p)| is_silent(Subject::person(p.id)))
            .map(|(_, p)| p.id)
            .collect();
        Ok(())
    }

    /// What the screen calls them.
    pub fn name(&self, ctx: &PageContext) -> String {
        match (&self.company, self.people.first()) {
            (Some(company), _) => company.name.clone(),
            (None, Some((_, person))) => person_name(person),
            _ => ctx.t("incoming-no-company"),
        }
    }

    /// Place, industry and head-count in one line.
    pub fn about(&self, ctx: &PageContext) -> String {
        let Some(company) = &self.company else {
            return String::new();
        };
        let zh = ctx.lang() == "zh-CN";
        let place = company.region.as_deref().and_then(region::by_code);
        let trade = company.industry.as_deref().and_then(industry::by_code);
        let parts = [
            place.map(|p| if zh { p.zh } else { p.en }.to_owned()),
            trade.map(|i| if zh { i.zh } else { i.en }.to_owned()),
            company.headcount.map(|n| ctx.t1("screen-heads", "n", n)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Numbers and addresses typed for a person go to the contact who was named, else to the first one there is.
    pub fn place_person(&self, form: &mut CallForm) {
        let is_of_person = |field: &String| OF_PERSON.contains(&field.as_str());
        let names_other = form.facts.contains_key("person_name");
        if form.contact.is_none() && !names_other && form.facts.keys().any(is_of_person) {
            form.contact = self
                .people
                .iter()
                .find_map(|(contact, _)| Some(contact.as_ref()?.id));
        }
    }

    /// The grade, empty when never asked.
    pub fn grade(&self) -> String {
        let company = self.company.as_ref();
        company.and_then(|c| c.grade.clone()).unwrap_or_default()
    }

    /// The newest thing that was said about a field: the value and when.
    pub fn said(&self, field: Field) -> Option<(Value, NaiveDateTime)> {
        self.records.iter().rev().find_map(|record| {
            let said = record.said();
            Some((said.get(field)?.clone(), record.said_at))
        })
    }

    /// The point with this id.
    pub fn point(&self, id: Option<i64>) -> Option<&ContactPoint> {
        let id = id?;
        self.points.iter().find(|p| p.id == id)
    }
}
