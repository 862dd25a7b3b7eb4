//! What is laid on the desk: whole groups, with a few statements for any number of companies.

use std::collections::HashMap;

use super::{CompanyDraft, ContactDraft, Desk, PersonDraft, PointDraft, SourceDraft, push_once};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::model::{Contact, ContactPoint, Owner, PointKind, channel_bit, flags};
use crate::registry::queries::{load, lock};
use crate::registry::rules::fold::Winners;
use crate::registry::rules::hash::hash64;
use crate::registry::rules::placing::CompanyKeys;

impl Desk {
    /// Loads roots with their groups, contacts, persons, points and sources. Ids that lie here already stay as they are.
    pub fn load_companies(&mut self, conn: &mut Conn, roots: &[i64]) -> AppResult<()> {
        let roots = absent(roots, &self.companies);
        if roots.is_empty() {
            return Ok(());
        }
        if self.locks {
            lock::companies(conn, &roots)?;
        }
        let mut has_members = Vec::new();
        for company in load::companies(conn, &roots)? {
            if company.has(flags::MERGED) {
                has_members.push(company.id);
            }
            let draft = CompanyDraft::new(company, false);
            self.companies.insert(draft.row.id, draft);
        }
        let mut root_of: HashMap<i64, i64> = roots.iter().map(|root| (*root, *root)).collect();
        let members = load::merged_members(conn, &has_members)?;
        root_of.extend(members.iter().copied());
        let members: Vec<i64> = members.into_iter().map(|(id, _)| id).collect();
        for member in load::companies(conn, &members)? {
            if let Some(draft) = self.companies.get_mut(&member.root_id) {
                draft.group.push(member.id);
                let winners = Winners::from_json(&member.winners);
                draft
                    .aliases
                    .push(CompanyKeys::of_company(&member, &winners));
            }
        }
        let ids: Vec<i64> = root_of.keys().copied().collect();
        let contacts = load::contacts_of_companies(conn, &ids)?;
        let persons: Vec<i64> = contacts.iter().map(|contact| contact.person_id).collect();
        self.load_persons(conn, &persons)?;
        self.take_contacts(conn, contacts, &root_of)?;
        self.take_points(load::points_of(conn, 1, &ids)?);
        self.take_sources(conn, &ids, &root_of)?;
        let keys: Vec<i64> = ids
            .iter()
            .map(|id| hash64(&format!("company:{id}")))
            .collect();
        for subject in load::suppressed_companies(conn, &keys)? {
            let root = subject.parse().ok().and_then(|id: i64| root_of.get(&id));
            if let Some(draft) = root.and_then(|root| self.companies.get_mut(root)) {
                draft.is_suppressed = true;
            }
        }
        Ok(())
    }

    /// Loads persons as the whole groups they belong to, with the points of all of them.
    pub fn load_persons(&mut self, conn: &mut Conn, ids: &[i64]) -> AppResult<()> {
        let mut wanted: Vec<i64> = ids.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|id| !self.persons.contains_key(id) && !self.person_roots.contains_key(id));
        if wanted.is_empty() {
            return Ok(());
        }
        let mut roots: Vec<i64> = load::person_roots(conn, &wanted)?;
        roots.sort_unstable();
        roots.dedup();
        if self.locks {
            lock::persons(conn, &roots)?;
        }
        let members = load::merged_persons(conn, &roots)?;
        self.person_roots.extend(members.iter().copied());
        for person in load::persons(conn, &roots)? {
            let draft = PersonDraft::new(person, true);
            self.persons.insert(draft.row.id, draft);
        }
        let all: Vec<i64> = members.into_iter().map(|(id, _)| id).chain(roots).collect();
        for point in load::points_of(conn, 2, &all)? {
            let root = self.person_root(point.owner_id);
            self.take_point(Owner::Person(root), &point);
        }
        Ok(())
    }

    /// Loads every contact of these persons, wherever they are, without the companies.
    pub fn load_contacts_of_persons(&mut self, conn: &mut Conn, persons: &[i64]) -> AppResult<()> {
        self.load_persons(conn, persons)?;
        let contacts = load::contacts_of_persons(conn, persons)?;
        self.take_contacts_anywhere(conn, contacts)
    }

    /// Loads single contacts with their persons.
    pub fn load_contacts(&mut self, conn: &mut Conn, ids: &[i64]) -> AppResult<()> {
        let contacts = load::contacts(conn, &absent(ids, &self.contacts))?;
        let persons: Vec<i64> = contacts.iter().map(|contact| contact.person_id).collect();
        self.load_persons(conn, &persons)?;
        self.take_contacts_anywhere(conn, contacts)
    }

    /// Takes contacts whose companies may not lie here.
    fn take_contacts_anywhere(&mut self, conn: &mut Conn, contacts: Vec<Contact>) -> AppResult<()> {
        let companies: Vec<i64> = contacts.iter().filter_map(|c| c.company_id).collect();
        let root_of: HashMap<i64, i64> = load::roots(conn, &companies)?.into_iter().collect();
        self.take_contacts(conn, contacts, &root_of)
    }

    fn take_contacts(
        &mut self,
        conn: &mut Conn,
        contacts: Vec<Contact>,
        root_of: &HashMap<i64, i64>,
    ) -> AppResult<()> {
        let mut fresh = Vec::new();
        for contact in contacts {
            let root = contact.company_id.and_then(|id| root_of.get(&id)).copied();
            if let Some(company) = root.and_then(|root| self.companies.get_mut(&root)) {
                push_once(&mut company.contacts, contact.id);
            }
            if self.contacts.contains_key(&contact.id) {
                continue;
            }
            fresh.push(contact.id);
            let person = self.person_root(contact.person_id);
            if let Some(person) = self.persons.get_mut(&person) {
                push_once(&mut person.contacts, contact.id);
            }
            let id = contact.id;
            self.contacts
                .insert(id, ContactDraft::new(contact, root, person, false));
            self.index_name(id);
        }
        self.take_points(load::points_of(conn, 3, &fresh)?);
        Ok(())
    }

    fn take_points(&mut self, points: Vec<ContactPoint>) {
        for point in points {
            self.take_point(point.owner(), &point);
        }
    }

    fn take_point(&mut self, owner: Owner, point: &ContactPoint) {
        let kind = kind_of(&point.kind);
        let draft = PointDraft {
            key: point.value_key,
            kind,
            is_good: point.is_good(),
            value: point.value.clone(),
        };
        self.index_point(owner, draft.key);
        self.points.entry(owner).or_default().push(draft);
    }

    pub(super) fn index_point(&mut self, owner: Owner, key: i64) {
        if let Owner::Person(person) = owner {
            self.persons_by_point.entry(key).or_default().push(person);
        }
    }

    fn take_sources(
        &mut self,
        conn: &mut Conn,
        ids: &[i64],
        root_of: &HashMap<i64, i64>,
    ) -> AppResult<()> {
        let pairs = load::sources_of(conn, ids)?;
        let sources: Vec<i64> = pairs.iter().map(|(_, source)| *source).collect();
        self.load_sources(conn, &sources)?;
        for (company, source) in pairs {
            if let Some(draft) = root_of
                .get(&company)
                .and_then(|root| self.companies.get_mut(root))
            {
                draft.sources.insert(source);
            }
        }
        Ok(())
    }

    /// Loads what sources give to their companies.
    pub fn load_sources(&mut self, conn: &mut Conn, ids: &[i64]) -> AppResult<()> {
        for source in load::sources(conn, &absent(ids, &self.sources))? {
            let draft = SourceDraft {
                channel: channel_bit(&source.channel),
                ground: source.ground,
                rank: source.rank,
                is_customers: source.kind == "customers",
            };
            self.sources.insert(source.id, draft);
        }
        Ok(())
    }
}

fn absent<D>(ids: &[i64], known: &HashMap<i64, D>) -> Vec<i64> {
    let mut ids: Vec<i64> = ids
        .iter()
        .copied()
        .filter(|id| !known.contains_key(id))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn kind_of(code: &str) -> &'static str {
    PointKind::ALL
        .into_iter()
        .map(PointKind::code)
        .find(|known| *known == code)
        .unwrap_or("phone")
}
