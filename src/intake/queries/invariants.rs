//! SQL for what must hold of imports.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::platform::check::Depth;
use crate::platform::db::{Conn, Statement};
use crate::schema::{batch, raw_chunk};

/// Chunks of rows that a sample looks at in each import, from its end.
const SAMPLE: i64 = 4;

/// Every import with its state.
pub(crate) fn states(conn: &mut Conn) -> QueryResult<Vec<(i64, String)>> {
    batch::table
        .select((batch::id, batch::state))
        .order(batch::id)
        .load(conn)
}

/// Every import with its state and figures.
pub(crate) fn figures(conn: &mut Conn) -> QueryResult<Vec<(i64, String, Option<String>)>> {
    batch::table
        .select((batch::id, batch::state, batch::figures))
        .order(batch::id)
        .load(conn)
}

/// Sheet and first row of the chunks of an import.
pub(crate) fn chunks_of(
    conn: &mut Conn,
    batch_id: i64,
    depth: Depth,
) -> QueryResult<Vec<(i32, i32)>> {
    let limit = match depth {
        Depth::Sample => SAMPLE,
        Depth::All => i64::MAX,
    };
    raw_chunk::table
        .filter(raw_chunk::batch_id.eq(batch_id))
        .select((raw_chunk::sheet_no, raw_chunk::first_row))
        .order((raw_chunk::sheet_no.desc(), raw_chunk::first_row.desc()))
        .limit(limit)
        .load(conn)
}

/// Lines that are kept of each import.
pub(crate) fn lines(conn: &mut Conn) -> QueryResult<Vec<(i64, i64)>> {
    Statement::<(BigInt, BigInt)>::fixed(
        "SELECT batch_id, CAST(sum(rows) AS BIGINT) FROM raw_chunk GROUP BY batch_id",
    )
    .load(conn)
}

/// Rows of each import that a record carries, its own ones and those that an earlier import brought.
pub(crate) fn rows_placed(conn: &mut Conn) -> QueryResult<Vec<(i64, i64)>> {
    Statement::<(BigInt, BigInt)>::fixed(
        "SELECT batch_id, CAST(sum(n) AS BIGINT) FROM (\
         SELECT batch_id, count(*) AS n FROM record WHERE batch_id IS NOT NULL GROUP BY batch_id \
         UNION ALL SELECT batch_id, count(*) AS n FROM record_batch GROUP BY batch_id) AS counted GROUP BY batch_id",
    )
    .load(conn)
}
