//! SQL of contradictions: those that are open, what became of the others.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use crate::accounts::Whose;
use crate::platform::db::{Conn, Statement, Value};
use crate::schema::contradiction;

/// A contradiction as stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = contradiction)]
pub(in crate::qualifying) struct ContradictionRow {
    pub id: i64,
    pub company_id: i64,
    pub code: String,
    pub level: String,
    pub facts: String,
    pub facts_hash: i64,
    pub state: String,
}

/// One to open.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = contradiction)]
pub(in crate::qualifying) struct NewContradiction<'a> {
    pub company_id: i64,
    pub code: &'a str,
    pub level: &'a str,
    pub facts: &'a str,
    pub facts_hash: i64,
    pub state: &'a str,
    pub rule_version: i32,
    pub opened_at: NaiveDateTime,
}

pub(in crate::qualifying) fn insert(
    conn: &mut Conn,
    new: &NewContradiction<'_>,
) -> QueryResult<()> {
    diesel::insert_into(contradiction::table)
        .values(new)
        .execute(conn)
        .map(|_| ())
}

/// Open and dismissed ones of these companies.
pub(in crate::qualifying) fn standing(
    conn: &mut Conn,
    companies: &[i64],
) -> QueryResult<Vec<ContradictionRow>> {
    Statement::<(BigInt, BigInt, Text, Text, Text, BigInt, Text)>::fixed(
        "SELECT id, company_id, code, level, facts, facts_hash, state FROM contradiction \
         WHERE company_id IN ? AND state IN ('open','dismissed') ORDER BY id",
    )
    .bind(Value::numbers(companies.iter().copied()))
    .load(conn)
}

/// The facts of an open one, as they are now.
pub(in crate::qualifying) fn update(
    conn: &mut Conn,
    id: i64,
    level: &str,
    facts: &str,
    facts_hash: i64,
) -> QueryResult<()> {
    diesel::update(contradiction::table.find(id))
        .set((
            contradiction::level.eq(level),
            contradiction::facts.eq(facts),
            contradiction::facts_hash.eq(facts_hash),
        ))
        .execute(conn)
        .map(|_| ())
}

/// An open one ends: its facts changed, or somebody says why they may stand.
pub(in crate::qualifying) fn close(
    conn: &mut Conn,
    id: i64,
    state: &str,
    by: Option<i64>,
    reason: Option<&str>,
    now: NaiveDateTime,
) -> QueryResult<()> {
    let open = contradiction::table
        .find(id)
        .filter(contradiction::state.eq("open"));
    diesel::update(open)
        .set((
            contradiction::state.eq(state),
            contradiction::decided_by.eq(by),
            contradiction::reason.eq(reason),
            contradiction::decided_at.eq(Some(now)),
        ))
        .execute(conn)
        .map(|_| ())
}

/// An open one as a list shows it.
#[derive(Debug, Clone, Queryable)]
pub(in crate::qualifying) struct OpenRow {
    pub id: i64,
    pub company_id: i64,
    pub company: String,
    pub grade: Option<String>,
    pub owner: Option<String>,
    pub code: String,
    pub level: String,
    pub facts: String,
    pub opened_at: NaiveDateTime,
}

/// Open contradictions of these companies, what blocks first.
pub(in crate::qualifying) fn open(
    conn: &mut Conn,
    whose: &Whose,
    after: Option<(String, i64)>,
    limit: i64,
) -> QueryResult<Vec<OpenRow>> {
    type Row = (
        BigInt,
        BigInt,
        Text,
        Nullable<Text>,
        Nullable<Text>,
        Text,
        Text,
        Text,
        Timestamp,
    );
    // B before I before W would be the alphabet's order; W comes before I here.
    const RANK: &str = "CASE k.level WHEN 'B' THEN 0 WHEN 'W' THEN 1 ELSE 2 END";
    let owned = whose.condition("c.owner_id");
    let (rank, id) = after.map_or((-1, 0), |(level, id)| (rank_of(&level), id));
    Statement::<Row>::built(format!(
        "SELECT k.id, c.id, c.name, c.grade, u.name, k.code, k.level, k.facts, k.opened_at FROM contradiction k \
         JOIN company c ON c.id = k.company_id LEFT JOIN users u ON u.id = c.owner_id \
         WHERE k.state = 'open' AND c.merged_into IS NULL AND ({RANK} > ? OR ({RANK} = ? AND k.id > ?)) AND {owned} \
         ORDER BY {RANK}, k.id LIMIT {limit}"
    ))
    .bind(rank)
    .bind(rank)
    .bind(id)
    .load(conn)
}

fn rank_of(level: &str) -> i64 {
    ["B", "W"]
        .iter()
        .position(|known| *known == level)
        .map_or(2, |at| i64::try_from(at).unwrap_or(2))
}
