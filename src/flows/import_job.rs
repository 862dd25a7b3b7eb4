//! The job behind an import: looks at the file, takes its rows chunk by chunk, and goes on where it stopped.

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::import_chunk::{Import, Seen, import_chunk};
use crate::accounts::{Actor, Roles};
use crate::intake::actions::{self as intake, BatchJob, IMPORT_JOB};
use crate::intake::jobs::{ReadRow, RowStream};
use crate::intake::model::{Batch, Figures, RowOutcome, Source, StoredPlan};
use crate::intake::{
    ByteSource, Plan, RowResult, Unreadable, UnreadableCode, UploadSource, inspect,
};
use crate::platform::clock;
use crate::platform::db::{Backend, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::jobs::{self, JobKind, Running, Step};
use crate::registry::actions::Placer;
use crate::registry::search;

/// Rows of the first chunk; it grows while nobody waits.
const FIRST: usize = 500;
/// Rows of a chunk while somebody waits for the writer.
const KIND: usize = 250;
/// Rows of a chunk while nobody does. On PostgreSQL others cannot be seen waiting for the lock, so it stays smaller.
const MOST: usize = 2_500;
const MOST_POSTGRES: usize = 2_000;

/// See the module.
#[derive(Default)]
pub struct ImportJob {
    held: Mutex<HashMap<i64, Held>>,
}

/// An import between two chunks, in the memory of the worker that has it.
struct Held {
    import: Import,
    stream: RowStream,
    /// Rows that were read ahead.
    ready: Vec<ReadRow>,
    /// Rows up to which everything is committed.
    committed: u64,
    seen: Seen,
    size: usize,
    rows: u64,
}

impl JobKind for ImportJob {
    fn name(&self) -> &'static str {
        IMPORT_JOB
    }

    fn chunk(&self, db: &Db, job: &Running) -> AppResult<Step> {
        let cursor: u64 = job
            .cursor
            .as_deref()
            .and_then(|text| text.parse().ok())
            .unwrap_or(0);
        let held = self
            .held
            .lock()
            .map_err(poisoned)?
            .remove(&job.id)
            .filter(|held| held.committed == cursor);
        let held = match held {
            Some(held) => held,
            None => match open(db, job, cursor)? {
                Some(held) => held,
                None => return Ok(Step::Done),
            },
        };
        match take_chunk(db, job, held)? {
            Some(held) => {
                self.held.lock().map_err(poisoned)?.insert(job.id, held);
                Ok(Step::More)
            }
            None => Ok(Step::Done),
        }
    }

    fn cancel(&self, db: &Db, job: &Running) -> AppResult<()> {
        self.held.lock().map_err(poisoned)?.remove(&job.id);
        end(db, job, "cancelled")
    }

    fn give_up(&self, db: &Db, job: &Running, _error: &str) -> AppResult<()> {
        self.held.lock().map_err(poisoned)?.remove(&job.id);
        end(db, job, "failed")
    }
}

fn poisoned<T>(_: std::sync::PoisonError<T>) -> AppError {
    AppError::Internal(anyhow::anyhow!("an import stopped with a fault"))
}

fn end(db: &Db, job: &Running, state: &'static str) -> AppResult<()> {
    let BatchJob { batch_id } = job.payload()?;
    db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        let (batch, _) = intake::batch(conn, batch_id)?;
        intake::finish_batch(conn, now, &batch, state, batch.figures())?;
        search::enqueue(conn, now)
    })
}

/// Opens an import at its cursor. `None`: the file is refused, or the batch is settled.
fn open(db: &Db, job: &Running, cursor: u64) -> AppResult<Option<Held>> {
    let BatchJob { batch_id } = job.payload()?;
    let (batch, source) = db.read_blocking(|conn| intake::batch(conn, batch_id))?;
    if batch.state().is_settled() {
        return Ok(None);
    }
    let upload = UploadSource::new(db, batch_id)?;
    let mut stored = batch.plan();
    let plan = match stored.plan.clone() {
        Some(plan) => plan,
        None => match look(&upload, &batch, &source, &mut stored) {
            Ok(plan) => {
                let kept = stored.clone();
                db.write_blocking(move |conn| intake::start_rows(conn, batch_id, &kept))?;
                plan
            }
            Err(unreadable) => {
                refuse(db, batch_id, stored, &unreadable)?;
                return Ok(None);
            }
        },
    };
    let mut stream = match RowStream::open(&upload, plan, source.id) {
        Ok(stream) => stream,
        Err(unreadable) => {
            refuse(db, batch_id, stored, &unreadable)?;
            return Ok(None);
        }
    };
    if cursor == 0 {
        let kept = stored.clone();
        db.write_blocking(move |conn| intake::start_rows(conn, batch_id, &kept))?;
    }
    stream.skip_to(cursor)?;
    let actor = Actor {
        user_id: batch.actor_id,
        team_id: None,
        roles: Roles::default(),
        name: String::new(),
    };
    let seen = db.read_blocking(|conn| Seen::of_batch(conn, &batch))?;
    let import = Import {
        batch,
        source,
        actor,
    };
    Ok(Some(Held {
        import,
        stream,
        ready: Vec::new(),
        committed: cursor,
        seen,
        size: FIRST,
        rows: stored.rows,
    }))
}

/// Finds out how a file is read, as far as nobody said.
pub(crate) fn look(
    list: &dyn ByteSource,
    batch: &Batch,
    source: &Source,
    stored: &mut StoredPlan,
) -> Result<Plan, Unreadable> {
    let options = stored
        .options
        .to_options(batch.kind().rows(&source.channel));
    let found = inspect(list, &batch.file_name, &options)?;
    stored.rows = found.approximate_rows;
    stored.plan = Some(found.plan.clone());
    Ok(found.plan)
}

/// The one outcome of a file that is refused as a whole.
fn refused(unreadable: &Unreadable) -> (RowOutcome, Figures) {
    let result = RowResult::refused(unreadable);
    let outcome = RowOutcome {
        row_no: 0,
        outcome: result.outcome,
        reason: result.reason,
        dropped: Vec::new(),
        notes: Vec::new(),
    };
    let mut figures = Figures {
        rows_total: 1,
        rows_rejected: 1,
        ..Figures::default()
    };
    figures.reasons.insert("unreadable_file".into(), 1);
    (outcome, figures)
}

fn refuse(
    db: &Db,
    batch_id: i64,
    mut stored: StoredPlan,
    unreadable: &Unreadable,
) -> AppResult<()> {
    tracing::info!(batch = batch_id, "file refused: {unreadable}");
    stored.unreadable = Some(unreadable.code.code().to_owned());
    let (outcome, figures) = refused(unreadable);
    db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        intake::fail_unreadable(conn, now, batch_id, &stored, outcome, &figures)
    })
}

/// Refuses a file that nobody can read as soon as it is there, as its job would: a draft waits for an answer that would
/// change nothing. Whether it was refused.
pub(crate) fn refuse_unreadable(db: &Db, batch_id: i64) -> AppResult<bool> {
    let (batch, source) = db.read_blocking(|conn| intake::batch(conn, batch_id))?;
    let list = UploadSource::new(db, batch_id)?;
    let mut stored = batch.plan();
    match look(&list, &batch, &source, &mut stored) {
        // What could not be fetched this time may be there the next.
        Err(unreadable) if unreadable.code != UnreadableCode::ReadError => {
            refuse(db, batch_id, stored, &unreadable)?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// Takes the rows that are ready while the next ones are read. `None` when there are no more.
fn take_chunk(db: &Db, job: &Running, mut held: Held) -> AppResult<Option<Held>> {
    let started = Instant::now();
    let rows = match std::mem::take(&mut held.ready) {
        ready if ready.is_empty() => held.stream.next_rows(held.size)?,
        ready => ready,
    };
    if rows.is_empty() {
        finish(db, job, held)?;
        return Ok(None);
    }
    held.committed += rows.len() as u64;
    held.size = next_size(db, held.size);
    let ahead = read_ahead(held.stream, held.size);
    let (import, committed, total) = (held.import.clone(), held.committed, held.rows);
    let (mut seen, running) = (held.seen, job.clone());
    let written = db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        let total = i64::try_from(total.max(committed)).ok();
        let done = i64::try_from(committed).unwrap_or(i64::MAX);
        running.advance(conn, now, &committed.to_string(), done, total)?;
        import_chunk(conn, now, &import, &mut seen, &rows, None)?;
        Ok::<_, AppError>(seen)
    });
    let (stream, ready) = ahead
        .join()
        .map_err(|_| AppError::Internal(anyhow::anyhow!("reading stopped with a fault")))?;
    let (mut seen, ready) = (written?, ready?);
    // Written with the next chunk, or at the end.
    seen.figures.seconds += started.elapsed().as_secs_f64();
    Ok(Some(Held {
        import: held.import,
        stream,
        ready,
        committed,
        seen,
        size: held.size,
        rows: total,
    }))
}

type ReadAhead = JoinHandle<(RowStream, AppResult<Vec<ReadRow>>)>;

fn read_ahead(mut stream: RowStream, size: usize) -> ReadAhead {
    std::thread::spawn(move || {
        let rows = stream.next_rows(size);
        (stream, rows)
    })
}

fn next_size(db: &Db, size: usize) -> usize {
    let most = if db.backend() == Backend::Postgres {
        MOST_POSTGRES
    } else {
        MOST
    };
    if db.waiting_writes() > 0 {
        KIND
    } else {
        (size * 2).min(most)
    }
}

fn finish(db: &Db, job: &Running, held: Held) -> AppResult<()> {
    let running = job.clone();
    db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        let done = i64::try_from(held.committed).unwrap_or(i64::MAX);
        running.advance(conn, now, &held.committed.to_string(), done, Some(done))?;
        intake::finish_batch(conn, now, &held.import.batch, "done", held.seen.figures)?;
        search::enqueue(conn, now)
    })
}

/// Counts what an import would do, without writing anything: the same reading, the same placing.
pub fn rehearse(
    db: &Db,
    list: &dyn ByteSource,
    batch: Batch,
    source: Source,
) -> AppResult<(StoredPlan, Figures)> {
    let started = Instant::now();
    let mut stored = batch.plan();
    let opened = look(list, &batch, &source, &mut stored)
        .and_then(|plan| RowStream::open(list, plan, source.id));
    let mut stream = match opened {
        Ok(stream) => stream,
        Err(unreadable) => {
            stored.unreadable = Some(unreadable.code.code().to_owned());
            return Ok((stored, refused(&unreadable).1));
        }
    };
    let now = db.read_blocking(|conn| Ok::<_, AppError>(clock::now(conn)?))?;
    let import = Import {
        batch,
        source,
        actor: Actor::system(),
    };
    let (mut seen, mut placer) = (Seen::default(), Placer::rehearsal(now));
    loop {
        let rows = stream.next_rows(2_000)?;
        if rows.is_empty() {
            break;
        }
        db.read_blocking(|conn| {
            import_chunk(conn, now, &import, &mut seen, &rows, Some(&mut placer))
        })?;
    }
    seen.figures.seconds = started.elapsed().as_secs_f64();
    Ok((stored, seen.figures))
}

/// Waits for a job that another process works on; `tell` is called with every look at it.
pub fn follow(
    db: &Db,
    job_id: i64,
    mut tell: impl FnMut(&jobs::Status),
) -> AppResult<jobs::Status> {
    loop {
        let status = db.read_blocking(|conn| jobs::status(conn, job_id))?;
        tell(&status);
        if !matches!(status.state.as_str(), "queued" | "running") {
            return Ok(status);
        }
        std::thread::sleep(Duration::from_millis(300));
    }
}

/// The kinds as the worker keeps them.
pub(crate) fn kind() -> Box<dyn JobKind> {
    Box::new(ImportJob::default())
}
