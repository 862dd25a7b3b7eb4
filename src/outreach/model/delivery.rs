//! A delivery: one person in one mailing.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::codes;
use crate::schema::delivery;

codes! {
    /// Where a delivery stands. Who moves when: `rules::ledger`, nowhere else.
    pub enum DeliveryState {
        /// In, and waits for its moment and a worker.
        Queued = "queued" => "delivery-state-queued",
        /// In a worker's hands; nothing has left yet.
        Claimed = "claimed" => "delivery-state-claimed",
        /// Its body may be on the wire.
        OnWire = "on_wire" => "delivery-state-on-wire",
        /// The receiver's server took it.
        Sent = "sent" => "delivery-state-sent",
        /// It may have arrived: the connection or the process died between the body and the answer.
        Unknown = "unknown" => "delivery-state-unknown",
        /// Refused for good, or its time ran out.
        Failed = "failed" => "delivery-state-failed",
        /// In the audience, then kept back when it was claimed: refused, duplicate, capped, merged away.
        Withheld = "withheld" => "delivery-state-withheld",
        /// Not in the audience, with the reason.
        LeftOut = "left_out" => "delivery-state-left-out",
        /// The mailing was called off before.
        Cancelled = "cancelled" => "delivery-state-cancelled",
    }
}

/// A delivery as it is stored.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = delivery)]
pub struct Delivery {
    /// Id.
    pub id: i64,
    /// Mailing.
    pub mailing_id: i64,
    /// Person, the root when it was planned.
    pub person_id: i64,
    /// The company it is about.
    pub company_id: Option<i64>,
    /// Its rep when it was planned.
    pub owner_id: Option<i64>,
    /// Address, lower case.
    pub address: Option<String>,
    /// The part behind the `@`.
    pub domain: Option<String>,
    /// `zh-CN` or `en`: the language of the letter.
    pub language: Option<String>,
    /// [`DeliveryState`].
    pub state: String,
    /// Lower goes first.
    pub priority: i32,
    /// Not before, UTC: the window in the receiver's zone, or the next try.
    pub due_at: Option<NaiveDateTime>,
    /// Not after, UTC.
    pub until_at: Option<NaiveDateTime>,
    /// Tries so far.
    pub attempts: i32,
    /// The claim that holds it, or held it last.
    pub claim_id: Option<i64>,
    /// Last answer of a server.
    pub smtp_code: Option<i32>,
    /// Its text, shortened.
    pub smtp_text: Option<String>,
    /// JSON `{code, …}`: why it is in, was left out, waits, failed.
    pub reason: Option<String>,
    /// Hash of the body that went out.
    pub body_hash: Option<String>,
    /// When it was taken.
    pub sent_at: Option<NaiveDateTime>,
    /// Last change.
    pub changed_at: NaiveDateTime,
}

/// A delivery to insert.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = delivery, treat_none_as_default_value = false)]
pub struct NewDelivery {
    /// Mailing.
    pub mailing_id: i64,
    /// Person's root.
    pub person_id: i64,
    /// Company.
    pub company_id: Option<i64>,
    /// Its rep.
    pub owner_id: Option<i64>,
    /// Address.
    pub address: Option<String>,
    /// Domain.
    pub domain: Option<String>,
    /// Language.
    pub language: Option<String>,
    /// `queued` or `left_out`.
    pub state: &'static str,
    /// Lower first.
    pub priority: i32,
    /// Not before.
    pub due_at: Option<NaiveDateTime>,
    /// Not after.
    pub until_at: Option<NaiveDateTime>,
    /// JSON `{code, …}`.
    pub reason: Option<String>,
    /// Now.
    pub changed_at: NaiveDateTime,
}
