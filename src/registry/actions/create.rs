//! Companies and contacts added by hand: looked for and written under one lock.

use chrono::NaiveDateTime;

use super::desk::Desk;
use super::groups::root_of;
use super::people::FoundContact;
use super::say::place_new;
use crate::accounts::Actor;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};
use crate::registry::model::{Field, NewSaid, RecordKind, Said};
use crate::registry::queries::draw::draw;
use crate::registry::queries::{load, lock};
use crate::registry::rules::placing::{CompanyKeys, PersonKeys, without_blanks};

/// A company, a person, or both, as typed.
#[derive(Debug, Clone)]
pub struct NewByHand {
    /// What is known. A person's name in it makes a contact too.
    pub said: Said,
    /// Make it even where one like it exists.
    pub even_if_known: bool,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Created {
    /// It is there.
    Made {
        /// The company.
        company_id: Option<i64>,
        /// The contact, where a person was named.
        contact_id: Option<i64>,
        /// What was typed.
        record_id: i64,
    },
    /// One like it exists: nothing was written.
    Known {
        /// Roots with the same credit code, or the same name in the same region.
        company_ids: Vec<i64>,
    },
}

/// Adds a company by hand, with a contact where a person is named.
pub fn create_company_by_hand(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    new: &NewByHand,
) -> AppResult<Created> {
    let said = without_blanks(&new.said);
    let keys = CompanyKeys::of(&said).filter(|_| said.text(Field::Name).is_some());
    let keys = keys.ok_or_else(|| AppError::invalid("company_needs_name", "name"))?;
    lock::registry(conn)?;
    let mut desk = Desk::new(now);
    let known = like(conn, &mut desk, &keys)?;
    if !known.is_empty() && !new.even_if_known {
        return Ok(Created::Known { company_ids: known });
    }
    let company_id = draw(conn, "company", 1)?[0];
    desk.add_company(company_id, None);
    let contact_id = match PersonKeys::of(&said) {
        Some(person) => Some(find_or_add_contact(
            conn,
            &mut desk,
            Some(company_id),
            &person,
        )?),
        None => None,
    };
    finish(conn, now, actor, desk, Some(company_id), contact_id, said)
}

/// Adds a person by hand, at a company or at none yet. The same person at the same company is not added twice: what
/// was typed becomes a further record of that contact.
pub fn create_contact_by_hand(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    company_id: Option<i64>,
    said: &Said,
) -> AppResult<Created> {
    let said = without_blanks(said);
    let person = PersonKeys::of(&said)
        .ok_or_else(|| AppError::invalid("person_needs_name", "person_name"))?;
    lock::registry(conn)?;
    let root = company_id.map(|id| root_of(conn, id)).transpose()?;
    let mut desk = Desk::new(now);
    if let Some(root) = root {
        desk.load_companies(conn, &[root])?;
    }
    let contact_id = find_or_add_contact(conn, &mut desk, root, &person)?;
    finish(conn, now, actor, desk, root, Some(contact_id), said)
}

fn finish(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    mut desk: Desk,
    company_id: Option<i64>,
    contact_id: Option<i64>,
    said: Said,
) -> AppResult<Created> {
    let fields = said.codes();
    let new = NewSaid {
        kind: RecordKind::Hand,
        company_id,
        contact_id,
        call_id: None,
        source_id: None,
        said,
        said_at: None,
    };
    let record_id = place_new(conn, now, actor, &mut desk, &new, company_id)?;
    desk.write(conn)?;
    changed(
        conn,
        &Change {
            at: now,
            actor_id: actor.user_id,
            verb: "create",
            object_kind: if company_id.is_some() {
                "company"
            } else {
                "contact"
            },
            object_id: company_id.or(contact_id),
            record_id: Some(record_id),
            fields: Some(fields),
            n: 1,
            ..Change::default()
        },
    )?;
    Ok(Created::Made {
        company_id,
        contact_id,
        record_id,
    })
}

/// Roots that are the same company by the exact keys.
pub(crate) fn like(conn: &mut Conn, desk: &mut Desk, keys: &CompanyKeys) -> AppResult<Vec<i64>> {
    let mut roots = load::roots_by_name(conn, &[keys.name_key])?;
    if let Some(code) = &keys.credit_code {
        roots.extend(load::roots_by_code(conn, std::slice::from_ref(code))?);
    }
    roots.sort_unstable();
    roots.dedup();
    desk.load_companies(conn, &roots)?;
    roots.retain(|root| {
        desk.companies
            .get(root)
            .is_some_and(|draft| draft.same(keys).is_some())
    });
    Ok(roots)
}

/// The contact of this person at this company: known by name there, or by name and number anywhere.
fn find_or_add_contact(
    conn: &mut Conn,
    desk: &mut Desk,
    root: Option<i64>,
    keys: &PersonKeys,
) -> AppResult<i64> {
    let known = load::persons_by_point(conn, &keys.points)?;
    desk.load_contacts_of_persons(conn, &known)?;
    match desk.find_contact(root, keys) {
        FoundContact::Contact(contact) => Ok(contact),
        FoundContact::Person(person) => {
            let contact = draw(conn, "contact", 1)?[0];
            desk.add_contact(contact, person, root);
            Ok(contact)
        }
        FoundContact::Nobody => {
            let person = draw(conn, "person", 1)?[0];
            let contact = draw(conn, "contact", 1)?[0];
            desk.add_person(person);
            desk.add_contact(contact, person, root);
            Ok(contact)
        }
    }
}
