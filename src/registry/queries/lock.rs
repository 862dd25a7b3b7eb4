//! Locks over the registry. On PostgreSQL advisory locks that end with the transaction; on SQLite the one writer is
//! the lock.

use diesel::prelude::*;

use crate::platform::db::{Conn, Statement, Value};

/// Whatever may create a company or a person looks and writes under this one.
const REGISTRY: i64 = 0x6361_6e01;
/// Held shared by what writes a lease lock or a "once per …" row, exclusively by merge and unmerge.
pub(crate) const MERGE: i64 = 0x6361_6e02;

fn advisory(conn: &mut Conn, function: &'static str, key: i64) -> QueryResult<()> {
    if let Conn::Postgres(_) = conn {
        Statement::<()>::fixed(function).bind(key).execute(conn)?;
    }
    Ok(())
}

/// Before anything that may create a company or a person: nobody else creates until this transaction ends.
pub fn registry(conn: &mut Conn) -> QueryResult<()> {
    advisory(conn, "SELECT pg_advisory_xact_lock(?)", REGISTRY)
}

/// Before reading a group and locking or counting it: no merge comes in between.
pub fn shared(conn: &mut Conn) -> QueryResult<()> {
    advisory(conn, "SELECT pg_advisory_xact_lock_shared(?)", MERGE)
}

/// Before a merge or an unmerge.
pub fn exclusive(conn: &mut Conn) -> QueryResult<()> {
    advisory(conn, "SELECT pg_advisory_xact_lock(?)", MERGE)
}

/// Companies that are about to be folded, always in the order of their ids, so that two folds never wait for each other.
pub(crate) fn companies(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    rows(
        conn,
        "SELECT 1 FROM company WHERE id IN ? ORDER BY id FOR UPDATE",
        ids,
    )
}

/// Persons that are about to be folded, after the companies.
pub(crate) fn persons(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    rows(
        conn,
        "SELECT 1 FROM person WHERE id IN ? ORDER BY id FOR UPDATE",
        ids,
    )
}

fn rows(conn: &mut Conn, text: &'static str, ids: &[i64]) -> QueryResult<()> {
    if let (Conn::Postgres(_), false) = (&conn, ids.is_empty()) {
        Statement::<()>::fixed(text)
            .bind(Value::numbers(ids.iter().copied()))
            .execute(conn)?;
    }
    Ok(())
}
