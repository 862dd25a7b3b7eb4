//! What makes bulk loading quick on each database: no care for a power cut, indexes made at the end.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::platform::db::Conn;

/// Nothing here has to survive a power cut.
pub(super) fn begin_bulk(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Postgres(conn) => {
            conn.batch_execute("SET synchronous_commit = off; SET maintenance_work_mem = '256MB'")
        }
        Conn::Sqlite(conn) => {
            for pragma in [
                "PRAGMA synchronous = OFF",
                "PRAGMA foreign_keys = OFF",
                "PRAGMA cache_size = -200000",
            ] {
                conn.batch_execute(pragma)?;
            }
            Ok(())
        }
    }
}

#[derive(QueryableByName)]
struct Index {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    text: String,
}

/// Drops the indexes of the big tables. Answers the statements that make them again.
pub(super) fn drop_indexes(conn: &mut Conn) -> QueryResult<Vec<String>> {
    const TABLES: &str = "('company', 'person', 'contact', 'contact_point', 'record', 'search')";
    let found: Vec<Index> = match conn {
        Conn::Sqlite(_) => diesel::sql_query(format!(
            "SELECT name, sql AS text FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN {TABLES}"
        ))
        .load(conn)?,
        Conn::Postgres(_) => diesel::sql_query(format!(
            "SELECT CAST(indexname AS TEXT) AS name, indexdef AS text FROM pg_indexes \
             WHERE schemaname = current_schema() AND tablename IN {TABLES} AND indexname NOT LIKE '%\\_pkey'"
        ))
        .load(conn)?,
    };
    for index in &found {
        conn.batch_execute(&format!("DROP INDEX {}", index.name))?;
    }
    Ok(found.into_iter().map(|index| index.text).collect())
}

/// Ids were given, so the counters go on behind them (SQLite sees to it by itself).
pub(super) fn settle_ids(conn: &mut Conn) -> QueryResult<()> {
    if let Conn::Postgres(conn) = conn {
        for table in ["company", "person", "contact", "record", "source", "batch"] {
            diesel::sql_query(format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            ))
            .execute(conn)?;
        }
    }
    Ok(())
}
