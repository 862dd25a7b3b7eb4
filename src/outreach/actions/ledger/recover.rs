//! Putting right what a dead worker left: by its wire log what is certain, and nothing else is tried again.

use std::collections::HashMap;

use chrono::NaiveDateTime;

use super::settle::{Outcome, Settled, settle};
use crate::outreach::model::{MailingKind, OpenClaim};
use crate::outreach::queries;
use crate::outreach::rules::ledger::{Event, Trace, left_behind as rule};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::mailer::Reply;

/// What became of the deliveries of a dead worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Left {
    /// They had been taken.
    pub taken: usize,
    /// They wait again.
    pub waiting: usize,
    /// Nobody knows.
    pub unknown: usize,
}

impl Left {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            taken: self.taken + other.taken,
            waiting: self.waiting + other.waiting,
            unknown: self.unknown + other.unknown,
        }
    }
}

/// Claims of a worker that is gone.
pub fn open_claims(conn: &mut Conn, worker: &str) -> AppResult<Vec<OpenClaim>> {
    Ok(queries::open_claims(conn, worker)?)
}

/// Claims that nobody has renewed in time.
pub fn expired_claims(conn: &mut Conn, now: NaiveDateTime) -> AppResult<Vec<OpenClaim>> {
    Ok(queries::expired_claims(conn, now)?)
}

/// Settles a claim whose worker is gone. `is_whole`: its log is here and has lost nothing.
pub fn left_behind(
    conn: &mut Conn,
    now: NaiveDateTime,
    claim_id: i64,
    traces: &HashMap<i64, Trace>,
    is_whole: bool,
) -> AppResult<Left> {
    let held = queries::held_by(conn, claim_id)?;
    let ids: Vec<i64> = held.iter().map(|one| one.mailing_id).collect();
    let kinds: HashMap<i64, MailingKind> = queries::mailing_kinds(conn, &ids)?
        .into_iter()
        .filter_map(|(id, kind)| Some((id, MailingKind::from_code(&kind)?)))
        .collect();
    let mut left = Left::default();
    let mut settled = Vec::new();
    for held in held {
        let trace = traces.get(&held.id).unwrap_or(&Trace::None);
        let outcome = outcome(trace, is_whole);
        match outcome {
            Outcome::Taken(_) => left.taken += 1,
            Outcome::Lost(_) => left.unknown += 1,
            Outcome::Returned | Outcome::PutOff(_) => left.waiting += 1,
            _ => {}
        }
        settled.push(Settled {
            claim_id,
            // Where the kind is not known, the careful one.
            kind: kinds
                .get(&held.mailing_id)
                .copied()
                .unwrap_or(MailingKind::Greeting),
            held,
            outcome,
            body_hash: None,
        });
    }
    settle(conn, now, &settled)?;
    queries::close_claims(conn, &[claim_id], now)?;
    Ok(left)
}

/// The rule decides which events these were; here they become what is settled.
fn outcome(trace: &Trace, is_whole: bool) -> Outcome {
    let said = |text: &str| {
        let (code, rest) = text.split_once(' ').unwrap_or((text, ""));
        Reply {
            code: code.parse().ok(),
            text: rest.to_owned(),
        }
    };
    let last = rule(trace, is_whole).last();
    match (last, trace) {
        (Some(Event::Taken), Trace::Taken(text)) => Outcome::Taken(said(text)),
        (Some(Event::Refused), Trace::Refused(text)) => Outcome::Refused(said(text)),
        (Some(Event::PutOff), Trace::PutOff(text)) => Outcome::PutOff(said(text)),
        (Some(Event::Returned), _) => Outcome::Returned,
        (_, Trace::Began) => Outcome::Lost("the process ended before the answer".into()),
        _ => Outcome::Lost("the machine or its disk went down before the answer".into()),
    }
}
