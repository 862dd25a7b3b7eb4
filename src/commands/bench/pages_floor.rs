//! The floor of each page: its main query alone, as bare SQL.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};

use super::queue::CAMPAIGN;
use super::queue::opening;
use super::synthetic::{Lead, mixed};
use crate::platform::db::{Conn, Statement, Value};

/// Which look at a page it is.
pub(super) struct Look {
    pub user: i64,
    pub n: u64,
    pub companies: u64,
}

/// Runs the main query of a page.
pub(super) type Floor = fn(&mut Conn, &Look) -> QueryResult<()>;

/// The columns of a row of the list.
type Row = (
    BigInt,
    Text,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Integer,
    Nullable<Timestamp>,
);
type RowRead = (
    i64,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    i32,
    Option<chrono::NaiveDateTime>,
);

const ROWS: &str = "SELECT id, name, region, industry, grade, completeness, last_touch_at FROM company WHERE id IN ?";

fn rows(conn: &mut Conn, ids: Vec<(i64,)>) -> QueryResult<()> {
    let ids = Value::numbers(ids.into_iter().map(|(id,)| id).take(50));
    Statement::<Row>::fixed(ROWS)
        .bind(ids)
        .load::<RowRead>(conn)
        .map(|_| ())
}

fn found(conn: &mut Conn, criteria: &str) -> QueryResult<()> {
    let ids = Statement::<(BigInt,)>::built(format!(
        "SELECT id FROM company WHERE merged_into IS NULL AND {criteria} ORDER BY score DESC, id DESC LIMIT 1001"
    ))
    .load(conn)?;
    rows(conn, ids)
}

pub(super) fn list(conn: &mut Conn, _: &Look) -> QueryResult<()> {
    found(conn, "1 = 1")
}

pub(super) fn list_of_agent(conn: &mut Conn, look: &Look) -> QueryResult<()> {
    let ids = Statement::<(BigInt,)>::fixed(
        "SELECT DISTINCT c.id, c.score FROM call k JOIN company c ON c.id = k.company_id WHERE k.agent_id = ? AND k.dialled_at >= ? \
         ORDER BY c.score DESC, c.id DESC LIMIT 1001",
    )
    .bind(look.user)
    .bind(opening() - chrono::TimeDelta::days(30))
    .load::<(i64,)>(conn)?;
    rows(conn, ids)
}

pub(super) fn list_of_rep(conn: &mut Conn, look: &Look) -> QueryResult<()> {
    found(conn, &format!("owner_id = {}", look.user))
}

/// The same filters as [`super::pages`] asks for.
pub(super) fn filter(conn: &mut Conn, look: &Look) -> QueryResult<()> {
    const CRITERIA: [&str; 8] = [
        "(facets & 7) = 2",
        "region >= '32' AND region < '33' AND industry >= 'C' AND industry < 'D'",
        "region >= '3205' AND region < '3206' AND (facets & 7) IN (3, 4)",
        "((facets >> 19) & 1) = 1 AND ((facets >> 20) & 4) = 4 AND ((facets >> 12) & 127) < 60",
        "region >= '3301' AND region < '3302' AND EXISTS (SELECT 1 FROM record r WHERE r.source_id = 3 AND r.company_id = company.id)",
        "((facets >> 36) & 8) <> 0 AND ((facets >> 6) & 7) = 3 AND ((facets >> 3) & 7) = 0",
        "((facets >> 9) & 7) BETWEEN 1 AND 4 AND sign_by > '2026-10-22' AND sign_by <= '2026-12-22'",
        "industry >= 'C35' AND industry < 'C36' AND (facets & 7) = 0 AND (last_touch_at IS NULL OR last_touch_at < '2026-06-01')",
    ];
    found(conn, CRITERIA[(look.n % CRITERIA.len() as u64) as usize])
}

pub(super) fn rare_filter(conn: &mut Conn, look: &Look) -> QueryResult<()> {
    let size = 1 + look.n % 2;
    found(
        conn,
        &format!(
            "((facets >> 6) & 7) = {size} AND ((facets >> 12) & 127) < 5 AND ((facets >> 20) & 1) = 1 AND ((facets >> 36) & 64) <> 0"
        ),
    )
}

/// Two signs of a name.
pub(super) fn search(conn: &mut Conn, look: &Look) -> QueryResult<()> {
    let lead = Lead::new(1 + mixed(look.n) % look.companies, 0);
    let gram: String = lead.company.chars().skip(2).take(2).collect();
    let hits = match conn {
        Conn::Sqlite(_) => format!("search MATCH '\"{gram}\"'"),
        Conn::Postgres(_) => format!("grams @@ '''{gram}'''::tsquery"),
    };
    let ids = Statement::<(BigInt,)>::built(format!(
        "SELECT c.id FROM (SELECT rowid FROM search WHERE {hits} LIMIT 2000) s JOIN company c ON c.id = s.rowid ORDER BY c.score DESC, c.id LIMIT 1001"
    ))
    .load(conn)?;
    rows(conn, ids)
}

pub(super) fn company(conn: &mut Conn, look: &Look) -> QueryResult<()> {
    around(
        conn,
        i64::try_from(1 + mixed(look.n) % look.companies).unwrap_or(1),
    )
}

/// A company with its contacts, numbers and latest records.
fn around(conn: &mut Conn, id: i64) -> QueryResult<()> {
    rows(conn, vec![(id,)])?;
    Statement::<(BigInt, Nullable<Text>)>::fixed("SELECT t.id, h.name FROM contact t JOIN person h ON h.id = t.person_id WHERE t.company_id = ?")
        .bind(id)
        .load::<(i64, Option<String>)>(conn)?;
    Statement::<(Text, Text)>::fixed(
        "SELECT kind, value FROM contact_point WHERE owner_kind = 1 AND owner_id = ? \
         UNION ALL SELECT p.kind, p.value FROM contact t JOIN contact_point p ON p.owner_kind = 2 AND p.owner_id = t.person_id WHERE t.company_id = ?",
    )
    .bind(id)
    .bind(id)
    .load::<(String, String)>(conn)?;
    Statement::<(BigInt, Text)>::fixed(
        "SELECT id, said FROM record WHERE company_id = ? ORDER BY id DESC LIMIT 20",
    )
    .bind(id)
    .load::<(i64, String)>(conn)?;
    Ok(())
}

/// The lease of the agent and what stands around its company.
pub(super) fn call(conn: &mut Conn, look: &Look) -> QueryResult<()> {
    let company: Option<i64> = Statement::<BigInt>::fixed(
        "SELECT l.company_id FROM lease_lock k JOIN lease l ON l.id = k.lease_id WHERE k.kind = 'agent' AND k.key = ?",
    )
    .bind(look.user)
    .get_result(conn)
    .optional()?;
    around(conn, company.unwrap_or(1))
}

/// Call-backs and tasks of a user, and the calls of the day.
pub(super) fn today(conn: &mut Conn, look: &Look) -> QueryResult<()> {
    for text in [
        "SELECT count(*) FROM callback WHERE owner_id = ? AND state = 'open'",
        "SELECT count(*) FROM task WHERE user_id = ? AND state = 'open'",
    ] {
        Statement::<BigInt>::fixed(text)
            .bind(look.user)
            .get_result::<i64>(conn)?;
    }
    Statement::<BigInt>::fixed("SELECT count(*) FROM call WHERE agent_id = ? AND dialled_at >= ?")
        .bind(look.user)
        .bind(opening() - chrono::TimeDelta::hours(2))
        .get_result::<i64>(conn)?;
    Ok(())
}

/// How many entries are in which state.
pub(super) fn campaign(conn: &mut Conn, _: &Look) -> QueryResult<()> {
    Statement::<(Text, BigInt)>::fixed(
        "SELECT state, count(*) FROM queue_entry WHERE campaign_id = ? GROUP BY state",
    )
    .bind(CAMPAIGN)
    .load::<(String, i64)>(conn)
    .map(|_| ())
}
