//! What time alone changes and nobody waits for: once a day of the office, before anybody is at work.

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};

use crate::accounts;
use crate::calling::actions as queue;
use crate::intake::actions as intake;
use crate::outreach::actions::greetings;
use crate::platform::calendar::zone::{day_start, to_local};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::jobs::{self, JobKind, Running, Step};
use crate::platform::office::{self, Office};
use crate::platform::settings;
use crate::registry::actions as registry;

const NIGHT_JOB: &str = "night";
/// How long after midnight of the office.
const AFTER_MIDNIGHT: TimeDelta = TimeDelta::hours(2);
/// Companies of a chunk.
const COMPANIES: i64 = 500;

/// The day whose night comes next, and the moment it begins.
fn next_night(conn: &mut Conn, now: NaiveDateTime) -> AppResult<(NaiveDate, NaiveDateTime)> {
    let zone = settings::load::<Office>(conn)?.value.tz();
    let today = to_local(zone, now).date();
    let begins = |day: NaiveDate| day_start(zone, day) + AFTER_MIDNIGHT;
    let day = if now < begins(today) {
        today
    } else {
        today + Days::new(1)
    };
    Ok((day, begins(day)))
}

/// Whether the next night is asked for already.
pub(super) fn is_asked_for(conn: &mut Conn, now: NaiveDateTime) -> AppResult<bool> {
    let (day, _) = next_night(conn, now)?;
    jobs::is_any_live(conn, &[NIGHT_JOB], Some(&day.to_string()))
}

/// Asks for the next night. A process that was off at that hour makes up for it as soon as it is back.
pub fn ask_for_next(conn: &mut Conn, now: NaiveDateTime) -> AppResult<()> {
    let (day, begins) = next_night(conn, now)?;
    jobs::enqueue_for(conn, now, begins, NIGHT_JOB, &day.to_string())?;
    Ok(())
}

struct Night;

pub(super) fn kind() -> Box<dyn JobKind> {
    Box::new(Night)
}

impl JobKind for Night {
    fn name(&self) -> &'static str {
        NIGHT_JOB
    }

    /// Each step takes from what is due; only among the rows of one import it remembers how far it is.
    fn chunk(&self, db: &Db, job: &Running) -> AppResult<Step> {
        let job = job.clone();
        db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            let rescored = rescore(conn, now)?;
            let mut next = Some(String::new());
            if rescored == 0 && !move_expiring_up(conn, now)? {
                next = intake::forget_rows(conn, now, job.cursor.as_deref().unwrap_or_default())?;
            }
            if next.is_none() {
                accounts::forget_expired(conn, now)?;
                queue::carry_figures_over(conn)?;
                super::review_grades::ask(conn, now)?;
                let book = greetings::greeting_book(conn)?;
                greetings::make_own_days(conn, now, &book)?;
            }
            let cursor = next.as_deref().unwrap_or_default();
            job.advance(conn, now, cursor, job.done + rescored, None)?;
            Ok::<_, AppError>(match next {
                Some(_) => Step::More,
                None => Step::Done,
            })
        })
    }

    /// Every step leaves a consistent state; the next night goes on.
    fn cancel(&self, _: &Db, _: &Running) -> AppResult<()> {
        Ok(())
    }

    fn give_up(&self, _: &Db, job: &Running, error: &str) -> AppResult<()> {
        tracing::error!(job = job.id, "the night's work was given up: {error}");
        Ok(())
    }
}

/// A date that was said has come nearer: the score of the company, and of its entries.
fn rescore(conn: &mut Conn, now: NaiveDateTime) -> AppResult<i64> {
    let today = office::day(conn, now)?;
    let due = registry::due_for_rescore(conn, today, COMPANIES)?;
    registry::rescore(conn, now, &due)?;
    queue::follow_companies(conn, now, &due)?;
    Ok(i64::try_from(due.len()).unwrap_or(i64::MAX))
}

fn move_expiring_up(conn: &mut Conn, now: NaiveDateTime) -> AppResult<bool> {
    let rules = queue::rulebook(conn)?;
    queue::move_expiring_up(conn, now, &rules)
}
