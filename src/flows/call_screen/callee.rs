//! Who is called: the company or lone person of a lease with people, numbers and what they said, read once and drawn
//! in several places.

use std::collections::HashMap;

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::Value;

use super::view::{Happened, Line, Number};
use crate::calling;
use crate::calling::model::CallForm;
use crate::consent::{self, Subject, Way};
use crate::flows::hand_over;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;
use crate::registry::actions::{group_of, root_of};
use crate::registry::model::{Company, Contact, ContactPoint, Field, Owner, Person, Record};
use crate::registry::queries::{load, records};
use crate::registry::rules::phone::{Phone, PhoneKind};
use crate::registry::rules::{industry, region};
use crate::selling::rules::handover::Lacking;

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
    let mut callee = Callee::default();
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

    /// One line per person and number; the company's own numbers last. `chosen` is the number that was served.
    pub fn lines(&self, ctx: &PageContext, now: NaiveDateTime, chosen: &str) -> Vec<Line> {
        let mut lines = Vec::new();
        for (contact, person) in &self.people {
            let mut owners = vec![Owner::Person(person.id)];
            owners.extend(contact.as_ref().map(|c| Owner::Contact(c.id)));
            let own: Vec<&ContactPoint> = self.numbers_of(&owners).collect();
            if own.is_empty() {
                lines.push(self.person_line(ctx, now, contact.as_ref(), person, None));
            }
            for point in own {
                lines.push(self.person_line(ctx, now, contact.as_ref(), person, Some(point)));
            }
        }
        let companies: Vec<Owner> = self.group.iter().copied().map(Owner::Company).collect();
        for point in self.numbers_of(&companies) {
            lines.push(self.company_line(ctx, now, point));
        }
        let served = chosen
            .rsplit_once(':')
            .map_or("", |(_, point)| point)
            .to_owned();
        let exact = lines.iter().position(|line| line.value == chosen);
        let same_number = || {
            lines
                .iter()
                .position(|l| !served.is_empty() && l.value.ends_with(&format!(":{served}")))
        };
        if let Some(at) = exact.or_else(same_number) {
            lines[at].checked = true;
        }
        lines
    }

    fn numbers_of<'a>(&'a self, owners: &'a [Owner]) -> impl Iterator<Item = &'a ContactPoint> {
        self.points
            .iter()
            .filter(|p| p.is_number() && owners.contains(&p.owner()))
    }

    fn person_line(
        &self,
        ctx: &PageContext,
        now: NaiveDateTime,
        contact: Option<&Contact>,
        person: &Person,
        point: Option<&ContactPoint>,
    ) -> Line {
        let name = person_name(person);
        let title = contact.and_then(|c| c.title.clone()).unwrap_or_default();
        let role = contact.and_then(|c| c.role.as_deref());
        let role = role
            .map(|role| ctx.code("contact-role", role))
            .unwrap_or_default();
        let number = point.map(|p| self.number(ctx, now, p)).unwrap_or_default();
        let kind = match point {
            Some(_) => number.kind.clone(),
            None => ctx.t("screen-no-number-person"),
        };
        let about = [role, kind].into_iter().filter(|t| !t.is_empty());
        let is_silent = self.silent_persons.contains(&person.id);
        let contact_id = contact.map(|c| c.id.to_string()).unwrap_or_default();
        Line {
            value: format!(
                "{contact_id}:{}",
                point.map(|p| p.id.to_string()).unwrap_or_default()
            ),
            icon: if point.is_some() { "phone" } else { "user" },
            call_name: called(&name, &title),
            name,
            title,
            about: about.collect::<Vec<_>>().join(" · "),
            barred: self.barred(ctx, point, is_silent),
            number,
            checked: false,
        }
    }

    fn company_line(&self, ctx: &PageContext, now: NaiveDateTime, point: &ContactPoint) -> Line {
        let number = self.number(ctx, now, point);
        Line {
            value: format!(":{}", point.id),
            icon: "org",
            name: ctx.t("screen-desk"),
            call_name: String::new(),
            title: String::new(),
            about: number.kind.clone(),
            barred: self.barred(ctx, Some(point), false),
            number,
            checked: false,
        }
    }

    fn barred(
        &self,
        ctx: &PageContext,
        point: Option<&ContactPoint>,
        is_silent: bool,
    ) -> Option<String> {
        let point = point?;
        if is_silent || self.silent_points.contains(&point.id) {
            return Some(ctx.t("calling-bar-suppressed"));
        }
        (!point.is_good()).then(|| ctx.t("calling-bar-unusable"))
    }

    /// A number as it is shown, with the dials it had.
    pub fn number(&self, ctx: &PageContext, now: NaiveDateTime, point: &ContactPoint) -> Number {
        let phone = phone_of(point);
        let bare = Phone { ext: None, ..phone };
        let kind = match (point.owner(), point.kind.as_str()) {
            (_, "mobile") => "calling-place-mobile",
            (Owner::Company(_), _) => "calling-place-switchboard",
            _ => "calling-place-direct",
        };
        let dials = self
            .dials
            .get(&dial_key(point))
            .map_or(&[][..], Vec::as_slice);
        let today = crate::platform::calendar::zone::local_date(ctx.zone, now);
        let is_today = |at: &&NaiveDateTime| {
            crate::platform::calendar::zone::local_date(ctx.zone, **at) == today
        };
        Number {
            shown: bare.pretty(),
            ext: point
                .ext
                .as_ref()
                .map(|ext| ctx.t1("screen-ext", "ext", ext))
                .unwrap_or_default(),
            tel: format!("tel:{}", point.full()),
            kind: ctx.t(kind),
            dials: ctx.t2(
                "screen-dials-mine",
                "day",
                dials.iter().filter(is_today).count() + 1,
                "week",
                dials.len() + 1,
            ),
        }
    }

    /// What happened, newest first.
    pub fn history(&self, ctx: &PageContext) -> Vec<Happened> {
        let called = self.calls.iter().map(|call| {
            let result = match call.disposition.as_deref() {
                Some(code) => ctx.code("disposition", code),
                None => ctx.t("today-call-no-result"),
            };
            let with = call
                .person
                .as_deref()
                .map(|p| format!(" → {p}"))
                .unwrap_or_default();
            (
                call.at,
                format!("{result} · {}{with}", call.agent),
                call.note.clone().unwrap_or_default(),
                call.note.is_some(),
            )
        });
        let listed = self.listed.iter().map(|(kind, at, list)| {
            let title = match list {
                Some(name) => ctx.t1("screen-history-list", "name", name),
                None if kind == "edit" => ctx.t("screen-history-edit"),
                None => ctx.t("screen-history-hand"),
            };
            (*at, title, String::new(), false)
        });
        let mut all: Vec<_> = called.chain(listed).collect();
        all.sort_by_key(|past| std::cmp::Reverse(past.0));
        all.truncate(PAST as usize);
        all.into_iter()
            .map(|(at, title, text, is_key)| Happened {
                day: crate::platform::calendar::zone::to_local(ctx.zone, at)
                    .format("%m-%d")
                    .to_string(),
                iso: ctx.iso(&at),
                title,
                text,
                is_key,
            })
            .collect()
    }
}

/// The name of a person in whatever script there is.
pub fn person_name(person: &Person) -> String {
    person
        .name
        .clone()
        .or_else(|| person.name_en.clone())
        .unwrap_or_else(|| "–".into())
}

/// How a script calls somebody: `陈经理` for 陈立群, IT经理; else the whole name.
fn called(name: &str, title: &str) -> String {
    let ranks = [
        "经理",
        "总监",
        "主任",
        "总经理",
        "科长",
        "部长",
        "厂长",
        "工程师",
        "董事长",
    ];
    let rank = ranks
        .iter()
        .filter(|rank| title.ends_with(**rank))
        .max_by_key(|rank| rank.len());
    let is_han = name.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    match (rank, name.chars().next()) {
        (Some(rank), Some(family)) if is_han && (2..=3).contains(&name.chars().count()) => {
            match *rank {
                "总经理" => format!("{family}总"),
                "工程师" => format!("{family}工"),
                rank => format!("{family}{rank}"),
            }
        }
        _ => name.to_owned(),
    }
}

/// A stored number as the rules of numbers know it.
pub fn phone_of(point: &ContactPoint) -> Phone {
    let kind = match point.kind.as_str() {
        "mobile" => PhoneKind::Mobile,
        _ if point.value.starts_with("+86400") || point.value.starts_with("+86800") => {
            PhoneKind::Service
        }
        _ if point.value.starts_with("+86") => PhoneKind::Landline,
        _ => PhoneKind::International,
    };
    Phone {
        e164: point.value.clone(),
        ext: point.ext.clone(),
        kind,
        area_inferred: point.inferred,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_called_by_family_name_and_rank() {
        for (name, title, call) in [
            ("陈立群", "IT经理", "陈经理"),
            ("姚启明", "总经理", "姚总"),
            ("周敏", "财务总监", "周总监"),
            ("周敏", "会计", "周敏"),
            ("欧阳明德", "经理", "欧阳明德"),
            ("Jane Wu", "经理", "Jane Wu"),
        ] {
            assert_eq!(called(name, title), call);
        }
    }
}
