//! Commits what came of letters, many at once: a commit for each would cost more than the sending.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::mpsc::Receiver;
use tokio::time::{Instant, timeout_at};

use super::Shared;
use crate::outreach::actions::ledger::{self, Settled};
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};

/// Letters of one commit, and how long the first of them waits at most.
const GROUP: usize = 400;
const GROUP_TIME: Duration = Duration::from_millis(50);
/// A database that is away is asked again after so long.
const AWAY: Duration = Duration::from_secs(1);

/// Commits until nobody can have an outcome any more.
pub(super) async fn run(db: Db, shared: Weak<Shared>, mut outcomes: Receiver<Settled>) {
    while let Some(first) = outcomes.recv().await {
        let mut group = vec![first];
        let until = Instant::now() + GROUP_TIME;
        while group.len() < GROUP {
            match timeout_at(until, outcomes.recv()).await {
                Ok(Some(next)) => group.push(next),
                Ok(None) | Err(_) => break,
            }
        }
        let closed = commit(&db, group).await;
        if let Some(shared) = shared.upgrade() {
            for id in closed {
                shared.own.end(id);
            }
        }
    }
}

/// Commits a group, however often the database has to be asked: what a server has said is not forgotten.
async fn commit(db: &Db, group: Vec<Settled>) -> Vec<i64> {
    let group = Arc::new(group);
    loop {
        let (db, same) = (db.clone(), group.clone());
        let done = tokio::task::spawn_blocking(move || write(&db, same)).await;
        match done {
            Ok(Ok(closed)) => return closed,
            Ok(Err(why)) => {
                tracing::error!("sender: {} letters wait to be settled: {why}", group.len())
            }
            // The runtime ends; the wire log has it.
            Err(_) => return Vec::new(),
        }
        tokio::time::sleep(AWAY).await;
    }
}

fn write(db: &Db, group: Arc<Vec<Settled>>) -> AppResult<Vec<i64>> {
    db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        ledger::settle(conn, now, &group).map_err(|e: AppError| e)
    })
}
