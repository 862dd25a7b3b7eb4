//! SQL of refusals that leave the database: for the log beside it, and for a restore.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};

use super::subject_id;
use crate::platform::db::{Conn, Statement};
use crate::schema::{company, person};

/// Origin id, scope, subject, ways, kind, when it was said, when and how it was withdrawn, mail and mobile of a person.
pub(in crate::consent) type Row = (
    i64,
    String,
    String,
    i32,
    String,
    NaiveDateTime,
    Option<NaiveDateTime>,
    Option<String>,
    Option<String>,
    Option<String>,
);
type RowTypes = (
    BigInt,
    Text,
    Text,
    Integer,
    Text,
    Timestamp,
    Nullable<Timestamp>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Text>,
);

/// SQL: what is told outside. Of somebody who was erased it is a check value.
macro_rules! is_told {
    () => {
        "(NOT s.hmac OR s.scope IN ('number','email'))"
    };
}

/// SQL: origins as they are told outside.
macro_rules! told {
    ($behind:literal) => {
        concat!(
            "SELECT o.id, s.scope, s.subject, o.ways, o.kind, o.said_at, o.withdrawn_at, o.withdrawal, p.email, p.mobile \
             FROM suppression_origin o JOIN suppression s ON s.id = o.suppression_id \
             LEFT JOIN person p ON s.scope = 'person' AND p.id = ",
            subject_id!(),
            " WHERE ",
            is_told!(),
            " AND ",
            $behind
        )
    };
}

/// Origins behind an id, in order of ids.
pub(in crate::consent) fn origins_after(
    conn: &mut Conn,
    id: i64,
    limit: i64,
) -> QueryResult<Vec<Row>> {
    Statement::<RowTypes>::fixed(told!("o.id > ? ORDER BY o.id LIMIT ?"))
        .bind(id)
        .bind(limit)
        .load(conn)
}

/// Origins that were withdrawn behind a place, in the order in which they were: when, and which id.
pub(in crate::consent) fn withdrawn_after(
    conn: &mut Conn,
    (at, id): (NaiveDateTime, i64),
    limit: i64,
) -> QueryResult<Vec<Row>> {
    Statement::<RowTypes>::fixed(told!(
        "o.withdrawn_at IS NOT NULL AND (o.withdrawn_at, o.id) > (?, ?) ORDER BY o.withdrawn_at, o.id LIMIT ?"
    ))
    .bind(at)
    .bind(id)
    .bind(limit)
    .load(conn)
}

/// How many of them were withdrawn at a moment or later.
pub(in crate::consent) fn count_withdrawn(
    conn: &mut Conn,
    since: NaiveDateTime,
) -> QueryResult<i64> {
    Statement::<BigInt>::fixed(concat!(
        "SELECT count(*) FROM suppression_origin o JOIN suppression s ON s.id = o.suppression_id WHERE ",
        is_told!(),
        " AND o.withdrawn_at IS NOT NULL AND o.withdrawn_at >= ?",
    ))
    .bind(since)
    .get_result(conn)
}

/// The last origin's id; 0 without one.
pub(in crate::consent) fn last_origin(conn: &mut Conn) -> QueryResult<i64> {
    Statement::<(BigInt,)>::fixed("SELECT coalesce(max(id), 0) FROM suppression_origin")
        .get_result::<(i64,)>(conn)
        .map(|(id,)| id)
}

/// The ways of the same refusal as it stands on the list, live or withdrawn.
pub(in crate::consent) fn ways_of_origins(
    conn: &mut Conn,
    key: i64,
    kind: &str,
    said_at: NaiveDateTime,
) -> QueryResult<Vec<i32>> {
    Statement::<Integer>::fixed(
        "SELECT o.ways FROM suppression_origin o JOIN suppression s ON s.id = o.suppression_id \
         WHERE s.subject_key = ? AND o.kind = ? AND o.said_at = ?",
    )
    .bind(key)
    .bind(kind)
    .bind(said_at)
    .load(conn)
}

pub(in crate::consent) fn has_person(conn: &mut Conn, id: i64) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(person::table.find(id))).get_result(conn)
}

pub(in crate::consent) fn has_company(conn: &mut Conn, id: i64) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(company::table.find(id))).get_result(conn)
}
