//! A word that is said while a letter lies on the desk stops it: before the wire it is not too late.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Shared;
use super::worker::settle;
use crate::outreach::actions::ledger::{self, Heard, Outcome};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};

/// On PostgreSQL a word may be committed behind a later one; it is heard after so long.
const AT_LEAST_EVERY: Duration = Duration::from_secs(5);

/// What was heard last, and when.
pub(super) struct Words {
    heard: Heard,
    at: Instant,
}

impl Words {
    pub(super) fn new() -> Self {
        Self {
            heard: Heard::default(),
            at: Instant::now(),
        }
    }

    /// Takes off the desk whoever must not get their letter any more.
    pub(super) async fn heed(&mut self, shared: &Arc<Shared>) -> AppResult<()> {
        if shared.desk().is_idle() {
            return Ok(());
        }
        // Asked before the words: what is laid down behind them counts for the next time.
        let has_new = shared.desk().take_new();
        let heard = asked(shared, ledger::heard).await?;
        if heard == self.heard && !has_new && self.at.elapsed() < AT_LEAST_EVERY {
            return Ok(());
        }
        let held = shared.desk().held();
        if !held.is_empty() {
            let stopped = asked(shared, move |conn| ledger::stopped(conn, &held)).await?;
            let out = shared
                .desk()
                .withdraw(|parcel| stopped.contains_key(&parcel.held.id));
            for parcel in out {
                let reason = stopped.get(&parcel.held.id).cloned();
                let outcome = reason.map_or(Outcome::Returned, Outcome::Withheld);
                settle(shared, parcel, outcome, None).await;
            }
        }
        (self.heard, self.at) = (heard, Instant::now());
        Ok(())
    }
}

/// Asks the database off the async threads.
async fn asked<T: Send + 'static>(
    shared: &Arc<Shared>,
    question: impl FnOnce(&mut Conn) -> AppResult<T> + Send + 'static,
) -> AppResult<T> {
    let one = shared.clone();
    tokio::task::spawn_blocking(move || one.db.read_blocking(question))
        .await
        .map_err(|why| AppError::Internal(why.into()))?
}
