//! Ids are drawn before rows are written, so that a chunk knows them all and needs one insert a table.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::platform::db::Conn;

#[derive(QueryableByName)]
struct Drawn {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// `n` ids of `table` that nobody has had and nobody will get.
pub(crate) fn draw(conn: &mut Conn, table: &'static str, n: usize) -> QueryResult<Vec<i64>> {
    if n == 0 {
        return Ok(Vec::new());
    }
    let wanted = i64::try_from(n).unwrap_or(i64::MAX);
    match conn {
        Conn::Postgres(_) => {
            let ids = diesel::sql_query(
                "SELECT nextval(pg_get_serial_sequence($1, 'id')) AS id FROM generate_series(1, $2)",
            )
            .bind::<Text, _>(table)
            .bind::<BigInt, _>(wanted)
            .load::<Drawn>(conn)?;
            Ok(ids.into_iter().map(|drawn| drawn.id).collect())
        }
        Conn::Sqlite(_) => {
            // AUTOINCREMENT goes on from what stands here, and only the writer is here.
            let moved =
                diesel::sql_query("UPDATE sqlite_sequence SET seq = seq + $1 WHERE name = $2")
                    .bind::<BigInt, _>(wanted)
                    .bind::<Text, _>(table)
                    .execute(conn)?;
            if moved == 0 {
                diesel::sql_query("INSERT INTO sqlite_sequence (seq, name) VALUES ($1, $2)")
                    .bind::<BigInt, _>(wanted)
                    .bind::<Text, _>(table)
                    .execute(conn)?;
            }
            let last = diesel::sql_query("SELECT seq AS id FROM sqlite_sequence WHERE name = $1")
                .bind::<Text, _>(table)
                .get_result::<Drawn>(conn)?
                .id;
            Ok((last - wanted + 1..=last).collect())
        }
    }
}
