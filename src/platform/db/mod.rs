//! The two doors to the database: [`Db::read`] and [`Db::write`], and what stands behind them.
//!
//! SQLite has one writer thread that takes writes in the order they came and commits what waits in groups;
//! readers come from a small pool. PostgreSQL has one pool for both. Everything above sees only [`Conn`].

mod among;
mod conn;
mod horizon;
mod lock;
mod migrate;
mod pg;
mod pg_tls;
mod place;
mod statement;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub use among::{Among, among};
pub use conn::{Both, Conn, MultiBackend, columns, in_savepoint, in_transaction, overwriting};
pub use horizon::{Horizon, horizon};
pub use lock::DataLock;
pub use migrate::migrations;
pub use place::data_here;
pub use statement::{Statement, Value};

use conn::Manager;
use writer::Writer;

/// The database could not be reached, or the write was given up before it began; nothing was changed.
#[derive(Debug, thiserror::Error)]
#[error("the database cannot be reached: {0}")]
pub struct Unavailable(pub String);

/// Which of the two databases this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The SQLite file inside the data directory.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// Where the data lives: `postgres://…` or the path of a SQLite file.
#[derive(Clone)]
pub struct Target {
    url: String,
    data: PathBuf,
}

/// Without the address, which may carry a password.
impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Target").field(&self.backend()).finish()
    }
}

impl Target {
    /// Takes `--database` where given, else the SQLite file of the data directory.
    pub fn new(data: &Path, database: Option<&str>) -> Self {
        let url = match database {
            Some(url) => url.trim_start_matches("sqlite://").to_owned(),
            None => data.join("canvass.sqlite").to_string_lossy().into_owned(),
        };
        Self {
            url,
            data: data.to_owned(),
        }
    }

    /// Which database the address names.
    pub fn backend(&self) -> Backend {
        if self.url.starts_with("postgres://") || self.url.starts_with("postgresql://") {
            Backend::Postgres
        } else {
            Backend::Sqlite
        }
    }

    /// The data directory.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The SQLite file.
    pub fn file(&self) -> PathBuf {
        PathBuf::from(&self.url)
    }
}

/// Readers and the writer of one database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    backend: Backend,
    data: Arc<Path>,
    readers: r2d2::Pool<Manager>,
    writer: Writer,
    /// Held as long as this process may write at will (SQLite only).
    lock: Option<DataLock>,
}

use diesel::r2d2;

/// Longest wait for a connection of the pool.
const POOL_WAIT: Duration = Duration::from_secs(10);
/// Connections to PostgreSQL: more than cores, since most of a flow is waiting for round trips.
const POSTGRES_POOL: u32 = 12;

impl Db {
    /// Opens the database and brings it to the newest schema.
    ///
    /// On SQLite the first process takes the lock and owns the writer; a later one gets short writes of its own
    /// ([`Db::is_owner`] is false) and leaves long work to the owner.
    pub fn open(target: &Target) -> anyhow::Result<Self> {
        let backend = target.backend();
        let lock = match backend {
            Backend::Sqlite => {
                if let Some(folder) = target.file().parent().filter(|f| !f.as_os_str().is_empty()) {
                    std::fs::create_dir_all(folder)?;
                }
                DataLock::try_take(&target.file())?
            }
            Backend::Postgres => None,
        };
        let mut first = conn::connect(&target.url)?;
        migrate::migrate(&mut first, lock.is_some())?;
        let writer = match backend {
            Backend::Postgres => Writer::Pool,
            Backend::Sqlite if lock.is_some() => Writer::thread(first, &target.url)?,
            Backend::Sqlite => Writer::guest(first),
        };
        let size = match backend {
            Backend::Sqlite => {
                std::thread::available_parallelism().map_or(4, |n| n.get() as u32 + 2)
            }
            Backend::Postgres => POSTGRES_POOL,
        };
        let readers = r2d2::Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .connection_timeout(POOL_WAIT)
            .test_on_check_out(false)
            .build(Manager::new(&target.url))?;
        Ok(Self {
            inner: Arc::new(Inner {
                backend,
                data: Arc::from(target.data.as_path()),
                readers,
                writer,
                lock,
            }),
        })
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        self.inner.backend
    }

    /// The data directory of this process: keys and what else belongs to no database.
    pub fn data(&self) -> &Path {
        &self.inner.data
    }

    /// Whether this process may do long work: always on PostgreSQL; on SQLite only the holder of the lock.
    pub fn is_owner(&self) -> bool {
        self.inner.backend == Backend::Postgres || self.inner.lock.is_some()
    }

    /// How many writes wait behind the one that runs; long work makes smaller chunks while this is not 0.
    pub fn waiting_writes(&self) -> usize {
        self.inner.writer.waiting()
    }

    /// Runs queries that change nothing, on this thread.
    pub fn read_blocking<T, E>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
    where
        E: From<Unavailable>,
    {
        let mut conn = self.connection()?;
        place::at(&self.inner.data, || work(&mut conn))
    }

    fn connection(&self) -> Result<r2d2::PooledConnection<Manager>, Unavailable> {
        let found = self.inner.readers.get();
        found.map_err(|e| Unavailable(e.to_string()))
    }

    /// [`Db::read_blocking`] of one moment: what others write meanwhile is not seen.
    pub fn snapshot_blocking<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<Unavailable> + From<diesel::result::Error>,
    {
        self.read_blocking(|conn| conn::in_snapshot(conn, work))
    }

    /// Runs one write transaction and waits until it is durable. An `Err` of `work` rolls all of it back.
    pub fn write_blocking<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Unavailable> + From<diesel::result::Error> + Send + 'static,
    {
        let data = self.inner.data.clone();
        let work = move |conn: &mut Conn| place::at(&data, || work(conn));
        match &self.inner.writer {
            Writer::Pool => in_transaction(&mut *self.connection()?, work),
            writer => writer.run(work),
        }
    }

    /// [`Db::read_blocking`] off the async threads.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Unavailable> + Send + 'static,
    {
        let db = self.clone();
        actix_web::web::block(move || db.read_blocking(work))
            .await
            .unwrap_or_else(|e| Err(Unavailable(e.to_string()).into()))
    }

    /// [`Db::write_blocking`] off the async threads.
    pub async fn write<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Unavailable> + From<diesel::result::Error> + Send + 'static,
    {
        let db = self.clone();
        actix_web::web::block(move || db.write_blocking(work))
            .await
            .unwrap_or_else(|e| Err(Unavailable(e.to_string()).into()))
    }
}

/// Runs one query expression against the inner connection, compiled once per database.
/// Needed where the derived backend cannot carry the query: batch inserts above all.
#[macro_export]
macro_rules! on_each {
    ($conn:ident => $query:expr) => {
        match $conn {
            $crate::platform::db::Conn::Postgres($conn) => $query,
            $crate::platform::db::Conn::Sqlite($conn) => $query,
        }
    };
}

/// The most rows one batch insert of `columns` columns may carry (SQLite allows 32,766 binds a statement).
pub fn rows_per_insert(columns: usize) -> usize {
    32_000 / columns.max(1)
}

/// Rows of one statement, in a few sizes: each text is parsed once for a connection, where one of any size would be
/// parsed at every call, which takes longer than the writing.
const FEW_SIZES: [usize; 5] = [256, 64, 16, 4, 1];

/// The rows in parts of a few sizes, in their order; see [`Statement::one_of_few`].
pub fn in_few_sizes<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = FEW_SIZES.into_iter().find(|size| *size <= rows.len())?;
        let (part, rest) = rows.split_at(size);
        rows = rest;
        Some(part)
    })
}

/// `VALUES` of so many rows, each written like `(?, ?)`. Both databases call their columns `column1` and so on.
pub fn values_of(row: &str, rows: usize) -> String {
    format!("VALUES {}", vec![row; rows].join(", "))
}

/// Most keys asked for in one statement.
pub const KEYS: usize = 8_000;

/// Loads by keys in as many statements as the databases need.
pub fn by_keys<K, T>(
    keys: &[K],
    mut ask: impl FnMut(&[K]) -> diesel::QueryResult<Vec<T>>,
) -> diesel::QueryResult<Vec<T>> {
    let mut found = Vec::new();
    for part in keys.chunks(KEYS) {
        found.append(&mut ask(part)?);
    }
    Ok(found)
}

/// A SQLite file at the schema that `last` was the newest migration of: for an archive that has to grow to today's.
pub fn open_former(file: &Path, last: &str) -> anyhow::Result<Conn> {
    let mut conn = conn::connect(&file.to_string_lossy())?;
    migrate::up_to(&mut conn, last)?;
    Ok(conn)
}

/// Brings what stands in the write-ahead log into the SQLite file itself, so that the file alone is the database.
pub fn fold_log(file: &Path) -> anyhow::Result<()> {
    use diesel::connection::SimpleConnection;
    let mut conn = conn::connect(&file.to_string_lossy())?;
    if let Conn::Sqlite(inner) = &mut conn {
        inner.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?;
        inner.batch_execute("PRAGMA journal_mode = DELETE")?;
    }
    Ok(())
}

/// One connection outside the doors, for tests and for what cannot run in a transaction (`VACUUM`, making a database).
pub fn connect_bare(url: &str) -> anyhow::Result<Conn> {
    conn::connect(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_in_parts_of_few_sizes_and_in_their_order() {
        let rows: Vec<u32> = (0..405).collect();
        let parts: Vec<&[u32]> = in_few_sizes(&rows).collect();
        let sizes: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        assert_eq!(sizes, [256, 64, 64, 16, 4, 1]);
        assert_eq!(parts.concat(), rows);
        assert_eq!(in_few_sizes::<u32>(&[]).count(), 0);
        assert_eq!(values_of("(?, ?)", 2), "VALUES (?, ?), (?, ?)");
    }
}
