//! What may still be committed behind what is read already: on PostgreSQL an id that was given out earlier can become
//! visible later than a higher one.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::conn::Conn;
use super::statement::Statement;

/// Where the transactions of PostgreSQL are, by their own numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// Everything that began to write before this one has ended.
    pub oldest: i64,
    /// The next to begin.
    pub next: i64,
}

/// The horizon now; none on SQLite, where one writes after the other.
pub fn horizon(conn: &mut Conn) -> QueryResult<Option<Horizon>> {
    if let Conn::Sqlite(_) = conn {
        return Ok(None);
    }
    let (oldest, next) = Statement::<(BigInt, BigInt)>::fixed(
        "SELECT txid_snapshot_xmin(txid_current_snapshot()), txid_snapshot_xmax(txid_current_snapshot())",
    )
    .get_result::<(i64, i64)>(conn)?;
    Ok(Some(Horizon { oldest, next }))
}
