//! The job that decides an audience. Killed at any instant it goes on behind the last chunk that was written down.

use crate::outreach::actions::mailings;
use crate::outreach::actions::plan::{
    Looked, Progress, Terms, finish_plan, forget_chunk, give_plan_up, look, plan_chunk,
};
use crate::outreach::model::{PLAN_JOB, PlanPayload};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::jobs::{JobKind, Running, Step};

/// Ids of a chunk, and of one while somebody waits for the writer.
const CHUNK: i64 = 4_000;
const SMALL_CHUNK: i64 = 1_000;
/// Rows of an earlier planning that are taken out at a time.
const FORGET: i64 = 10_000;

struct PlanMailing;

/// The kind, for the list of all.
pub fn kind() -> Box<dyn JobKind> {
    Box::new(PlanMailing)
}

/// What a chunk does.
enum Work {
    /// Takes out what an earlier planning put in.
    Forget(Progress),
    /// Writes down who was looked at.
    Write(Box<(Terms, Looked)>),
}

impl JobKind for PlanMailing {
    fn name(&self) -> &'static str {
        PLAN_JOB
    }

    /// What takes time is read outside of the writer; only what was decided goes through it.
    fn chunk(&self, db: &Db, job: &Running) -> AppResult<Step> {
        let mailing_id = job.payload::<PlanPayload>()?.mailing_id;
        let size = match db.waiting_writes() {
            0 => CHUNK,
            _ => SMALL_CHUNK,
        };
        let cursor = job.cursor.clone();
        let work = db.snapshot_blocking(|conn| {
            let now = clock::now(conn)?;
            let terms = Terms::of_id(conn, now, mailing_id)?;
            let progress = progress(cursor.as_deref(), &terms)?;
            if !progress.is_cleared {
                return Ok(Work::Forget(progress));
            }
            let looked = look(conn, &terms, &progress, size)?;
            Ok::<_, AppError>(Work::Write(Box::new((terms, looked))))
        })?;
        let job = job.clone();
        db.write_blocking(move |conn| match work {
            Work::Forget(progress) => forget(conn, &job, mailing_id, progress),
            Work::Write(looked) => write(conn, &job, &looked.0, &looked.1),
        })
    }

    fn cancel(&self, db: &Db, job: &Running) -> AppResult<()> {
        let mailing_id = job.payload::<PlanPayload>()?.mailing_id;
        db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            give_plan_up(conn, now, mailing_id)
        })
    }

    fn give_up(&self, db: &Db, job: &Running, error: &str) -> AppResult<()> {
        tracing::error!(job = job.id, "a planning was given up: {error}");
        self.cancel(db, job)
    }
}

/// Where the last chunk ended. Under other terms than those it began under it begins again.
fn progress(cursor: Option<&str>, terms: &Terms) -> AppResult<Progress> {
    let known: Option<Progress> = cursor.map(serde_json::from_str).transpose()?;
    let begin = Progress::begin(terms, false);
    Ok(match known {
        Some(known) if known.terms == begin.terms => known,
        _ => begin,
    })
}

fn forget(
    conn: &mut Conn,
    job: &Running,
    mailing_id: i64,
    mut progress: Progress,
) -> AppResult<Step> {
    let now = clock::now(conn)?;
    progress.is_cleared = !forget_chunk(conn, mailing_id, FORGET)?;
    job.advance(conn, now, &serde_json::to_string(&progress)?, 0, None)?;
    Ok(Step::More)
}

fn write(conn: &mut Conn, job: &Running, terms: &Terms, looked: &Looked) -> AppResult<Step> {
    let now = clock::now(conn)?;
    // Letters that wait were carried along meanwhile; these are looked at again.
    if mailings::got_another_moment(conn, &terms.mailing)? {
        return Ok(Step::More);
    }
    let progress = &looked.progress;
    plan_chunk(conn, now, terms, looked)?;
    let considered = progress.figures.considered();
    let (done, total) = match looked.ids {
        Some((done, of)) => (done, Some(of)),
        None => (considered.max(job.done), None),
    };
    job.advance(conn, now, &serde_json::to_string(progress)?, done, total)?;
    if !progress.is_done {
        return Ok(Step::More);
    }
    finish_plan(conn, now, terms, looked)?;
    Ok(Step::Done)
}
