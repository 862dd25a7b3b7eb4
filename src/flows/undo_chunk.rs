//! Taking an import back, chunk by chunk of whole companies, as a job that can be taken up again.

use chrono::NaiveDateTime;

use crate::accounts::{Actor, Roles};
use crate::calling::actions as queue;
use crate::consent;
use crate::intake::actions::{self as intake, BatchJob, UNDO_JOB};
use crate::intake::model::{Batch, BatchKind};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::jobs::{JobKind, Running, Step};
use crate::registry::actions as registry;
use crate::registry::{lock, search};

/// Records a chunk begins with; their companies complete it.
const RECORDS: i64 = 500;

struct UndoJob;

pub(crate) fn kind() -> Box<dyn JobKind> {
    Box::new(UndoJob)
}

impl JobKind for UndoJob {
    fn name(&self) -> &'static str {
        UNDO_JOB
    }

    fn chunk(&self, db: &Db, job: &Running) -> AppResult<Step> {
        let BatchJob { batch_id } = job.payload()?;
        let running = job.clone();
        db.write_blocking(move |conn| undo_chunk(conn, &running, batch_id))
    }

    /// Half an undo is worse than none: asked to stop, it goes on where somebody asks again.
    fn cancel(&self, db: &Db, job: &Running) -> AppResult<()> {
        settle(db, job)
    }

    fn give_up(&self, db: &Db, job: &Running, _error: &str) -> AppResult<()> {
        settle(db, job)
    }
}

fn settle(db: &Db, job: &Running) -> AppResult<()> {
    let BatchJob { batch_id } = job.payload()?;
    db.write_blocking(move |conn| intake::reopen_after_undo(conn, batch_id))
}

fn undo_chunk(conn: &mut Conn, job: &Running, batch_id: i64) -> AppResult<Step> {
    let now = clock::now(conn)?;
    // A group must not change while it is read, and nobody may place a record with a company that is about to go.
    lock::exclusive(conn)?;
    lock::registry(conn)?;
    let (batch, source) = intake::batch(conn, batch_id)?;
    let after = cursor(job);
    let actor = Actor {
        user_id: job.actor_id,
        team_id: None,
        roles: Roles::default(),
        name: String::new(),
    };
    let Some(going) = intake::next_going(conn, batch_id, after, RECORDS)? else {
        return finish(conn, now, job, &actor, &batch);
    };
    let removed = registry::remove_records(conn, now, &actor, source.id, going.records)?;
    if !removed.persons.is_empty() {
        consent::refresh_grounds(conn, &removed.persons)?;
    }
    consent::refresh_standing(conn, &removed.refolded)?;
    queue::follow_companies(conn, now, &removed.refolded)?;
    queue::follow_persons(conn, now, &removed.persons)?;
    let mut figures = batch.figures();
    figures.records_removed += removed.records as u64;
    figures.companies_removed += removed.companies.len() as u64;
    for root in removed.kept {
        if !figures.kept.contains(&root) {
            figures.kept.push(root);
        }
    }
    intake::set_figures(conn, batch_id, &figures)?;
    let done = job.done + i64::try_from(removed.records).unwrap_or(0);
    let total = i64::try_from(figures.rows_valid).ok();
    job.advance(
        conn,
        now,
        &format!("{} {}", going.after.0, going.after.1),
        done,
        total,
    )?;
    intake::log_chunk(conn, now, actor.user_id, batch_id, removed.records)?;
    Ok(Step::More)
}

fn cursor(job: &Running) -> (i32, i32) {
    let text = job.cursor.as_deref().unwrap_or_default();
    let mut parts = text.split(' ').filter_map(|part| part.parse().ok());
    (parts.next().unwrap_or(-1), parts.next().unwrap_or(-1))
}

fn finish(
    conn: &mut Conn,
    now: NaiveDateTime,
    job: &Running,
    actor: &Actor,
    batch: &Batch,
) -> AppResult<Step> {
    if batch.kind() == BatchKind::Suppressions {
        let freed = consent::withdraw_by_batch(conn, now, actor, batch.id, "")?;
        super::suppress::look_again(conn, now, &freed)?;
    }
    intake::close_undo(conn, now, batch, &batch.figures())?;
    let cursor = job.cursor.clone().unwrap_or_default();
    job.advance(conn, now, &cursor, job.done, Some(job.done))?;
    search::enqueue(conn, now)?;
    Ok::<_, AppError>(Step::Done)
}
