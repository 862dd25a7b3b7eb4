//! Finding companies from the call screen and the palette: by number in any writing, or by text.

use chrono::NaiveDateTime;

use crate::accounts::{Actor, Object, Verb, may};
use crate::calling::screen;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::log::{Access, accessed};
use crate::registry::actions::home;
use crate::registry::queries::{load, records};
use crate::registry::rules::phone::{Home, Phone, PhoneContext, digits_query, parse_one};
use crate::registry::search;

/// Callers that are shown at most.
const MOST: usize = 20;

/// Who may be behind a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The company, by its root.
    pub company_id: Option<i64>,
    /// The person, where the number is theirs.
    pub person_id: Option<i64>,
    /// The number.
    pub point_id: i64,
}

/// Whether a text can be a number: enough digits, and nothing that reads as a name.
pub fn is_number(text: &str) -> bool {
    digits_query(text).is_some_and(|digits| digits.len() >= 5)
        && !text
            .chars()
            .any(|c| c.is_alphabetic() && !"转ext".contains(c))
}

fn read(text: &str, home: Home) -> Option<Phone> {
    parse_one(text, &PhoneContext::at(home)).ok()
}

/// Everybody with a number. The search is logged: who looked, and the last four digits.
pub fn callers(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    text: &str,
) -> AppResult<Vec<Caller>> {
    let Some(phone) = read(text, home(conn)?) else {
        return Ok(Vec::new());
    };
    let tail: String = phone
        .e164
        .chars()
        .rev()
        .take(4)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let mut callers: Vec<Caller> = Vec::new();
    for point in records::points_with_value(conn, &[phone.key()])? {
        let (companies, person) = screen::owners_of(conn, point.owner_kind, point.owner_id)?;
        if companies.is_empty() {
            callers.push(Caller {
                company_id: None,
                person_id: person,
                point_id: point.id,
            });
        }
        for (_, root) in load::roots(conn, &companies)? {
            let caller = Caller {
                company_id: Some(root),
                person_id: person,
                point_id: point.id,
            };
            if !callers.contains(&caller) {
                callers.push(caller);
            }
        }
    }
    callers.truncate(MOST);
    accessed(
        conn,
        &Access {
            at: now,
            user_id: actor.id(),
            verb: "search_number",
            object_kind: "contact_point",
            object_id: None,
            n: i32::try_from(callers.len()).unwrap_or(i32::MAX),
            detail: Some(format!("…{tail}")),
        },
    )?;
    Ok(callers)
}

/// Whether a company or person has this number: whoever was found by it may be recorded.
pub fn has_number(
    conn: &mut Conn,
    company: Option<i64>,
    person: Option<i64>,
    phone: &str,
) -> AppResult<bool> {
    let bare = phone.split(";ext=").next().unwrap_or(phone);
    let key = crate::registry::rules::hash::hash64(bare);
    for point in records::points_with_value(conn, &[key])? {
        let (companies, owner) = screen::owners_of(conn, point.owner_kind, point.owner_id)?;
        let roots = load::roots(conn, &companies)?;
        let is_company =
            company.is_some_and(|id| roots.iter().any(|(at, root)| *at == id || *root == id));
        if is_company || (person.is_some() && person == owner) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A company that was found by text.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its root.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Grade, or empty.
    pub grade: String,
    /// Region code, if known.
    pub region: Option<String>,
}

/// Companies by name, pinyin initials, or number, the best first.
pub fn companies(conn: &mut Conn, actor: &Actor, text: &str, limit: i64) -> AppResult<Vec<Found>> {
    if !may(actor, Verb::FindCompanies, Object::Any) || text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let ids = search::find(conn, text.trim(), limit)?;
    let companies = load::companies(conn, &ids)?;
    let found = |id: &i64| {
        let company = companies.iter().find(|c| c.id == *id)?;
        Some(Found {
            id: company.root_id,
            name: company.name.clone(),
            grade: company.grade.clone().unwrap_or_default(),
            region: company.region.clone(),
        })
    };
    Ok(ids.iter().filter_map(found).collect())
}
