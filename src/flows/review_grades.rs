//! The night's look at grades: old and contradicted ones are proposed lower. Also right after the rules were changed.

use serde::{Deserialize, Serialize};

use chrono::NaiveDateTime;

use crate::accounts::Actor;
use crate::calling::actions::follow_companies;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::jobs::{self, JobKind, Running, Step};
use crate::qualifying::actions::{grading, review};
use crate::qualifying::rules::GradeRules;

const REVIEW_JOB: &str = "review_grades";

/// What is looked for.
#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    /// The rules that were replaced, right after a change.
    before: Option<GradeRules>,
}

/// Asks for a look at every graded company; one that waits already is enough.
pub fn ask(conn: &mut Conn, now: NaiveDateTime) -> AppResult<()> {
    jobs::enqueue(
        conn,
        now,
        REVIEW_JOB,
        &Asked { before: None },
        Some("night"),
        None,
    )?;
    Ok(())
}

/// Asks for a look after other rules were saved.
pub fn ask_after_change(
    conn: &mut Conn,
    now: NaiveDateTime,
    before: GradeRules,
    version: i32,
    actor_id: Option<i64>,
) -> AppResult<()> {
    let asked = Asked {
        before: Some(before),
    };
    let key = format!("version {version}");
    jobs::enqueue(conn, now, REVIEW_JOB, &asked, Some(&key), actor_id)?;
    Ok(())
}

struct Review;

pub(super) fn kind() -> Box<dyn JobKind> {
    Box::new(Review)
}

impl JobKind for Review {
    fn name(&self) -> &'static str {
        REVIEW_JOB
    }

    fn chunk(&self, db: &Db, job: &Running) -> AppResult<Step> {
        let job = job.clone();
        db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            let asked: Asked = job.payload()?;
            let book = grading(conn)?;
            let after = job.cursor.as_deref().and_then(|id| id.parse().ok());
            let system = Actor::system();
            let done = review(
                conn,
                now,
                &system,
                &book,
                after.unwrap_or(0),
                asked.before.as_ref(),
            )?;
            follow_companies(conn, now, &done.lowered)?;
            let cursor = done.cursor.map_or_else(String::new, |id| id.to_string());
            let looked = i64::try_from(done.looked).unwrap_or(0);
            job.advance(conn, now, &cursor, job.done + looked, None)?;
            Ok::<_, AppError>(if done.cursor.is_some() {
                Step::More
            } else {
                Step::Done
            })
        })
    }

    /// Every chunk leaves a consistent state; the next night goes on.
    fn cancel(&self, _: &Db, _: &Running) -> AppResult<()> {
        Ok(())
    }

    fn give_up(&self, _: &Db, job: &Running, error: &str) -> AppResult<()> {
        tracing::error!(job = job.id, "the look at grades was given up: {error}");
        Ok(())
    }
}
