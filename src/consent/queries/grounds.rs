//! SQL of grounds: what the records and consents of persons give, and how companies stand by them.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::Integer;

use crate::platform::db::{Conn, KEYS, by_keys};
use crate::schema::{company, consent, contact, contact_point, person, record, source};

/// A person row: id, root, ground, its record, refused bits.
pub(in crate::consent) type PersonRow = (i64, i64, Option<String>, Option<i64>, i32);

/// Every person row of the groups of these persons.
pub(in crate::consent) fn persons_of_groups(
    conn: &mut Conn,
    ids: &[i64],
) -> QueryResult<Vec<PersonRow>> {
    let mut rows = Vec::new();
    for chunk in ids.chunks(KEYS) {
        let roots: Vec<i64> = person::table
            .filter(person::id.eq_any(chunk.to_vec()))
            .select(person::root_id)
            .distinct()
            .load(conn)?;
        let columns = (
            person::id,
            person::root_id,
            person::ground,
            person::ground_record_id,
            person::refused,
        );
        rows.extend(
            person::table
                .filter(person::id.eq_any(roots.clone()))
                .select(columns)
                .load::<PersonRow>(conn)?,
        );
        rows.extend(
            person::table
                .filter(person::root_id.eq_any(roots))
                .filter(person::merged_into.is_not_null())
                .select(columns)
                .load::<PersonRow>(conn)?,
        );
    }
    rows.sort_unstable_by_key(|row| row.0);
    rows.dedup_by_key(|row| row.0);
    Ok(rows)
}

/// Grounds that live list records give: person, record, ground.
pub(in crate::consent) fn grounds_of_records(
    conn: &mut Conn,
    persons: &[i64],
) -> QueryResult<Vec<(i64, i64, String)>> {
    by_keys(persons, |part| {
        contact::table
            .inner_join(record::table.on(record::contact_id.eq(contact::id.nullable())))
            .inner_join(source::table.on(record::source_id.eq(source::id.nullable())))
            .filter(contact::person_id.eq_any(part.to_vec()))
            .filter(record::voided_at.is_null())
            .filter(record::superseded_by.is_null())
            .filter(source::ground.is_not_null())
            .select((
                contact::person_id,
                record::id,
                source::ground.assume_not_null(),
            ))
            .load(conn)
    })
}

/// Own consents that stand: person, ground, record.
pub(in crate::consent) fn own_consents(
    conn: &mut Conn,
    persons: &[i64],
) -> QueryResult<Vec<(i64, String, Option<i64>)>> {
    by_keys(persons, |part| {
        consent::table
            .filter(consent::person_id.eq_any(part.to_vec()))
            .filter(consent::ended_at.is_null())
            .select((consent::person_id, consent::ground, consent::record_id))
            .load(conn)
    })
}

pub(in crate::consent) fn set_person(
    conn: &mut Conn,
    ids: &[i64],
    ground: Option<&str>,
    record_id: Option<i64>,
    refused: i32,
) -> QueryResult<()> {
    diesel::update(person::table.filter(person::id.eq_any(ids.to_vec())))
        .set((
            person::ground.eq(ground),
            person::ground_record_id.eq(record_id),
            person::refused.eq(refused),
        ))
        .execute(conn)
        .map(|_| ())
}

pub(in crate::consent) fn insert_consent(
    conn: &mut Conn,
    person_id: i64,
    ground: &str,
    text: Option<&str>,
    said_at: NaiveDateTime,
    record_id: Option<i64>,
) -> QueryResult<i64> {
    diesel::insert_into(consent::table)
        .values((
            consent::person_id.eq(person_id),
            consent::ground.eq(ground),
            consent::text_version.eq(text),
            consent::said_at.eq(said_at),
            consent::record_id.eq(record_id),
        ))
        .returning(consent::id)
        .get_result(conn)
}

/// The companies in which these persons are contacts.
pub(in crate::consent) fn companies_of_persons(
    conn: &mut Conn,
    persons: &[i64],
) -> QueryResult<Vec<i64>> {
    by_keys(persons, |part| {
        contact::table
            .filter(contact::person_id.eq_any(part.to_vec()))
            .filter(contact::company_id.is_not_null())
            .select(contact::company_id.assume_not_null())
            .load(conn)
    })
}

/// Who is a contact at one of these companies.
pub(in crate::consent) fn persons_at(conn: &mut Conn, companies: &[i64]) -> QueryResult<Vec<i64>> {
    by_keys(companies, |part| {
        contact::table
            .filter(contact::company_id.eq_any(part.to_vec()))
            .select(contact::person_id)
            .distinct()
            .load(conn)
    })
}

/// Who has a number (by its stored key): owner kind and id.
pub(in crate::consent) fn owners_of_values(
    conn: &mut Conn,
    keys: &[i64],
) -> QueryResult<Vec<(i32, i64)>> {
    by_keys(keys, |part| {
        contact_point::table
            .filter(contact_point::value_key.eq_any(part.to_vec()))
            .select((contact_point::owner_kind, contact_point::owner_id))
            .load(conn)
    })
}

pub(in crate::consent) fn companies_of_contacts(
    conn: &mut Conn,
    contacts: &[i64],
) -> QueryResult<Vec<i64>> {
    contact::table
        .filter(contact::id.eq_any(contacts.to_vec()))
        .filter(contact::company_id.is_not_null())
        .select(contact::company_id.assume_not_null())
        .load(conn)
}

/// Every member of the groups of these companies: id, root.
pub(in crate::consent) fn groups_of_companies(
    conn: &mut Conn,
    ids: &[i64],
) -> QueryResult<HashMap<i64, i64>> {
    let mut members = HashMap::new();
    for chunk in ids.chunks(KEYS) {
        let roots: Vec<i64> = company::table
            .filter(company::id.eq_any(chunk.to_vec()))
            .select(company::root_id)
            .distinct()
            .load(conn)?;
        members.extend(roots.iter().map(|root| (*root, *root)));
        members.extend(
            company::table
                .filter(company::root_id.eq_any(roots))
                .filter(company::merged_into.is_not_null())
                .select((company::id, company::root_id))
                .load::<(i64, i64)>(conn)?,
        );
    }
    Ok(members)
}

/// Companies with a contact whose person has a ground.
pub(in crate::consent) fn companies_with_consent(
    conn: &mut Conn,
    companies: &[i64],
) -> QueryResult<Vec<i64>> {
    by_keys(companies, |part| {
        contact::table
            .inner_join(person::table.on(person::id.eq(contact::person_id)))
            .filter(contact::company_id.eq_any(part.to_vec()))
            .filter(contact::left_at.is_null())
            .filter(person::ground.is_not_null())
            .select(contact::company_id.assume_not_null())
            .distinct()
            .load(conn)
    })
}

/// Companies of which a live list record has a ground.
pub(in crate::consent) fn companies_with_ground(
    conn: &mut Conn,
    companies: &[i64],
) -> QueryResult<Vec<i64>> {
    by_keys(companies, |part| {
        record::table
            .inner_join(source::table.on(record::source_id.eq(source::id.nullable())))
            .filter(record::company_id.eq_any(part.to_vec()))
            .filter(record::voided_at.is_null())
            .filter(record::superseded_by.is_null())
            .filter(source::ground.is_not_null())
            .select(record::company_id.assume_not_null())
            .distinct()
            .load(conn)
    })
}

pub(in crate::consent) fn flags_of(conn: &mut Conn, roots: &[i64]) -> QueryResult<Vec<(i64, i32)>> {
    by_keys(roots, |part| {
        company::table
            .filter(company::id.eq_any(part.to_vec()))
            .select((company::id, company::flags))
            .load(conn)
    })
}

/// Sets the two bits that consent owns (2 has a ground, 4 suppressed) and leaves the others.
pub(in crate::consent) fn set_standing(
    conn: &mut Conn,
    roots: &[i64],
    bits: i32,
) -> QueryResult<()> {
    let flags = format!("(flags & -7) | {}", bits & 6);
    for chunk in roots.chunks(KEYS) {
        diesel::update(company::table.filter(company::id.eq_any(chunk.to_vec())))
            .set(company::flags.eq(diesel::dsl::sql::<Integer>(&flags)))
            .execute(conn)?;
    }
    Ok(())
}

/// Persons with a record of this source, after an id: one step of re-evaluating a source.
pub(in crate::consent) fn persons_of_source(
    conn: &mut Conn,
    source_id: i64,
    after_record: i64,
    limit: i64,
) -> QueryResult<Vec<(i64, Option<i64>, Option<i64>)>> {
    record::table
        .left_join(contact::table.on(contact::id.nullable().eq(record::contact_id)))
        .filter(record::source_id.eq(source_id))
        .filter(record::id.gt(after_record))
        .order(record::id)
        .limit(limit)
        .select((
            record::id,
            contact::person_id.nullable(),
            record::company_id,
        ))
        .load(conn)
}
