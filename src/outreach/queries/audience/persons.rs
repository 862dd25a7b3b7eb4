//! Persons with their mailboxes, companies and touches.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};

use super::Who;
use crate::platform::db::{Conn, Statement, Value, by_keys};
use crate::registry::filter::Criteria;
use crate::registry::model::flags;

/// A person who answers for themselves.
#[derive(Debug, Clone, Queryable)]
pub(in crate::outreach) struct PersonRow {
    pub id: i64,
    pub name: Option<String>,
    pub name_en: Option<String>,
    pub language: Option<String>,
    pub ground: Option<String>,
    pub refused: i32,
    pub email: Option<String>,
}

/// The persons of a chunk, and who was merged into them.
#[derive(Debug, Default)]
pub(in crate::outreach) struct Persons {
    pub rows: Vec<PersonRow>,
    places: HashMap<i64, usize>,
    merged: HashMap<i64, i64>,
    merged_ids: Vec<i64>,
}

impl Persons {
    /// Where the person stands whom an id belongs to; none where it belongs to nobody of the chunk.
    pub(in crate::outreach) fn place(&self, id: i64) -> Option<usize> {
        let root = self.merged.get(&id).copied().unwrap_or(id);
        self.places.get(&root).copied()
    }

    /// Asks for the chunk, and again for those who were merged into it.
    pub(in crate::outreach) fn each<T>(
        &self,
        who: Who<'_>,
        mut ask: impl FnMut(Who<'_>) -> QueryResult<Vec<T>>,
    ) -> QueryResult<Vec<T>> {
        let mut found = ask(who)?;
        if !self.merged_ids.is_empty() {
            found.append(&mut ask(Who::Ids(&self.merged_ids))?);
        }
        Ok(found)
    }
}

/// Reads who answers for themselves among these; of who was erased only an empty row is left, which is nobody.
pub(in crate::outreach) fn persons(conn: &mut Conn, who: Who<'_>) -> QueryResult<Persons> {
    let text = format!(
        "SELECT p.id, p.name, p.name_en, p.language, p.ground, p.refused, p.email FROM person p \
         WHERE {} AND p.merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM erased_person x WHERE x.person_id = p.id) ORDER BY p.id",
        who.is("p.id")
    );
    let rows: Vec<PersonRow> = Statement::<(
        BigInt,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Text>,
        Integer,
        Nullable<Text>,
    )>::built(text)
    .bind_all(who.values())
    .load(conn)?;
    let text = format!(
        "SELECT m.id, m.root_id FROM person m WHERE m.merged_into IS NOT NULL AND {}",
        who.is("m.root_id")
    );
    let merged: Vec<(i64, i64)> = Statement::<(BigInt, BigInt)>::built(text)
        .bind_all(who.values())
        .load(conn)?;
    Ok(Persons {
        places: (0..).zip(&rows).map(|(at, row)| (row.id, at)).collect(),
        merged_ids: merged.iter().map(|(id, _)| *id).collect(),
        merged: merged.into_iter().collect(),
        rows,
    })
}

/// A mailbox: whose, address, state.
pub(in crate::outreach) type MailboxRow = (i64, String, String);

/// The mailboxes of persons, first said first.
pub(in crate::outreach) fn mailboxes(
    conn: &mut Conn,
    who: Who<'_>,
) -> QueryResult<Vec<MailboxRow>> {
    let text = format!(
        "SELECT k.owner_id, k.value, k.state FROM contact_point k WHERE {} AND k.owner_kind = 2 AND k.kind = 'email' ORDER BY k.id",
        who.is("k.owner_id")
    );
    Statement::<(BigInt, Text, Text)>::built(text)
        .bind_all(who.values())
        .load(conn)
}

/// A contact: who, at which company, merged or not, and 1 if their title there is known.
pub(in crate::outreach) type ContactRow = (i64, i64, i32);

/// Where persons are contacts now.
pub(in crate::outreach) fn contacts(conn: &mut Conn, who: Who<'_>) -> QueryResult<Vec<ContactRow>> {
    let text = format!(
        "SELECT t.person_id, t.company_id, CASE WHEN t.title IS NULL THEN 0 ELSE 1 END FROM contact t \
         WHERE {} AND t.left_at IS NULL AND t.company_id IS NOT NULL",
        who.is("t.person_id")
    );
    Statement::<(BigInt, BigInt, Integer)>::built(text)
        .bind_all(who.values())
        .load(conn)
}

/// The company that answers for one at which somebody is a contact.
#[derive(Debug, Clone, Queryable)]
pub(in crate::outreach) struct CompanyRow {
    /// The one at which they are.
    pub at_id: i64,
    pub id: i64,
    pub grade: Option<String>,
    pub owner_id: Option<i64>,
    pub region: Option<String>,
    pub industry: Option<String>,
    pub flags: i32,
    /// 1: within the bounds of the mailing.
    pub is_inside: i32,
}

impl CompanyRow {
    /// Others were merged into it.
    pub(in crate::outreach) fn has_members(&self) -> bool {
        self.flags & flags::MERGED != 0
    }
    /// A rep sells to it.
    pub(in crate::outreach) fn is_sold_to(&self) -> bool {
        self.flags & flags::OPEN_OPPORTUNITY != 0
    }
}

/// The roots of companies, and whether each is within the bounds. Joined to the contacts in one statement, PostgreSQL
/// would read every company for each chunk.
pub(in crate::outreach) fn companies(
    conn: &mut Conn,
    ids: &[i64],
    bounds: &Criteria,
) -> QueryResult<Vec<CompanyRow>> {
    let text = format!(
        "SELECT m.id, c.id, c.grade, c.owner_id, c.region, c.industry, c.flags, CASE WHEN {} THEN 1 ELSE 0 END \
         FROM company m JOIN company c ON c.id = m.root_id WHERE m.id IN ?",
        bounds.text,
    );
    by_keys(ids, |part| {
        Statement::<(
            BigInt,
            BigInt,
            Nullable<Text>,
            Nullable<BigInt>,
            Nullable<Text>,
            Nullable<Text>,
            Integer,
            Integer,
        )>::built(text.clone())
        .bind_all(bounds.values.iter().cloned())
        .bind(Value::numbers(part.iter().copied()))
        .load(conn)
    })
}

/// What arrived at a person: whose, how many that count, when the last issue of news.
pub(in crate::outreach) type TouchRow = (i64, i64, Option<NaiveDateTime>);

/// What arrived at persons, of our doing: those that count for a cap, and the last news since a day further back.
pub(in crate::outreach) fn touches(
    conn: &mut Conn,
    who: Who<'_>,
    since: NaiveDateTime,
    news_since: NaiveDateTime,
) -> QueryResult<Vec<TouchRow>> {
    let text = format!(
        "SELECT h.person_id, CAST(sum(CASE WHEN h.at >= ? THEN 1 ELSE 0 END) AS BIGINT), \
         max(CASE WHEN h.kind = 'news' THEN h.at END) FROM touch h \
         WHERE {} AND h.at >= ? AND NOT h.incoming GROUP BY h.person_id",
        who.is("h.person_id")
    );
    Statement::<(BigInt, BigInt, Nullable<Timestamp>)>::built(text)
        .bind(Value::from(since))
        .bind_all(who.values())
        .bind(since.min(news_since))
        .load(conn)
}
