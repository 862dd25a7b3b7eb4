//! Ids are drawn before rows are written, so that a chunk knows them all and needs one insert a table.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::platform::db::{Conn, Statement};

/// `n` ids of `table` that nobody has had and nobody will get.
pub(crate) fn draw(conn: &mut Conn, table: &'static str, n: usize) -> QueryResult<Vec<i64>> {
    if n == 0 {
        return Ok(Vec::new());
    }
    let wanted = i64::try_from(n).unwrap_or(i64::MAX);
    match conn {
        Conn::Postgres(_) => Statement::<BigInt>::fixed(
            "SELECT nextval(pg_get_serial_sequence(?, 'id')) FROM generate_series(1, ?)",
        )
        .bind(table)
        .bind(wanted)
        .load(conn),
        Conn::Sqlite(_) => {
            let last = moved(conn, table, wanted)?;
            Ok((last - wanted + 1..=last).collect())
        }
    }
}

/// AUTOINCREMENT goes on from what stands in its table, and only the writer is here. Answers the last id drawn.
fn moved(conn: &mut Conn, table: &'static str, wanted: i64) -> QueryResult<i64> {
    let moved = Statement::<BigInt>::fixed(
        "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = ? RETURNING seq",
    )
    .bind(wanted)
    .bind(table)
    .get_result(conn)
    .optional()?;
    if let Some(last) = moved {
        return Ok(last);
    }
    Statement::<()>::fixed("INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)")
        .bind(wanted)
        .bind(table)
        .execute(conn)?;
    Ok(wanted)
}
