//! The search index: FTS5 on SQLite, a text-search vector on PostgreSQL.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};
use diesel::upsert::excluded;

use super::load;
use crate::on_each;
use crate::platform::db::{Conn, KEYS, Statement, rows_per_insert};
use crate::registry::search::{Document, Wanted};
use crate::schema::search_todo;

#[derive(QueryableByName)]
struct Hit {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Of the first 2,000 hits the best by score.
const FIND_SQLITE: &str = "SELECT c.id FROM (SELECT rowid FROM search WHERE search MATCH $1 LIMIT 2000) s \
     JOIN company c ON c.id = s.rowid WHERE c.merged_into IS NULL ORDER BY c.score DESC, c.id LIMIT $2";
const FIND_POSTGRES: &str = "SELECT c.id FROM (SELECT rowid FROM search WHERE grams @@ $1::tsquery LIMIT 2000) s \
     JOIN company c ON c.id = s.rowid WHERE c.merged_into IS NULL ORDER BY c.score DESC, c.id LIMIT $2";

pub(crate) fn find(conn: &mut Conn, wanted: &[Wanted], limit: i64) -> QueryResult<Vec<i64>> {
    let (text, query) = match conn {
        Conn::Sqlite(_) => (FIND_SQLITE, match_text(wanted)),
        Conn::Postgres(_) => (FIND_POSTGRES, tsquery(wanted)),
    };
    let hits = diesel::sql_query(text)
        .bind::<Text, _>(query)
        .bind::<BigInt, _>(limit)
        .load::<Hit>(conn)?;
    Ok(hits.into_iter().map(|hit| hit.id).collect())
}

/// Tokens hold letters, digits, `~` and `#` only, so quoting them is enough.
fn match_text(wanted: &[Wanted]) -> String {
    let one = |wanted: &Wanted| match wanted {
        Wanted::Token(token) => format!("\"{token}\""),
        Wanted::Prefix(ways) => {
            let ways: Vec<String> = ways.iter().map(|way| format!("\"{way}\"*")).collect();
            format!("({})", ways.join(" OR "))
        }
    };
    wanted.iter().map(one).collect::<Vec<_>>().join(" AND ")
}

fn tsquery(wanted: &[Wanted]) -> String {
    let one = |wanted: &Wanted| match wanted {
        Wanted::Token(token) => format!("'{token}'"),
        Wanted::Prefix(ways) => {
            let ways: Vec<String> = ways.iter().map(|way| format!("'{way}':*")).collect();
            format!("({})", ways.join(" | "))
        }
    };
    wanted.iter().map(one).collect::<Vec<_>>().join(" & ")
}

/// Notes companies whose row is behind.
pub(crate) fn note(conn: &mut Conn, ids: &[i64], now: NaiveDateTime) -> QueryResult<()> {
    for part in ids.chunks(rows_per_insert(2)) {
        let rows: Vec<_> = part
            .iter()
            .map(|id| (search_todo::company_id.eq(*id), search_todo::at.eq(now)))
            .collect();
        on_each!(conn => diesel::insert_into(search_todo::table)
            .values(&rows)
            .on_conflict(search_todo::company_id)
            .do_update()
            .set(search_todo::at.eq(excluded(search_todo::at)))
            .execute(conn))?;
    }
    Ok(())
}

/// Notes every root.
pub(crate) fn note_all(conn: &mut Conn, now: NaiveDateTime) -> QueryResult<()> {
    Statement::<()>::fixed(
        "INSERT INTO search_todo (company_id, at) SELECT id, ? FROM company WHERE merged_into IS NULL",
    )
    .bind(now)
    .execute(conn)
    .map(|_| ())
}

/// What is behind, and since when it was noted.
pub(crate) fn behind(conn: &mut Conn, limit: i64) -> QueryResult<Vec<(i64, NaiveDateTime)>> {
    search_todo::table
        .select((search_todo::company_id, search_todo::at))
        .order(search_todo::company_id)
        .limit(limit)
        .load(conn)
}

/// Crosses off what was noted then; what was noted again meanwhile stays.
pub(crate) fn done(conn: &mut Conn, behind: &[(i64, NaiveDateTime)]) -> QueryResult<()> {
    let Some(last) = behind.iter().map(|(_, at)| *at).max() else {
        return Ok(());
    };
    let ids: Vec<i64> = behind.iter().map(|(id, _)| *id).collect();
    for part in ids.chunks(KEYS) {
        let seen = search_todo::table
            .filter(search_todo::company_id.eq_any(part.to_vec()))
            .filter(search_todo::at.le(last));
        diesel::delete(seen).execute(conn)?;
    }
    Ok(())
}

/// What the roots among these are found by. Merged and removed ones have no document.
pub(crate) fn documents(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<(i64, Document)>> {
    let companies = load::companies(conn, ids)?;
    let roots: Vec<i64> = companies
        .iter()
        .filter(|company| company.is_root())
        .map(|company| company.id)
        .collect();
    let members = load::merged_members(conn, &roots)?;
    let mut root_of: HashMap<i64, i64> = members.iter().copied().collect();
    root_of.extend(roots.iter().map(|root| (*root, *root)));
    let mut found: HashMap<i64, Document> = roots
        .iter()
        .map(|root| (*root, Document::default()))
        .collect();
    let merged = load::companies(conn, &members.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    for company in companies.into_iter().filter(|c| c.is_root()).chain(merged) {
        if let Some(document) = root_of
            .get(&company.id)
            .and_then(|root| found.get_mut(root))
        {
            document.names.push(company.name);
            document
                .names
                .extend(company.name_en.into_iter().chain(company.former_name));
            document.words.extend(company.credit_code);
        }
    }
    let group: Vec<i64> = root_of.keys().copied().collect();
    let contacts = load::contacts_of_companies(conn, &group)?;
    let persons: Vec<i64> = contacts.iter().map(|contact| contact.person_id).collect();
    let names: HashMap<i64, (Option<String>, Option<String>)> = load::persons(conn, &persons)?
        .into_iter()
        .map(|person| (person.id, (person.name, person.name_en)))
        .collect();
    let mut at_root: HashMap<(i32, i64), Vec<i64>> = HashMap::new();
    for contact in &contacts {
        let Some(root) = contact.company_id.and_then(|id| root_of.get(&id)) else {
            continue;
        };
        at_root
            .entry((2, contact.person_id))
            .or_default()
            .push(*root);
        at_root.entry((3, contact.id)).or_default().push(*root);
        if let (Some(document), Some((name, name_en))) =
            (found.get_mut(root), names.get(&contact.person_id))
        {
            document.persons.extend(name.iter().chain(name_en).cloned());
        }
    }
    at_root.extend(root_of.iter().map(|(id, root)| ((1, *id), vec![*root])));
    let contact_ids: Vec<i64> = contacts.iter().map(|contact| contact.id).collect();
    for (kind, owners) in [(1, &group), (2, &persons), (3, &contact_ids)] {
        for point in load::points_of(conn, kind, owners)? {
            for root in at_root.get(&(kind, point.owner_id)).into_iter().flatten() {
                let Some(document) = found.get_mut(root) else {
                    continue;
                };
                if point.is_number() {
                    document.numbers.push(point.value.clone());
                } else {
                    document.words.push(point.value.clone());
                }
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// Replaces the rows of these companies; without a document a row goes.
pub(crate) fn replace(
    conn: &mut Conn,
    ids: &[i64],
    rows: &[(i64, Vec<String>)],
) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(conn) => {
            for id in ids {
                diesel::sql_query("DELETE FROM search WHERE rowid = $1")
                    .bind::<BigInt, _>(*id)
                    .execute(conn)?;
            }
            for (id, tokens) in rows {
                diesel::sql_query("INSERT INTO search (rowid, grams) VALUES ($1, $2)")
                    .bind::<BigInt, _>(*id)
                    .bind::<Text, _>(tokens.join(" "))
                    .execute(conn)?;
            }
        }
        Conn::Postgres(conn) => {
            diesel::sql_query("DELETE FROM search WHERE rowid = ANY($1)")
                .bind::<Array<BigInt>, _>(ids)
                .execute(conn)?;
            let (ids, texts): (Vec<i64>, Vec<String>) = rows
                .iter()
                .map(|(id, tokens)| (*id, tokens.join(" ")))
                .unzip();
            diesel::sql_query(
                "INSERT INTO search (rowid, grams) SELECT t.id, array_to_tsvector(string_to_array(t.grams, ' ')) \
                 FROM unnest($1, $2) AS t(id, grams) ON CONFLICT (rowid) DO UPDATE SET grams = excluded.grams",
            )
            .bind::<Array<BigInt>, _>(ids)
            .bind::<Array<Text>, _>(texts)
            .execute(conn)?;
        }
    }
    Ok(())
}
