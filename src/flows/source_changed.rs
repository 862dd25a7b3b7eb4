//! A source got another ground, channel or date: everybody on it is folded anew, chunk by chunk, and the queues follow.

use crate::calling::actions as queue;
use crate::consent::actions::sources::{SOURCE_JOB, SourceChange, follow_source_chunk};
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::jobs::{JobKind, Running, Step};

/// The job behind a changed source.
pub(super) struct FollowSource;

impl JobKind for FollowSource {
    fn name(&self) -> &'static str {
        SOURCE_JOB
    }

    fn chunk(&self, db: &Db, job: &Running) -> AppResult<Step> {
        let work: SourceChange = job.payload()?;
        let after = job.cursor.as_deref().and_then(|c| c.parse().ok());
        let job = job.clone();
        db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            let done = follow_source_chunk(conn, now, &work, after.unwrap_or(0))?;
            queue::follow_companies(conn, now, &done.companies)?;
            queue::follow_persons(conn, now, &done.persons)?;
            let cursor = done.last_record.or(after).unwrap_or(0).to_string();
            job.advance(conn, now, &cursor, job.done + done.records, None)?;
            Ok(if done.last_record.is_some() {
                Step::More
            } else {
                Step::Done
            })
        })
    }

    /// Every chunk leaves a consistent state; a later change starts again.
    fn cancel(&self, _: &Db, _: &Running) -> AppResult<()> {
        Ok(())
    }

    fn give_up(&self, _: &Db, job: &Running, error: &str) -> AppResult<()> {
        tracing::error!(
            job = job.id,
            "what follows a changed source was given up: {error}"
        );
        Ok(())
    }
}
