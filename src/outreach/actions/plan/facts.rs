//! The facts of a chunk of persons, by a dozen statements whatever their number.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;

use super::terms::Terms;
use super::waiting::count_waiting;
use crate::consent::rules::{Ground, Purpose};
use crate::consent::{Scope, Subject, Way, Ways, suppressed_ways};
use crate::outreach::queries::audience::{self as queries, CompanyRow, PersonRow, Persons, Who};
use crate::outreach::rules::audience::{CompanyFacts, Mailbox, PersonFacts};
use crate::platform::calendar::{CalendarId, calendar_for_region};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::i18n::Lang;
use crate::qualifying::Grade;
use crate::registry::filter::Criteria;
use crate::registry::queries::load;

/// A person with what decides, and the calendar they live by.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub person: PersonFacts,
    pub calendar: CalendarId,
}

/// The facts of those among these who are considered, by rising id. `known` takes every person that was looked at.
pub(super) fn read(
    conn: &mut Conn,
    terms: &Terms,
    who: Who<'_>,
    known: &mut HashSet<i64>,
) -> AppResult<Vec<Facts>> {
    let persons = queries::persons(conn, who)?;
    known.extend(persons.rows.iter().map(|row| row.id));
    let counting = counting_companies(conn, terms, who, &persons)?;
    let mut reading = Reading::of(terms, persons, counting);
    // Where few of a chunk are considered, only these are asked for further.
    let considered: Vec<i64> = reading
        .facts()
        .map(|facts| facts.person.person_id)
        .collect();
    let who = match considered.len() * 4 < reading.persons.rows.len() {
        true => Who::Ids(&considered),
        false => who,
    };
    if !considered.is_empty() {
        reading.put_mailboxes(conn, who)?;
        reading.put_touches(conn, who)?;
        reading.put_company_events(conn)?;
        reading.put_silence(conn)?;
    }
    Ok(reading.into_facts())
}

/// The company that counts for somebody.
struct Counting {
    company: CompanyRow,
    /// The best grade of all at which they work, whether or not the mailing is for these.
    grade: Option<Grade>,
    /// Their title there is known.
    has_title: bool,
}

/// The company that counts for each person of the chunk: of those that the mailing is for the best graded; of equals the
/// one that was first. Whoever works at a better one besides is written to as seldom as there.
fn counting_companies(
    conn: &mut Conn,
    terms: &Terms,
    who: Who<'_>,
    persons: &Persons,
) -> AppResult<HashMap<usize, Counting>> {
    let contacts = persons.each(who, |who| queries::contacts(conn, who))?;
    let mut ids: Vec<i64> = contacts.iter().map(|(_, company, _)| *company).collect();
    ids.sort_unstable();
    ids.dedup();
    let everybody = Criteria::everybody();
    let bounds = terms.bounds.as_ref().unwrap_or(&everybody);
    let companies: HashMap<i64, CompanyRow> = queries::companies(conn, &ids, bounds)?
        .into_iter()
        .map(|row| (row.at_id, row))
        .collect();
    let worth = |grade: Option<Grade>| grade.map_or(u8::MAX, |grade| grade as u8);
    let rank = |row: &CompanyRow| (!is_for(terms, row), worth(grade(row)), row.id);
    let mut counting: HashMap<usize, Counting> = HashMap::new();
    for (person, company, titled) in contacts {
        let (Some(place), Some(row)) = (persons.place(person), companies.get(&company)) else {
            continue;
        };
        let before = counting.get(&place).and_then(|one| one.grade);
        let grades = [before, grade(row)].into_iter();
        let dearest = grades.min_by_key(|grade| worth(*grade)).flatten();
        match counting.get_mut(&place) {
            Some(best) if rank(&best.company) <= rank(row) => best.grade = dearest,
            _ => {
                let counts = Counting {
                    company: row.clone(),
                    grade: dearest,
                    has_title: titled == 1,
                };
                counting.insert(place, counts);
            }
        }
    }
    Ok(counting)
}

fn grade(row: &CompanyRow) -> Option<Grade> {
    row.grade.as_deref().and_then(Grade::from_code)
}

/// Facts that are being put together. A place without facts is somebody who is not considered.
struct Reading<'a> {
    terms: &'a Terms,
    persons: Persons,
    places: Vec<Option<Facts>>,
    /// Ids under the root of each company, the root among them.
    members: HashMap<i64, Vec<i64>>,
    merged: Vec<i64>,
    sold_to: Vec<i64>,
}

impl<'a> Reading<'a> {
    fn of(terms: &'a Terms, persons: Persons, mut counting: HashMap<usize, Counting>) -> Self {
        let mut reading = Self {
            terms,
            places: Vec::with_capacity(persons.rows.len()),
            members: HashMap::new(),
            merged: Vec::new(),
            sold_to: Vec::new(),
            persons,
        };
        for place in 0..reading.persons.rows.len() {
            let company = counting.remove(&place);
            let person = reading.persons.rows[place].id;
            let is_in = terms.takes_person(person)
                && is_considered(terms, company.as_ref().map(|one| &one.company));
            let facts = is_in.then(|| reading.begin(place, company));
            reading.places.push(facts);
        }
        reading
    }

    fn begin(&mut self, place: usize, counting: Option<Counting>) -> Facts {
        let office = &self.terms.office;
        let company = counting.as_ref().map(|one| &one.company);
        let region = company.and_then(|row| row.region.as_deref());
        let calendar = calendar_for_region(region, office);
        if let Some(row) = company {
            self.members.entry(row.id).or_insert_with(|| vec![row.id]);
            if row.has_members() {
                self.merged.push(row.id);
            }
            if row.is_sold_to() {
                self.sold_to.push(row.id);
            }
        }
        let row = &self.persons.rows[place];
        let mut person = person_facts(row, self.terms.book.purpose.way());
        person.company = counting.as_ref().map(|one| CompanyFacts {
            has_title: one.has_title,
            is_abroad: self.terms.is_abroad(one.company.region.as_deref()),
            grade: one.grade,
            ..company_facts(&one.company)
        });
        person.is_too_late = self.terms.is_too_late(calendar);
        Facts { person, calendar }
    }

    fn facts(&self) -> impl Iterator<Item = &Facts> {
        self.places.iter().flatten()
    }

    fn person(&mut self, id: i64) -> Option<&mut PersonFacts> {
        let place = self.persons.place(id)?;
        Some(&mut self.places.get_mut(place)?.as_mut()?.person)
    }

    /// The mailbox that the record of the person shows comes first: it is the first that is good.
    fn put_mailboxes(&mut self, conn: &mut Conn, who: Who<'_>) -> AppResult<()> {
        let rows = self
            .persons
            .each(who, |who| queries::mailboxes(conn, who))?;
        for (owner, value, state) in rows {
            let address = value.to_lowercase();
            let is_good = state == "good";
            if let Some(person) = self.person(owner) {
                match person
                    .mailboxes
                    .iter_mut()
                    .find(|box_| box_.address == address)
                {
                    // One that was said to be bad once is bad, whoever of a merged group it was noted with.
                    Some(same) => same.is_good &= is_good,
                    None => person.mailboxes.push(Mailbox { address, is_good }),
                }
            }
        }
        for (row, facts) in self.persons.rows.iter().zip(&mut self.places) {
            if let (Some(shown), Some(facts)) = (&row.email, facts) {
                let mailboxes = &mut facts.person.mailboxes;
                let shown = shown.to_lowercase();
                if let Some(at) = mailboxes.iter().position(|box_| box_.address == shown) {
                    mailboxes[..=at].rotate_right(1);
                }
            }
        }
        Ok(())
    }

    fn put_touches(&mut self, conn: &mut Conn, who: Who<'_>) -> AppResult<()> {
        let terms = self.terms;
        let news_since = match terms.book.purpose {
            Purpose::News => terms.news_since,
            _ => terms.since,
        };
        let rows = self.persons.each(who, |who| {
            queries::touches(conn, who, terms.since, news_since)
        })?;
        for (id, n, last_news) in rows {
            let days = last_news.map(|at| days_between(terms, at));
            if let Some(person) = self.person(id) {
                person.touches += u32::try_from(n).unwrap_or(u32::MAX);
                person.news_days_ago = match (person.news_days_ago, days) {
                    (Some(known), Some(days)) => Some(known.min(days)),
                    (known, days) => known.or(days),
                };
            }
        }
        let waiting = count_waiting(conn, terms, &self.persons, who)?;
        for (place, n) in waiting {
            if let Some(facts) = self.places.get_mut(place).and_then(Option::as_mut) {
                facts.person.waiting = n;
            }
        }
        Ok(())
    }

    /// Touches with nobody named, complaints and quotations, of each company with everything merged into it.
    fn put_company_events(&mut self, conn: &mut Conn) -> AppResult<()> {
        if !self.merged.is_empty() {
            for (id, root) in load::merged_members(conn, &self.merged)? {
                self.members.entry(root).or_default().push(id);
            }
        }
        let root_of: HashMap<i64, i64> = self
            .members
            .iter()
            .flat_map(|(root, ids)| ids.iter().map(move |id| (*id, *root)))
            .collect();
        let ids: Vec<i64> = root_of.keys().copied().collect();
        let mut touches: HashMap<i64, u32> = HashMap::new();
        for (id, n) in queries::with_anybody(conn, &ids, self.terms.since)? {
            let root = root_of.get(&id).copied().unwrap_or(id);
            *touches.entry(root).or_default() += u32::try_from(n).unwrap_or(u32::MAX);
        }
        let complaints: HashSet<i64> = queries::complaints(conn)?.into_iter().collect();
        let members = &self.members;
        let sold: Vec<i64> = self
            .sold_to
            .iter()
            .filter_map(|root| members.get(root))
            .flatten()
            .copied()
            .collect();
        let quoted: HashSet<i64> = queries::quotations(conn, &sold)?
            .into_iter()
            .filter_map(|id| root_of.get(&id).copied())
            .collect();
        for facts in self.places.iter_mut().flatten() {
            if let Some(company) = &mut facts.person.company {
                company.touches = touches.get(&company.id).copied().unwrap_or(0);
                company.has_complaint = complaints.contains(&company.id);
                company.has_quotation = quoted.contains(&company.id);
            }
        }
        Ok(())
    }

    /// Suppressions of the address, its domain, and every id of the company.
    fn put_silence(&mut self, conn: &mut Conn) -> AppResult<()> {
        let mut subjects: HashSet<Subject> = HashSet::new();
        for facts in self.facts() {
            if let Some(address) = facts.person.mailbox() {
                subjects.insert(Subject::email(address));
                subjects.extend(domain_of(address).map(Subject::domain));
            }
        }
        subjects.extend(
            self.members
                .values()
                .flatten()
                .map(|id| Subject::company(*id)),
        );
        let subjects: Vec<Subject> = subjects.into_iter().collect();
        let mut silent: HashMap<Subject, Ways> = HashMap::new();
        for part in subjects.chunks(crate::platform::db::KEYS) {
            silent.extend(suppressed_ways(conn, part)?);
        }
        let way = self.terms.book.purpose.way();
        silent.retain(|_, ways| ways.has(way));
        if silent.is_empty() {
            return Ok(());
        }
        let members = &self.members;
        for facts in self.places.iter_mut().flatten() {
            facts.person.silenced = silenced(&facts.person, &silent, members);
        }
        Ok(())
    }

    fn into_facts(self) -> Vec<Facts> {
        self.places.into_iter().flatten().collect()
    }
}

/// Within the bounds of the mailing; where there are none, somebody without a company as well.
fn is_considered(terms: &Terms, company: Option<&CompanyRow>) -> bool {
    match company {
        None => terms.takes_lone_persons(),
        Some(company) => is_for(terms, company),
    }
}

/// Whether the mailing is for a company.
fn is_for(terms: &Terms, company: &CompanyRow) -> bool {
    company.is_inside == 1 && terms.takes(company.id)
}

fn person_facts(row: &PersonRow, way: Way) -> PersonFacts {
    PersonFacts {
        person_id: row.id,
        name: row.name.clone(),
        name_en: row.name_en.clone(),
        language: row.language.as_deref().and_then(Lang::parse),
        ground: row.ground.as_deref().and_then(Ground::from_code),
        is_refused: Ways(row.refused).has(way),
        ..PersonFacts::default()
    }
}

fn company_facts(row: &CompanyRow) -> CompanyFacts {
    CompanyFacts {
        id: row.id,
        grade: grade(row),
        owner_id: row.owner_id,
        industry: row.industry.clone(),
        language: row.region.as_deref().and_then(language_of_place),
        ..CompanyFacts::default()
    }
}

/// The language of business of a place; none where we speak neither.
fn language_of_place(region: &str) -> Option<Lang> {
    let code = region.trim();
    if !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Lang::Zh);
    }
    match code.get(..2)? {
        "CN" | "TW" | "HK" | "MO" => Some(Lang::Zh),
        "GB" | "US" | "IE" | "AU" | "NZ" | "CA" | "SG" => Some(Lang::En),
        _ => None,
    }
}

fn domain_of(address: &str) -> Option<&str> {
    address.rsplit_once('@').map(|(_, domain)| domain)
}

fn silenced(
    person: &PersonFacts,
    silent: &HashMap<Subject, Ways>,
    members: &HashMap<i64, Vec<i64>>,
) -> Option<Scope> {
    let address = person.mailbox();
    if address.is_some_and(|address| silent.contains_key(&Subject::email(address))) {
        return Some(Scope::Email);
    }
    let domain = address.and_then(domain_of);
    if domain.is_some_and(|domain| silent.contains_key(&Subject::domain(domain))) {
        return Some(Scope::Domain);
    }
    let company = person.company.as_ref()?;
    let ids = members.get(&company.id)?;
    let is_silent = |id: &i64| silent.contains_key(&Subject::company(*id));
    ids.iter().any(is_silent).then_some(Scope::Company)
}

/// Days of the office between something and the moment for which it is decided.
pub(super) fn days_between(terms: &Terms, at: NaiveDateTime) -> u16 {
    let zone = terms.office.tz();
    let day = |at| crate::platform::calendar::zone::local_date(zone, at);
    let days = (day(terms.moment) - day(at)).num_days();
    u16::try_from(days.max(0)).unwrap_or(u16::MAX)
}
