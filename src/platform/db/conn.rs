//! One connection type for both databases, and transactions on it.

use std::num::NonZeroU32;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::r2d2;
use diesel::sqlite::Sqlite;

use super::pg::PurePg;

/// A connection to either database; one query text serves both.
#[derive(diesel::MultiConnection)]
#[allow(clippy::large_enum_variant)] // a handful of connections live as long as the process
pub enum Conn {
    /// PostgreSQL, without libpq.
    Postgres(PurePg),
    /// The bundled SQLite.
    Sqlite(SqliteConnection),
}

/// Sent one by one: `journal_mode` answers with a row, and a driver that stops there would leave the rest unset.
const SQLITE_PRAGMAS: [&str; 6] = [
    "PRAGMA busy_timeout = 10000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA journal_size_limit = 268435456",
];

/// Times are UTC by rule, bit expressions are misjudged by the parallel planner (a filter took 4 times as long),
/// and a generic plan that loses a partial index is never worth the planning it saves.
const POSTGRES_SETTINGS: &str = "SET TIME ZONE 'UTC'; SET max_parallel_workers_per_gather = 0; \
     SET client_min_messages = warning; SET jit = off";

#[derive(diesel::QueryableByName)]
struct Flag {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    foreign_keys: i32,
}

/// Opens one connection with the settings that every query relies on.
pub(super) fn connect(url: &str) -> anyhow::Result<Conn> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let mut conn = PurePg::establish(url)?;
        conn.batch_execute(POSTGRES_SETTINGS)?;
        return Ok(Conn::Postgres(conn));
    }
    let mut conn = SqliteConnection::establish(url)?;
    for pragma in SQLITE_PRAGMAS {
        conn.batch_execute(pragma)?;
    }
    let on = diesel::sql_query("PRAGMA foreign_keys").get_result::<Flag>(&mut conn)?;
    anyhow::ensure!(
        on.foreign_keys == 1,
        "SQLite did not switch foreign keys on"
    );
    Ok(Conn::Sqlite(conn))
}

/// Makes connections for the pool.
pub(super) struct Manager {
    url: String,
}

impl Manager {
    pub(super) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
        }
    }
}

impl r2d2::ManageConnection for Manager {
    type Connection = Conn;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Conn, r2d2::Error> {
        connect(&self.url).map_err(|e| {
            r2d2::Error::ConnectionError(ConnectionError::BadConnection(format!("{e:#}")))
        })
    }
    fn is_valid(&self, conn: &mut Conn) -> Result<(), r2d2::Error> {
        use diesel::r2d2::R2D2Connection;
        conn.ping().map_err(r2d2::Error::QueryError)
    }
    fn has_broken(&self, conn: &mut Conn) -> bool {
        use diesel::r2d2::R2D2Connection;
        conn.is_broken()
    }
}

type Transactions = <Conn as Connection>::TransactionManager;

/// Begins the outermost transaction. On SQLite the write lock is taken at once, so that a read followed by a
/// write never fails half-way with "busy".
pub(super) fn begin(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(inner) => {
            AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN IMMEDIATE")
        }
        Conn::Postgres(_) => Transactions::begin_transaction(conn),
    }
}

pub(super) fn commit(conn: &mut Conn) -> QueryResult<()> {
    Transactions::commit_transaction(conn)
}

pub(super) fn rollback(conn: &mut Conn) -> QueryResult<()> {
    Transactions::rollback_transaction(conn)
}

/// How many transactions are open, one in the other.
pub(super) fn depth(conn: &mut Conn) -> u32 {
    let status = Transactions::transaction_manager_status_mut(conn);
    let depth = status.transaction_depth().ok().flatten();
    depth.map_or(0, NonZeroU32::get)
}

/// Takes back what was begun beyond `depth`: after a panic nobody has ended it.
pub(super) fn take_back(conn: &mut Conn, depth: u32) -> QueryResult<()> {
    while self::depth(conn) > depth {
        rollback(conn)?;
    }
    Ok(())
}

/// Runs queries that change nothing in a transaction of their own, which sees the data of its first moment.
pub(super) fn in_snapshot<T, E: From<diesel::result::Error>>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    match conn {
        Conn::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN")?,
        Conn::Postgres(_) => Transactions::begin_transaction(conn)?,
    }
    end(conn, |conn| {
        if let Conn::Postgres(inner) = conn {
            inner.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        }
        work(conn)
    })
}

/// Runs `work` in a transaction, or in a savepoint where one is open already.
pub fn in_transaction<T, E: From<diesel::result::Error>>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    let nested = Transactions::transaction_manager_status_mut(conn)
        .transaction_depth()?
        .is_some();
    if nested {
        Transactions::begin_transaction(conn)?;
    } else {
        begin(conn)?;
    }
    end(conn, work)
}

/// Runs `work` so that SQLite overwrites what it deletes, where it would otherwise leave the bytes in the file until
/// something else takes their place.
pub fn overwriting<T, E: From<diesel::result::Error>>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    let set = |conn: &mut Conn, on: &str| match conn {
        Conn::Sqlite(inner) => inner.batch_execute(&format!("PRAGMA secure_delete = {on}")),
        Conn::Postgres(_) => Ok(()),
    };
    set(conn, "ON")?;
    let done = work(conn);
    set(conn, "OFF")?;
    done
}

/// Runs `work` inside a transaction so that it can be taken back alone. The savepoint of [`in_transaction`] does the
/// same; this one ends with the transaction, which spares a round trip.
pub fn in_savepoint<T, E: From<diesel::result::Error>>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    conn.batch_execute("SAVEPOINT apart")?;
    let done = work(conn);
    if done.is_err()
        && let Err(second) = conn.batch_execute("ROLLBACK TO SAVEPOINT apart")
    {
        tracing::warn!("roll-back to a savepoint failed: {second}");
    }
    done
}

/// Runs `work` in the transaction that was begun, and ends it.
fn end<T, E: From<diesel::result::Error>>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    match work(conn) {
        Ok(value) => {
            commit(conn)?;
            Ok(value)
        }
        Err(error) => {
            // The first error is the one to tell; a lost connection makes the roll-back fail as well.
            if let Err(second) = rollback(conn) {
                tracing::warn!("roll-back failed: {second}");
            }
            Err(error)
        }
    }
}

/// Lets any query that is valid on each database alone run on [`Conn`],
/// chiefly `ON CONFLICT`, which the derived backend does not declare.
#[derive(Debug, Clone, Copy)]
pub struct Both<Q>(pub Q);

impl<Q: QueryFragment<Pg> + QueryFragment<Sqlite>> QueryFragment<MultiBackend> for Both<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}
impl<Q: QueryId> QueryId for Both<Q> {
    type QueryId = Q::QueryId;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}
impl<Q: Query> Query for Both<Q> {
    type SqlType = Q::SqlType;
}
impl<Q> RunQueryDsl<Conn> for Both<Q> {}

/// The column list of a model, for `.returning(..)`: `as_returning()` does not compile on [`Conn`].
pub fn columns<T: Selectable<MultiBackend>>() -> T::SelectExpression {
    T::construct_selection()
}
