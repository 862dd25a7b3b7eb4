//! The desk: companies, persons and contacts lie on it while records are placed, and are written back together.
//!
//! Everything that folds a record goes through here, one record of a hand edit as well as a chunk of an import: loaded
//! with a few statements, folded in memory, written with one statement a table.

mod draft;
mod load;
mod standing;

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDateTime;

use super::plans::is_plan;
use crate::registry::model::{
    Company, Contact, Field, NewPoint, Owner, Part, Person, Record, Said, SaidPoint,
};
use crate::registry::rules::fold::{self, FoldRecord, Shown, Winners};
use crate::registry::rules::values;

pub(crate) use draft::{CompanyDraft, ContactDraft, PersonDraft, PointDraft, SourceDraft};

/// Fields that a search finds a company by, beside its numbers and addresses.
const FOUND_BY: [Field; 6] = [
    Field::Name,
    Field::NameEn,
    Field::FormerName,
    Field::CreditCode,
    Field::PersonName,
    Field::PersonNameEn,
];

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
    new_records: Vec<Record>,
    touched: BTreeSet<i64>,
    /// Roots that may be found by other words or numbers than before.
    found_anew: BTreeSet<i64>,
    /// Persons who can be reached otherwise than before, wherever they are contacts.
    reached_anew: BTreeSet<i64>,
    /// What it loads is locked until the transaction ends.
    locks: bool,
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
            touched: BTreeSet::new(),
            found_anew: BTreeSet::new(),
            reached_anew: BTreeSet::new(),
            locks: true,
        }
    }

    /// A desk to look at only: it is never written back, so nothing is locked.
    pub fn to_look(now: NaiveDateTime) -> Self {
        Self {
            locks: false,
            ..Self::new(now)
        }
    }

    /// The person that answers for this one.
    pub fn person_root(&self, person: i64) -> i64 {
        self.person_roots.get(&person).copied().unwrap_or(person)
    }

    /// Lays a new company on the desk.
    pub fn add_company(&mut self, id: i64, first_source: Option<i64>) {
        let mut row = Company::blank(id, self.now);
        row.first_source_id = first_source;
        let draft = CompanyDraft::new(row, true);
        self.companies.insert(id, draft);
        self.found_anew.insert(id);
    }

    /// Lays a new person on the desk.
    pub fn add_person(&mut self, id: i64) {
        let draft = PersonDraft::new(Person::blank(id, self.now), false);
        self.persons.insert(id, draft);
    }

    /// Lays a new contact of a person (root) at a company (root) on the desk.
    pub fn add_contact(&mut self, id: i64, person: i64, company: Option<i64>) {
        let row = Contact::blank(id, person, company, self.now);
        let draft = ContactDraft::new(row, company, person, true);
        self.contacts.insert(id, draft);
        if let Some(person) = self.persons.get_mut(&person) {
            push_once(&mut person.contacts, id);
        }
        if let Some(company) = company.and_then(|company| self.companies.get_mut(&company)) {
            push_once(&mut company.contacts, id);
            company.is_dirty = true;
            self.found_anew.insert(company.row.id);
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
            self.touched.insert(draft.row.id);
            let won = fold::fold_in(&mut draft.winners, record, Part::Company);
            draft.is_dirty |= !won.is_empty();
            draft.is_rewritten |= won.iter().any(|(field, _)| !is_plan(*field));
            if won.iter().any(|(field, _)| FOUND_BY.contains(field)) {
                self.found_anew.insert(draft.row.id);
            }
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
        let root = draft.root;
        if let Some(company) = root.and_then(|root| self.companies.get_mut(&root)) {
            company.is_dirty |= draft.is_dirty;
            self.touched.insert(company.row.id);
        }
        if let Some(draft) = self.persons.get_mut(&person) {
            for (field, value) in fold::fold_in(&mut draft.winners, record, Part::Person) {
                values::set_person(&mut draft.row, field, Some(value));
                draft.is_dirty = true;
                if FOUND_BY.contains(&field) {
                    self.found_anew.extend(root);
                }
            }
            let ground = source
                .and_then(|source| self.sources.get(&source))
                .and_then(|source| source.ground.as_ref());
            if let Some(ground) = ground.filter(|g| {
                !draft.is_silent() && fold::is_better_ground(g, draft.row.ground.as_deref())
            }) {
                draft.row.ground = Some(ground.clone());
                draft.row.ground_record_id = Some(record.id);
                draft.is_dirty = true;
                self.reached_anew.insert(person);
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
            self.found_anew.insert(draft.row.id);
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
        self.reached_anew.insert(person);
    }

    /// Notes the list that first named a company; none where somebody typed it.
    pub fn first_heard_of(&mut self, root: i64, source: Option<i64>) {
        if let Some(draft) = self.companies.get_mut(&root) {
            draft.row.first_source_id = source;
            draft.is_rewritten = true;
        }
    }

    /// Replaces the fold of a company by a full one.
    pub fn refold_company(&mut self, root: i64, winners: Winners, shown: &Shown) {
        if let Some(draft) = self.companies.get_mut(&root) {
            values::refold_company(&mut draft.row, &winners, shown);
            draft.winners = winners;
            (draft.is_dirty, draft.is_rewritten) = (true, true);
            self.touched.insert(root);
            self.found_anew.insert(root);
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
    pub fn add_record(&mut self, record: Record) {
        self.new_records.push(record);
    }
}

fn push_once(list: &mut Vec<i64>, id: i64) {
    // Ids come in order nearly always: a switchboard with ten thousand contacts is not searched for each of them.
    if list.last().is_none_or(|last| *last < id) || !list.contains(&id) {
        list.push(id);
    }
}
