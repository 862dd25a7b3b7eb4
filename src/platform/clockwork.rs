//! What goes on without anybody: work that is done again and again on a thread of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::NaiveDateTime;

use super::clock;
use super::db::{Conn, Db};
use super::error::AppResult;

/// After a fault the work rests for so many of its turns: what failed once mostly fails at once again.
const REST: u32 = 5;

/// Does `work` every so often until `stop` is set. A fault is told to the log and is no reason to end.
pub fn repeat(
    name: &'static str,
    every: Duration,
    stop: &Arc<AtomicBool>,
    mut work: impl FnMut() -> AppResult<()> + Send + 'static,
) -> JoinHandle<()> {
    let stop = stop.clone();
    std::thread::Builder::new()
        .name(name.into())
        .spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                std::thread::sleep(every);
                if let Err(why) = work() {
                    tracing::error!("{name}: {why}");
                    std::thread::sleep(every * REST);
                }
            }
        })
        .expect("a thread can be started")
}

/// Calls `advance`, a transaction each time, while something is due and moves; it says how much moved. Nothing due
/// costs one read and no write.
pub fn catch_up(
    db: &Db,
    is_due: fn(&mut Conn, NaiveDateTime) -> AppResult<bool>,
    advance: fn(&mut Conn, NaiveDateTime) -> AppResult<usize>,
) -> AppResult<()> {
    loop {
        let is_due = db.read_blocking(|conn| {
            let now = clock::now(conn)?;
            is_due(conn, now)
        })?;
        if !is_due {
            return Ok(());
        }
        let moved = db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            advance(conn, now)
        })?;
        if moved == 0 {
            return Ok(());
        }
    }
}
