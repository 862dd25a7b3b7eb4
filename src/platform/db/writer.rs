//! The one writer of a SQLite database: first come, first served, and what waits is committed together.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;

use super::conn::{self, Conn, in_transaction};
use super::{Backend, Unavailable};

/// Most writes that share one commit.
const GROUP: usize = 64;
/// A group is closed after this long, so that the first in it does not wait for ever.
const GROUP_TIME: Duration = Duration::from_millis(15);
/// The log is carried over to the file when it has grown to this size, by a connection of its own.
const CHECKPOINT_BYTES: u64 = 24 << 20;

/// 64 MB of pages: with SQLite's default of 2 MB a claim at a million companies takes 60 times as long; with 100 an
/// import of a million rows does not stay below 300 MB in all.
const WRITER_PRAGMAS: [&str; 2] = [
    "PRAGMA cache_size = -64000",
    "PRAGMA wal_autocheckpoint = 25000",
];

type Finish = Box<dyn FnOnce(Result<(), String>) + Send>;
type Work = Box<dyn FnOnce(&mut Conn, Place) -> Done + Send>;

/// What a write did.
pub(super) struct Done {
    /// Nothing of it may stay.
    has_failed: bool,
    /// Tells whoever waits, once it is committed.
    finish: Finish,
}

/// Where a write stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// First in its transaction, which can be taken back whole.
    First,
    /// In a savepoint, since others went before it; or in a transaction of its own.
    Apart,
}

#[allow(clippy::large_enum_variant)] // there is one in a process
pub(super) enum Writer {
    /// PostgreSQL: any connection of the pool writes.
    Pool,
    /// SQLite, this process holds the lock.
    Thread {
        work: Sender<Work>,
        waiting: Arc<AtomicUsize>,
    },
    /// SQLite, another process holds the lock: short writes under `busy_timeout`.
    Guest(Mutex<Conn>),
}

impl Writer {
    pub(super) fn thread(mut conn: Conn, file: &str) -> anyhow::Result<Self> {
        if let Conn::Sqlite(inner) = &mut conn {
            for pragma in WRITER_PRAGMAS {
                inner.batch_execute(pragma)?;
            }
        }
        let (work, inbox) = channel::<Work>();
        let waiting = Arc::new(AtomicUsize::new(0));
        let counter = waiting.clone();
        std::thread::Builder::new()
            .name("writer".into())
            .spawn(move || serve(conn, &inbox, &counter))?;
        checkpoints(PathBuf::from(file), Arc::downgrade(&waiting))?;
        Ok(Self::Thread { work, waiting })
    }

    pub(super) fn guest(conn: Conn) -> Self {
        Self::Guest(Mutex::new(conn))
    }

    pub(super) fn waiting(&self) -> usize {
        match self {
            Self::Thread { waiting, .. } => waiting.load(Ordering::Relaxed),
            _ => 0,
        }
    }

    pub(super) fn run<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Unavailable> + From<diesel::result::Error> + Send + 'static,
    {
        match self {
            Self::Thread {
                work: queue,
                waiting,
            } => {
                let (answer, answered) = sync_channel(1);
                let job: Work = Box::new(move |conn, place| {
                    let result = catch_unwind(AssertUnwindSafe(|| match place {
                        Place::First => work(conn),
                        Place::Apart => in_transaction(conn, work),
                    }));
                    let has_failed = !matches!(result, Ok(Ok(_)));
                    let finish = Box::new(move |commit| {
                        let result = match (result, commit) {
                            (Err(_), _) => Err(Unavailable(
                                "the write stopped with a fault; nothing was changed".into(),
                            )
                            .into()),
                            (Ok(Ok(_)), Err(why)) => Err(Unavailable(why).into()),
                            (Ok(result), _) => result,
                        };
                        // Nobody listening any more (client gone) is no fault: the write stands.
                        let _ = answer.send(result);
                    });
                    Done { has_failed, finish }
                });
                waiting.fetch_add(1, Ordering::Relaxed);
                queue
                    .send(job)
                    .map_err(|_| Unavailable("the writer has ended".into()))?;
                answered
                    .recv()
                    .map_err(|_| Unavailable("the writer has ended".into()))?
            }
            Self::Guest(conn) => {
                let mut conn = conn
                    .lock()
                    .map_err(|_| Unavailable("an earlier write failed".into()))?;
                in_transaction(&mut conn, work)
            }
            Self::Pool => {
                Err(Unavailable(format!("{:?} has no single writer", Backend::Postgres)).into())
            }
        }
    }
}

fn serve(mut conn: Conn, inbox: &Receiver<Work>, waiting: &AtomicUsize) {
    while let Ok(first) = inbox.recv() {
        let mut began = conn::begin(&mut conn);
        let started = Instant::now();
        let mut finishes = Vec::new();
        let mut next = Some(first);
        while let Some(job) = next {
            waiting.fetch_sub(1, Ordering::Relaxed);
            // A savepoint keeps a copy of every page that is written in it, and most writes come alone.
            let place = match began.is_ok() && finishes.is_empty() {
                true => Place::First,
                false => Place::Apart,
            };
            let depth = conn::depth(&mut conn);
            let done = job(&mut conn, place);
            finishes.push(done.finish);
            if done.has_failed {
                match place {
                    Place::First => {
                        began = conn::take_back(&mut conn, 0).and_then(|()| conn::begin(&mut conn));
                    }
                    // Where that fails the group is not committed.
                    Place::Apart => drop(conn::take_back(&mut conn, depth)),
                }
            }
            let open = finishes.len() < GROUP && started.elapsed() < GROUP_TIME;
            next = if open { inbox.try_recv().ok() } else { None };
        }
        // Without a common transaction each write had one of its own, and its result is the truth.
        let outcome = match began {
            Ok(()) => {
                let _share = tracing::trace_span!(target: "share", "commit").entered();
                commit(&mut conn)
            }
            Err(_) => Ok(()),
        };
        if let Err(why) = &outcome {
            tracing::error!(
                "a group of {} writes was not committed: {why}",
                finishes.len()
            );
            let _ = conn::take_back(&mut conn, 0);
        }
        for finish in finishes {
            finish(outcome.clone());
        }
    }
}

/// Commits a group. Inside of a write that could not be taken back it would commit nothing, and say that it did.
fn commit(conn: &mut Conn) -> Result<(), String> {
    if conn::depth(conn) > 1 {
        return Err("a write that failed could not be taken back".into());
    }
    conn::commit(conn).map_err(|why| why.to_string())
}

/// Carries the write-ahead log over off the writer: a claim that hits a checkpoint would wait 80–170 ms.
fn checkpoints(file: PathBuf, alive: std::sync::Weak<AtomicUsize>) -> anyhow::Result<()> {
    let url = file.to_string_lossy().into_owned();
    let log = PathBuf::from(format!("{url}-wal"));
    std::thread::Builder::new()
        .name("checkpoint".into())
        .spawn(move || {
            let mut connection = None;
            while alive.strong_count() > 0 {
                std::thread::sleep(Duration::from_millis(500));
                if size_of(&log) < CHECKPOINT_BYTES {
                    continue;
                }
                if connection.is_none() {
                    connection = conn::connect(&url).ok();
                }
                if let Some(Conn::Sqlite(conn)) = &mut connection
                    && let Err(why) = conn.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")
                {
                    tracing::debug!("checkpoint put off: {why}");
                }
            }
        })?;
    Ok(())
}

fn size_of(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |m| m.len())
}

#[cfg(test)]
mod tests {
    use diesel::prelude::*;
    use diesel::sql_types::BigInt;

    use super::super::{Db, Statement, Target, in_transaction};
    use super::*;
    use crate::platform::error::{AppError, AppResult};

    const ROWS: &str = "CREATE TABLE row (n INTEGER)";

    /// What a write does, and whether it stays.
    #[derive(Clone, Copy)]
    enum End {
        Stays,
        Fails,
        Breaks,
    }

    fn write(db: &Db, n: i64, end: End) -> AppResult<()> {
        db.write_blocking(move |conn| {
            // Others come meanwhile.
            std::thread::sleep(Duration::from_millis(2));
            conn.batch_execute(&format!("INSERT INTO row VALUES ({n})"))?;
            in_transaction(conn, |conn| {
                conn.batch_execute(&format!("INSERT INTO row VALUES ({})", 100 + n))?;
                match end {
                    End::Stays => Ok(()),
                    End::Fails => Err(AppError::Internal(anyhow::anyhow!("it fails"))),
                    End::Breaks => std::panic::resume_unwind(Box::new("it breaks")),
                }
            })
        })
    }

    fn rows(db: &Db) -> Vec<i64> {
        let all = "SELECT n FROM row ORDER BY n";
        let read: AppResult<Vec<i64>> =
            db.read_blocking(|conn| Ok(Statement::<BigInt>::fixed(all).load(conn)?));
        read.expect("rows")
    }

    #[test]
    fn what_fails_or_breaks_leaves_nothing_and_takes_nothing_with_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = Db::open(&Target::new(folder.path(), None)).expect("a database");
        let made: AppResult<()> = db.write_blocking(|conn| Ok(conn.batch_execute(ROWS)?));
        made.expect("a table");
        // Alone, and first in a group.
        for end in [End::Fails, End::Breaks] {
            write(&db, 0, end).expect_err("it did not go well");
            write(&db, 1, End::Stays).expect("the next one does");
        }
        assert_eq!(rows(&db), [1, 1, 101, 101]);
        let ends = [End::Stays, End::Fails, End::Breaks];
        std::thread::scope(|scope| {
            for n in 10..40 {
                let (db, end) = (&db, ends[n as usize % 3]);
                scope.spawn(move || {
                    let done = write(db, n, end);
                    assert_eq!(done.is_ok(), matches!(end, End::Stays), "{n}");
                });
            }
        });
        let stayed = (10..40).filter(|n| n % 3 == 0);
        let mut expected: Vec<i64> = vec![1, 1, 101, 101];
        expected.extend(stayed.flat_map(|n| [n, 100 + n]));
        expected.sort_unstable();
        assert_eq!(rows(&db), expected);
    }
}
