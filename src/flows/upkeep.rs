//! Long work that nobody asks for by hand: the night's, and search rows that fell behind a large change.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;
use std::time::Duration;

use super::{erase_person, night};
use crate::intake::actions::{IMPORT_JOB, UNDO_JOB};
use crate::platform::clock;
use crate::platform::clockwork::repeat;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::jobs;
use crate::registry::search::{self, SEARCH_JOB};

const EVERY: Duration = Duration::from_secs(2);

/// Asks for what is due and not asked for yet. Nothing to ask for costs one read. Several nodes may do it at once.
pub fn ask(db: &Db) -> AppResult<()> {
    let is_quiet = db.read_blocking(|conn| {
        let now = clock::now(conn)?;
        Ok::<_, crate::platform::error::AppError>(
            night::is_asked_for(conn, now)?
                && !needs_search(conn)?
                && !erase_person::is_unfinished(conn)?,
        )
    })?;
    if is_quiet {
        return Ok(());
    }
    db.write_blocking(|conn| {
        let now = clock::now(conn)?;
        night::ask_for_next(conn, now)?;
        erase_person::ask_unfinished(conn, now)?;
        if needs_search(conn)? {
            search::enqueue(conn, now)?;
        }
        Ok(())
    })
}

/// An import and its undo ask for the index themselves when they are through.
fn needs_search(conn: &mut Conn) -> AppResult<bool> {
    Ok(search::is_behind(conn)?
        && !jobs::is_any_live(conn, &[SEARCH_JOB, IMPORT_JOB, UNDO_JOB], None)?)
}

/// Asks until `stop` is set, on a thread of its own.
pub fn start(db: &Db, stop: &Arc<AtomicBool>) -> JoinHandle<()> {
    let db = db.clone();
    repeat("upkeep", EVERY, stop, move || ask(&db))
}
