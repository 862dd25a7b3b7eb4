//! Whose number is this: for somebody who rings us.

use std::collections::HashMap;

use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::model::Owner;
use crate::registry::queries::{load, records};
use crate::registry::rules::hash::hash64;
use crate::registry::rules::phone::{PhoneContext, parse_one};

/// Somebody who has the number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberMatch {
    /// Root of the company, where there is one.
    pub company_id: Option<i64>,
    /// Its name.
    pub company: Option<String>,
    /// The contact, where the number is a person's.
    pub contact_id: Option<i64>,
    /// Root of the person.
    pub person_id: Option<i64>,
    /// The person's name.
    pub person: Option<String>,
    /// State of the number there.
    pub state: String,
}

/// Everybody who has this number, persons before switchboards. A tail of digits finds companies by the search.
pub fn find_by_number(conn: &mut Conn, text: &str) -> AppResult<Vec<NumberMatch>> {
    let Ok(phone) = parse_one(text, &PhoneContext::default()) else {
        let roots = super::find(conn, text, 20)?;
        let companies = load::companies(conn, &roots)?;
        return Ok(companies
            .into_iter()
            .map(|one| company_match(one.id, one.name, "good"))
            .collect());
    };
    let mut found = Vec::new();
    for point in records::points_with_value(conn, &[hash64(&phone.e164)])? {
        if point.value != phone.e164 {
            continue;
        }
        match point.owner() {
            Owner::Company(id) => found.push((None, None, Some(id), point.state)),
            Owner::Contact(id) => {
                for contact in load::contacts(conn, &[id])? {
                    found.push((
                        Some(contact.id),
                        Some(contact.person_id),
                        contact.company_id,
                        point.state.clone(),
                    ));
                }
            }
            Owner::Person(id) => {
                let contacts = load::contacts_of_persons(conn, &[id])?;
                for contact in contacts {
                    found.push((
                        Some(contact.id),
                        Some(id),
                        contact.company_id,
                        point.state.clone(),
                    ));
                }
            }
        }
    }
    named(conn, found)
}

type Unnamed = (Option<i64>, Option<i64>, Option<i64>, String);

fn named(conn: &mut Conn, found: Vec<Unnamed>) -> AppResult<Vec<NumberMatch>> {
    let companies: Vec<i64> = found.iter().filter_map(|one| one.2).collect();
    let root_of: HashMap<i64, i64> = load::roots(conn, &companies)?.into_iter().collect();
    let roots: Vec<i64> = root_of.values().copied().collect();
    let names: HashMap<i64, String> = load::companies(conn, &roots)?
        .into_iter()
        .map(|one| (one.id, one.name))
        .collect();
    let persons: Vec<i64> = found.iter().filter_map(|one| one.1).collect();
    let persons: HashMap<i64, _> = load::persons(conn, &persons)?
        .into_iter()
        .map(|one| (one.id, one))
        .collect();
    let mut matches: Vec<NumberMatch> = found
        .into_iter()
        .map(|(contact_id, person_id, company_id, state)| {
            let root = company_id.and_then(|id| root_of.get(&id).copied());
            let person = person_id.and_then(|id| persons.get(&id));
            NumberMatch {
                company_id: root,
                company: root.and_then(|id| names.get(&id).cloned()),
                contact_id,
                person_id: person.map(|one| one.root_id),
                person: person.and_then(|one| one.name.clone()),
                state,
            }
        })
        .collect();
    matches.sort_by_key(|one| (one.contact_id.is_none(), one.company_id, one.contact_id));
    matches.dedup();
    Ok(matches)
}

fn company_match(id: i64, name: String, state: &str) -> NumberMatch {
    NumberMatch {
        company_id: Some(id),
        company: Some(name),
        contact_id: None,
        person_id: None,
        person: None,
        state: state.to_owned(),
    }
}
