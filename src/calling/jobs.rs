//! What time does to the queue: every second leases lapse, waiting entries come due, late call-backs fall to the team.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::actions;
use crate::platform::clock;
use crate::platform::clockwork::{catch_up, repeat};
use crate::platform::db::Db;
use crate::platform::error::AppResult;

const EVERY: Duration = Duration::from_secs(1);
/// Event leads cool within hours; looking once a minute is soon enough.
const COOL_EVERY: Duration = Duration::from_secs(60);

/// Does once what is due now. Nothing due costs one read. Several nodes may do it at once.
pub fn tick(db: &Db) -> AppResult<()> {
    catch_up(db, actions::is_anything_due, |conn, now| {
        let rules = actions::rulebook(conn)?;
        actions::bring_up_to_date(conn, now, &rules)
    })
}

/// Event leads whose first hours are over take their place among the others.
pub fn cool(db: &Db) -> AppResult<usize> {
    db.write_blocking(|conn| {
        let now = clock::now(conn)?;
        let rules = actions::rulebook(conn)?;
        actions::cool_event_leads(conn, now, &rules)
    })
}

/// Ticks until `stop` is set, on a thread of its own.
pub fn start_ticking(db: &Db, stop: &Arc<AtomicBool>) -> JoinHandle<()> {
    let db = db.clone();
    let mut cooled = Instant::now();
    repeat("queue-tick", EVERY, stop, move || {
        tick(&db)?;
        if cooled.elapsed() >= COOL_EVERY {
            cooled = Instant::now();
            cool(&db)?;
        }
        Ok(())
    })
}
