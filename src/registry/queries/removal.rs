//! Taking records back: whom somebody worked on, what hangs on a company, and the deletes themselves.
//!
//! Tables of areas to the right are only looked at, or lose rows that hang on a company that goes.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::platform::db::{Conn, KEYS, Statement, Value, by_keys};
use crate::schema::{
    appointment, call, callback, company, consent, contact, contact_point, delivery, grade_change,
    handover, lease, merge, opportunity, ownership, person, queue_entry, record, registration,
    review, search_todo, suppression, tag_link, task, touch,
};

/// Asks one table for the ids of a column among `ids`.
macro_rules! among {
    ($conn:ident, $ids:ident, $found:ident, $table:ident :: $column:ident) => {
        let some: Vec<Option<i64>> = $table::table
            .filter($table::$column.eq_any($ids.to_vec()))
            .select($table::$column.nullable())
            .distinct()
            .load($conn)?;
        $found.extend(some.into_iter().flatten());
    };
}

/// States of a letter that left the house, or may have.
const MAILED: [&str; 5] = ["claimed", "on_wire", "sent", "unknown", "failed"];

/// Companies among these that somebody leased, dialled, mailed, agreed a call with, graded, owns or owned, was offered,
/// tagged, edited, silenced, or joined with another.
pub(crate) fn worked_on_companies(conn: &mut Conn, all: &[i64]) -> QueryResult<HashSet<i64>> {
    let mut found: HashSet<i64> = HashSet::new();
    for ids in all.chunks(KEYS) {
        among!(conn, ids, found, lease::company_id);
        among!(conn, ids, found, call::company_id);
        among!(conn, ids, found, callback::company_id);
        among!(conn, ids, found, task::company_id);
        among!(conn, ids, found, touch::company_id);
        among!(conn, ids, found, grade_change::company_id);
        among!(conn, ids, found, tag_link::company_id);
        among!(conn, ids, found, handover::company_id);
        among!(conn, ids, found, ownership::company_id);
        among!(conn, ids, found, opportunity::company_id);
        among!(conn, ids, found, registration::company_id);
        among!(conn, ids, found, appointment::company_id);
        let by_hand: Vec<Option<i64>> = record::table
            .filter(record::company_id.eq_any(ids.to_vec()))
            .filter(record::batch_id.is_null())
            .select(record::company_id)
            .distinct()
            .load(conn)?;
        found.extend(by_hand.into_iter().flatten());
        let owned: Vec<i64> = company::table
            .filter(company::id.eq_any(ids.to_vec()))
            .filter(
                company::owner_id
                    .is_not_null()
                    .or(company::grade.is_not_null()),
            )
            .select(company::id)
            .load(conn)?;
        found.extend(owned);
        found.extend(mailed_companies(conn, ids)?);
        found.extend(joined(conn, "company", ids)?);
        found.extend(silenced(conn, "company", ids)?);
    }
    let asked: HashSet<i64> = all.iter().copied().collect();
    found.retain(|id| asked.contains(id));
    Ok(found)
}

/// Companies among these in whose name somebody was mailed: by their people, since letters are found by person alone.
fn mailed_companies(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<i64>> {
    let companies = Value::numbers(ids.iter().copied());
    Statement::<BigInt>::fixed(
        "SELECT DISTINCT d.company_id FROM contact c JOIN person p ON p.id = c.person_id \
         JOIN delivery d ON d.person_id IN (p.id, p.root_id) \
         WHERE c.company_id IN ? AND d.company_id IN ? AND d.state IN ?",
    )
    .bind(companies.clone())
    .bind(companies)
    .bind(Value::codes(MAILED))
    .load(conn)
}

/// Contacts among these that somebody called or edited, or whose person did something of their own.
pub(crate) fn worked_on_contacts(conn: &mut Conn, all: &[i64]) -> QueryResult<HashSet<i64>> {
    let mut found: HashSet<i64> = HashSet::new();
    for ids in all.chunks(KEYS) {
        among!(conn, ids, found, call::contact_id);
        let by_hand: Vec<Option<i64>> = record::table
            .filter(record::contact_id.eq_any(ids.to_vec()))
            .filter(record::batch_id.is_null())
            .select(record::contact_id)
            .distinct()
            .load(conn)?;
        found.extend(by_hand.into_iter().flatten());
        let of: Vec<(i64, i64)> = contact::table
            .filter(contact::id.eq_any(ids.to_vec()))
            .select((contact::id, contact::person_id))
            .load(conn)?;
        let persons: Vec<i64> = of.iter().map(|(_, person)| *person).collect();
        let busy = worked_on_persons(conn, &persons)?;
        found.extend(
            of.into_iter()
                .filter(|(_, person)| busy.contains(person))
                .map(|(id, _)| id),
        );
    }
    Ok(found)
}

fn worked_on_persons(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashSet<i64>> {
    let mut found: HashSet<i64> = HashSet::new();
    among!(conn, ids, found, call::person_id);
    among!(conn, ids, found, lease::person_id);
    among!(conn, ids, found, touch::person_id);
    among!(conn, ids, found, consent::person_id);
    let mailed: Vec<i64> = delivery::table
        .filter(delivery::person_id.eq_any(ids.to_vec()))
        .filter(delivery::state.eq_any(MAILED))
        .select(delivery::person_id)
        .distinct()
        .load(conn)?;
    found.extend(mailed);
    found.extend(silenced(conn, "person", ids)?);
    found.extend(joined(conn, "person", ids)?);
    Ok(found)
}

/// Whoever stands in a merge with one of these that was not undone.
fn joined(conn: &mut Conn, kind: &str, ids: &[i64]) -> QueryResult<Vec<i64>> {
    let pairs: Vec<(i64, i64)> = merge::table
        .filter(merge::kind.eq(kind))
        .filter(merge::undone_at.is_null())
        .filter(
            merge::from_id
                .eq_any(ids.to_vec())
                .or(merge::into_id.eq_any(ids.to_vec())),
        )
        .select((merge::from_id, merge::into_id))
        .load(conn)?;
    Ok(pairs
        .into_iter()
        .flat_map(|(from, into)| [from, into])
        .collect())
}

/// Those of these that asked not to be reached by some way.
fn silenced(conn: &mut Conn, scope: &str, ids: &[i64]) -> QueryResult<Vec<i64>> {
    let subjects: Vec<String> = ids.iter().map(i64::to_string).collect();
    let found: Vec<String> = suppression::table
        .filter(suppression::scope.eq(scope))
        .filter(suppression::subject.eq_any(subjects))
        .filter(suppression::ways.gt(0))
        .select(suppression::subject)
        .load(conn)?;
    Ok(found
        .iter()
        .filter_map(|subject| subject.parse().ok())
        .collect())
}

/// Companies among these that a record still speaks of, superseded and voided ones too.
pub(crate) fn companies_with_records(conn: &mut Conn, all: &[i64]) -> QueryResult<HashSet<i64>> {
    let mut found: HashSet<i64> = HashSet::new();
    for ids in all.chunks(KEYS) {
        among!(conn, ids, found, record::company_id);
        among!(conn, ids, found, contact::company_id);
    }
    Ok(found)
}

/// Contacts among these that a record still speaks of.
pub(crate) fn contacts_with_records(conn: &mut Conn, all: &[i64]) -> QueryResult<HashSet<i64>> {
    let mut found: HashSet<i64> = HashSet::new();
    for ids in all.chunks(KEYS) {
        among!(conn, ids, found, record::contact_id);
    }
    Ok(found)
}

/// Persons among these who are a contact anywhere, or whom somebody was joined to.
pub(crate) fn persons_with_contacts(conn: &mut Conn, all: &[i64]) -> QueryResult<HashSet<i64>> {
    let mut found: HashSet<i64> = HashSet::new();
    for ids in all.chunks(KEYS) {
        among!(conn, ids, found, contact::person_id);
        among!(conn, ids, found, person::merged_into);
    }
    Ok(found)
}

pub(crate) fn delete_records(conn: &mut Conn, all: &[i64]) -> QueryResult<()> {
    for ids in all.chunks(KEYS) {
        diesel::delete(record::table.filter(record::id.eq_any(ids.to_vec()))).execute(conn)?;
    }
    Ok(())
}

pub(crate) fn delete_points(conn: &mut Conn, all: &[i64]) -> QueryResult<()> {
    for ids in all.chunks(KEYS) {
        diesel::delete(contact_point::table.filter(contact_point::id.eq_any(ids.to_vec())))
            .execute(conn)?;
    }
    Ok(())
}

fn delete_points_of(conn: &mut Conn, owner_kind: i32, ids: &[i64]) -> QueryResult<()> {
    let owned = contact_point::table
        .filter(contact_point::owner_id.eq_any(ids.to_vec()))
        .filter(contact_point::owner_kind.eq(owner_kind));
    diesel::delete(owned).execute(conn).map(|_| ())
}

/// Contacts with the numbers on their desks.
pub(crate) fn delete_contacts(conn: &mut Conn, all: &[i64]) -> QueryResult<()> {
    for ids in all.chunks(KEYS) {
        delete_points_of(conn, 3, ids)?;
        diesel::delete(contact::table.filter(contact::id.eq_any(ids.to_vec()))).execute(conn)?;
    }
    Ok(())
}

/// Letters that were planned to somebody, or that left them out, and never went; the figures of their mailings follow.
fn delete_unsent(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    let persons = || Value::numbers(ids.iter().copied());
    Statement::<()>::fixed(
        "INSERT INTO delivery_figure (mailing_id, domain, state, counter, n) \
         SELECT mailing_id, counted, state, 0, -count(*) FROM (SELECT d.mailing_id, d.state, CASE WHEN EXISTS \
         (SELECT 1 FROM delivery_figure f WHERE f.mailing_id = d.mailing_id AND f.domain = d.domain) THEN d.domain ELSE '' END AS counted \
         FROM delivery d WHERE d.person_id IN ?) AS gone WHERE true GROUP BY mailing_id, counted, state ORDER BY 1, 2, 3 \
         ON CONFLICT (mailing_id, domain, state, counter) DO UPDATE SET n = delivery_figure.n + excluded.n",
    )
    .bind(persons())
    .execute(conn)?;
    Statement::<()>::fixed("DELETE FROM delivery WHERE person_id IN ?")
        .bind(persons())
        .execute(conn)
        .map(|_| ())
}

/// Persons with their numbers, the queue entries of lone persons that nobody rang, and letters that never went.
pub(crate) fn delete_persons(conn: &mut Conn, all: &[i64]) -> QueryResult<()> {
    for ids in all.chunks(KEYS) {
        delete_points_of(conn, 2, ids)?;
        diesel::delete(queue_entry::table.filter(queue_entry::person_id.eq_any(ids.to_vec())))
            .execute(conn)?;
        delete_unsent(conn, ids)?;
        diesel::delete(person::table.filter(person::id.eq_any(ids.to_vec()))).execute(conn)?;
    }
    Ok(())
}

/// Companies with their points, queue entries that nobody rang, open reviews and search rows.
pub(crate) fn delete_companies(conn: &mut Conn, all: &[i64]) -> QueryResult<()> {
    for ids in all.chunks(KEYS) {
        delete_points_of(conn, 1, ids)?;
        diesel::delete(queue_entry::table.filter(queue_entry::company_id.eq_any(ids.to_vec())))
            .execute(conn)?;
        let reviews = review::table.filter(review::kind.eq("company")).filter(
            review::a_id
                .eq_any(ids.to_vec())
                .or(review::b_id.eq_any(ids.to_vec())),
        );
        diesel::delete(reviews).execute(conn)?;
        diesel::delete(
            merge::table
                .filter(merge::kind.eq("company"))
                .filter(merge::from_id.eq_any(ids.to_vec())),
        )
        .execute(conn)?;
        diesel::delete(search_todo::table.filter(search_todo::company_id.eq_any(ids.to_vec())))
            .execute(conn)?;
        diesel::delete(company::table.filter(company::id.eq_any(ids.to_vec()))).execute(conn)?;
    }
    Ok(())
}

/// `(id, company, contact)` of records that these replaced, each with its own row key gone or not.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct Superseded {
    pub id: i64,
    pub by: i64,
    pub company_id: Option<i64>,
    pub contact_id: Option<i64>,
    pub has_key: bool,
}

/// Records of a source that one of `by` superseded.
pub(crate) fn superseded_by(
    conn: &mut Conn,
    source_id: i64,
    by: &[i64],
) -> QueryResult<Vec<Superseded>> {
    by_keys(by, |part| {
        record::table
            .filter(record::source_id.eq(source_id))
            .filter(record::superseded_by.eq_any(part.to_vec()))
            .select((
                record::id,
                record::superseded_by.assume_not_null(),
                record::company_id,
                record::contact_id,
                record::row_key.is_not_null(),
            ))
            .load(conn)
    })
}

/// `old` yields to `new`; where both are the same row, the key goes over.
pub(crate) fn supersede(conn: &mut Conn, old: i64, new: i64, takes_key: bool) -> QueryResult<()> {
    diesel::update(record::table.find(old))
        .set(record::superseded_by.eq(Some(new)))
        .execute(conn)?;
    if takes_key {
        diesel::update(record::table.find(old))
            .set((
                record::row_key.eq(None::<i64>),
                record::row_check.eq(None::<i64>),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// `old` counts again, with the key where it had lost it.
pub(crate) fn restore(conn: &mut Conn, old: i64, key: Option<(i64, i64)>) -> QueryResult<()> {
    diesel::update(record::table.find(old))
        .set(record::superseded_by.eq(None::<i64>))
        .execute(conn)?;
    if let Some((key, check)) = key {
        diesel::update(record::table.find(old))
            .set((
                record::row_key.eq(Some(key)),
                record::row_check.eq(Some(check)),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Key and check of these records.
pub(crate) fn row_keys(
    conn: &mut Conn,
    ids: &[i64],
) -> QueryResult<Vec<(i64, Option<i64>, Option<i64>)>> {
    by_keys(ids, |part| {
        record::table
            .filter(record::id.eq_any(part.to_vec()))
            .select((record::id, record::row_key, record::row_check))
            .load(conn)
    })
}

pub(crate) fn mark_kept(conn: &mut Conn, roots: &[i64], flag: i32) -> QueryResult<()> {
    for (id, flags) in company::table
        .filter(company::id.eq_any(roots.to_vec()))
        .select((company::id, company::flags))
        .load::<(i64, i32)>(conn)?
    {
        diesel::update(company::table.find(id))
            .set(company::flags.eq(flags | flag))
            .execute(conn)?;
    }
    Ok(())
}
