//! SQL over any table: its columns, its rows as JSON, and rows from JSON.

use diesel::connection::{DefaultLoadingMode, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use super::{Column, Kind, Table};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};

/// Rows that a PostgreSQL cursor hands over at once.
const FETCH: usize = 2_000;

#[derive(QueryableByName)]
struct Described {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// A table as it is today, without what the database makes of other columns (SQLite does not name those).
pub(super) fn describe(conn: &mut Conn, name: &str) -> AppResult<Table> {
    let text = match conn {
        Conn::Sqlite(_) => {
            format!("SELECT name, type AS kind FROM pragma_table_info('{name}') ORDER BY cid")
        }
        Conn::Postgres(_) => format!(
            "SELECT CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS kind FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = '{name}' AND is_generated = 'NEVER' ORDER BY ordinal_position"
        ),
    };
    let described: Vec<Described> = sql_query(text).load(conn)?;
    let columns = described.into_iter().map(|column| {
        let kind = kind_of(&column.kind).ok_or_else(|| {
            AppError::Internal(anyhow::anyhow!(
                "{name}.{}: no way to carry {}",
                column.name,
                column.kind
            ))
        })?;
        Ok(Column {
            name: column.name,
            kind,
        })
    });
    Ok(Table {
        name: name.to_owned(),
        columns: columns.collect::<AppResult<_>>()?,
    })
}

fn kind_of(declared: &str) -> Option<Kind> {
    let declared = declared.to_ascii_lowercase();
    Some(
        match declared.split([' ', '(']).next().unwrap_or_default() {
            "bigint" | "integer" | "smallint" => Kind::Number,
            "text" => Kind::Text,
            "boolean" => Kind::Flag,
            "timestamp" => Kind::Time,
            "date" => Kind::Day,
            "blob" | "bytea" => Kind::Bytes,
            _ => return None,
        },
    )
}

/// Every row of a table as one JSON array of its columns.
pub(super) fn each_row(
    conn: &mut Conn,
    table: &Table,
    mut take: impl FnMut(&str) -> AppResult<()>,
) -> AppResult<()> {
    match conn {
        Conn::Sqlite(inner) => {
            let rows = sql_query(select(table, "json_array", sqlite_value));
            for row in rows.load_iter::<Line, DefaultLoadingMode>(inner)? {
                take(&row?.line)?;
            }
        }
        Conn::Postgres(inner) => {
            let text = select(table, "json_build_array", postgres_value);
            inner.batch_execute(&format!("DECLARE archive NO SCROLL CURSOR FOR {text}"))?;
            loop {
                let rows = sql_query(format!("FETCH {FETCH} FROM archive"));
                let lines: Vec<Line> = rows.load(inner)?;
                if lines.is_empty() {
                    break;
                }
                for line in lines {
                    take(&line.line)?;
                }
            }
            inner.batch_execute("CLOSE archive")?;
        }
    }
    Ok(())
}

fn select(table: &Table, array: &str, value: fn(&Column) -> String) -> String {
    let values: Vec<String> = table.columns.iter().map(value).collect();
    let values = values.join(", ");
    format!(
        "SELECT CAST({array}({values}) AS TEXT) AS line FROM \"{}\"",
        table.name
    )
}

/// SQLite holds instants and days as text and flags as numbers already; only bytes have no place in JSON.
fn sqlite_value(column: &Column) -> String {
    let name = &column.name;
    match column.kind {
        Kind::Bytes => format!("iif(\"{name}\" IS NULL, NULL, hex(\"{name}\"))"),
        _ => format!("\"{name}\""),
    }
}

/// An instant is written with the digits that SQLite would hold: none, three or six behind the second.
fn postgres_value(column: &Column) -> String {
    let name = format!("\"{}\"", column.name);
    match column.kind {
        Kind::Number | Kind::Text => name,
        Kind::Flag => format!("CAST({name} AS INTEGER)"),
        Kind::Day => format!("to_char({name}, 'YYYY-MM-DD')"),
        Kind::Bytes => format!("upper(encode({name}, 'hex'))"),
        Kind::Time => format!(
            "to_char({name}, CASE WHEN {name} = date_trunc('second', {name}) THEN 'YYYY-MM-DD HH24:MI:SS' \
             WHEN {name} = date_trunc('milliseconds', {name}) THEN 'YYYY-MM-DD HH24:MI:SS.MS' ELSE 'YYYY-MM-DD HH24:MI:SS.US' END)"
        ),
    }
}

/// Writes rows: `rows` is a JSON array of arrays, each with the columns of `table`.
pub(super) fn insert(conn: &mut Conn, table: &Table, rows: &str) -> AppResult<()> {
    let names: Vec<String> = table
        .columns
        .iter()
        .map(|c| format!("\"{}\"", c.name))
        .collect();
    let values: Vec<String> = table
        .columns
        .iter()
        .enumerate()
        .map(|(n, column)| match conn {
            Conn::Sqlite(_) => from_json_sqlite(n, column.kind),
            Conn::Postgres(_) => from_json_postgres(n, column.kind),
        })
        .collect();
    let source = match conn {
        Conn::Sqlite(_) => "json_each(?) AS r",
        Conn::Postgres(_) => "jsonb_array_elements(CAST($1 AS jsonb)) AS r(value)",
    };
    let text = format!(
        "INSERT INTO \"{}\" ({}) SELECT {} FROM {source}",
        table.name,
        names.join(", "),
        values.join(", ")
    );
    sql_query(text).bind::<Text, _>(rows).execute(conn)?;
    Ok(())
}

fn from_json_sqlite(n: usize, kind: Kind) -> String {
    match kind {
        Kind::Bytes => format!("unhex(r.value ->> {n})"),
        _ => format!("r.value ->> {n}"),
    }
}

fn from_json_postgres(n: usize, kind: Kind) -> String {
    match kind {
        Kind::Number => format!("CAST(r.value ->> {n} AS BIGINT)"),
        Kind::Text => format!("r.value ->> {n}"),
        Kind::Flag => format!("CAST(CAST(r.value ->> {n} AS INTEGER) AS BOOLEAN)"),
        Kind::Time => format!("CAST(r.value ->> {n} AS TIMESTAMP)"),
        Kind::Day => format!("CAST(r.value ->> {n} AS DATE)"),
        Kind::Bytes => format!("decode(r.value ->> {n}, 'hex')"),
    }
}

/// Takes everything out of the tables.
pub(super) fn empty(conn: &mut Conn, tables: &[&str]) -> AppResult<()> {
    let names: Vec<String> = tables.iter().map(|name| format!("\"{name}\"")).collect();
    match conn {
        Conn::Postgres(inner) => inner.batch_execute(&format!("TRUNCATE {}", names.join(", ")))?,
        Conn::Sqlite(inner) => {
            for name in names.iter().rev() {
                inner.batch_execute(&format!("DELETE FROM {name}"))?;
            }
        }
    }
    Ok(())
}

/// Ids that PostgreSQL gives next follow those that came in; SQLite sees to that by itself.
pub(super) fn follow_ids(conn: &mut Conn, table: &Table) -> AppResult<()> {
    let Conn::Postgres(inner) = conn else {
        return Ok(());
    };
    let name = &table.name;
    inner.batch_execute(&format!(
        "DO $$ DECLARE s TEXT; n BIGINT; BEGIN \
           IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = '{name}' AND is_identity = 'YES') THEN \
             s := pg_get_serial_sequence('{name}', 'id'); \
             EXECUTE 'SELECT max(id) FROM \"{name}\"' INTO n; \
             IF n IS NOT NULL THEN PERFORM setval(s, n); END IF; \
           END IF; END $$"
    ))?;
    Ok(())
}

/// The migrations that have run, in order; each its own name.
pub(super) fn migrations(conn: &mut Conn) -> AppResult<Vec<String>> {
    let rows: Vec<Line> =
        sql_query("SELECT version AS line FROM __diesel_schema_migrations ORDER BY version")
            .load(conn)?;
    Ok(rows.into_iter().map(|row| row.line).collect())
}

/// Whether a table is there: one that a later migration makes is not, in a database of its former schema.
pub(super) fn is_there(conn: &mut Conn, table: &str) -> AppResult<bool> {
    let text = match conn {
        Conn::Sqlite(_) => format!(
            "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name = '{table}'"
        ),
        Conn::Postgres(_) => format!(
            "SELECT count(*) AS n FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = '{table}'"
        ),
    };
    let count: Count = sql_query(text).get_result(conn)?;
    Ok(count.n > 0)
}
