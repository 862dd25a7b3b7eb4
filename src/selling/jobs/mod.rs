//! What goes on without anybody: offers lapse, idle companies fall into the pool, letters and messages go out.

mod hook;
mod mail;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::actions;
use crate::platform::clock;
use crate::platform::clockwork::{catch_up, repeat};
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::mailer::Mailer;

const EVERY: Duration = Duration::from_secs(1);
/// Idleness counts in days; looking four times an hour is soon enough.
const TIDY_EVERY: Duration = Duration::from_secs(15 * 60);
/// A relay that puts letters off is left alone for so long.
const PUT_OFF: Duration = Duration::from_secs(60);

/// Moves every hand-over for which a moment has come. Nothing due costs two reads. Several nodes may do it at once.
pub fn tick(db: &Db) -> AppResult<()> {
    catch_up(db, actions::is_anything_due, |conn, now| {
        let book = actions::book(conn)?;
        actions::bring_up_to_date(conn, now, &book)
    })
}

/// Looks through everything that is owned, a part in each transaction.
pub fn tidy(db: &Db) -> AppResult<()> {
    let mut after = Some(0);
    while let Some(id) = after {
        after = db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            let book = actions::book(conn)?;
            actions::tidy(conn, now, &book, id)
        })?;
    }
    Ok(())
}

/// Sends letters and posts messages until nothing is due. True when the relay put letters off.
pub fn deliver(db: &Db, mailer: &Mailer) -> AppResult<bool> {
    let mut looked = mail::send_letters(db, mailer)?;
    while looked.done > 0 && !looked.is_put_off {
        looked = mail::send_letters(db, mailer)?;
    }
    while hook::post_next(db)? {}
    Ok(looked.is_put_off)
}

/// Does all of it until `stop` is set, on two threads of its own: a receiver that answers slowly holds up no offer.
pub fn start(db: &Db, mailer: Mailer, stop: &Arc<AtomicBool>) -> Vec<JoinHandle<()>> {
    let clockwork = {
        let db = db.clone();
        let mut tidied: Option<Instant> = None;
        repeat("handover-tick", EVERY, stop, move || {
            tick(&db)?;
            if tidied.is_none_or(|at| at.elapsed() >= TIDY_EVERY) {
                tidied = Some(Instant::now());
                tidy(&db)?;
            }
            Ok(())
        })
    };
    let db = db.clone();
    let mut rests: Option<Instant> = None;
    let letters = repeat("notices", EVERY, stop, move || {
        if rests.is_none_or(|since| since.elapsed() >= PUT_OFF) {
            rests = deliver(&db, &mailer)?.then(Instant::now);
        }
        Ok(())
    });
    vec![clockwork, letters]
}
