//! One worker: a connection, and one letter after the other over it.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Shared;
use super::desk::Next;
use super::parcel::Parcel;
use super::writing::bad_address;
use crate::outreach::actions::ledger::{Outcome, Settled};
use crate::outreach::model::{PauseReason, Trouble};
use crate::outreach::rules::breaker::OF_LAST;
use crate::outreach::rules::replies::{self, Answer};
use crate::platform::mailer::{
    Envelope, Failure, Outbox, Outlet, Relay, Reply, Session, Stage, fingerprint,
};

/// A connection is left after so long, and when nothing went over it for a while.
const OLDEST: Duration = Duration::from_secs(5 * 60);
const UNUSED: Duration = Duration::from_secs(10);
/// A connection may break so often under a letter before the letter is put off.
const BREAKS: u32 = 2;

/// A worker of the sender: its number, and the connection that it has.
struct Line {
    worker: usize,
    session: Option<Session>,
}

/// Sends until the sender stops.
pub(super) async fn run(shared: Arc<Shared>, worker: usize) {
    let mut line = Line {
        worker,
        session: None,
    };
    let mut used = Instant::now();
    while !shared.is_stopping() {
        let next = shared.desk().next(worker, Instant::now());
        match next {
            Next::Parcel(parcel) => {
                deliver(&shared, &mut line, *parcel).await;
                used = Instant::now();
            }
            Next::Wait(wait) => {
                if used.elapsed() > UNUSED
                    && let Some(session) = line.session.take()
                {
                    session.close().await;
                }
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    () = shared.awake.notified() => {}
                }
            }
        }
    }
    if let Some(session) = line.session {
        session.close().await;
    }
}

/// Takes letters off the desk that are not to leave, and gives them back untried.
pub(super) async fn give_back(shared: &Shared, which: impl Fn(&Parcel) -> bool) {
    let out = shared.desk().withdraw(which);
    for parcel in out {
        settle(shared, parcel, Outcome::Returned, None).await;
    }
}

pub(super) async fn settle(
    shared: &Shared,
    parcel: Parcel,
    outcome: Outcome,
    body_hash: Option<String>,
) {
    let settled = Settled {
        claim_id: parcel.claim_id,
        kind: parcel.kind,
        held: parcel.held,
        outcome,
        body_hash,
    };
    // Where nobody takes it any more, the wire log says it to the next process.
    let _ = shared.settled.send(settled).await;
}

/// What became of a letter at the door.
enum Sent {
    /// The server, or the outbox, said something.
    Said(Outcome, Answer, Reply, u32),
    /// The connection broke before the body.
    Broke(Failure),
    /// The relay does not let us in at all.
    Shut(Failure),
}

async fn deliver(shared: &Arc<Shared>, line: &mut Line, mut parcel: Parcel) {
    let now = Instant::now();
    let early = if parcel.until.is_some_and(|until| until <= now) {
        Some(Outcome::Missed)
    } else if parcel.good_until <= now {
        Some(Outcome::Returned)
    } else {
        None
    };
    if let Some(outcome) = early {
        shared.desk().came_back(&parcel.held.domain);
        return settle(shared, parcel, outcome, None).await;
    }
    // A signature takes ten times as long as everything else of a letter.
    let letter = match shared.setup.mailer.signs() {
        true => tokio::task::block_in_place(|| written(shared, &mut parcel)),
        false => written(shared, &mut parcel),
    };
    let letter = match letter {
        Ok(letter) => letter,
        Err(reason) => {
            shared.desk().came_back(&parcel.held.domain);
            return settle(shared, parcel, Outcome::Withheld(reason), None).await;
        }
    };
    let mailer = shared.setup.mailer.clone();
    let sent = match mailer.outlet(parcel.is_rehearsal) {
        Outlet::Outbox(outbox) => put(outbox, &parcel, &letter),
        Outlet::Relay(relay) => send(shared, line, relay, &parcel, &letter).await,
    };
    let hash = fingerprint(&letter);
    conclude(shared, parcel, sent, hash).await;
}

/// The bytes of a letter, or why there are none: JSON `{code, …}`.
fn written(shared: &Shared, parcel: &mut Parcel) -> Result<Vec<u8>, String> {
    let letter = parcel.draft.letter()?;
    let written = shared.setup.mailer.write(letter);
    written.map_err(|why| bad_address(&parcel.held, &why))
}

async fn conclude(shared: &Arc<Shared>, mut parcel: Parcel, sent: Sent, hash: String) {
    let domain = parcel.held.domain.clone();
    let now = Instant::now();
    match sent {
        Sent::Said(outcome, answer, reply, letters) => {
            let works = {
                let mut desk = shared.desk();
                desk.answered(&domain, answer, &reply, letters, now);
                desk.relay_works()
            };
            if works || shared.is_troubled() {
                told(shared, None, "").await;
            }
            let was_refused = matches!(outcome, Outcome::Refused(_));
            let too_many = shared.desk().note(parcel.held.mailing_id, was_refused);
            if let Some(refused) = too_many {
                let reason = PauseReason::TooManyRefused {
                    refused: refused as i64,
                    of: OF_LAST as i64,
                };
                hold(shared, parcel.held.mailing_id, reason).await;
            }
            settle(shared, parcel, outcome, Some(hash)).await;
        }
        Sent::Broke(failure) if parcel.tries < BREAKS => {
            parcel.tries += 1;
            let mut desk = shared.desk();
            desk.came_back(&domain);
            desk.put([parcel], now);
            drop(desk);
            tracing::debug!("a connection broke: {}", failure.reply.text);
        }
        Sent::Broke(failure) => {
            shared.desk().came_back(&domain);
            settle(shared, parcel, Outcome::PutOff(failure.reply), None).await;
        }
        Sent::Shut(failure) if failure.stage == Stage::Sender => {
            shared.desk().came_back(&domain);
            let answer = failure.reply.to_string();
            let reason = PauseReason::ServerRefuses { answer };
            hold(shared, parcel.held.mailing_id, reason).await;
            settle(shared, parcel, Outcome::Returned, None).await;
        }
        Sent::Shut(failure) => {
            let is_first = shared.desk().relay_fails(parcel, now);
            if is_first {
                let said = failure.reply.to_string();
                told(shared, Some(Trouble::Unreachable), &said).await;
            }
        }
    }
}

/// Writes off the async threads; a fault is in the log already.
async fn told(shared: &Arc<Shared>, trouble: Option<Trouble>, text: &str) {
    let (shared, text) = (shared.clone(), text.to_owned());
    let _ = tokio::task::spawn_blocking(move || shared.note(trouble, &text)).await;
}

/// The mailing holds itself: first nothing more of it leaves this desk, then everybody is told.
async fn hold(shared: &Arc<Shared>, mailing_id: i64, reason: PauseReason) {
    shared.desk().hold_back(mailing_id);
    give_back(shared, |parcel| parcel.held.mailing_id == mailing_id).await;
    let shared = shared.clone();
    let _ = tokio::task::spawn_blocking(move || shared.hold(mailing_id, reason)).await;
}

/// A file in the outbox. It has the name of its delivery, so a second one is the same file.
fn put(outbox: &Outbox, parcel: &Parcel, letter: &[u8]) -> Sent {
    let id = parcel.held.id;
    let written = parcel
        .log
        .begins(id)
        .and_then(|()| outbox.put(&parcel.draft.mail.name, letter))
        .and_then(|()| parcel.log.said('S', id, "outbox"));
    let reply = |text: String| Reply { code: None, text };
    match written {
        Ok(()) => {
            let reply = reply("outbox".into());
            Sent::Said(Outcome::Taken(reply.clone()), Answer::Taken, reply, 0)
        }
        Err(why) => Sent::Broke(Failure {
            stage: Stage::Data,
            reply: reply(why.to_string()),
        }),
    }
}

async fn send(
    shared: &Shared,
    line: &mut Line,
    relay: &Relay,
    parcel: &Parcel,
    letter: &[u8],
) -> Sent {
    let envelope = &parcel.draft.envelope;
    let most = shared.desk().per_connection(&parcel.held.domain);
    let is_spent = |session: &Session| {
        session.is_broken()
            || !session.waits_for(envelope)
            || session.letters() >= most
            || session.age() > OLDEST
    };
    if line.session.as_ref().is_some_and(is_spent)
        && let Some(old) = line.session.take()
    {
        old.close().await;
    }
    let open = match &mut line.session {
        Some(open) => open,
        none => match shared.setup.mailer.connect(relay).await {
            Ok(new) => none.insert(new),
            Err(failure) => return Sent::Shut(failure),
        },
    };
    let next = match open.goes_ahead() {
        true => lay_ahead(shared, line.worker, open.letters() + 1),
        false => None,
    };
    let id = parcel.held.id;
    let sent = open
        .send(envelope, letter, next, || parcel.log.begins(id))
        .await;
    if open.is_deaf() {
        shared.desk().goes_deaf();
    }
    let letters = open.letters();
    let read = judge(sent, letters);
    if let Sent::Said(outcome, ..) = &read
        && let Err(why) = log(parcel, outcome)
    {
        // The letter is settled in a moment anyway; only a crash before that would make it unknown.
        tracing::warn!("wire log: {why}");
    }
    read
}

/// The next letter of a worker, to be announced behind the one that leaves.
fn lay_ahead(shared: &Shared, worker: usize, letters: u32) -> Option<Envelope> {
    let mut desk = shared.desk();
    let next = desk.lay_ahead(worker, letters, Instant::now())?;
    Some(next.draft.envelope.clone())
}

/// What the answer at its stage means for the delivery and for the lane.
fn judge(sent: Result<Reply, Failure>, letters: u32) -> Sent {
    let failure = match sent {
        Ok(reply) => {
            return Sent::Said(Outcome::Taken(reply.clone()), Answer::Taken, reply, letters);
        }
        Err(failure) => failure,
    };
    if failure.is_unknown() {
        let text = failure.reply.text.clone();
        return Sent::Said(Outcome::Lost(text), Answer::Later, failure.reply, letters);
    }
    let Some(code) = failure.reply.code else {
        return Sent::Broke(failure);
    };
    let answer = replies::read(code, &failure.reply.text);
    let reply = failure.reply.clone();
    match answer {
        Answer::Refused if failure.stage == Stage::Sender => Sent::Shut(failure),
        Answer::Refused => Sent::Said(Outcome::Refused(reply.clone()), answer, reply, letters),
        _ => Sent::Said(Outcome::PutOff(reply.clone()), answer, reply, letters),
    }
}

fn log(parcel: &Parcel, outcome: &Outcome) -> io::Result<()> {
    let (sign, reply) = match outcome {
        Outcome::Taken(reply) => ('S', reply),
        Outcome::PutOff(reply) => ('T', reply),
        Outcome::Refused(reply) => ('P', reply),
        _ => return Ok(()),
    };
    parcel.log.said(sign, parcel.held.id, &reply.to_string())
}
