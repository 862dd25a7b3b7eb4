//! The calendar at work, beside everything else.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;
use std::time::Duration;

use crate::outreach::actions::greetings;
use crate::platform::clockwork::{catch_up, repeat};
use crate::platform::db::Db;
use crate::platform::error::AppResult;

const EVERY: Duration = Duration::from_secs(2);

/// Makes the mailings that are due, ends answers, calls off what is too late. Several nodes may do it at once: a greeting
/// has one mailing by its key.
pub fn tick(db: &Db) -> AppResult<()> {
    catch_up(db, greetings::is_anything_due, greetings::bring_up_to_date)
}

/// Does so until `stop` is set, on a thread of its own.
pub fn start_calendar(db: &Db, stop: &Arc<AtomicBool>) -> JoinHandle<()> {
    let db = db.clone();
    repeat("greetings", EVERY, stop, move || tick(&db))
}
