//! SQL of the list of suppressions: a page of it, its search, and the names of whom it silences.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::subject_id;
use crate::consent::actions::Candidate;
use crate::consent::model::{Origin, OriginKind, Scope, Subject, Suppression};
use crate::platform::db::{Conn, KEYS};
use crate::schema::{company, contact, person, suppression, suppression_origin};

/// Names that a search offers or follows at most.
const NAMES: i64 = 10;
/// Hits of a search among suppressions at most.
const HITS: i64 = 500;

/// Which suppressions are listed.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// Only of this scope.
    pub scope: Option<Scope>,
    /// Only with a live origin of this kind.
    pub origin: Option<OriginKind>,
    /// Those that have ended instead of those that stand.
    pub ended: bool,
    /// Only these, as a search found them.
    pub ids: Option<Vec<i64>>,
    /// Only older ones than this.
    pub before: Option<i64>,
}

/// One page, newest first.
pub(in crate::consent) fn page(
    conn: &mut Conn,
    filter: &ListFilter,
    limit: i64,
) -> QueryResult<Vec<Suppression>> {
    let mut list = suppression::table
        .select(Suppression::as_select())
        .order(suppression::id.desc())
        .limit(limit)
        .into_boxed();
    list = if filter.ended {
        list.filter(suppression::ways.eq(0))
    } else {
        list.filter(suppression::ways.gt(0))
    };
    if let Some(scope) = filter.scope {
        list = list.filter(suppression::scope.eq(scope.code()));
    }
    if let Some(before) = filter.before {
        list = list.filter(suppression::id.lt(before));
    }
    if let Some(ids) = &filter.ids {
        list = list.filter(suppression::id.eq_any(ids.clone()));
    }
    if let Some(kind) = filter.origin {
        let of_kind = suppression_origin::table
            .filter(suppression_origin::kind.eq(kind.code()))
            .select(suppression_origin::suppression_id);
        // What has ended has no live origin left, so any of its origins counts.
        list = if filter.ended {
            list.filter(suppression::id.eq_any(of_kind))
        } else {
            let live = of_kind.filter(suppression_origin::withdrawn_at.is_null());
            list.filter(suppression::id.eq_any(live))
        };
    }
    list.load(conn)
}

/// How many stand, counted to 1,001.
pub(in crate::consent) fn count_live(conn: &mut Conn) -> QueryResult<i64> {
    let some = suppression::table
        .filter(suppression::ways.gt(0))
        .select(suppression::id)
        .limit(1_001)
        .load::<i64>(conn)?;
    Ok(some.len() as i64)
}

/// Origins of these, oldest first.
pub(in crate::consent) fn origins_of(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Origin>> {
    suppression_origin::table
        .filter(suppression_origin::suppression_id.eq_any(ids.to_vec()))
        .select(Origin::as_select())
        .order(suppression_origin::id)
        .load(conn)
}

/// Suppressions with one of these keys, whose value ends or begins as typed, or whose company or person is so named.
pub(in crate::consent) fn search(
    conn: &mut Conn,
    keys: &[i64],
    text: &str,
) -> QueryResult<Vec<i64>> {
    let mut ids: Vec<i64> = suppression::table
        .filter(suppression::subject_key.eq_any(keys.to_vec()))
        .select(suppression::id)
        .load(conn)?;
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_number = digits.len() >= 4 && !text.chars().any(char::is_alphabetic);
    let part = if is_number { &digits } else { text };
    let scopes: &[&str] = if is_number {
        &["number"]
    } else {
        &["email", "domain"]
    };
    ids.extend(
        suppression::table
            .filter(suppression::scope.eq_any(scopes.to_vec()))
            .filter(
                suppression::subject
                    .like(pattern(&part.to_lowercase()))
                    .escape('\\'),
            )
            .order(suppression::id.desc())
            .limit(HITS)
            .select(suppression::id)
            .load::<i64>(conn)?,
    );
    if !is_number {
        ids.extend(named(conn, text)?);
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Walks the suppressions of companies and persons (thousands), not the companies (a million).
fn named(conn: &mut Conn, text: &str) -> QueryResult<Vec<i64>> {
    let sql = concat!(
        "SELECT s.id FROM suppression s JOIN company c ON c.id = ",
        subject_id!(),
        " WHERE s.scope = 'company' AND lower(c.name) LIKE $1 ESCAPE '\\' \
         UNION SELECT s.id FROM suppression s JOIN person p ON p.id = ",
        subject_id!(),
        " WHERE s.scope = 'person' AND lower(p.name) LIKE $2 ESCAPE '\\' LIMIT 500",
    );
    let pattern = pattern(&text.to_lowercase());
    Ok(diesel::sql_query(sql)
        .bind::<Text, _>(pattern.clone())
        .bind::<Text, _>(pattern)
        .load::<Id>(conn)?
        .into_iter()
        .map(|row| row.id)
        .collect())
}

fn pattern(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{escaped}%")
}

/// Names of companies by the ids asked: the root's id and name.
pub(in crate::consent) fn company_names(
    conn: &mut Conn,
    ids: &[i64],
) -> QueryResult<HashMap<i64, (i64, String)>> {
    let mut names = HashMap::new();
    let root = diesel::alias!(company as root);
    for chunk in ids.chunks(KEYS) {
        names.extend(
            company::table
                .inner_join(root.on(root.field(company::id).eq(company::root_id)))
                .filter(company::id.eq_any(chunk.to_vec()))
                .select((
                    company::id,
                    root.field(company::id),
                    root.field(company::name),
                ))
                .load::<(i64, i64, String)>(conn)?
                .into_iter()
                .map(|(id, root, name)| (id, (root, name))),
        );
    }
    Ok(names)
}

/// Names of persons, and one company of each.
pub(in crate::consent) fn person_names(
    conn: &mut Conn,
    ids: &[i64],
) -> QueryResult<HashMap<i64, (String, Option<(i64, String)>)>> {
    let mut names = HashMap::new();
    for chunk in ids.chunks(KEYS) {
        let rows = person::table
            .left_join(contact::table.on(contact::person_id.eq(person::id)))
            .left_join(company::table.on(contact::company_id.eq(company::id.nullable())))
            .filter(person::id.eq_any(chunk.to_vec()))
            .order((person::id, contact::id))
            .select((
                person::id,
                person::name,
                person::name_en,
                company::root_id.nullable(),
                company::name.nullable(),
            ))
            .load::<(
                i64,
                Option<String>,
                Option<String>,
                Option<i64>,
                Option<String>,
            )>(conn)?;
        for (id, name, name_en, company_id, company) in rows {
            let name = name.or(name_en).unwrap_or_default();
            names.entry(id).or_insert((name, company_id.zip(company)));
        }
    }
    Ok(names)
}

/// File names of imported lists.
pub(in crate::consent) fn batch_names(
    conn: &mut Conn,
    ids: &[i64],
) -> QueryResult<HashMap<i64, String>> {
    use crate::schema::batch;
    Ok(batch::table
        .filter(batch::id.eq_any(ids.to_vec()))
        .select((batch::id, batch::file_name))
        .load::<(i64, String)>(conn)?
        .into_iter()
        .collect())
}

/// Whether the person or company exists.
pub(in crate::consent) fn exists(conn: &mut Conn, subject: &Subject) -> QueryResult<bool> {
    let Some(id) = subject.id() else {
        return Ok(false);
    };
    let found = match subject.scope {
        Scope::Person => person::table.find(id).select(person::id).first::<i64>(conn),
        _ => company::table
            .find(id)
            .select(company::id)
            .first::<i64>(conn),
    };
    Ok(found.optional()?.is_some())
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    detail: Option<String>,
}

/// Companies whose name holds the text.
pub(in crate::consent) fn companies_like(
    conn: &mut Conn,
    text: &str,
) -> QueryResult<Vec<Candidate>> {
    let sql = "SELECT id, name, address AS detail FROM company \
         WHERE merged_into IS NULL AND (lower(name) LIKE $1 ESCAPE '\\' OR lower(name_en) LIKE $2 ESCAPE '\\') LIMIT $3";
    candidates(conn, sql, text, Subject::company)
}

/// Persons whose name holds the text.
pub(in crate::consent) fn persons_like(conn: &mut Conn, text: &str) -> QueryResult<Vec<Candidate>> {
    let sql = "SELECT p.id, coalesce(p.name, p.name_en) AS name, (SELECT c.name FROM contact k JOIN company c ON c.id = k.company_id \
         WHERE k.person_id = p.id ORDER BY k.id LIMIT 1) AS detail FROM person p \
         WHERE p.merged_into IS NULL AND (lower(p.name) LIKE $1 ESCAPE '\\' OR lower(p.name_en) LIKE $2 ESCAPE '\\') LIMIT $3";
    candidates(conn, sql, text, Subject::person)
}

fn candidates(
    conn: &mut Conn,
    sql: &str,
    text: &str,
    subject: fn(i64) -> Subject,
) -> QueryResult<Vec<Candidate>> {
    let pattern = pattern(&text.to_lowercase());
    let rows = diesel::sql_query(sql)
        .bind::<Text, _>(pattern.clone())
        .bind::<Text, _>(pattern)
        .bind::<BigInt, _>(NAMES)
        .load::<Found>(conn)?;
    Ok(rows
        .into_iter()
        .map(|row| Candidate {
            subject: subject(row.id),
            name: row.name,
            detail: row.detail,
        })
        .collect())
}
