//! Many records at once: looked up with one query a kind of key, placed in the order of the list, written together.

use std::collections::HashMap;

use chrono::NaiveDateTime;

use super::desk::Desk;
use super::people::FoundContact;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::model::{Record, RecordKind, Said};
use crate::registry::queries::draw::draw;
use crate::registry::queries::{load, lock};
use crate::registry::rules::fold::FoldRecord;
use crate::registry::rules::placing::{CompanyKeys, PersonKeys, PlacedBy};

/// A record on its way to its company and person.
#[derive(Debug, Clone)]
pub struct ToPlace {
    /// What it says about which company it is; none = it names none.
    pub company: Option<CompanyKeys>,
    /// What it says about which person it is.
    pub person: Option<PersonKeys>,
    /// What it says.
    pub said: Said,
    /// What it corrects: where nobody else is like it, it goes there.
    pub corrects: Option<(Option<i64>, Option<i64>)>,
    /// Row of the list; sheet and number.
    pub row: Option<(i32, i32)>,
    /// Row key and its second half.
    pub key: Option<(i64, i64)>,
}

/// What all records of a list have in common.
#[derive(Debug, Clone)]
pub struct List {
    /// `row`, `lead` or `registration`.
    pub kind: RecordKind,
    /// The list.
    pub source_id: i64,
    /// Its rank.
    pub rank: i32,
    /// The import.
    pub batch_id: Option<i64>,
    /// When the list was made.
    pub collected_on: Option<chrono::NaiveDate>,
    /// Who brought it.
    pub actor_id: Option<i64>,
}

/// Where a record went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// The record.
    pub record_id: i64,
    /// Its company.
    pub root: Option<i64>,
    /// Its contact.
    pub contact: Option<i64>,
    /// The person behind the contact.
    pub person: Option<i64>,
    /// The evidence.
    pub by: PlacedBy,
    /// It made the company.
    pub is_new_company: bool,
    /// It made the contact.
    pub is_new_contact: bool,
}

/// Places records. One for each chunk; a rehearsal keeps one for the whole list and never writes.
pub struct Placer {
    now: NaiveDateTime,
    desk: Desk,
    by_code: HashMap<String, Vec<i64>>,
    by_name: HashMap<i64, Vec<i64>>,
    pretended: Option<i64>,
}

impl Placer {
    /// Takes the lock under which companies and persons are made.
    pub fn new(conn: &mut Conn, now: NaiveDateTime) -> AppResult<Self> {
        lock::registry(conn)?;
        Ok(Self::bare(now, None))
    }

    /// Looks things up but writes nothing: what it makes has ids that nobody has.
    pub fn rehearsal(now: NaiveDateTime) -> Self {
        Self::bare(now, Some(i64::MAX / 2))
    }

    fn bare(now: NaiveDateTime, pretended: Option<i64>) -> Self {
        let desk = match pretended {
            None => Desk::new(now),
            Some(_) => Desk::to_look(now),
        };
        Self {
            now,
            desk,
            by_code: HashMap::new(),
            by_name: HashMap::new(),
            pretended,
        }
    }

    /// Places records in order. Nothing is written before [`Placer::write`].
    pub fn place(
        &mut self,
        conn: &mut Conn,
        list: &List,
        rows: Vec<ToPlace>,
    ) -> AppResult<Vec<Placed>> {
        let looking_up = tracing::trace_span!(target: "share", "look up").entered();
        self.load(conn, list, &rows)?;
        let mut ids = Drawn::for_rows(conn, &rows, &mut self.pretended)?;
        drop(looking_up);
        let _share = tracing::trace_span!(target: "share", "match and fold").entered();
        Ok(rows
            .into_iter()
            .map(|row| self.place_one(list, row, &mut ids))
            .collect())
    }

    fn load(&mut self, conn: &mut Conn, list: &List, rows: &[ToPlace]) -> AppResult<()> {
        let companies = || rows.iter().filter_map(|row| row.company.as_ref());
        let names = sorted(companies().map(|keys| keys.name_key));
        let mut codes: Vec<String> = companies()
            .filter_map(|keys| keys.credit_code.clone())
            .collect();
        codes.sort_unstable();
        codes.dedup();
        let mut roots = load::roots_by_name(conn, &names)?;
        roots.extend(load::roots_by_code(conn, &codes)?);
        roots.extend(
            rows.iter()
                .filter_map(|row| row.corrects.and_then(|(root, _)| root)),
        );
        self.desk.load_sources(conn, &[list.source_id])?;
        let roots = sorted(roots);
        self.desk.load_companies(conn, &roots)?;
        for root in roots {
            self.index(root);
        }
        let points = sorted(
            rows.iter()
                .filter_map(|row| row.person.as_ref())
                .flat_map(|keys| keys.points.iter().copied()),
        );
        let persons = sorted(load::persons_by_point(conn, &points)?);
        self.desk.load_contacts_of_persons(conn, &persons)?;
        let contacts = sorted(
            rows.iter()
                .filter_map(|row| row.corrects.and_then(|(_, contact)| contact)),
        );
        self.desk.load_contacts(conn, &contacts)
    }

    /// By what the company is found from now on.
    fn index(&mut self, root: i64) {
        let Some(draft) = self.desk.companies.get(&root) else {
            return;
        };
        let codes = draft
            .aliases
            .iter()
            .filter_map(|alias| alias.credit_code.as_ref());
        for name in draft
            .aliases
            .iter()
            .map(|alias| alias.name_key)
            .chain([draft.row.name_key])
        {
            push_once(self.by_name.entry(name).or_default(), root);
        }
        for code in codes.chain(&draft.row.credit_code) {
            push_once(self.by_code.entry(code.clone()).or_default(), root);
        }
    }

    fn place_one(&mut self, list: &List, row: ToPlace, ids: &mut Drawn) -> Placed {
        let (root, mut by, is_new_company) = self.company_of(list, &row, ids);
        let (contact, is_new_contact) = self.contact_of(root, &row, ids);
        if root.is_none() && contact.is_some() {
            by = if is_new_contact {
                PlacedBy::New
            } else {
                PlacedBy::Person
            };
        }
        let record_id = ids.records.next();
        let said_at = self.now;
        let record = FoldRecord::new(
            record_id,
            list.kind,
            list.rank,
            list.collected_on,
            said_at,
            &row.said,
        );
        self.desk
            .place(root, contact, Some(list.source_id), &record);
        if self.pretended.is_none() {
            let placed_by = (root.is_some() || contact.is_some()).then(|| by.code());
            self.desk.add_record(new_record(
                list,
                &row,
                record_id,
                (root, contact),
                said_at,
                placed_by,
            ));
        }
        if let Some(root) = root {
            self.index(root);
        }
        Placed {
            record_id,
            root,
            contact,
            person: contact.and_then(|id| Some(self.desk.contacts.get(&id)?.person)),
            by,
            is_new_company,
            is_new_contact,
        }
    }

    fn company_of(
        &mut self,
        list: &List,
        row: &ToPlace,
        ids: &mut Drawn,
    ) -> (Option<i64>, PlacedBy, bool) {
        let Some(keys) = &row.company else {
            let corrected = row.corrects.and_then(|(root, _)| root);
            return (corrected, PlacedBy::Correction, false);
        };
        if let Some((root, by)) = self.find_company(keys) {
            return (Some(root), by, false);
        }
        if let Some((Some(root), _)) = row.corrects {
            return (Some(root), PlacedBy::Correction, false);
        }
        let id = ids.companies.next();
        self.desk.add_company(id, Some(list.source_id));
        (Some(id), PlacedBy::New, true)
    }

    /// The best evidence wins, then the company that was heard of first.
    fn find_company(&self, keys: &CompanyKeys) -> Option<(i64, PlacedBy)> {
        let by_code = keys
            .credit_code
            .as_ref()
            .and_then(|code| self.by_code.get(code))
            .into_iter()
            .flatten();
        let by_name = self.by_name.get(&keys.name_key).into_iter().flatten();
        let same = by_code.chain(by_name).filter_map(|root| {
            let draft = self.desk.companies.get(root)?;
            Some((draft.same(keys)?, *root))
        });
        same.min().map(|(by, root)| (root, by))
    }

    fn contact_of(
        &mut self,
        root: Option<i64>,
        row: &ToPlace,
        ids: &mut Drawn,
    ) -> (Option<i64>, bool) {
        let Some(keys) = &row.person else {
            return (None, false);
        };
        let corrected = row.corrects.and_then(|(_, contact)| contact);
        match (self.desk.find_contact(root, keys), corrected) {
            (FoundContact::Contact(contact), _) => (Some(contact), false),
            (_, Some(contact))
                if self
                    .desk
                    .contacts
                    .get(&contact)
                    .is_some_and(|c| c.root == root) =>
            {
                (Some(contact), false)
            }
            (FoundContact::Person(person), _) => {
                let contact = ids.contacts.next();
                self.desk.add_contact(contact, person, root);
                (Some(contact), true)
            }
            (FoundContact::Nobody, _) => {
                let (person, contact) = (ids.persons.next(), ids.contacts.next());
                self.desk.add_person(person);
                self.desk.add_contact(contact, person, root);
                (Some(contact), true)
            }
        }
    }

    /// The person of a contact that was placed.
    pub fn person_of(&self, contact: i64) -> Option<i64> {
        self.desk
            .contacts
            .get(&contact)
            .map(|contact| contact.person)
    }

    /// Writes everything with its standing. Answers the roots that were touched.
    pub fn write(mut self, conn: &mut Conn) -> AppResult<Vec<i64>> {
        self.desk.write(conn)
    }
}

fn new_record(
    list: &List,
    row: &ToPlace,
    id: i64,
    (company_id, contact_id): (Option<i64>, Option<i64>),
    said_at: NaiveDateTime,
    placed_by: Option<&'static str>,
) -> Record {
    Record {
        id,
        kind: list.kind.code().to_owned(),
        source_id: Some(list.source_id),
        batch_id: list.batch_id,
        sheet_no: row.row.map(|(sheet, _)| sheet),
        row_no: row.row.map(|(_, row)| row),
        row_key: row.key.map(|(key, _)| key),
        row_check: row.key.map(|(_, check)| check),
        call_id: None,
        company_id,
        contact_id,
        said: row.said.to_json(),
        said_at,
        collected_on: list.collected_on,
        actor_id: list.actor_id,
        placed_by: placed_by.map(str::to_owned),
        superseded_by: None,
        voided_at: None,
    }
}

/// Ids for everything a chunk may make; what is left over is never used.
struct Drawn {
    records: Ids,
    companies: Ids,
    persons: Ids,
    contacts: Ids,
}

struct Ids(std::vec::IntoIter<i64>);

impl Ids {
    fn next(&mut self) -> i64 {
        self.0
            .next()
            .expect("as many ids were drawn as rows may need")
    }
}

impl Drawn {
    fn for_rows(conn: &mut Conn, rows: &[ToPlace], pretended: &mut Option<i64>) -> AppResult<Self> {
        let companies = rows.iter().filter(|row| row.company.is_some()).count();
        let persons = rows.iter().filter(|row| row.person.is_some()).count();
        let mut ids = |table: &'static str, n: usize| -> AppResult<Ids> {
            let drawn = match pretended {
                None => draw(conn, table, n)?,
                Some(next) => {
                    let first = *next;
                    *next += i64::try_from(n).unwrap_or(0);
                    (first..*next).collect()
                }
            };
            Ok(Ids(drawn.into_iter()))
        };
        Ok(Self {
            records: ids("record", rows.len())?,
            companies: ids("company", companies)?,
            persons: ids("person", persons)?,
            contacts: ids("contact", persons)?,
        })
    }
}

fn push_once(list: &mut Vec<i64>, id: i64) {
    if !list.contains(&id) {
        list.push(id);
    }
}

fn sorted(ids: impl IntoIterator<Item = i64>) -> Vec<i64> {
    let mut ids: Vec<i64> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
