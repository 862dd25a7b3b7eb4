//! The full fold: read again everything that was said. Undo, unmerge and taking back need it; nothing else does.

use std::collections::HashMap;

use super::desk::Desk;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::model::{Part, RecordKind, Said};
use crate::registry::queries::records::Ranked;
use crate::registry::queries::{load, records};
use crate::registry::rules::fold::{FoldRecord, fold};

/// A record with what it said, read once.
pub(crate) struct Read {
    pub id: i64,
    pub company_id: Option<i64>,
    pub contact_id: Option<i64>,
    source_id: Option<i64>,
    kind: RecordKind,
    source_rank: i32,
    collected_on: Option<chrono::NaiveDate>,
    said_at: chrono::NaiveDateTime,
    pub said: Said,
}

impl Read {
    /// Parses what a stored record said.
    pub fn new(ranked: &Ranked) -> Self {
        let record = &ranked.record;
        Self {
            id: record.id,
            company_id: record.company_id,
            contact_id: record.contact_id,
            source_id: record.source_id,
            kind: RecordKind::parse(&record.kind).unwrap_or(RecordKind::Row),
            source_rank: ranked.source_rank,
            collected_on: record.collected_on,
            said_at: record.said_at,
            said: record.said(),
        }
    }
    /// Typed by a person who asked or checked.
    pub fn is_first_hand(&self) -> bool {
        self.kind.is_first_hand()
    }
    /// As the fold sees it.
    pub fn fold(&self) -> FoldRecord<'_> {
        FoldRecord::new(
            self.id,
            self.kind,
            self.source_rank,
            self.collected_on,
            self.said_at,
            &self.said,
        )
    }
}

/// Folds these roots anew from all their records.
pub(crate) fn companies(conn: &mut Conn, desk: &mut Desk, roots: &[i64]) -> AppResult<()> {
    desk.load_companies(conn, roots)?;
    let mut root_of: HashMap<i64, i64> = HashMap::new();
    for root in roots {
        for id in desk
            .companies
            .get(root)
            .map(|draft| draft.group.clone())
            .unwrap_or_default()
        {
            root_of.insert(id, *root);
        }
    }
    let ids: Vec<i64> = root_of.keys().copied().collect();
    let all: Vec<Read> = records::of_companies(conn, &ids)?
        .iter()
        .map(Read::new)
        .collect();
    let mut by_root: HashMap<i64, Vec<&Read>> = HashMap::new();
    for read in &all {
        if let Some(root) = read.company_id.and_then(|id| root_of.get(&id)) {
            by_root.entry(*root).or_default().push(read);
        }
    }
    for root in roots {
        let own = by_root.remove(root).unwrap_or_default();
        if let Some(first) = own.iter().find(|read| read.company_id == Some(*root)) {
            desk.first_heard_of(*root, first.source_id);
        }
        let (winners, shown) = fold(own.iter().map(|read| read.fold()), Part::Company);
        desk.refold_company(*root, winners, &shown);
    }
    Ok(())
}

/// Folds these contacts and their persons anew from all their records.
pub(crate) fn contacts(conn: &mut Conn, desk: &mut Desk, ids: &[i64]) -> AppResult<()> {
    desk.load_contacts(conn, ids)?;
    let mut persons: Vec<i64> = ids
        .iter()
        .filter_map(|id| desk.contacts.get(id))
        .map(|contact| contact.person)
        .collect();
    persons.sort_unstable();
    persons.dedup();
    self::persons(conn, desk, &persons)
}

/// Folds these persons (roots) with all their contacts anew.
pub(crate) fn persons(conn: &mut Conn, desk: &mut Desk, persons: &[i64]) -> AppResult<()> {
    let mut group: Vec<i64> = load::merged_persons(conn, persons)?
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    group.extend(persons);
    desk.load_contacts_of_persons(conn, &group)?;
    let of_persons: Vec<i64> = persons
        .iter()
        .filter_map(|id| desk.persons.get(id))
        .flat_map(|person| person.contacts.clone())
        .collect();
    let all: Vec<Read> = records::of_contacts(conn, &of_persons)?
        .iter()
        .map(Read::new)
        .collect();
    let mut by_contact: HashMap<i64, Vec<&Read>> = HashMap::new();
    for read in &all {
        if let Some(contact) = read.contact_id {
            by_contact.entry(contact).or_default().push(read);
        }
    }
    let none = Vec::new();
    for id in &of_persons {
        let own = by_contact.get(id).unwrap_or(&none);
        let (winners, shown) = fold(own.iter().map(|read| read.fold()), Part::Contact);
        desk.refold_contact(*id, winners, &shown);
    }
    for id in persons {
        let contacts = desk
            .persons
            .get(id)
            .map(|person| person.contacts.clone())
            .unwrap_or_default();
        let own = contacts
            .iter()
            .flat_map(|contact| by_contact.get(contact).unwrap_or(&none));
        let (winners, shown) = fold(own.map(|read| read.fold()), Part::Person);
        desk.refold_person(*id, winners, &shown);
    }
    Ok(())
}
