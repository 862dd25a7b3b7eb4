//! Records: what folds read, and what taking back changes.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::platform::db::{Conn, by_keys};
use crate::registry::model::{ContactPoint, Record};
use crate::schema::{contact_point, record, source};

/// A live record with the rank of its source.
#[derive(Debug, Clone)]
pub(crate) struct Ranked {
    pub record: Record,
    pub source_rank: i32,
}

impl Ranked {
    fn of((record, rank): (Record, Option<i32>)) -> Self {
        Self {
            record,
            source_rank: rank.unwrap_or(6),
        }
    }
}

/// Live records with the rank of their source, oldest first.
macro_rules! live {
    ($about:expr) => {
        record::table
            .left_join(source::table.on(record::source_id.eq(source::id.nullable())))
            .filter($about)
            .filter(record::voided_at.is_null())
            .filter(record::superseded_by.is_null())
            .select((Record::as_select(), source::rank.nullable()))
            .order(record::id)
    };
}

/// Every live record placed with one of these companies, oldest first.
pub(crate) fn of_companies(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Ranked>> {
    let found = by_keys(ids, |part| {
        live!(record::company_id.eq_any(part.to_vec())).load(conn)
    })?;
    Ok(found.into_iter().map(Ranked::of).collect())
}

/// Every live record about one of these contacts, oldest first.
pub(crate) fn of_contacts(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Ranked>> {
    let found = by_keys(ids, |part| {
        live!(record::contact_id.eq_any(part.to_vec())).load(conn)
    })?;
    Ok(found.into_iter().map(Ranked::of).collect())
}

pub(crate) fn record(conn: &mut Conn, id: i64) -> QueryResult<Record> {
    record::table
        .find(id)
        .select(Record::as_select())
        .first(conn)
}

pub(crate) fn void(conn: &mut Conn, id: i64, now: NaiveDateTime) -> QueryResult<usize> {
    diesel::update(record::table.find(id).filter(record::voided_at.is_null()))
        .set(record::voided_at.eq(Some(now)))
        .execute(conn)
}

/// Points that a record first named, and points whose state it changed.
pub(crate) fn points_of_record(conn: &mut Conn, id: i64) -> QueryResult<Vec<ContactPoint>> {
    contact_point::table
        .filter(
            contact_point::record_id
                .eq(id)
                .or(contact_point::state_record_id.eq(id)),
        )
        .select(ContactPoint::as_select())
        .load(conn)
}

pub(crate) fn point(conn: &mut Conn, id: i64) -> QueryResult<ContactPoint> {
    contact_point::table
        .find(id)
        .select(ContactPoint::as_select())
        .first(conn)
}

pub(crate) fn delete_point(conn: &mut Conn, id: i64) -> QueryResult<usize> {
    diesel::delete(contact_point::table.find(id)).execute(conn)
}

pub(crate) fn set_point_record(conn: &mut Conn, id: i64, record_id: i64) -> QueryResult<usize> {
    diesel::update(contact_point::table.find(id))
        .set(contact_point::record_id.eq(Some(record_id)))
        .execute(conn)
}

pub(crate) fn set_point_state(
    conn: &mut Conn,
    id: i64,
    state: &str,
    record_id: Option<i64>,
) -> QueryResult<usize> {
    diesel::update(contact_point::table.find(id))
        .set((
            contact_point::state.eq(state),
            contact_point::state_record_id.eq(record_id),
        ))
        .execute(conn)
}

/// Points with one of these values at one of these owners.
pub(crate) fn points_with_value(conn: &mut Conn, keys: &[i64]) -> QueryResult<Vec<ContactPoint>> {
    contact_point::table
        .filter(contact_point::value_key.eq_any(keys.to_vec()))
        .select(ContactPoint::as_select())
        .order(contact_point::id)
        .load(conn)
}
