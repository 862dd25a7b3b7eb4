//! What came of deliveries is told to the database in groups: one commit for a hundred letters.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;
use rand::Rng;
use serde_json::json;

use super::once;
use crate::outreach::actions::cadence::{Touched, touched};
use crate::outreach::model::{DeliveryState, Held, MailingKind, Moved};
use crate::outreach::queries;
use crate::outreach::rules::ledger::{Event, after_all, counts_as_sent, next_try};
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
    let mut moved = queries::move_deliveries(conn, now, &moves)?;
    // Another node has thought this one dead meanwhile; what was taken was taken.
    let proved: Vec<Moved> = settled
        .iter()
        .filter(|one| !moved.contains(&one.held.id))
        .filter_map(|one| of_unknown(now, one))
        .collect();
    if !proved.is_empty() {
        moved.extend(queries::move_deliveries(conn, now, &proved)?);
    }
    let arrived: Vec<&Settled> = settled
        .iter()
        .zip(settled.iter().map(|one| lands_in(now, one)))
        .filter(|(one, to)| moved.contains(&one.held.id) && to.is_some_and(counts_as_sent))
        .map(|(one, _)| one)
        .filter(|one| one.kind == MailingKind::Greeting || !matches!(one.outcome, Outcome::Lost(_)))
        .collect();
    let touches: Vec<Touched> = arrived
        .iter()
        .map(|one| Touched {
            kind: one.kind,
            person_id: one.held.person_id,
            company_id: one.held.company_id,
            delivery_id: one.held.id,
            at: now,
        })
        .collect();
    touched(conn, &touches)?;
    let untold: Vec<i64> = settled
        .iter()
        .filter(|one| matches!(one.outcome, Outcome::Withheld(_) | Outcome::CalledOff))
        .map(|one| one.held.id)
        .collect();
    once::forget(conn, &untold)?;
    let claims: BTreeSet<i64> = settled.iter().map(|one| one.claim_id).collect();
    let claims: Vec<i64> = claims.into_iter().collect();
    Ok(queries::close_claims(conn, &claims, now)?)
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
