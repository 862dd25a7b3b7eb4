//! Joins of companies and of persons, and what parting them moves.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::platform::db::{Conn, KEYS, columns};
use crate::registry::model::Merge;
use crate::schema::{company, contact, contact_point, merge, person, record};

/// A join to write down.
#[derive(Debug, Insertable)]
#[diesel(table_name = merge, treat_none_as_default_value = false)]
pub(crate) struct NewMerge<'a> {
    pub kind: &'a str,
    pub from_id: i64,
    pub into_id: i64,
    pub parent_id: Option<i64>,
    pub evidence: Option<String>,
    pub actor_id: Option<i64>,
    pub at: NaiveDateTime,
}

pub(crate) fn insert(conn: &mut Conn, new: &NewMerge<'_>) -> QueryResult<Merge> {
    diesel::insert_into(merge::table)
        .values(new)
        .returning(columns::<Merge>())
        .get_result(conn)
}

pub(crate) fn merge(conn: &mut Conn, id: i64) -> QueryResult<Merge> {
    merge::table.find(id).select(Merge::as_select()).first(conn)
}

/// The person merges that a company merge brought along and that still stand.
pub(crate) fn children(conn: &mut Conn, id: i64) -> QueryResult<Vec<Merge>> {
    merge::table
        .filter(merge::parent_id.eq(id))
        .filter(merge::undone_at.is_null())
        .select(Merge::as_select())
        .order(merge::id.desc())
        .load(conn)
}

pub(crate) fn set_undone(conn: &mut Conn, id: i64, now: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(merge::table.find(id))
        .set(merge::undone_at.eq(Some(now)))
        .execute(conn)
}

/// Marks a root as one that others were merged into, so that its group is looked up.
pub(crate) fn mark_merged(conn: &mut Conn, root: i64) -> QueryResult<usize> {
    diesel::sql_query("UPDATE company SET flags = flags | 8 WHERE id = $1")
        .bind::<BigInt, _>(root)
        .execute(conn)
}

/// Links one company to another, or to none, and writes the root of it and of everything under it.
pub(crate) fn link_company(
    conn: &mut Conn,
    id: i64,
    into: Option<i64>,
    group: &[i64],
    root: i64,
) -> QueryResult<()> {
    diesel::update(company::table.find(id))
        .set(company::merged_into.eq(into))
        .execute(conn)?;
    for part in group.chunks(KEYS) {
        diesel::update(company::table.filter(company::id.eq_any(part.to_vec())))
            .set(company::root_id.eq(root))
            .execute(conn)?;
    }
    Ok(())
}

pub(crate) fn link_person(
    conn: &mut Conn,
    id: i64,
    into: Option<i64>,
    group: &[i64],
    root: i64,
) -> QueryResult<()> {
    diesel::update(person::table.find(id))
        .set(person::merged_into.eq(into))
        .execute(conn)?;
    diesel::update(person::table.filter(person::id.eq_any(group.to_vec())))
        .set(person::root_id.eq(root))
        .execute(conn)?;
    Ok(())
}

/// `(id, merged_into)` of everything that answers as this root.
pub(crate) fn links(conn: &mut Conn, root: i64) -> QueryResult<Vec<(i64, Option<i64>)>> {
    company::table
        .filter(company::root_id.eq(root))
        .filter(company::merged_into.is_not_null())
        .select((company::id, company::merged_into))
        .load(conn)
}

pub(crate) fn person_links(conn: &mut Conn, root: i64) -> QueryResult<Vec<(i64, Option<i64>)>> {
    person::table
        .filter(person::root_id.eq(root))
        .filter(person::merged_into.is_not_null())
        .select((person::id, person::merged_into))
        .load(conn)
}

pub(crate) fn move_record(conn: &mut Conn, id: i64, company_id: i64) -> QueryResult<usize> {
    diesel::update(record::table.find(id))
        .set(record::company_id.eq(Some(company_id)))
        .execute(conn)
}

pub(crate) fn move_contact(conn: &mut Conn, id: i64, company_id: i64) -> QueryResult<usize> {
    diesel::update(contact::table.find(id))
        .set(contact::company_id.eq(Some(company_id)))
        .execute(conn)
}

/// Company points that a moved record first named go with it, unless its new company has them.
pub(crate) fn move_points(
    conn: &mut Conn,
    record_id: i64,
    from: i64,
    into: i64,
) -> QueryResult<()> {
    let had: Vec<i64> = contact_point::table
        .filter(contact_point::owner_kind.eq(1))
        .filter(contact_point::owner_id.eq(into))
        .select(contact_point::value_key)
        .load(conn)?;
    let own = contact_point::table
        .filter(contact_point::owner_kind.eq(1))
        .filter(contact_point::owner_id.eq(from))
        .filter(contact_point::record_id.eq(record_id));
    diesel::update(own.filter(contact_point::value_key.ne_all(had)))
        .set(contact_point::owner_id.eq(into))
        .execute(conn)?;
    Ok(())
}

/// Live joins of a company that a correction made.
pub(crate) fn corrections_from(conn: &mut Conn, id: i64) -> QueryResult<Vec<i64>> {
    let found: Vec<(i64, Option<String>)> = merge::table
        .filter(merge::kind.eq("company"))
        .filter(merge::from_id.eq(id))
        .filter(merge::undone_at.is_null())
        .select((merge::id, merge::evidence))
        .load(conn)?;
    let by_correction = found.into_iter().filter(|(_, evidence)| {
        evidence
            .as_deref()
            .is_some_and(|e| e.contains("\"correction\""))
    });
    Ok(by_correction.map(|(id, _)| id).collect())
}
