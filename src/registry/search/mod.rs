//! Finding companies by text: the index of tokens, kept a little behind long imports and at once behind edits.

mod grams;

use chrono::NaiveDateTime;

pub use grams::{Document, Wanted, wanted};

use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::jobs::{self, JobKind, Running, Step};
use crate::registry::queries::search as queries;

/// The job that works off what is behind.
pub const SEARCH_JOB: &str = "search_index";
/// Roots of a chunk: whoever claims meanwhile waits for one.
const CHUNK: i64 = 250;
/// So few are indexed at once instead of being noted.
const AT_ONCE: usize = 20;

/// Roots that a text finds, best score first. What it means is in [`wanted`].
pub fn find(conn: &mut Conn, text: &str, limit: i64) -> AppResult<Vec<i64>> {
    let wanted = wanted(text);
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    Ok(queries::find(conn, &wanted, limit)?)
}

/// Something about these companies changed: a few are indexed now, many are noted for the job.
pub(crate) fn changed(conn: &mut Conn, ids: &[i64], now: NaiveDateTime) -> AppResult<()> {
    if ids.len() > AT_ONCE {
        queries::note(conn, ids, now)?;
        return Ok(());
    }
    index(conn, ids)
}

/// Every company waits for its row, and the job is asked for: the index is not part of an archive.
pub fn all_changed(conn: &mut Conn, now: NaiveDateTime) -> AppResult<()> {
    queries::note_all(conn, now)?;
    enqueue(conn, now)
}

/// Asks for the job, after an import or an undo.
pub fn enqueue(conn: &mut Conn, now: NaiveDateTime) -> AppResult<()> {
    jobs::enqueue(conn, now, SEARCH_JOB, &(), None, None)?;
    Ok(())
}

/// Whether any company waits for its row.
pub fn is_behind(conn: &mut Conn) -> AppResult<bool> {
    Ok(!queries::behind(conn, 1)?.is_empty())
}

fn index(conn: &mut Conn, ids: &[i64]) -> AppResult<()> {
    let rows = queries::documents(conn, ids)?;
    let rows: Vec<(i64, Vec<String>)> = rows
        .into_iter()
        .map(|(id, document)| (id, document.tokens().into_iter().collect()))
        .collect();
    queries::replace(conn, ids, &rows)?;
    Ok(())
}

struct SearchJob;

/// The kind as the worker keeps it.
pub fn kind() -> Box<dyn JobKind> {
    Box::new(SearchJob)
}

impl JobKind for SearchJob {
    fn name(&self) -> &'static str {
        SEARCH_JOB
    }

    fn chunk(&self, db: &Db, job: &Running) -> AppResult<Step> {
        let running = job.clone();
        db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            let behind = queries::behind(conn, CHUNK)?;
            let ids: Vec<i64> = behind.iter().map(|(id, _)| *id).collect();
            index(conn, &ids)?;
            queries::done(conn, &behind)?;
            let done = running.done + i64::try_from(ids.len()).unwrap_or(0);
            running.advance(conn, now, "", done, None)?;
            Ok::<_, AppError>(if ids.is_empty() {
                Step::Done
            } else {
                Step::More
            })
        })
    }

    fn cancel(&self, _db: &Db, _job: &Running) -> AppResult<()> {
        Ok(())
    }

    fn give_up(&self, _db: &Db, _job: &Running, _error: &str) -> AppResult<()> {
        Ok(())
    }
}
