//! A word that is said while a letter lies on the desk stops it: before the wire it is not too late.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Shared;
use super::worker::settle;
use crate::outreach::actions::ledger::{self, Outcome};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};

/// On PostgreSQL a word may be committed behind a later one; it is heard after so long.
const AT_LEAST_EVERY: Duration = Duration::from_secs(5);

/// When everybody on the desk was asked for last.
pub(super) struct Words(Instant);

impl Words {
    pub(super) fn new() -> Self {
        Self(Instant::now())
    }

    /// Takes off the desk whoever must not get their letter any more.
    pub(super) async fn heed(&mut self, shared: &Arc<Shared>) -> AppResult<()> {
        if shared.desk().is_idle() {
            return Ok(());
        }
        let heard = asked(shared, ledger::heard).await?;
        let is_everybody = self.0.elapsed() >= AT_LEAST_EVERY;
        let held = shared
            .desk()
            .held(|parcel| is_everybody || parcel.heard != heard);
        if !held.is_empty() {
            let letters: HashSet<i64> = held.iter().map(|one| one.id).collect();
            let stopped = asked(shared, move |conn| ledger::stopped(conn, &held)).await?;
            let out = {
                let mut desk = shared.desk();
                desk.heeds(&letters, heard);
                desk.withdraw(|parcel| stopped.contains_key(&parcel.held.id))
            };
            for parcel in out {
                let reason = stopped.get(&parcel.held.id).cloned();
                let outcome = reason.map_or(Outcome::Returned, Outcome::Withheld);
                settle(shared, parcel, outcome, None).await;
            }
        }
        if is_everybody {
            self.0 = Instant::now();
        }
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
