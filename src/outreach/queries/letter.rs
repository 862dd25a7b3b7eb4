//! SQL of letters, and of what they name.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};

use crate::outreach::model::Letter;
use crate::platform::db::{Conn, Statement, Value, among};
use crate::schema::{company, letter, person, users};

/// One version of a letter.
pub(in crate::outreach) fn letter(
    conn: &mut Conn,
    code: &str,
    language: &str,
    version: i32,
) -> QueryResult<Option<Letter>> {
    letter::table
        .find((code, language, version))
        .select(Letter::as_select())
        .get_result(conn)
        .optional()
}

/// The newest version of a letter that somebody saved; 0 where nobody did.
pub(in crate::outreach) fn newest_version(
    conn: &mut Conn,
    code: &str,
    language: &str,
) -> QueryResult<i32> {
    Statement::<Integer>::fixed(
        "SELECT coalesce(max(version), 0) FROM letter WHERE code = ? AND language = ?",
    )
    .bind(code)
    .bind(language)
    .get_result(conn)
}

/// The newest saved version of every letter, by code and language.
pub(in crate::outreach) fn newest(conn: &mut Conn) -> QueryResult<Vec<Letter>> {
    Statement::<(
        Text,
        Text,
        Integer,
        Text,
        Text,
        Text,
        Text,
        Nullable<BigInt>,
        Timestamp,
    )>::fixed(
        "SELECT l.code, l.language, l.version, l.kind, l.name, l.subject, l.mjml, l.actor_id, l.at FROM letter l \
         JOIN (SELECT code, language, max(version) AS version FROM letter GROUP BY code, language) n \
         ON n.code = l.code AND n.language = l.language AND n.version = l.version ORDER BY l.code, l.language",
    )
    .load(conn)
}

/// The versions of a letter: number, who, when; the newest first.
pub(in crate::outreach) fn versions(
    conn: &mut Conn,
    code: &str,
    language: &str,
    most: i64,
) -> QueryResult<Vec<(i32, Option<String>, NaiveDateTime)>> {
    letter::table
        .left_join(users::table.on(letter::actor_id.eq(users::id.nullable())))
        .filter(letter::code.eq(code))
        .filter(letter::language.eq(language))
        .order(letter::version.desc())
        .limit(most)
        .select((letter::version, users::name.nullable(), letter::at))
        .load(conn)
}

pub(in crate::outreach) fn insert_letter(conn: &mut Conn, new: &Letter) -> QueryResult<()> {
    diesel::insert_into(letter::table)
        .values(new)
        .execute(conn)
        .map(|_| ())
}

/// Names of persons: Chinese and English.
pub(in crate::outreach) fn names(
    conn: &mut Conn,
    person_ids: &[i64],
) -> QueryResult<HashMap<i64, (Option<String>, Option<String>)>> {
    let rows: Vec<(i64, Option<String>, Option<String>)> = person::table
        .filter(among(person::id, person_ids))
        .select((person::id, person::name, person::name_en))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, name_en)| (id, (name, name_en)))
        .collect())
}

/// Titles of persons (by root) at companies (by root), those that have left aside; key contacts come first.
pub(in crate::outreach) fn titles(
    conn: &mut Conn,
    person_ids: &[i64],
) -> QueryResult<Vec<(i64, Option<i64>, String)>> {
    Statement::<(BigInt, Nullable<BigInt>, Text)>::fixed(
        "SELECT p.root_id, c.root_id, t.title FROM person p JOIN contact t ON t.person_id = p.id \
         LEFT JOIN company c ON c.id = t.company_id \
         WHERE p.id IN (SELECT id FROM person WHERE id IN ? UNION SELECT id FROM person WHERE root_id IN ? AND merged_into IS NOT NULL) \
         AND t.title IS NOT NULL AND t.left_at IS NULL \
         ORDER BY t.is_key DESC, t.id DESC",
    )
    .bind(Value::numbers(person_ids.iter().copied()))
    .bind(Value::numbers(person_ids.iter().copied()))
    .load(conn)
}

/// Names of companies: Chinese and English.
pub(in crate::outreach) fn companies(
    conn: &mut Conn,
    ids: &[i64],
) -> QueryResult<HashMap<i64, (String, Option<String>)>> {
    let rows: Vec<(i64, String, Option<String>)> = company::table
        .filter(among(company::id, ids))
        .select((company::id, company::name, company::name_en))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, name, name_en)| (id, (name, name_en)))
        .collect())
}

/// A rep as customers see them.
#[derive(Debug, Clone, Queryable)]
pub(in crate::outreach) struct Rep {
    pub id: i64,
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
}

pub(in crate::outreach) fn reps(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Rep>> {
    users::table
        .filter(among(users::id, ids))
        .select((users::id, users::name, users::email, users::phone))
        .load(conn)
}

/// A person whom a letter can be tried on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Id, a root.
    pub id: i64,
    /// Name.
    pub name: Option<String>,
    /// Address.
    pub email: Option<String>,
    /// Language.
    pub language: Option<String>,
    /// Where they are now.
    pub company_id: Option<i64>,
    /// Its name.
    pub company: Option<String>,
    /// Its rep.
    pub owner_id: Option<i64>,
}

/// A person with the company where they are now.
macro_rules! candidate {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.name, p.email, p.language, c.id, c.name, c.owner_id FROM person p ",
            "LEFT JOIN contact t ON t.id = (SELECT max(x.id) FROM contact x WHERE x.person_id = p.id AND x.left_at IS NULL AND x.company_id IS NOT NULL) ",
            "LEFT JOIN company m ON m.id = t.company_id LEFT JOIN company c ON c.id = m.root_id ",
            $rest
        )
    };
}

type CandidateColumns = (
    BigInt,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<BigInt>,
);
type CandidateRow = (
    i64,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<String>,
    Option<i64>,
);

fn candidate(row: CandidateRow) -> Candidate {
    let (id, name, email, language, company_id, company, owner_id) = row;
    Candidate {
        id,
        name,
        email,
        language,
        company_id,
        company,
        owner_id,
    }
}

/// The newest persons with an address.
pub(in crate::outreach) fn candidates(conn: &mut Conn, most: i64) -> QueryResult<Vec<Candidate>> {
    let rows: Vec<CandidateRow> = Statement::<CandidateColumns>::fixed(candidate!(
        "WHERE p.id IN (SELECT q.id FROM person q WHERE q.merged_into IS NULL AND q.email IS NOT NULL ORDER BY q.id DESC LIMIT ?) ORDER BY p.id DESC"
    ))
    .bind(most)
    .load(conn)?;
    Ok(rows.into_iter().map(candidate).collect())
}

/// One person, by any id of theirs.
pub(in crate::outreach) fn candidate_of(
    conn: &mut Conn,
    id: i64,
) -> QueryResult<Option<Candidate>> {
    let row: Option<CandidateRow> = Statement::<CandidateColumns>::fixed(candidate!(
        "WHERE p.id = (SELECT q.root_id FROM person q WHERE q.id = ?)"
    ))
    .bind(id)
    .get_result(conn)
    .optional()?;
    Ok(row.map(candidate))
}

/// What somebody may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::outreach) enum Lack {
    /// A name.
    Name,
    /// A title.
    Title,
    /// A company.
    Company,
    /// A rep.
    Rep,
}

impl Lack {
    /// As a condition on the person `q`.
    fn condition(self) -> &'static str {
        match self {
            Self::Name => "coalesce(q.name, q.name_en, '') = ''",
            Self::Title => {
                "NOT EXISTS (SELECT 1 FROM contact t WHERE t.person_id = q.id AND t.left_at IS NULL AND t.title IS NOT NULL)"
            }
            Self::Company => {
                "NOT EXISTS (SELECT 1 FROM contact t WHERE t.person_id = q.id AND t.left_at IS NULL AND t.company_id IS NOT NULL)"
            }
            Self::Rep => {
                "NOT EXISTS (SELECT 1 FROM contact t JOIN company m ON m.id = t.company_id JOIN company c ON c.id = m.root_id \
                 WHERE t.person_id = q.id AND t.left_at IS NULL AND c.owner_id IS NOT NULL)"
            }
        }
    }
}

/// The newest persons with an address who lack something.
pub(in crate::outreach) fn lacking(
    conn: &mut Conn,
    lack: Lack,
    most: i64,
) -> QueryResult<Vec<Candidate>> {
    let text = format!(
        "{}{} ORDER BY q.id DESC LIMIT ?) ORDER BY p.id DESC",
        candidate!(
            "WHERE p.id IN (SELECT q.id FROM person q WHERE q.merged_into IS NULL AND q.email IS NOT NULL AND "
        ),
        lack.condition()
    );
    let rows: Vec<CandidateRow> = Statement::<CandidateColumns>::built(text)
        .bind(most)
        .load(conn)?;
    Ok(rows.into_iter().map(candidate).collect())
}

/// How many they are, as far as `most`.
pub(in crate::outreach) fn count_lacking(
    conn: &mut Conn,
    lack: Lack,
    most: i64,
) -> QueryResult<i64> {
    let text = format!(
        "SELECT count(*) FROM (SELECT q.id FROM person q WHERE q.merged_into IS NULL AND q.email IS NOT NULL AND {} LIMIT ?) AS found",
        lack.condition()
    );
    Statement::<BigInt>::built(text).bind(most).get_result(conn)
}
