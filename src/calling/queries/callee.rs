//! SQL of what stands around an entry: its company, its numbers, its dials, and what is like it.

use std::sync::LazyLock;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text, Timestamp};

use crate::platform::db::{Conn, Statement, Value};

/// What of a company decides whether and how it is called.
#[derive(Debug, Clone, Queryable)]
pub(in crate::calling) struct Callee {
    pub id: i64,
    pub flags: i32,
    pub state: String,
    pub grade: Option<String>,
    pub rest_until: Option<NaiveDateTime>,
    pub urgency: Option<String>,
    pub grade_at: Option<NaiveDateTime>,
    pub last_touch_at: Option<NaiveDateTime>,
    pub last_dial_at: Option<NaiveDateTime>,
    pub score: i32,
    pub present_system_year: Option<i32>,
}

impl Callee {
    /// Its grade.
    pub fn grade(&self) -> Option<crate::qualifying::Grade> {
        self.grade
            .as_deref()
            .and_then(crate::qualifying::Grade::from_code)
    }
    /// When somebody there was last spoken with, or the grade was given.
    pub fn last_contact(&self) -> Option<NaiveDateTime> {
        self.last_touch_at.or(self.grade_at)
    }
}

/// The root of a company.
pub(in crate::calling) fn callee(conn: &mut Conn, company_id: i64) -> QueryResult<Callee> {
    Statement::<(
        BigInt,
        Integer,
        Text,
        Nullable<Text>,
        Nullable<Timestamp>,
        Nullable<Text>,
        Nullable<Timestamp>,
        Nullable<Timestamp>,
        Nullable<Timestamp>,
        Integer,
        Nullable<Integer>,
    )>::fixed(
        "SELECT r.id, r.flags, r.state, r.grade, r.rest_until, r.urgency, r.grade_at, r.last_touch_at, r.last_dial_at, r.score, r.present_system_year FROM company c JOIN company r ON r.id = c.root_id WHERE c.id = ?",
    )
    .bind(company_id)
    .get_result(conn)
}

/// Every id that answers as a root.
pub(in crate::calling) fn group(conn: &mut Conn, root: &Callee) -> QueryResult<Vec<i64>> {
    let mut ids = vec![root.id];
    if root.flags & 8 != 0 {
        ids.extend(members(conn, root.id)?);
    }
    Ok(ids)
}

/// The ids that were merged into a root.
pub(in crate::calling) fn members(conn: &mut Conn, root_id: i64) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT id FROM company WHERE root_id = ? AND merged_into IS NOT NULL ORDER BY id",
    )
    .bind(root_id)
    .load(conn)
}

/// A number that an entry could be called by.
#[derive(Debug, Clone, Queryable)]
pub(in crate::calling) struct Number {
    pub point_id: i64,
    pub owner_kind: i32,
    pub kind: String,
    pub value: String,
    pub ext: Option<String>,
    pub state: String,
    /// Ground of the list that gave it.
    pub source_ground: Option<String>,
    pub contact_id: Option<i64>,
    pub person_id: Option<i64>,
    pub person_root: Option<i64>,
    pub person_name: Option<String>,
    pub person_ground: Option<String>,
    pub person_refused: Option<i32>,
    pub is_key: Option<bool>,
}

impl Number {
    /// As dialled, with the extension.
    pub fn full(&self) -> String {
        match &self.ext {
            Some(ext) => format!("{};ext={ext}", self.value),
            None => self.value.clone(),
        }
    }
}

type NumberRow = (
    BigInt,
    Integer,
    Text,
    Text,
    Nullable<Text>,
    Text,
    Nullable<Text>,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Integer>,
    Nullable<Bool>,
);

/// Every number of a group of companies: its own, its contacts' desks, its persons' own.
pub(in crate::calling) fn numbers_of_companies(
    conn: &mut Conn,
    group: &[i64],
) -> QueryResult<Vec<Number>> {
    const POSTGRES: &str = "SELECT p.id, p.owner_kind, p.kind, p.value, p.ext, p.state, s.ground, CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), \
         CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS INTEGER), CAST(NULL AS BOOLEAN) \
         FROM contact_point p LEFT JOIN record r ON r.id = p.record_id LEFT JOIN source s ON s.id = r.source_id \
         WHERE p.owner_id IN ? AND p.owner_kind = 1 AND p.kind IN ('phone','mobile') \
         UNION ALL \
         SELECT p.id, p.owner_kind, p.kind, p.value, p.ext, p.state, s.ground, t.id, t.person_id, h.root_id, h.name, h.ground, h.refused, t.is_key \
         FROM contact t JOIN person h ON h.id = t.person_id JOIN contact_point p ON p.owner_id = t.id AND p.owner_kind = 3 \
         LEFT JOIN record r ON r.id = p.record_id LEFT JOIN source s ON s.id = r.source_id \
         WHERE t.company_id IN ? AND t.left_at IS NULL AND p.kind IN ('phone','mobile') \
         UNION ALL \
         SELECT p.id, p.owner_kind, p.kind, p.value, p.ext, p.state, s.ground, t.id, t.person_id, h.root_id, h.name, h.ground, h.refused, t.is_key \
         FROM contact t JOIN person h ON h.id = t.person_id JOIN contact_point p ON p.owner_id IN (h.id, h.root_id) AND p.owner_kind = 2 \
         LEFT JOIN record r ON r.id = p.record_id LEFT JOIN source s ON s.id = r.source_id \
         WHERE t.company_id IN ? AND t.left_at IS NULL AND p.kind IN ('phone','mobile')";
    // For a list SQLite makes a table for each contact; the root counts only where it is somebody else.
    static SQLITE: LazyLock<String> = LazyLock::new(|| {
        let own_or_root = "(p.owner_id = h.id OR (h.root_id <> h.id AND p.owner_id = h.root_id))";
        POSTGRES.replace("p.owner_id IN (h.id, h.root_id)", own_or_root)
    });
    let ids = Value::numbers(group.iter().copied());
    let text = match conn {
        Conn::Postgres(_) => POSTGRES,
        Conn::Sqlite(_) => SQLITE.as_str(),
    };
    let found = Statement::<NumberRow>::fixed(text)
        .bind(ids.clone())
        .bind(ids.clone())
        .bind(ids)
        .load(conn)?;
    Ok(each_once(found))
}

/// Each number once, in the order of their ids; where several contacts have it, it is the first one's. Sorting a handful
/// here is cheaper than three sorts there.
fn each_once(mut numbers: Vec<Number>) -> Vec<Number> {
    numbers.sort_by_key(|number| (number.point_id, number.contact_id));
    numbers.dedup_by_key(|number| number.point_id);
    numbers
}

/// Every number of a person without a company.
pub(in crate::calling) fn numbers_of_person(
    conn: &mut Conn,
    person_root: i64,
) -> QueryResult<Vec<Number>> {
    const TEXT: &str = "SELECT p.id, p.owner_kind, p.kind, p.value, p.ext, p.state, s.ground, CAST(NULL AS BIGINT), h.id, h.root_id, h.name, h.ground, h.refused, CAST(NULL AS BOOLEAN) \
         FROM person h JOIN contact_point p ON p.owner_id = h.id AND p.owner_kind = 2 LEFT JOIN record r ON r.id = p.record_id LEFT JOIN source s ON s.id = r.source_id \
         WHERE h.id = ? AND p.kind IN ('phone','mobile') \
         UNION ALL \
         SELECT p.id, p.owner_kind, p.kind, p.value, p.ext, p.state, s.ground, t.id, h.id, h.root_id, h.name, h.ground, h.refused, t.is_key \
         FROM person h JOIN contact t ON t.person_id = h.id JOIN contact_point p ON p.owner_id = t.id AND p.owner_kind = 3 \
         LEFT JOIN record r ON r.id = p.record_id LEFT JOIN source s ON s.id = r.source_id \
         WHERE h.id = ? AND t.left_at IS NULL AND p.kind IN ('phone','mobile')";
    let found = Statement::<NumberRow>::fixed(TEXT)
        .bind(person_root)
        .bind(person_root)
        .load(conn)?;
    Ok(each_once(found))
}

/// The root of a person.
pub(in crate::calling) fn person_root(conn: &mut Conn, person_id: i64) -> QueryResult<i64> {
    Statement::<BigInt>::fixed("SELECT root_id FROM person WHERE id = ?")
        .bind(person_id)
        .get_result(conn)
}

/// Dials that count: of the numbers since one moment, of the company since another. `None` = of the company.
pub(in crate::calling) fn dials(
    conn: &mut Conn,
    group: &[i64],
    company_since: NaiveDateTime,
    numbers: &[i64],
    number_since: NaiveDateTime,
) -> QueryResult<Vec<(Option<i64>, NaiveDateTime)>> {
    Statement::<(Nullable<BigInt>, Timestamp)>::fixed(
        "SELECT CAST(NULL AS BIGINT), dialled_at FROM call WHERE company_id IN ? AND dialled_at > ? AND counts \
         UNION ALL SELECT number_key, dialled_at FROM call WHERE number_key IN ? AND dialled_at > ? AND counts",
    )
    .bind(Value::numbers(group.iter().copied()))
    .bind(company_since)
    .bind(Value::numbers(numbers.iter().copied()))
    .bind(number_since)
    .load(conn)
}

/// What stands around an entry that is about to be served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::calling) enum Around {
    /// The company was dialled.
    CompanyDial(NaiveDateTime),
    /// A number was dialled.
    NumberDial(i64, NaiveDateTime),
    /// An open review of companies whose names are alike: both sides lock each other out.
    Review(i64),
    /// Company, number, person or review are in somebody's hands.
    Held(Held),
}

/// What can be in somebody's hands, beside entry and agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::calling) enum Held {
    Company,
    Number(i64),
    Person,
    Review,
}

/// Whose surroundings are asked for.
#[derive(Debug, Clone, Copy)]
pub(in crate::calling) struct Whereabouts<'a> {
    /// Every id under the root.
    pub group: &'a [i64],
    /// Keys of its numbers.
    pub numbers: &'a [i64],
    /// Persons whose numbers they are.
    pub persons: &'a [i64],
    /// Dials of the company count from here.
    pub company_since: NaiveDateTime,
    /// Dials of a number count from here.
    pub number_since: NaiveDateTime,
}

/// Reads it with one statement.
pub(in crate::calling) fn around(conn: &mut Conn, of: Whereabouts<'_>) -> QueryResult<Vec<Around>> {
    const TEXT: &str = "SELECT 'company_dial', CAST(NULL AS BIGINT), dialled_at FROM call WHERE company_id IN ? AND dialled_at > ? AND counts \
         UNION ALL SELECT 'number_dial', number_key, dialled_at FROM call WHERE number_key IN ? AND dialled_at > ? AND counts \
         UNION ALL SELECT kind, key, CAST(NULL AS TIMESTAMP) FROM lease_lock WHERE kind = 'company' AND key IN ? \
         UNION ALL SELECT kind, key, CAST(NULL AS TIMESTAMP) FROM lease_lock WHERE kind = 'number' AND key IN ? \
         UNION ALL SELECT kind, key, CAST(NULL AS TIMESTAMP) FROM lease_lock WHERE kind = 'person' AND key IN ? \
         UNION ALL SELECT CASE WHEN k.key IS NULL THEN 'review' ELSE 'held_review' END, r.id, CAST(NULL AS TIMESTAMP) FROM review r \
         LEFT JOIN lease_lock k ON k.kind = 'review' AND k.key = r.id WHERE r.a_id IN ? AND r.state = 'open' AND r.kind = 'company' AND r.like_name \
         UNION ALL SELECT CASE WHEN k.key IS NULL THEN 'review' ELSE 'held_review' END, r.id, CAST(NULL AS TIMESTAMP) FROM review r \
         LEFT JOIN lease_lock k ON k.kind = 'review' AND k.key = r.id WHERE r.b_id IN ? AND r.state = 'open' AND r.kind = 'company' AND r.like_name";
    let (group, numbers) = (
        Value::numbers(of.group.iter().copied()),
        Value::numbers(of.numbers.iter().copied()),
    );
    let rows = Statement::<(Text, Nullable<BigInt>, Nullable<Timestamp>)>::fixed(TEXT)
        .bind(group.clone())
        .bind(of.company_since)
        .bind(numbers.clone())
        .bind(of.number_since)
        .bind(group.clone())
        .bind(numbers)
        .bind(Value::numbers(of.persons.iter().copied()))
        .bind(group.clone())
        .bind(group)
        .load::<(String, Option<i64>, Option<NaiveDateTime>)>(conn)?;
    Ok(rows.into_iter().filter_map(read_around).collect())
}

fn read_around((what, key, at): (String, Option<i64>, Option<NaiveDateTime>)) -> Option<Around> {
    Some(match what.as_str() {
        "company_dial" => Around::CompanyDial(at?),
        "number_dial" => Around::NumberDial(key?, at?),
        "review" => Around::Review(key?),
        "company" => Around::Held(Held::Company),
        "number" => Around::Held(Held::Number(key?)),
        "person" => Around::Held(Held::Person),
        "held_review" => Around::Held(Held::Review),
        _ => return None,
    })
}

/// The event at which somebody of a company was met last: its name and when it was noted.
pub(in crate::calling) fn event_of(
    conn: &mut Conn,
    root_id: i64,
) -> QueryResult<Option<(String, NaiveDateTime)>> {
    Statement::<(Text, Timestamp)>::fixed(
        "SELECT s.name, r.said_at FROM record r JOIN source s ON s.id = r.source_id WHERE r.company_id = ? AND s.channel = 'EXPO' AND r.voided_at IS NULL ORDER BY r.id DESC LIMIT 1",
    )
    .bind(root_id)
    .get_result(conn)
    .optional()
}
