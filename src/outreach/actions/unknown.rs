//! Letters of which nobody knows whether they arrived: what is shown of them, and settling many at once.

use chrono::NaiveDateTime;

use super::ledger::{Decision, decide_unknown};
use crate::accounts::Actor;
use crate::outreach::model::{Delivery, DeliveryState, MailingKind};
use crate::outreach::queries::{self, AskedDeliveries};
use crate::outreach::rules::ledger::{Event, after};
use crate::outreach::rules::mail_rules::NEWS_MAY_TAKE;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// So many are settled at once; whoever has more presses again.
const MOST: i64 = 5_000;

/// The letters of a mailing whose fate is unknown, the oldest first.
pub fn unknown(conn: &mut Conn, mailing_id: i64, most: i64) -> AppResult<Vec<Delivery>> {
    let asked = AskedDeliveries {
        mailing_id,
        state: Some(DeliveryState::Unknown.code().to_owned()),
        limit: most,
        ..AskedDeliveries::default()
    };
    Ok(queries::deliveries(conn, &asked)?)
}

/// Settles these letters, or all where none are named; says how many. What was settled meanwhile stays as it is.
pub fn settle_unknown(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    mailing_id: i64,
    ids: &[i64],
    decision: Decision,
) -> AppResult<usize> {
    let found = unknown(conn, mailing_id, MOST)?;
    let ids: Vec<i64> = found
        .iter()
        .map(|delivery| delivery.id)
        .filter(|id| ids.is_empty() || ids.contains(id))
        .collect();
    let n = decide_unknown(conn, now, actor, mailing_id, &ids, decision)?;
    if decision == Decision::SendAgain {
        // The window that it had is over by then.
        queries::prolong(conn, &ids, now + NEWS_MAY_TAKE)?;
    }
    Ok(n)
}

/// Whether letters of this kind may be sent again.
pub fn may_send_again(kind: MailingKind) -> bool {
    after(kind, DeliveryState::Unknown, Event::SentAgain).is_some()
}
