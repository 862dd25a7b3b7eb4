//! A source got another ground: everybody on it is looked at again, chunk by chunk, and the queues follow.

use crate::calling::actions as queue;
use crate::consent::actions::sources::{REGROUND, Reground, reground_chunk};
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::jobs::{JobKind, Running, Step};

/// The job behind a changed ground.
pub(super) struct RegroundSource;

impl JobKind for RegroundSource {
    fn name(&self) -> &'static str {
        REGROUND
    }

    fn chunk(&self, db: &Db, job: &Running) -> AppResult<Step> {
        let work: Reground = job.payload()?;
        let after = job.cursor.as_deref().and_then(|c| c.parse().ok());
        let job = job.clone();
        db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            let done = reground_chunk(conn, work.source_id, after.unwrap_or(0))?;
            queue::recheck_entries_of(conn, now, &done.companies)?;
            queue::recheck_entries_of_persons(conn, now, &done.persons)?;
            let cursor = done.last_record.or(after).unwrap_or(0).to_string();
            job.advance(conn, now, &cursor, job.done + done.records, None)?;
            Ok(if done.last_record.is_some() {
                Step::More
            } else {
                Step::Done
            })
        })
    }

    /// Every chunk leaves a consistent state; a later change of the ground starts again.
    fn cancel(&self, _: &Db, _: &Running) -> AppResult<()> {
        Ok(())
    }

    fn give_up(&self, _: &Db, job: &Running, error: &str) -> AppResult<()> {
        tracing::error!(job = job.id, "a source's new ground was given up: {error}");
        Ok(())
    }
}
