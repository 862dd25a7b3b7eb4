//! The desk: companies, persons and contacts lie on it while records are placed, and are written back together.
//!
//! Everything that folds a record goes through here, one record of a hand edit as well as a chunk of an import: loaded
//! with a few statements, folded in memory, written with one statement a table.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDateTime;

use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::model::{
    ContactPoint, Field, NewCompany, NewContact, NewPerson, NewPoint, NewRecord, Owner, Part, Said,
    SaidPoint, channel_bit, flags,
};
use crate::registry::queries::{load, lock, write};
use crate::registry::rules::fold::{self, FoldRecord, Shown, Winners};
use crate::registry::rules::hash::hash64;
use crate::registry::rules::placing::{CompanyKeys, PlacedBy};
use crate::registry::rules::standing::{CompanyFacts, ContactFacts, set_standing, state_of};
use crate::registry::rules::values;
use crate::registry::search;

impl CompanyDraft {
    /// Why these keys mean this company, if they do: its own name and code, or those of what was merged into it.
    pub fn same(&self, keys: &CompanyKeys) -> Option<PlacedBy> {
        let own = keys.same(&CompanyKeys::of_company(&self.row));
        own.into_iter()
            .chain(self.aliases.iter().filter_map(|alias| keys.same(alias)))
            .min()
    }
}

/// All bits of `person.refused`.
const EVERY_WAY: i32 = 7;

/// A company on the desk.
pub(crate) struct CompanyDraft {
    pub row: NewCompany,
    pub winners: Winners,
    /// Every id that answers as this root, the root first.
    pub group: Vec<i64>,
    /// What merged members are known by.
    pub aliases: Vec<CompanyKeys>,
    /// Contacts of the group, first heard of first.
    pub contacts: Vec<i64>,
    /// Sources of its live records.
    pub sources: HashSet<i64>,
    grade: Option<String>,
    is_owned: bool,
    is_dirty: bool,
    is_suppressed: bool,
}

pub(crate) struct PersonDraft {
    pub row: NewPerson,
    pub winners: Winners,
    pub contacts: Vec<i64>,
    /// Refused every way: no list gives a ground again.
    is_silent: bool,
    is_dirty: bool,
}

pub(crate) struct ContactDraft {
    pub row: NewContact,
    pub winners: Winners,
    /// The root of its company.
    pub root: Option<i64>,
    /// The root of its person.
    pub person: i64,
    is_dirty: bool,
}

/// A point as the desk needs it.
#[derive(Debug, Clone)]
pub(crate) struct PointDraft {
    pub key: i64,
    pub kind: &'static str,
    pub is_good: bool,
    pub value: String,
}

/// What a source gives to the standing of its companies.
#[derive(Debug, Clone)]
pub(crate) struct SourceDraft {
    pub channel: i32,
    pub ground: Option<String>,
    pub rank: i32,
    pub is_customers: bool,
}

/// See the module.
pub(crate) struct Desk {
    now: NaiveDateTime,
    pub companies: HashMap<i64, CompanyDraft>,
    pub persons: HashMap<i64, PersonDraft>,
    pub contacts: HashMap<i64, ContactDraft>,
    pub points: HashMap<Owner, Vec<PointDraft>>,
    pub sources: HashMap<i64, SourceDraft>,
    /// Who has a mobile or mail.
    pub persons_by_point: HashMap<i64, Vec<i64>>,
    /// Contacts by company (root) and name.
    pub contacts_by_name: HashMap<(i64, i64), i64>,
    /// Root of every merged person met.
    person_roots: HashMap<i64, i64>,
    new_points: Vec<NewPoint>,
    new_records: Vec<NewRecord>,
    touched: BTreeMap<i64, ()>,
}

impl Desk {
    /// An empty desk.
    pub fn new(now: NaiveDateTime) -> Self {
        Self {
            now,
            companies: HashMap::new(),
            persons: HashMap::new(),
            contacts: HashMap::new(),
            points: HashMap::new(),
            sources: HashMap::new(),
            persons_by_point: HashMap::new(),
            contacts_by_name: HashMap::new(),
            person_roots: HashMap::new(),
            new_points: Vec::new(),
            new_records: Vec::new(),
            touched: BTreeMap::new(),
        }
    }

    /// Loads roots with their groups, contacts, persons, points and sources. Ids that lie here already stay as they are.
    pub fn load_companies(&mut self, conn: &mut Conn, roots: &[i64]) -> AppResult<()> {
        let roots = absent(roots, &self.companies);
        if roots.is_empty() {
            return Ok(());
        }
        lock::companies(conn, &roots)?;
        let mut has_members = Vec::new();
        for company in load::companies(conn, &roots)? {
            if company.has(flags::MERGED) {
                has_members.push(company.id);
            }
            let draft = CompanyDraft {
                winners: Winners::from_json(&company.winners),
                group: vec![company.id],
                aliases: Vec::new(),
                contacts: Vec::new(),
                sources: HashSet::new(),
                grade: company.grade.clone(),
                is_owned: company.owner_id.is_some(),
                is_dirty: false,
                is_suppressed: false,
                row: values::row_of_company(company),
            };
            self.companies.insert(draft.row.id, draft);
        }
        let mut root_of: HashMap<i64, i64> = roots.iter().map(|root| (*root, *root)).collect();
        let members = load::merged_members(conn, &has_members)?;
        root_of.extend(members.iter().copied());
        let members: Vec<i64> = members.into_iter().map(|(id, _)| id).collect();
        for member in load::companies(conn, &members)? {
            if let Some(draft) = self.companies.get_mut(&member.root_id) {
                draft.group.push(member.id);
                draft
                    .aliases
                    .push(CompanyKeys::of_company(&values::row_of_company(member)));
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

    /// Loads persons (with the roots of merged ones) and their points.
    pub fn load_persons(&mut self, conn: &mut Conn, ids: &[i64]) -> AppResult<()> {
        let mut wanted: Vec<i64> = ids.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        wanted.retain(|id| !self.persons.contains_key(id) && !self.person_roots.contains_key(id));
        if wanted.is_empty() {
            return Ok(());
        }
        lock::persons(conn, &wanted)?;
        let mut above = Vec::new();
        let mut own = Vec::new();
        for person in load::persons(conn, &wanted)? {
            own.push(person.id);
            if person.merged_into.is_some() {
                self.person_roots.insert(person.id, person.root_id);
                above.push(person.root_id);
                continue;
            }
            let winners = Winners::from_json(&person.winners);
            let is_silent = person.refused & EVERY_WAY == EVERY_WAY;
            let row = values::row_of_person(person);
            let draft = PersonDraft {
                row,
                winners,
                contacts: Vec::new(),
                is_silent,
                is_dirty: false,
            };
            self.persons.insert(draft.row.id, draft);
        }
        for point in load::points_of(conn, 2, &own)? {
            let root = self.person_root(point.owner_id);
            self.take_point(Owner::Person(root), &point);
        }
        self.load_persons(conn, &above)
    }

    /// Loads every contact of these persons, wherever they are, without the companies.
    pub fn load_contacts_of_persons(&mut self, conn: &mut Conn, persons: &[i64]) -> AppResult<()> {
        self.load_persons(conn, persons)?;
        let contacts = load::contacts_of_persons(conn, persons)?;
        let companies: Vec<i64> = contacts
            .iter()
            .filter_map(|contact| contact.company_id)
            .collect();
        let root_of: HashMap<i64, i64> = load::roots(conn, &companies)?.into_iter().collect();
        self.take_contacts(conn, contacts, &root_of)
    }

    /// Loads single contacts with their persons.
    pub fn load_contacts(&mut self, conn: &mut Conn, ids: &[i64]) -> AppResult<()> {
        let contacts = load::contacts(conn, &absent(ids, &self.contacts))?;
        let persons: Vec<i64> = contacts.iter().map(|contact| contact.person_id).collect();
        self.load_persons(conn, &persons)?;
        let companies: Vec<i64> = contacts
            .iter()
            .filter_map(|contact| contact.company_id)
            .collect();
        let root_of: HashMap<i64, i64> = load::roots(conn, &companies)?.into_iter().collect();
        self.take_contacts(conn, contacts, &root_of)
    }

    fn take_contacts(
        &mut self,
        conn: &mut Conn,
        contacts: Vec<crate::registry::model::Contact>,
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
            let draft = ContactDraft {
                row: values::row_of_contact(&contact),
                winners: Winners::from_json(&contact.winners),
                root,
                person,
                is_dirty: false,
            };
            self.contacts.insert(contact.id, draft);
            self.index_name(contact.id);
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

    fn index_point(&mut self, owner: Owner, key: i64) {
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

    /// The person that answers for this one.
    pub fn person_root(&self, person: i64) -> i64 {
        self.person_roots.get(&person).copied().unwrap_or(person)
    }

    /// Lays a new company on the desk.
    pub fn add_company(&mut self, id: i64, first_source: Option<i64>) {
        let mut row = values::blank_company(id, self.now);
        row.first_source_id = first_source;
        let draft = CompanyDraft {
            row,
            winners: Winners::default(),
            group: vec![id],
            aliases: Vec::new(),
            contacts: Vec::new(),
            sources: HashSet::new(),
            grade: None,
            is_owned: false,
            is_dirty: true,
            is_suppressed: false,
        };
        self.companies.insert(id, draft);
    }

    /// Lays a new person on the desk.
    pub fn add_person(&mut self, id: i64) {
        let row = values::blank_person(id, self.now);
        let winners = Winners::default();
        self.persons.insert(
            id,
            PersonDraft {
                row,
                winners,
                contacts: Vec::new(),
                is_silent: false,
                is_dirty: true,
            },
        );
    }

    /// Lays a new contact of a person (root) at a company (root) on the desk.
    pub fn add_contact(&mut self, id: i64, person: i64, company: Option<i64>) {
        let row = values::blank_contact(id, person, company, self.now);
        let draft = ContactDraft {
            row,
            winners: Winners::default(),
            root: company,
            person,
            is_dirty: true,
        };
        self.contacts.insert(id, draft);
        if let Some(person) = self.persons.get_mut(&person) {
            push_once(&mut person.contacts, id);
        }
        if let Some(company) = company.and_then(|company| self.companies.get_mut(&company)) {
            push_once(&mut company.contacts, id);
            company.is_dirty = true;
        }
    }

    /// Folds a record into the company (root) and contact it speaks of, and adds its contact points.
    pub fn place(
        &mut self,
        root: Option<i64>,
        contact: Option<i64>,
        source: Option<i64>,
        record: &FoldRecord<'_>,
    ) {
        if let Some(draft) = root.and_then(|root| self.companies.get_mut(&root)) {
            self.touched.insert(draft.row.id, ());
            let won = fold::fold_in(&mut draft.winners, record, Part::Company);
            draft.is_dirty |= !won.is_empty();
            for (field, value) in won {
                values::set_company(&mut draft.row, field, Some(value));
            }
            if let Some(source) = source {
                draft.is_dirty |= draft.sources.insert(source);
            }
        }
        let person = contact.and_then(|contact| self.place_contact(contact, source, record));
        let contact = person.map(|(_, contact)| contact);
        self.name_points(root, contact, record.id, record.said);
    }

    /// Adds the contact points that a record names, without folding its values.
    pub fn name_points(
        &mut self,
        root: Option<i64>,
        contact: Option<i64>,
        record_id: i64,
        said: &Said,
    ) {
        let person = contact.and_then(|id| Some((self.contacts.get(&id)?.person, id)));
        for point in SaidPoint::of(said) {
            if let Some(owner) = point.owner(root, person) {
                self.add_point(owner, &point, record_id);
            }
        }
    }

    fn place_contact(
        &mut self,
        contact: i64,
        source: Option<i64>,
        record: &FoldRecord<'_>,
    ) -> Option<(i64, i64)> {
        let draft = self.contacts.get_mut(&contact)?;
        let person = draft.person;
        for (field, value) in fold::fold_in(&mut draft.winners, record, Part::Contact) {
            values::set_contact(&mut draft.row, field, Some(value));
            draft.is_dirty = true;
        }
        if let Some(company) = draft.root.and_then(|root| self.companies.get_mut(&root)) {
            company.is_dirty |= draft.is_dirty;
            self.touched.insert(company.row.id, ());
        }
        if let Some(draft) = self.persons.get_mut(&person) {
            for (field, value) in fold::fold_in(&mut draft.winners, record, Part::Person) {
                values::set_person(&mut draft.row, field, Some(value));
                draft.is_dirty = true;
            }
            let ground = source
                .and_then(|source| self.sources.get(&source))
                .and_then(|source| source.ground.as_ref());
            if let Some(ground) = ground.filter(|g| {
                !draft.is_silent && fold::is_better_ground(g, draft.row.ground.as_deref())
            }) {
                draft.row.ground = Some(ground.clone());
                draft.row.ground_record_id = Some(record.id);
                draft.is_dirty = true;
            }
        }
        self.index_name(contact);
        Some((person, contact))
    }

    fn index_name(&mut self, contact: i64) {
        let Some(draft) = self.contacts.get(&contact) else {
            return;
        };
        let name = self
            .persons
            .get(&draft.person)
            .and_then(|person| person.row.name_key);
        if let (Some(root), Some(name)) = (draft.root, name) {
            self.contacts_by_name.entry((root, name)).or_insert(contact);
        }
    }

    fn add_point(&mut self, owner: Owner, point: &SaidPoint, record_id: i64) {
        let known = self.points.entry(owner).or_default();
        let key = point.key();
        if known.iter().any(|p| p.key == key) {
            return;
        }
        known.push(PointDraft {
            key,
            kind: point.kind.code(),
            is_good: true,
            value: point.value.clone(),
        });
        self.new_points
            .push(point.to_row(owner, record_id, self.now));
        self.index_point(owner, key);
        match owner {
            Owner::Company(root) => self.dirty_company(Some(root)),
            Owner::Person(person) => self.person_points_changed(person),
            Owner::Contact(contact) => {
                self.dirty_company(self.contacts.get(&contact).and_then(|c| c.root))
            }
        }
    }

    fn dirty_company(&mut self, root: Option<i64>) {
        if let Some(draft) = root.and_then(|root| self.companies.get_mut(&root)) {
            draft.is_dirty = true;
        }
    }

    /// The number and address shown for a person are the first that are not bad.
    pub fn person_points_changed(&mut self, person: i64) {
        let none = Vec::new();
        let points = self.points.get(&Owner::Person(person)).unwrap_or(&none);
        let first = |kind: &str| {
            points
                .iter()
                .find(|p| p.kind == kind && p.is_good)
                .map(|p| p.value.clone())
        };
        let (mobile, email, wechat, qq) = (
            first("mobile"),
            first("email"),
            first("wechat"),
            first("qq"),
        );
        let Some(draft) = self.persons.get_mut(&person) else {
            return;
        };
        (
            draft.row.mobile,
            draft.row.email,
            draft.row.wechat,
            draft.row.qq,
        ) = (mobile, email, wechat, qq);
        draft.is_dirty = true;
        let contacts = draft.contacts.clone();
        for contact in contacts {
            self.dirty_company(self.contacts.get(&contact).and_then(|c| c.root));
        }
    }

    /// Replaces the fold of a company by a full one.
    pub fn refold_company(&mut self, root: i64, winners: Winners, shown: &Shown) {
        if let Some(draft) = self.companies.get_mut(&root) {
            values::refold_company(&mut draft.row, &winners, shown);
            draft.winners = winners;
            draft.is_dirty = true;
            self.touched.insert(root, ());
        }
    }

    /// Replaces the fold of a person by a full one.
    pub fn refold_person(&mut self, person: i64, winners: Winners, shown: &Shown) {
        if let Some(draft) = self.persons.get_mut(&person) {
            for field in [
                Field::PersonName,
                Field::PersonNameEn,
                Field::Birthday,
                Field::Language,
            ] {
                values::set_person(&mut draft.row, field, shown.get(&field));
            }
            draft.winners = winners;
            draft.is_dirty = true;
        }
        self.person_points_changed(person);
    }

    /// Replaces the fold of a contact by a full one.
    pub fn refold_contact(&mut self, contact: i64, winners: Winners, shown: &Shown) {
        if let Some(draft) = self.contacts.get_mut(&contact) {
            for field in [Field::Title, Field::Department, Field::Role, Field::IsKey] {
                values::set_contact(&mut draft.row, field, shown.get(&field));
            }
            draft.winners = winners;
            draft.is_dirty = true;
            self.dirty_company(self.contacts.get(&contact).and_then(|c| c.root));
        }
    }

    /// Computes the standing of these roots again, whether or not something was placed.
    pub fn mark(&mut self, roots: &[i64]) {
        for root in roots {
            self.dirty_company(Some(*root));
        }
    }

    /// A record to insert with the next [`Desk::write`].
    pub fn add_record(&mut self, record: NewRecord) {
        self.new_records.push(record);
    }

    /// What stands around a company on the desk.
    fn facts(&self, draft: &CompanyDraft) -> CompanyFacts {
        let good = |owner: Owner, kinds: &[&str]| {
            self.points
                .get(&owner)
                .is_some_and(|points| points.iter().any(|p| p.is_good && kinds.contains(&p.kind)))
        };
        const NUMBERS: [&str; 2] = ["phone", "mobile"];
        let contacts = draft
            .contacts
            .iter()
            .filter_map(|id| self.contacts.get(id))
            .map(|contact| {
                let person = Owner::Person(contact.person);
                ContactFacts {
                    id: contact.row.id,
                    is_key: contact.row.is_key,
                    role: contact.row.role.clone(),
                    has_mobile: good(person, &["mobile"]),
                    has_email: good(person, &["email"]),
                    has_number: good(person, &NUMBERS)
                        || good(Owner::Contact(contact.row.id), &NUMBERS),
                }
            });
        let persons = draft
            .contacts
            .iter()
            .filter_map(|id| self.contacts.get(id))
            .map(|contact| contact.person);
        let has_consent = persons
            .filter_map(|id| self.persons.get(&id))
            .any(|person| person.row.ground.is_some());
        let sources = || draft.sources.iter().filter_map(|id| self.sources.get(id));
        CompanyFacts {
            contacts: contacts.collect(),
            has_number: draft
                .group
                .iter()
                .any(|id| good(Owner::Company(*id), &NUMBERS)),
            channels: sources().fold(0, |bits, source| bits | source.channel),
            has_ground: sources().any(|source| source.ground.is_some()) || has_consent,
            has_source: !draft.sources.is_empty(),
            is_merged: draft.group.len() > 1,
            is_suppressed: draft.is_suppressed,
        }
    }

    /// Computes standings and writes everything that changed. Answers the roots that were touched.
    pub fn write(&mut self, conn: &mut Conn) -> AppResult<Vec<i64>> {
        let standing = tracing::trace_span!(target: "share", "standing").entered();
        let today = self.now.date();
        let mut ids: Vec<i64> = self
            .companies
            .iter()
            .filter(|(_, draft)| draft.is_dirty)
            .map(|(id, _)| *id)
            .collect();
        ids.sort_unstable();
        let mut rows = Vec::with_capacity(ids.len());
        for id in &ids {
            let Some(draft) = self.companies.get(id) else {
                continue;
            };
            let facts = self.facts(draft);
            let is_listed = draft
                .sources
                .iter()
                .any(|id| self.sources.get(id).is_some_and(|s| s.is_customers));
            let Some(draft) = self.companies.get_mut(id) else {
                continue;
            };
            values::derive_company(&mut draft.row, &draft.winners);
            set_standing(&mut draft.row, &draft.winners, &facts, today);
            let is_customer = is_listed || draft.row.flags & flags::SIGNED != 0;
            let was_released = draft.row.flags & flags::RELEASED != 0;
            let state = state_of(
                draft.grade.as_deref(),
                is_customer,
                draft.is_owned,
                was_released,
            );
            state.code().clone_into(&mut draft.row.state);
            draft.is_dirty = false;
            rows.push(draft.row.clone());
        }
        drop(standing);
        let companies = tracing::trace_span!(target: "share", "companies").entered();
        write::companies(conn, &rows)?;
        drop(companies);
        let people = tracing::trace_span!(target: "share", "persons and contacts").entered();
        let persons = dirty_rows(&mut self.persons, |draft| {
            std::mem::take(&mut draft.is_dirty).then(|| {
                draft.row.winners = draft.winners.to_json();
                draft.row.clone()
            })
        });
        write::persons(conn, &persons)?;
        let contacts = dirty_rows(&mut self.contacts, |draft| {
            std::mem::take(&mut draft.is_dirty).then(|| {
                draft.row.winners = draft.winners.to_json();
                draft.row.clone()
            })
        });
        write::contacts(conn, &contacts)?;
        drop(people);
        let records = tracing::trace_span!(target: "share", "records").entered();
        write::records(conn, &std::mem::take(&mut self.new_records))?;
        drop(records);
        let points = tracing::trace_span!(target: "share", "contact points").entered();
        write::points(conn, &std::mem::take(&mut self.new_points))?;
        drop(points);
        let _share = tracing::trace_span!(target: "share", "search to do").entered();
        ids.extend(std::mem::take(&mut self.touched).into_keys());
        ids.sort_unstable();
        ids.dedup();
        search::changed(conn, &ids, self.now)?;
        Ok(ids)
    }
}

fn dirty_rows<D, R>(
    drafts: &mut HashMap<i64, D>,
    mut row: impl FnMut(&mut D) -> Option<R>,
) -> Vec<R> {
    let mut ids: Vec<i64> = drafts.keys().copied().collect();
    ids.sort_unstable();
    ids.into_iter()
        .filter_map(|id| drafts.get_mut(&id).and_then(&mut row))
        .collect()
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

fn push_once(list: &mut Vec<i64>, id: i64) {
    // Ids come in order nearly always: a switchboard with ten thousand contacts is not searched for each of them.
    if list.last().is_none_or(|last| *last < id) || !list.contains(&id) {
        list.push(id);
    }
}

fn kind_of(code: &str) -> &'static str {
    ["phone", "mobile", "email", "wechat", "qq"]
        .into_iter()
        .find(|known| *known == code)
        .unwrap_or("phone")
}
