//! Keeps the desk full: walks what waits, claims it, writes the letters.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use tokio::task::{JoinError, JoinHandle};

use super::desk::Parcel;
use super::{Shared, writing};
use crate::outreach::actions::ledger::{self, Outcome, Settled, Wishes};
use crate::outreach::actions::plan;
use crate::outreach::model::{MailingKind, Trouble};
use crate::platform::clock::{self, Reading};
use crate::platform::error::{AppError, AppResult};
use crate::platform::mailer::Outlet;
use crate::platform::office;

/// Deliveries of one claim.
const CLAIM: usize = 200;
/// Pauses between two looks: while letters leave, and while none waits.
const BUSY: Duration = Duration::from_millis(5);
const IDLE: Duration = Duration::from_millis(250);
const FEW: Duration = Duration::from_millis(50);
const FEW_LETTERS: usize = CLAIM / 4;
/// Pause after a fault: the database is away, say.
const FAULT: Duration = Duration::from_secs(2);
/// So long after a claim a letter may still begin; well before others take the worker for dead.
const GOOD_FOR: Duration = Duration::from_secs(4 * 60);

/// Claims until the sender stops. The letters of one claim are written while the next one is made.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut writing = None;
    while !shared.is_stopping() {
        if shared.desk().is_full(Instant::now()) {
            tokio::time::sleep(BUSY).await;
            continue;
        }
        let one = shared.clone();
        let claimed = tokio::task::spawn_blocking(move || claim_some(&one)).await;
        // One at a time, so that no more than two claims are away from the desk.
        let Ok(is_written) = written(writing.take()).await else {
            return;
        };
        let pause = match claimed {
            Ok(Ok(None)) => IDLE,
            Ok(Ok(Some(claim))) => {
                let n = claim.claimed.held.len();
                shared.desk().comes(&claim.claimed.held);
                let one = shared.clone();
                writing = Some(tokio::task::spawn_blocking(move || write(&one, &claim)));
                match n {
                    _ if !is_written => FAULT,
                    // What comes in small parts is waited for, so that it comes in larger ones.
                    0..FEW_LETTERS => FEW,
                    _ => continue,
                }
            }
            Ok(Err(why)) => {
                tracing::error!("sender: {why}");
                FAULT
            }
            Err(_) => break,
        };
        tokio::time::sleep(pause).await;
    }
    // The sender ends either way.
    let _ = written(writing).await;
}

/// Waits until the letters of a claim are written; false where they could not be. After a panic the sender ends, and the
/// next one puts its claims right.
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

/// A claim whose letters are to be written.
struct Claim {
    claimed: ledger::Claimed,
    /// When it was made.
    now: NaiveDateTime,
    is_rehearsal: bool,
}

/// One claim; none where nothing waits that may leave.
fn claim_some(shared: &Shared) -> AppResult<Option<Claim>> {
    let began = Instant::now();
    let (rooms, wishes) = {
        let mut desk = shared.desk();
        let wishes = Wishes {
            most: CLAIM,
            fronts: desk.fronts.clone(),
            passed: desk.passed.clone(),
            at_end: desk.at_end(began),
        };
        (desk.rooms(began), wishes)
    };
    let (reading, walked, barred) = shared.db.read_blocking(|conn| {
        let reading = clock::read(conn)?;
        let walked = ledger::walk(conn, reading.now, &wishes, |domain| rooms.of(domain))?;
        let barred = plan::barred_since(conn, reading.now, &walked.ids)?;
        Ok::<_, AppError>((reading, walked, barred))
    })?;
    if !walked.ids.is_empty() && !may_leave(shared, &reading)? {
        return Ok(None);
    }
    {
        let mut desk = shared.desk();
        (desk.fronts, desk.passed) = (walked.fronts, walked.passed);
        desk.walked(walked.at_end, began.elapsed(), Instant::now());
    }
    if walked.ids.is_empty() {
        return Ok(None);
    }
    let (worker, ids) = (shared.worker.clone(), walked.ids);
    let (now, claimed) = shared.db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        let claimed = ledger::claim(conn, now, &worker, &ids, &barred)?;
        Ok::<_, AppError>((now, claimed))
    })?;
    Ok(Some(Claim {
        claimed,
        now,
        is_rehearsal: reading.rehearsal,
    }))
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
        return Ok(());
    }
    let laid = lay(shared, claim);
    if laid.is_err() {
        shared.desk().came(&claim.claimed.held);
        let (now, id) = (claim.now, claim.claimed.id);
        shared
            .db
            .write_blocking(move |conn| ledger::release(conn, now, id))?;
    }
    shared.awake.notify_waiters();
    laid
}

/// A letter that cannot be written for somebody stops theirs alone.
fn lay(shared: &Shared, claim: &Claim) -> AppResult<()> {
    let Claim {
        claimed,
        now,
        is_rehearsal,
    } = claim;
    let (now, is_rehearsal) = (*now, *is_rehearsal);
    let log = Arc::new(shared.own.begin(claimed.id).map_err(anyhow::Error::from)?);
    let at = Instant::now();
    let mut letters = shared
        .db
        .read_blocking(|conn| writing::letters(conn, &shared.setup, now, claimed))?;
    let mut parcels = Vec::new();
    let mut held: Vec<_> = claimed.held.clone();
    held.sort_by_key(|one| (one.priority, one.due_at, one.id));
    for one in held {
        let mailing = claimed.mailings.get(&one.mailing_id);
        let kind = mailing
            .and_then(|mailing| MailingKind::from_code(&mailing.kind))
            .unwrap_or(MailingKind::Greeting);
        let until = one.until_at.and_then(|until| (until - now).to_std().ok());
        match letters.remove(&one.id) {
            Some(Ok(mail)) => parcels.push(Parcel {
                claim_id: claimed.id,
                kind,
                mail,
                log: log.clone(),
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
    desk.came(&claimed.held);
    desk.put(parcels, Instant::now());
    Ok(())
}
