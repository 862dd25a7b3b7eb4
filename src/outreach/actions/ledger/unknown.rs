//! Letters of which nobody knows whether they arrived: a person decides, after the pause in which a bounce may settle it.

use chrono::NaiveDateTime;

use crate::accounts::{Actor, Object, Verb, require};
use crate::outreach::actions::mailings;
use crate::outreach::model::{DeliveryState, MailingKind, Moved};
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
    let mut moves = Vec::new();
    for held in queries::unknown(conn, deliveries)? {
        if held.mailing_id != mailing_id {
            continue;
        }
        let again = to == DeliveryState::Queued;
        moves.push(Moved {
            due_at: again.then_some(now),
            sent_at: (to == DeliveryState::Sent).then_some(now),
            ..Moved::of(&held, from, to)
        });
    }
    let moved = queries::move_deliveries(conn, now, &moves)?.len();
    if moved > 0 && decision == Decision::SendAgain {
        mailings::reopen(conn, now, actor, mailing_id)?;
    }
    mailings::log(conn, now, actor, code, mailing_id, moved)?;
    Ok(moved)
}
