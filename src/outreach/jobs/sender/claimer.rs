//! Keeps the desk full: walks what waits, claims it, writes the letters. Each waits for something else (the database, its
//! one writer, the processor), so they go on side by side: while the letters of one claim are written, the next claim is
//! made, and what comes behind that one is walked.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle, spawn_blocking};

use super::parcel::Parcel;
use super::{Shared, writing};
use crate::outreach::actions::ledger::{self, Outcome, Settled, Wishes};
use crate::outreach::actions::plan::{self, Since, Whose};
use crate::outreach::model::{MailingKind, Trouble};
use crate::platform::clock::{self, Reading};
use crate::platform::error::{AppError, AppResult};
use crate::platform::mailer::Outlet;
use crate::platform::office;

/// Deliveries of one claim at most.
const CLAIM: usize = 400;
/// Pauses between two looks: while letters leave, and while none waits.
const BUSY: Duration = Duration::from_millis(5);
const IDLE: Duration = Duration::from_millis(250);
const FEW: Duration = Duration::from_millis(50);
const FEW_LETTERS: usize = 50;
/// Pause after a fault: the database is away, say.
const FAULT: Duration = Duration::from_secs(2);
/// So long after a claim a letter may still begin; well before others take the worker for dead.
const GOOD_FOR: Duration = Duration::from_secs(4 * 60);

/// Claims until the sender stops.
pub(super) async fn run(shared: Arc<Shared>) {
    // One walk at most lies between the two, so that a claim is of what was walked a moment ago.
    let (found, walks) = mpsc::channel(1);
    tokio::join!(walk_on(shared.clone(), found), claim_on(shared, walks));
}

/// Walks as long as the desk has room; ends where nobody claims any more.
async fn walk_on(shared: Arc<Shared>, found: mpsc::Sender<Walk>) {
    // Asked each time: after a panic what never comes would keep the desk full.
    while !shared.is_stopping() && !found.is_closed() {
        if shared.desk().is_full(Instant::now()) {
            tokio::time::sleep(BUSY).await;
            continue;
        }
        // Room for the next walk first: one that waits here would grow old.
        let Ok(room) = found.reserve().await else {
            return;
        };
        let one = shared.clone();
        let pause = match spawn_blocking(move || walk(&one)).await {
            Ok(Ok(None)) => IDLE,
            Ok(Ok(Some(walk))) => {
                let n = walk.ids.len();
                room.send(walk);
                match n {
                    // What comes in small parts is waited for, so that it comes in larger ones.
                    0..FEW_LETTERS => FEW,
                    _ => continue,
                }
            }
            Ok(Err(why)) => {
                tracing::error!("sender: {why}");
                FAULT
            }
            Err(_) => return,
        };
        tokio::time::sleep(pause).await;
    }
}

/// Claims what was walked, and has the letters written while the next claim is made. After a panic the sender ends, and
/// the next one puts its claims right.
async fn claim_on(shared: Arc<Shared>, mut walks: mpsc::Receiver<Walk>) {
    let mut writing = None;
    while let Some(walk) = walks.recv().await {
        // What is not claimed waits on, and need not be given back.
        if shared.is_stopping() {
            break;
        }
        let one = shared.clone();
        let claimed = spawn_blocking(move || claim(&one, walk)).await;
        // One at a time, so that the letters of one claim are not held up by those of the next.
        let (Ok(is_written), Ok(claimed)) = (written(writing.take()).await, claimed) else {
            return;
        };
        let is_claimed = claimed.is_some();
        if let Some(claim) = claimed {
            let one = shared.clone();
            writing = Some(spawn_blocking(move || write(&one, &claim)));
        }
        if !is_claimed || !is_written {
            tokio::time::sleep(FAULT).await;
        }
    }
    // The sender ends either way.
    let _ = written(writing).await;
}

/// Waits until the letters of a claim are written; false where they could not be.
async fn written(writing: Option<JoinHandle<AppResult<()>>>) -> Result<bool, JoinError> {
    let Some(writing) = writing else {
        return Ok(true);
    };
    if let Err(why) = writing.await? {
        tracing::error!("sender: {why}");
        return Ok(false);
    }
    Ok(true)
}

/// What may be claimed.
struct Walk {
    ids: Vec<i64>,
    /// How many of each domain these are; the desk waits for them.
    of_domain: HashMap<String, usize>,
    /// What has become of them since they were planned.
    since: Since,
    is_rehearsal: bool,
}

/// A claim whose letters are to be written.
struct Claim {
    claimed: ledger::Claimed,
    of_domain: HashMap<String, usize>,
    whose: HashMap<i64, Whose>,
    /// When it was made, by the clock of the office …
    now: NaiveDateTime,
    /// … and by that of this process.
    at: Instant,
    is_rehearsal: bool,
}

/// One walk; none where nothing waits that may leave.
fn walk(shared: &Shared) -> AppResult<Option<Walk>> {
    let began = Instant::now();
    let (rooms, wishes) = {
        let mut desk = shared.desk();
        let wishes = Wishes {
            most: CLAIM.min(desk.wanted(began)),
            // Where this walk does not come to its end the next one begins anew.
            fronts: std::mem::take(&mut desk.fronts),
            passed: std::mem::take(&mut desk.passed),
            at_end: desk.at_end(began),
        };
        (desk.rooms(began), wishes)
    };
    let (reading, walked, since) = shared.db.read_blocking(|conn| {
        let reading = clock::read(conn)?;
        let walked = ledger::walk(conn, reading.now, wishes, |domain| rooms.of(domain))?;
        let since = plan::since_planned(conn, reading.now, &walked.ids)?;
        Ok::<_, AppError>((reading, walked, since))
    })?;
    if !walked.ids.is_empty() && !may_leave(shared, &reading)? {
        return Ok(None);
    }
    let mut desk = shared.desk();
    (desk.fronts, desk.passed) = (walked.fronts, walked.passed);
    desk.walked(walked.at_end, began.elapsed(), Instant::now());
    if walked.ids.is_empty() {
        return Ok(None);
    }
    desk.comes(&walked.of_domain);
    Ok(Some(Walk {
        ids: walked.ids,
        of_domain: walked.of_domain,
        since,
        is_rehearsal: reading.rehearsal,
    }))
}

/// Claims what was walked; none where it could not be, and a later walk finds it again.
fn claim(shared: &Shared, walk: Walk) -> Option<Claim> {
    let (worker, ids, since) = (shared.worker.clone(), walk.ids, walk.since);
    let (barred, whose) = (since.barred, since.whose);
    let made = shared.db.write_blocking(move |conn| {
        let (now, at) = (clock::now(conn)?, Instant::now());
        let claimed = ledger::claim(conn, now, &worker, &ids, &barred)?;
        Ok::<_, AppError>((now, at, claimed))
    });
    match made {
        Ok((now, at, claimed)) => Some(Claim {
            claimed,
            of_domain: walk.of_domain,
            whose,
            now,
            at,
            is_rehearsal: walk.is_rehearsal,
        }),
        Err(why) => {
            tracing::error!("sender: {why}");
            shared.desk().came(&walk.of_domain);
            None
        }
    }
}

/// Whether letters may leave now, and if not, why, for whoever looks.
fn may_leave(shared: &Shared, reading: &Reading) -> AppResult<bool> {
    let mailer = &shared.setup.mailer;
    let is_outside = matches!(mailer.outlet(reading.rehearsal), Outlet::Relay(_));
    if !is_outside || reading.rehearsal {
        return Ok(true);
    }
    let trouble = if mailer.public_url().is_none() {
        Some(Trouble::NoPublicUrl)
    } else if is_nameless(shared)? {
        Some(Trouble::NoSender)
    } else {
        None
    };
    if trouble.is_some() {
        shared.note(trouble, "");
    }
    Ok(trouble.is_none())
}

/// Nobody would be named as the sender.
fn is_nameless(shared: &Shared) -> AppResult<bool> {
    if shared.setup.mailer.signer().is_some() {
        return Ok(false);
    }
    let office = shared.db.read_blocking(office::load)?;
    Ok(office.sender_in(office.lang()).is_none())
}

/// Writes the letters of a claim and lays them on the desk; where that fails, the claim is given back.
fn write(shared: &Shared, claim: &Claim) -> AppResult<()> {
    // All of them may have been withheld, or somebody else's.
    if claim.claimed.held.is_empty() {
        shared.desk().came(&claim.of_domain);
        return Ok(());
    }
    let laid = lay(shared, claim);
    if laid.is_err() {
        shared.desk().came(&claim.of_domain);
        give_back(shared, claim.claimed.id);
    }
    shared.awake.notify_waiters();
    laid
}

/// Gives a claim back, however often the database has to be asked: nobody else puts right what a process holds that lives.
fn give_back(shared: &Shared, claim_id: i64) {
    loop {
        let given = shared.db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            ledger::release(conn, now, claim_id)
        });
        match given {
            Ok(_) => return shared.own.end(claim_id),
            Err(why) => tracing::error!("sender: claim {claim_id} waits to be given back: {why}"),
        }
        // The next process finds it.
        if shared.is_stopping() {
            return;
        }
        std::thread::sleep(FAULT);
    }
}

/// A letter that cannot be written for somebody stops theirs alone.
fn lay(shared: &Shared, claim: &Claim) -> AppResult<()> {
    let Claim {
        claimed,
        of_domain,
        whose,
        now,
        at,
        is_rehearsal,
    } = claim;
    let (now, at, is_rehearsal) = (*now, *at, *is_rehearsal);
    let log = Arc::new(shared.own.begin(claimed.id).map_err(anyhow::Error::from)?);
    let mut drafts = shared
        .db
        .read_blocking(|conn| writing::drafts(conn, &shared.setup, now, claimed, whose))?;
    let mut parcels = Vec::new();
    let mut held: Vec<_> = claimed.held.clone();
    held.sort_by_key(|one| (one.priority, one.due_at, one.id));
    for one in held {
        let mailing = claimed.mailings.get(&one.mailing_id);
        let kind = mailing
            .and_then(|mailing| MailingKind::from_code(&mailing.kind))
            .unwrap_or(MailingKind::Greeting);
        let until = one.until_at.and_then(|until| (until - now).to_std().ok());
        match drafts.remove(&one.id) {
            Some(Ok(draft)) => parcels.push(Parcel {
                claim_id: claimed.id,
                kind,
                draft,
                log: log.clone(),
                heard: claimed.heard,
                is_rehearsal,
                good_until: at + GOOD_FOR,
                until: until.map(|until| at + until),
                tries: 0,
                held: one,
            }),
            other => {
                let reason = other.and_then(Result::err);
                let settled = Settled {
                    claim_id: claimed.id,
                    kind,
                    outcome: reason.map_or(Outcome::Returned, Outcome::Withheld),
                    held: one,
                    body_hash: None,
                };
                // The settler ends behind every claim, so it is there.
                let _ = shared.settled.blocking_send(settled);
            }
        }
    }
    let mut desk = shared.desk();
    desk.came(of_domain);
    desk.put(parcels, Instant::now());
    Ok(())
}
