//! SQL of somebody who gets a letter, to look at it as they do.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::platform::db::{Conn, Statement};

/// Somebody who gets a letter of a mailing.
#[derive(Debug, Clone, Queryable)]
pub(in crate::outreach) struct ReaderRow {
    pub delivery_id: i64,
    pub person_id: i64,
    pub name: Option<String>,
    pub name_en: Option<String>,
    pub language: Option<String>,
    pub reason: Option<String>,
}

/// Those who get a letter, from a delivery on.
pub(in crate::outreach) fn readers(
    conn: &mut Conn,
    mailing_id: i64,
    from: i64,
    most: i64,
) -> QueryResult<Vec<ReaderRow>> {
    Statement::<(
        BigInt,
        BigInt,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Text>,
    )>::fixed(
        "SELECT d.id, d.person_id, p.name, p.name_en, d.language, d.reason FROM delivery d JOIN person p ON p.id = d.person_id \
         WHERE d.mailing_id = ? AND d.id >= ? AND d.state IN ('queued', 'claimed', 'on_wire', 'sent', 'unknown') ORDER BY d.id LIMIT ?",
    )
    .bind(mailing_id)
    .bind(from)
    .bind(most)
    .load(conn)
}
