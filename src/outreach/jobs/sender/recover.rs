//! Putting right what dead processes left, and keeping this one's own word: its claims, its lanes, and whether a mailing
//! may still leave.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::words::Words;
use super::worker::settle;
use super::{Shared, wire};
use crate::outreach::actions::ledger::{self, Left, Outcome};
use crate::outreach::model::OpenClaim;
use crate::outreach::rules::ledger::Trace;
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::mailer::Mailer;

/// How soon a pause is seen, and a word that stops a letter.
const LOOK_EVERY: Duration = Duration::from_millis(400);
/// How often lanes are kept, claims renewed, and dead processes looked for.
const LANES_EVERY: Duration = Duration::from_secs(5);
const RENEW_EVERY: Duration = Duration::from_secs(60);
const DEAD_EVERY: Duration = Duration::from_secs(20);

/// Puts right what every process left that is gone: those of this data directory by their logs, others when their
/// claims expire. `me` is the worker of this process, once it is one.
pub(super) fn recover(db: &Db, mailer: &Mailer, wire: &Path, me: Option<&str>) -> AppResult<Left> {
    let mut left = Left::default();
    for folder in wire::dead(wire) {
        let name = folder.name.clone();
        let claims = db.read_blocking(|conn| ledger::open_claims(conn, &name))?;
        for claim in claims {
            let read = folder.traces(claim.id);
            if let Err(why) = &read {
                tracing::error!("the wire log of claim {}: {why}", claim.id);
            }
            let is_same_start = !claim.boot.is_empty() && claim.boot == wire::boot_id();
            let is_whole = read.is_ok() && is_same_start;
            let traces = read.ok().flatten().unwrap_or_default();
            left = left.and(put_right(db, mailer, &claim, traces, is_whole)?);
        }
        folder.remove();
    }
    let expired = db.read_blocking(|conn| {
        let now = clock::now(conn)?;
        ledger::expired_claims(conn, now)
    })?;
    for claim in expired {
        let is_alive_here = me == Some(claim.worker.as_str()) || wire::is_here(wire, &claim.worker);
        if !is_alive_here {
            left = left.and(put_right(db, mailer, &claim, HashMap::new(), false)?);
        }
    }
    if left != Left::default() {
        let Left {
            taken,
            waiting,
            unknown,
        } = left;
        tracing::warn!(
            "a sender ended in the middle: {taken} letters had been taken, {waiting} wait again, of {unknown} nobody knows"
        );
    }
    Ok(left)
}

fn put_right(
    db: &Db,
    mailer: &Mailer,
    claim: &OpenClaim,
    mut traces: HashMap<i64, Trace>,
    is_whole: bool,
) -> AppResult<Left> {
    // A letter in the outbox is its own evidence.
    for (id, trace) in &mut traces {
        if *trace == Trace::Began && mailer.outbox().has(&format!("delivery-{id}")) {
            *trace = Trace::Taken("outbox".into());
        }
    }
    let id = claim.id;
    db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        ledger::left_behind(conn, now, id, &traces, is_whole)
    })
}

/// Looks after this process until it stops.
pub(super) async fn keep(shared: Arc<Shared>) {
    let began = Instant::now();
    let (mut lanes, mut renewed, mut dead) = (began, began, began);
    let mut words = Words::new();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        for heeded in [hold_back(&shared).await, words.heed(&shared).await] {
            if let Err(why) = heeded {
                tracing::error!("sender: {why}");
            }
        }
        let is_due = |at: &mut Instant, every: Duration| {
            let due = at.elapsed() >= every;
            if due {
                *at = Instant::now();
            }
            due
        };
        let jobs: [(bool, fn(&Shared) -> AppResult<()>); 3] = [
            (is_due(&mut lanes, LANES_EVERY), keep_lanes),
            (is_due(&mut renewed, RENEW_EVERY), renew),
            (is_due(&mut dead, DEAD_EVERY), look_for_dead),
        ];
        for (is_due, job) in jobs {
            if !is_due {
                continue;
            }
            let one = shared.clone();
            match tokio::task::spawn_blocking(move || job(&one)).await {
                Ok(Ok(())) => {}
                Ok(Err(why)) => tracing::error!("sender: {why}"),
                Err(_) => return,
            }
        }
    }
}

/// What was held or called off a moment ago does not leave.
async fn hold_back(shared: &Arc<Shared>) -> AppResult<()> {
    let here: Vec<i64> = shared.desk().mailings().into_iter().collect();
    if here.is_empty() {
        return Ok(());
    }
    let one = shared.clone();
    let states = tokio::task::spawn_blocking(move || {
        one.db
            .read_blocking(|conn| ledger::mailing_states(conn, &here))
    });
    let states: Vec<(i64, String)> = states
        .await
        .map_err(|why| AppError::Internal(why.into()))??;
    let of = |state: &str| -> BTreeSet<i64> {
        let found = states.iter().filter(|(_, is)| is == state);
        found.map(|(id, _)| *id).collect()
    };
    let (sending, cancelled) = (of("sending"), of("cancelled"));
    let out = {
        let mut desk = shared.desk();
        let out = desk.withdraw(|parcel| !sending.contains(&parcel.held.mailing_id));
        desk.goes_on(&sending);
        out
    };
    for parcel in out {
        let outcome = match cancelled.contains(&parcel.held.mailing_id) {
            true => Outcome::CalledOff,
            false => Outcome::Returned,
        };
        settle(shared, parcel, outcome, None).await;
    }
    Ok(())
}

fn keep_lanes(shared: &Shared) -> AppResult<()> {
    let news = shared.desk().news(Instant::now());
    if news.is_empty() {
        return Ok(());
    }
    shared.db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        ledger::keep_lanes(conn, now, &news)
    })
}

fn renew(shared: &Shared) -> AppResult<()> {
    let worker = shared.worker.clone();
    shared.db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        ledger::renew(conn, now, &worker)
    })
}

fn look_for_dead(shared: &Shared) -> AppResult<()> {
    let wire = shared.setup.data.join("wire");
    let mailer = &shared.setup.mailer;
    recover(&shared.db, mailer, &wire, Some(shared.own.name())).map(|_| ())
}
