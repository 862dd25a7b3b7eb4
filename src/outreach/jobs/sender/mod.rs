//! Workers that claim deliveries and send them.
//!
//! One thread with a small runtime of its own: a claimer keeps as many letters on the desk as leave in a moment, workers
//! with a connection each take them lane by lane, and what came of them is committed in groups. A body leaves only behind
//! a line in the wire log; a process that dies is put right by the next one, by what its log says for certain.

mod claimer;
mod desk;
mod parcel;
mod recover;
mod settler;
mod wire;
mod words;
mod worker;
mod writing;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::{Notify, mpsc};

use crate::accounts::Actor;
use crate::outreach::actions::ledger::{self, Settled, Worker};
use crate::outreach::actions::mailings;
use crate::outreach::model::{PauseReason, Trouble};
use crate::platform::clock;
use crate::platform::clockwork::{catch_up, repeat};
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::mailer::Mailer;
use desk::Desk;
use wire::OwnFolder;

/// How often mailings are looked at that begin or end.
const CARE_EVERY: Duration = Duration::from_millis(500);
/// Letters under way have so long to come back when the process ends; what does not is unknown.
const PATIENCE: Duration = Duration::from_secs(25);
/// After a fault the sender rests so long.
const REST: Duration = Duration::from_secs(5);
/// What came of letters and is not committed yet, at most: a database that is slow slows the sending.
const UNCOMMITTED: usize = 1_000;

/// What the sender needs to know besides the database.
#[derive(Debug, Clone)]
pub struct MailSetup {
    /// How letters leave.
    pub mailer: Mailer,
    /// The data directory; wire logs are kept in it.
    pub data: PathBuf,
    /// What links begin with where no address of the office is set: only letters that stay on this machine have it.
    pub own_url: String,
}

/// Sends and takes care until `stop` is set. Several processes may do it at once on PostgreSQL.
pub fn start(db: &Db, setup: MailSetup, stop: &Arc<AtomicBool>) -> Vec<JoinHandle<()>> {
    let care = {
        let db = db.clone();
        repeat("mailings", CARE_EVERY, stop, move || care(&db))
    };
    let (db, stop) = (db.clone(), stop.clone());
    let sender = std::thread::Builder::new()
        .name("sender".into())
        .spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                if let Err(why) = run(&db, &setup, &stop) {
                    tracing::error!("sender: {why:#}");
                    std::thread::sleep(REST);
                }
            }
        })
        .expect("a thread can be started");
    vec![care, sender]
}

/// Does once what is due with mailings on their way: they begin, end, and let go who was called off.
pub fn care(db: &Db) -> AppResult<()> {
    catch_up(db, ledger::is_anything_due, ledger::bring_up_to_date)
}

/// What all tasks of the sender share.
struct Shared {
    db: Db,
    setup: MailSetup,
    desk: Mutex<Desk>,
    awake: Notify,
    own: OwnFolder,
    worker: Worker,
    settled: mpsc::Sender<Settled>,
    is_stopping: AtomicBool,
    trouble: Mutex<Option<Trouble>>,
}

impl Shared {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }

    /// Whether it is noted that nothing leaves.
    fn is_troubled(&self) -> bool {
        let noted = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        noted.is_some()
    }

    /// Notes why nothing leaves, or that it does again; the same twice is written once.
    fn note(&self, trouble: Option<Trouble>, text: &str) {
        let mut noted = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if *noted == trouble {
            return;
        }
        if let Some(what) = trouble {
            tracing::warn!("no mail leaves: {} {text}", what.code());
        }
        let text = text.to_owned();
        let written = self.db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            ledger::note_trouble(conn, now, trouble.map(|code| (code, text.as_str())))
        });
        match written {
            Ok(()) => *noted = trouble,
            Err(why) => tracing::error!("sender: {why}"),
        }
    }

    /// A mailing holds itself and asks.
    fn hold(&self, mailing_id: i64, reason: PauseReason) {
        tracing::warn!("mailing {mailing_id} holds itself: {}", reason.code());
        let held = self.db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            mailings::pause(conn, now, &Actor::system(), mailing_id, &reason)
        });
        match held {
            // Somebody has held it already, or another letter of it was first.
            Ok(()) | Err(AppError::Refused(_)) => {}
            Err(why) => tracing::error!("sender: {why}"),
        }
    }
}

/// Runs until `stop` is set or something fails that the next try may get over.
fn run(db: &Db, setup: &MailSetup, stop: &Arc<AtomicBool>) -> anyhow::Result<()> {
    let wire = setup.data.join("wire");
    recover::recover(db, &setup.mailer, &wire, None)?;
    let own = OwnFolder::make(&wire)?;
    let worker = Worker {
        name: own.name().to_owned(),
        boot: wire::boot_id(),
    };
    let (lanes, trouble) = db.read_blocking(|conn| {
        let now = clock::now(conn)?;
        let trouble = ledger::trouble(conn)?.map(|(code, ..)| code);
        Ok::<_, AppError>((ledger::lanes(conn, now)?, trouble))
    })?;
    let (settled, outcomes) = mpsc::channel(UNCOMMITTED);
    let shared = Arc::new(Shared {
        db: db.clone(),
        setup: setup.clone(),
        desk: Mutex::new(Desk::with(lanes)),
        awake: Notify::new(),
        own,
        worker,
        settled,
        is_stopping: AtomicBool::new(false),
        trouble: Mutex::new(trouble),
    });
    // One thread serves all connections: letters handed from thread to thread would cost as much as their sending. What
    // takes long, signing and the database, has threads of its own.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("sender")
        .enable_all()
        .build()?;
    let ended = runtime.block_on(tasks(shared, outcomes, stop.clone()));
    runtime.shutdown_timeout(Duration::from_secs(1));
    ended
}

async fn tasks(
    shared: Arc<Shared>,
    outcomes: mpsc::Receiver<Settled>,
    stop: Arc<AtomicBool>,
) -> anyhow::Result<()> {
    let claimer = tokio::spawn(claimer::run(shared.clone()));
    let keeper = tokio::spawn(recover::keep(shared.clone()));
    let workers: Vec<_> = (0..shared.setup.mailer.connections())
        .map(|worker| tokio::spawn(worker::run(shared.clone(), worker)))
        .collect();
    let weak = Arc::downgrade(&shared);
    let settler = tokio::spawn(settler::run(shared.db.clone(), weak, outcomes));
    while !stop.load(Ordering::Relaxed) && !claimer.is_finished() && !settler.is_finished() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    shared.is_stopping.store(true, Ordering::Relaxed);
    shared.awake.notify_waiters();
    claimer.await?;
    let began = Instant::now();
    while !shared.desk().is_idle() && began.elapsed() < PATIENCE {
        // What comes back to the desk meanwhile does not leave either.
        worker::give_back(&shared, |_| true).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for worker in workers {
        // One that waits for an answer still is cut off; the next process finds its line in the wire log.
        if shared.desk().is_idle() {
            worker.await?;
        } else {
            worker.abort();
            let _ = worker.await;
        }
    }
    keeper.abort();
    let _ = keeper.await;
    // The last sender of outcomes goes with this, and the settler ends behind the last one.
    drop(shared);
    settler.await?;
    Ok(())
}
