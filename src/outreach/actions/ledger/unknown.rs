//! Letters of which nobody knows whether they arrived: a person decides, after the pause in which a bounce may settle it.

use chrono::NaiveDateTime;

use crate::accounts::{Actor, Object, Verb, require};
use crate::outreach::actions::cadence::touched;
use crate::outreach::actions::mailings;
use crate::outreach::model::{DeliveryState, MailingKind, Moved, Touched};
use crate::outreach::queries;
use crate::outreach::rules::ledger::{Event, after};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};

/// What a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It counts as sent.
    CountsAsSent,
    /// It goes once more, as the same letter; never a greeting.
    SendAgain,
}

/// Decides about unknown deliveries of one mailing; what is not unknown any more is left out. How many moved.
pub fn decide_unknown(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    mailing_id: i64,
    deliveries: &[i64],
    decision: Decision,
) -> AppResult<usize> {
    let mailing = mailings::visible_mailing(conn, actor, mailing_id)?;
    let team_id = mailing.team_id;
    require(actor, Verb::RunMailings, Object::Mailing { team_id })?;
    let kind = MailingKind::from_code(&mailing.kind).unwrap_or(MailingKind::Greeting);
    let event = match decision {
        Decision::CountsAsSent => Event::CountsAsSent,
        Decision::SendAgain => Event::SentAgain,
    };
    let from = DeliveryState::Unknown;
    let to = after(kind, from, event).ok_or_else(|| AppError::conflict("greeting_goes_once"))?;
    let code = match decision {
        Decision::CountsAsSent => "taken_as_sent",
        Decision::SendAgain => "sent_again",
    };
    let mut found = queries::unknown(conn, deliveries)?;
    found.retain(|held| held.mailing_id == mailing_id);
    let moves: Vec<Moved> = found
        .iter()
        .map(|held| Moved {
            due_at: (to == DeliveryState::Queued).then_some(now),
            sent_at: (to == DeliveryState::Sent).then_some(now),
            ..Moved::of(held, from, to)
        })
        .collect();
    let moved = queries::move_deliveries(conn, now, &moves)?;
    // A greeting was a touch when its answer was lost; news is one once it counts as sent.
    if kind == MailingKind::News && decision == Decision::CountsAsSent {
        let arrived = found.iter().filter(|held| moved.contains(&held.id));
        let touches: Vec<Touched> = arrived.map(|held| Touched::by(held, kind, now)).collect();
        touched(conn, &touches)?;
    }
    let moved = moved.len();
    if moved > 0 && decision == Decision::SendAgain {
        mailings::reopen(conn, now, actor, mailing_id)?;
    }
    mailings::log(conn, now, actor, code, mailing_id, moved)?;
    Ok(moved)
}
