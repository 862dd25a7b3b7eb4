//! Locks over the registry. On PostgreSQL advisory locks that end with the transaction; on SQLite the one writer is
//! the lock.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt};

use crate::platform::db::Conn;

/// Whatever may create a company or a person looks and writes under this one.
const REGISTRY: i64 = 0x6361_6e01;
/// Held shared by what writes a lease lock or a "once per …" row, exclusively by merge and unmerge.
pub(crate) const MERGE: i64 = 0x6361_6e02;

fn advisory(conn: &mut Conn, function: &'static str, key: i64) -> QueryResult<()> {
    if let Conn::Postgres(_) = conn {
        diesel::sql_query(function)
            .bind::<BigInt, _>(key)
            .execute(conn)?;
    }
    Ok(())
}

/// Before anything that may create a company or a person: nobody else creates until this transaction ends.
pub fn registry(conn: &mut Conn) -> QueryResult<()> {
    advisory(conn, "SELECT pg_advisory_xact_lock($1)", REGISTRY)
}

/// Before reading a group and locking or counting it: no merge comes in between.
pub fn shared(conn: &mut Conn) -> QueryResult<()> {
    advisory(conn, "SELECT pg_advisory_xact_lock_shared($1)", MERGE)
}

/// Before a merge or an unmerge.
pub fn exclusive(conn: &mut Conn) -> QueryResult<()> {
    advisory(conn, "SELECT pg_advisory_xact_lock($1)", MERGE)
}

/// Companies that are about to be folded, always in the order of their ids, so that two folds never wait for each other.
pub(crate) fn companies(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    rows(
        conn,
        "SELECT 1 FROM company WHERE id = ANY($1) ORDER BY id FOR UPDATE",
        ids,
    )
}

/// Persons that are about to be folded, after the companies.
pub(crate) fn persons(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    rows(
        conn,
        "SELECT 1 FROM person WHERE id = ANY($1) ORDER BY id FOR UPDATE",
        ids,
    )
}

fn rows(conn: &mut Conn, text: &'static str, ids: &[i64]) -> QueryResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    if let Conn::Postgres(inner) = conn {
        diesel::sql_query(text)
            .bind::<Array<BigInt>, _>(ids)
            .execute(inner)?;
    }
    Ok(())
}
