//! What evidence is made of, for one company or many: the same four statements.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text, Timestamp};

use super::events;
use crate::platform::db::{Conn, Statement, Value};
use crate::qualifying::model::{ContactFacts, Material, SaidRecord};
use crate::registry::model::{Company, RecordKind, Said, flags};
use crate::registry::queries::load;
use crate::registry::rules::fold::Winners;

/// Rank of a record without a list.
const NO_LIST: i32 = 6;

/// The material of several companies, and which of them answers for an id of their groups.
pub(super) struct Materials {
    root_of: HashMap<i64, i64>,
    all: HashMap<i64, Material>,
}

impl Materials {
    /// The ids of all groups, as a list to bind.
    pub(super) fn ids(&self) -> Value {
        Value::numbers(self.root_of.keys().copied())
    }

    /// Every id of the groups.
    pub(super) fn members(&self) -> impl Iterator<Item = i64> {
        self.root_of.keys().copied()
    }

    /// The material that an id of a group belongs to.
    pub(super) fn of(&mut self, id: i64) -> Option<&mut Material> {
        self.all.get_mut(self.root_of.get(&id)?)
    }
}

/// Reads the material of these roots; what was merged counts for its root.
pub(in crate::qualifying) fn materials(
    conn: &mut Conn,
    roots: &[i64],
    today_starts: NaiveDateTime,
) -> QueryResult<Vec<Material>> {
    let companies = load::companies(conn, roots)?;
    let mut read = Materials {
        root_of: members(conn, &companies)?,
        all: companies
            .into_iter()
            .map(|company| (company.id, blank(company)))
            .collect(),
    };
    put_records(conn, &mut read)?;
    put_contacts(conn, &mut read)?;
    events::put_events(conn, &mut read, today_starts)?;
    let in_order = roots.iter().filter_map(|root| read.all.remove(root));
    Ok(in_order.collect())
}

/// `id → root` of these and of what was merged into them; most have nothing merged, and nothing is asked for them.
fn members(conn: &mut Conn, companies: &[Company]) -> QueryResult<HashMap<i64, i64>> {
    let mut root_of: HashMap<i64, i64> = companies.iter().map(|c| (c.id, c.id)).collect();
    let merged: Vec<i64> = companies
        .iter()
        .filter(|company| company.has(flags::MERGED))
        .map(|company| company.id)
        .collect();
    if !merged.is_empty() {
        root_of.extend(load::merged_members(conn, &merged)?);
    }
    Ok(root_of)
}

fn blank(company: Company) -> Material {
    Material {
        company,
        said: Vec::new(),
        contacts: Vec::new(),
        talks: Vec::new(),
        call_back: None,
        appointment: None,
        last_result: None,
        suppressed_at: None,
        quoted_at: None,
        note_twin: None,
        grades: Vec::new(),
        has_open_proposal: false,
    }
}

/// First-hand records, and those that show a value: a fold of them is the fold of all.
fn put_records(conn: &mut Conn, read: &mut Materials) -> QueryResult<()> {
    type Row = (
        i64,
        i64,
        String,
        Option<i64>,
        Option<i32>,
        Option<NaiveDate>,
        NaiveDateTime,
        String,
    );
    let shown = read.all.values();
    let shown = shown.flat_map(|one| Winners::from_json(&one.company.winners).records());
    let shown = Value::numbers(shown.collect::<Vec<i64>>());
    let rows: Vec<Row> = Statement::<(
        BigInt,
        BigInt,
        Text,
        Nullable<BigInt>,
        Nullable<Integer>,
        Nullable<Date>,
        Timestamp,
        Text,
    )>::fixed(
        "SELECT r.company_id, r.id, r.kind, r.contact_id, s.rank, r.collected_on, r.said_at, r.said FROM record r \
         LEFT JOIN source s ON s.id = r.source_id WHERE r.company_id IN ? AND (r.kind <> 'row' OR r.id IN ?) \
         AND r.voided_at IS NULL AND r.superseded_by IS NULL ORDER BY r.id",
    )
    .bind(read.ids())
    .bind(shown)
    .load(conn)?;
    for (company, id, kind, contact_id, rank, collected_on, said_at, said) in rows {
        if let Some(material) = read.of(company) {
            material.said.push(SaidRecord {
                id,
                kind: RecordKind::parse(&kind).unwrap_or(RecordKind::Row),
                contact_id,
                source_rank: rank.unwrap_or(NO_LIST),
                collected_on,
                said_at,
                said: Said::from_json(&said),
            });
        }
    }
    Ok(())
}

fn put_contacts(conn: &mut Conn, read: &mut Materials) -> QueryResult<()> {
    type Row = (
        i64,
        i64,
        i64,
        Option<String>,
        Option<String>,
        Option<String>,
        NaiveDateTime,
    );
    let rows: Vec<Row> = Statement::<(
        BigInt,
        BigInt,
        BigInt,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Text>,
        Timestamp,
    )>::fixed(
        "SELECT t.company_id, t.id, h.root_id, coalesce(h.name, h.name_en), t.title, t.role, t.created_at FROM contact t \
         JOIN person h ON h.id = t.person_id WHERE t.company_id IN ? AND t.left_at IS NULL ORDER BY t.id",
    )
    .bind(read.ids())
    .load(conn)?;
    for (company, id, person_id, name, title, role, since) in rows {
        if let Some(material) = read.of(company) {
            material.contacts.push(ContactFacts {
                id,
                person_id,
                name: name.unwrap_or_default(),
                title,
                role,
                since,
            });
        }
    }
    Ok(())
}

/// Who said a record: its kind, the contact, the list, the user.
pub(in crate::qualifying) type SaidBy =
    (i64, String, Option<String>, Option<String>, Option<String>);

/// Who said these records.
pub(in crate::qualifying) fn said_by(conn: &mut Conn, records: &[i64]) -> QueryResult<Vec<SaidBy>> {
    Statement::<(BigInt, Text, Nullable<Text>, Nullable<Text>, Nullable<Text>)>::fixed(
        "SELECT r.id, r.kind, coalesce(h.name, h.name_en), s.name, u.name FROM record r LEFT JOIN contact t ON t.id = r.contact_id \
         LEFT JOIN person h ON h.id = t.person_id LEFT JOIN source s ON s.id = r.source_id LEFT JOIN users u ON u.id = r.actor_id \
         WHERE r.id IN ?",
    )
    .bind(Value::numbers(records.iter().copied()))
    .load(conn)
}
