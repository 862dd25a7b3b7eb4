//! What came of deliveries is told to the database in groups: one commit for a hundred letters.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDateTime;
use rand::Rng;
use serde_json::json;

use super::once;
use crate::outreach::actions::cadence::touched;
use crate::outreach::model::{DeliveryState, Held, MailingKind, Moved, Touched};
use crate::outreach::queries;
use crate::outreach::rules::ledger::{Event, after_all, counts_as_sent, is_given_up, next_try};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::mailer::Reply;

/// What came of one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The relay took it.
    Taken(Reply),
    /// Nobody knows: the answer to the body did not come.
    Lost(String),
    /// Not now.
    PutOff(Reply),
    /// Never.
    Refused(Reply),
    /// It was not tried.
    Returned,
    /// Its window ended while it waited for its turn.
    Missed,
    /// It cannot be written for this person: JSON `{code, …}`.
    Withheld(String),
    /// Its mailing was called off.
    CalledOff,
}

/// A delivery and what came of it.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The claim that held it.
    pub claim_id: i64,
    /// Greeting or news.
    pub kind: MailingKind,
    /// Which.
    pub held: Held,
    /// What came of it.
    pub outcome: Outcome,
    /// Hash of the letter, once there was one.
    pub body_hash: Option<String>,
}

/// Writes what came of deliveries, and what follows: touches, figures, the end of claims. Answers the claims that ended.
pub fn settle(conn: &mut Conn, now: NaiveDateTime, settled: &[Settled]) -> AppResult<Vec<i64>> {
    let moves: Vec<Moved> = settled
        .iter()
        .filter_map(|one| of_claimed(now, one))
        .collect();
    let moved = queries::move_deliveries(conn, now, &moves)?;
    // Another node has thought this one dead meanwhile; what was taken was taken.
    let proved: Vec<Moved> = settled
        .iter()
        .filter(|one| !moved.contains(&one.held.id))
        .filter_map(|one| of_unknown(now, one))
        .collect();
    let proved = queries::move_deliveries(conn, now, &proved)?;
    let touches: Vec<Touched> = settled
        .iter()
        .filter(|one| is_touch(now, one, &moved, &proved))
        .map(|one| Touched::by(&one.held, one.kind, now))
        .collect();
    touched(conn, &touches)?;
    let given_up: Vec<i64> = moves
        .iter()
        .filter(|one| is_given_up(one.to) && moved.contains(&one.delivery_id))
        .map(|one| one.delivery_id)
        .collect();
    once::forget(conn, &given_up)?;
    let claims: BTreeSet<i64> = settled.iter().map(|one| one.claim_id).collect();
    let claims: Vec<i64> = claims.into_iter().collect();
    Ok(queries::close_claims(conn, &claims, now)?)
}

/// Whether a letter is a touch by what came of it just now. A greeting is one as soon as it may have arrived, and is none
/// a second time when it is proved; news is one when it has.
fn is_touch(
    now: NaiveDateTime,
    one: &Settled,
    moved: &HashSet<i64>,
    proved: &HashSet<i64>,
) -> bool {
    let is_greeting = one.kind == MailingKind::Greeting;
    if proved.contains(&one.held.id) {
        return !is_greeting;
    }
    moved.contains(&one.held.id)
        && lands_in(now, one).is_some_and(counts_as_sent)
        && (is_greeting || !matches!(one.outcome, Outcome::Lost(_)))
}

/// The events that an outcome stands for, seen from a claim.
fn events(now: NaiveDateTime, one: &Settled, again: Option<NaiveDateTime>) -> &'static [Event] {
    match &one.outcome {
        Outcome::Taken(_) => &[Event::Began, Event::Taken],
        Outcome::Lost(_) => &[Event::Began, Event::Lost],
        Outcome::PutOff(_) if again.is_some() => &[Event::PutOff],
        Outcome::PutOff(_) => &[Event::PutOff, Event::Missed],
        Outcome::Refused(_) => &[Event::Refused],
        Outcome::Returned if one.held.until_at.is_some_and(|until| until <= now) => {
            &[Event::Missed]
        }
        Outcome::Returned => &[Event::Returned],
        Outcome::Missed => &[Event::Missed],
        Outcome::Withheld(_) => &[Event::Withheld],
        Outcome::CalledOff => &[Event::CalledOff],
    }
}

fn lands_in(now: NaiveDateTime, one: &Settled) -> Option<DeliveryState> {
    after_all(one.kind, DeliveryState::Claimed, events(now, one, None))
}

fn of_claimed(now: NaiveDateTime, one: &Settled) -> Option<Moved> {
    let again = match one.outcome {
        Outcome::PutOff(_) => {
            let dice = rand::rng().random_range(0.0..1.0);
            next_try(now, one.held.attempts, one.held.until_at, dice)
        }
        _ => None,
    };
    let from = DeliveryState::Claimed;
    let to = after_all(one.kind, from, events(now, one, again))?;
    let mut moved = Moved::of(&one.held, from, to);
    moved.body_hash.clone_from(&one.body_hash);
    moved.due_at = again;
    moved.was_tried = matches!(
        one.outcome,
        Outcome::Taken(_) | Outcome::Lost(_) | Outcome::PutOff(_) | Outcome::Refused(_)
    );
    if let Outcome::Taken(reply) | Outcome::PutOff(reply) | Outcome::Refused(reply) = &one.outcome {
        moved.smtp_code = reply.code.map(i32::from);
        moved.smtp_text = Some(reply.text.clone());
    }
    moved.reason = match (&one.outcome, to) {
        (Outcome::Refused(reply), _) => {
            Some(json!({ "code": "refused_by_server", "answer": reply.to_string() }).to_string())
        }
        (Outcome::Lost(why), _) => {
            moved.smtp_text = Some(why.clone());
            Some(json!({ "code": "fate_unknown" }).to_string())
        }
        (Outcome::Withheld(reason), _) => Some(reason.clone()),
        (Outcome::PutOff(reply), DeliveryState::Failed) => {
            Some(json!({ "code": "never_taken", "answer": reply.to_string() }).to_string())
        }
        (_, DeliveryState::Failed) => Some(json!({ "code": "window_missed" }).to_string()),
        _ => None,
    };
    moved.sent_at = (to == DeliveryState::Sent).then_some(now);
    Some(moved)
}

fn of_unknown(now: NaiveDateTime, one: &Settled) -> Option<Moved> {
    let Outcome::Taken(reply) = &one.outcome else {
        return None;
    };
    let from = DeliveryState::Unknown;
    let to = after_all(one.kind, from, &[Event::CountsAsSent])?;
    Some(Moved {
        smtp_code: reply.code.map(i32::from),
        smtp_text: Some(reply.text.clone()),
        sent_at: Some(now),
        ..Moved::of(&one.held, from, to)
    })
}
