//! Reads of whole groups, a few statements for any number of companies.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::platform::db::{Conn, among, by_keys};
use crate::platform::error::AppResult;
use crate::registry::model::{Company, Contact, ContactPoint, Person};
use crate::schema::{company, contact, contact_point, person, record, source, suppression};

pub(crate) fn companies(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Company>> {
    by_keys(ids, |part| {
        company::table
            .filter(among(company::id, part))
            .select(Company::as_select())
            .load(conn)
    })
}

/// One company, itself and not its root.
pub(crate) fn company(conn: &mut Conn, id: i64) -> AppResult<Company> {
    let one = company::table.find(id).select(Company::as_select());
    Ok(one.get_result(conn)?)
}

/// `(id, root)` of each of these.
pub(crate) fn roots(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<(i64, i64)>> {
    by_keys(ids, |part| {
        company::table
            .filter(among(company::id, part))
            .select((company::id, company::root_id))
            .load(conn)
    })
}

/// `(id, root)` of the companies merged into these roots.
pub(crate) fn merged_members(conn: &mut Conn, roots: &[i64]) -> QueryResult<Vec<(i64, i64)>> {
    by_keys(roots, |part| {
        company::table
            .filter(among(company::root_id, part))
            .filter(company::merged_into.is_not_null())
            .select((company::id, company::root_id))
            .load(conn)
    })
}

/// Roots with one of these name keys.
pub(crate) fn roots_by_name(conn: &mut Conn, keys: &[i64]) -> QueryResult<Vec<i64>> {
    by_keys(keys, |part| {
        company::table
            .filter(among(company::name_key, part))
            .select(company::root_id)
            .load(conn)
    })
}

/// Roots with one of these credit codes.
pub(crate) fn roots_by_code(conn: &mut Conn, codes: &[String]) -> QueryResult<Vec<i64>> {
    by_keys(codes, |part| {
        company::table
            .filter(company::credit_code.eq_any(part.to_vec()))
            .select(company::root_id)
            .load(conn)
    })
}

pub(crate) fn contacts_of_companies(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Contact>> {
    by_keys(ids, |part| {
        contact::table
            .filter(among(contact::company_id, part))
            .select(Contact::as_select())
            .order(contact::id)
            .load(conn)
    })
}

pub(crate) fn contacts_of_persons(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Contact>> {
    by_keys(ids, |part| {
        contact::table
            .filter(among(contact::person_id, part))
            .select(Contact::as_select())
            .order(contact::id)
            .load(conn)
    })
}

pub(crate) fn contacts(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Contact>> {
    by_keys(ids, |part| {
        contact::table
            .filter(among(contact::id, part))
            .select(Contact::as_select())
            .load(conn)
    })
}

pub(crate) fn persons(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Person>> {
    by_keys(ids, |part| {
        person::table
            .filter(among(person::id, part))
            .select(Person::as_select())
            .load(conn)
    })
}

/// The persons that answer for these.
pub(crate) fn person_roots(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<i64>> {
    by_keys(ids, |part| {
        person::table
            .filter(among(person::id, part))
            .select(person::root_id)
            .load(conn)
    })
}

/// `(id, root)` of persons merged into these.
pub(crate) fn merged_persons(conn: &mut Conn, roots: &[i64]) -> QueryResult<Vec<(i64, i64)>> {
    by_keys(roots, |part| {
        person::table
            .filter(among(person::root_id, part))
            .filter(person::merged_into.is_not_null())
            .select((person::id, person::root_id))
            .load(conn)
    })
}

/// Points of owners of one kind.
pub(crate) fn points_of(
    conn: &mut Conn,
    owner_kind: i32,
    ids: &[i64],
) -> QueryResult<Vec<ContactPoint>> {
    by_keys(ids, |part| {
        contact_point::table
            .filter(among(contact_point::owner_id, part))
            .filter(contact_point::owner_kind.eq(owner_kind))
            .select(ContactPoint::as_select())
            .order(contact_point::id)
            .load(conn)
    })
}

/// Persons who have one of these numbers or addresses.
pub(crate) fn persons_by_point(conn: &mut Conn, keys: &[i64]) -> QueryResult<Vec<i64>> {
    by_keys(keys, |part| {
        contact_point::table
            .filter(among(contact_point::value_key, part))
            .filter(contact_point::owner_kind.eq(2))
            .select(contact_point::owner_id)
            .load(conn)
    })
}

/// `(company, source)` of the live records of these companies.
pub(crate) fn sources_of(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<(i64, i64)>> {
    by_keys(ids, |part| {
        let pairs: Vec<(Option<i64>, Option<i64>)> = record::table
            .filter(among(record::company_id, part))
            .filter(record::source_id.is_not_null())
            .filter(record::voided_at.is_null())
            .filter(record::superseded_by.is_null())
            .select((record::company_id, record::source_id))
            .distinct()
            .load(conn)?;
        Ok(pairs
            .into_iter()
            .filter_map(|(company, source)| Some((company?, source?)))
            .collect())
    })
}

/// What of a source matters for its companies.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct SourceFacts {
    pub id: i64,
    pub channel: String,
    pub kind: String,
    pub ground: Option<String>,
    pub rank: i32,
}

pub(crate) fn sources(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<SourceFacts>> {
    by_keys(ids, |part| {
        source::table
            .filter(among(source::id, part))
            .select((
                source::id,
                source::channel,
                source::kind,
                source::ground,
                source::rank,
            ))
            .load(conn)
    })
}

/// Which of the companies behind these subject keys a live suppression silences for calls, as it names them.
pub(crate) fn suppressed_companies(conn: &mut Conn, keys: &[i64]) -> QueryResult<Vec<String>> {
    let found = by_keys(keys, |part| {
        suppression::table
            .filter(among(suppression::subject_key, part))
            .filter(suppression::ways.gt(0))
            .filter(suppression::scope.eq("company"))
            .select((suppression::subject, suppression::ways))
            .load::<(String, i32)>(conn)
    })?;
    Ok(found
        .into_iter()
        .filter(|(_, ways)| ways & 1 != 0)
        .map(|(subject, _)| subject)
        .collect())
}

/// Roots whose score has to be looked at again by now.
pub(crate) fn due_for_rescore(
    conn: &mut Conn,
    today: NaiveDate,
    limit: i64,
) -> QueryResult<Vec<i64>> {
    company::table
        .filter(company::rescore_on.le(today))
        .filter(company::merged_into.is_null())
        .order((company::rescore_on, company::id))
        .limit(limit)
        .select(company::id)
        .load(conn)
}
