//! Deliveries in the hands of a worker, and what a move of one writes.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{Delivery, DeliveryState};
use crate::codes;

/// A delivery as a worker sees it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Held {
    /// Id.
    pub id: i64,
    /// Mailing.
    pub mailing_id: i64,
    /// Person, the root when it was planned.
    pub person_id: i64,
    /// Company it is about.
    pub company_id: Option<i64>,
    /// Its rep when it was planned.
    pub owner_id: Option<i64>,
    /// Address.
    pub address: String,
    /// Domain.
    pub domain: String,
    /// Language of the letter.
    pub language: Option<String>,
    /// Lower goes first.
    pub priority: i32,
    /// Not before.
    pub due_at: NaiveDateTime,
    /// Not after.
    pub until_at: Option<NaiveDateTime>,
    /// Tries so far.
    pub attempts: i32,
}

impl Held {
    /// A delivery that waits, as a worker would see it; none where it does not wait.
    pub fn waiting(delivery: &Delivery) -> Option<Self> {
        if DeliveryState::from_code(&delivery.state) != Some(DeliveryState::Queued) {
            return None;
        }
        Some(Self {
            id: delivery.id,
            mailing_id: delivery.mailing_id,
            person_id: delivery.person_id,
            company_id: delivery.company_id,
            owner_id: delivery.owner_id,
            address: delivery.address.clone()?,
            domain: delivery.domain.clone()?,
            language: delivery.language.clone(),
            priority: delivery.priority,
            due_at: delivery.due_at?,
            until_at: delivery.until_at,
            attempts: delivery.attempts,
        })
    }
}

/// How far the walk through what waits in a mailing has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Front {
    /// Which mailing.
    pub mailing_id: i64,
    /// At which priority.
    pub priority: i32,
    /// Behind this moment …
    pub due_at: NaiveDateTime,
    /// … and this delivery.
    pub id: i64,
}

/// A move of one delivery, as it is written; what is `None` stays as it is.
#[derive(Debug, Clone)]
pub struct Moved {
    /// Which.
    pub delivery_id: i64,
    /// Of which mailing.
    pub mailing_id: i64,
    /// To which domain.
    pub domain: String,
    /// Where it stood. It stays there if it stands elsewhere by now.
    pub from: DeliveryState,
    /// Where it stands.
    pub to: DeliveryState,
    /// The claim that holds it.
    pub claim_id: Option<i64>,
    /// When it is tried again.
    pub due_at: Option<NaiveDateTime>,
    /// Whether this was a try.
    pub was_tried: bool,
    /// Code of a server's answer.
    pub smtp_code: Option<i32>,
    /// Its text.
    pub smtp_text: Option<String>,
    /// JSON `{code, …}`.
    pub reason: Option<String>,
    /// Hash of the body that went out.
    pub body_hash: Option<String>,
    /// When it was taken.
    pub sent_at: Option<NaiveDateTime>,
}

impl Moved {
    /// Whether a claim takes it; such a move says nothing besides.
    pub fn is_claim(&self) -> bool {
        (self.from, self.to) == (DeliveryState::Queued, DeliveryState::Claimed)
    }

    /// Whether a server has just taken it, which says how and nothing besides.
    pub fn is_sending(&self) -> bool {
        let is_taken = (self.from, self.to) == (DeliveryState::Claimed, DeliveryState::Sent);
        let is_plain = self.claim_id.is_none() && self.due_at.is_none() && self.reason.is_none();
        is_taken
            && is_plain
            && self.was_tried
            && self.smtp_text.is_some()
            && self.body_hash.is_some()
    }

    /// A move that says nothing else.
    pub fn of(held: &Held, from: DeliveryState, to: DeliveryState) -> Self {
        Self::one(held.id, held.mailing_id, held.domain.clone(), from, to)
    }

    /// The same of a delivery that no worker sees.
    pub fn one(
        delivery_id: i64,
        mailing_id: i64,
        domain: String,
        from: DeliveryState,
        to: DeliveryState,
    ) -> Self {
        Self {
            delivery_id,
            mailing_id,
            domain,
            from,
            to,
            claim_id: None,
            due_at: None,
            was_tried: false,
            smtp_code: None,
            smtp_text: None,
            reason: None,
            body_hash: None,
            sent_at: None,
        }
    }
}

/// A claim that is not settled.
#[derive(Debug, Clone, Queryable)]
pub struct OpenClaim {
    /// Id.
    pub id: i64,
    /// The start of the machine that it ran on.
    pub boot: String,
    /// Its worker.
    pub worker: String,
}

codes! {
    /// Why no letter leaves at all.
    pub enum Trouble {
        /// Links in letters would lead nowhere: the address of this office is not set.
        NoPublicUrl = "no_public_url" => "sender-trouble-no-public-url",
        /// Letters would not say who sends them: neither the office nor the sender has a name.
        NoSender = "no_sender" => "sender-trouble-no-sender",
        /// The relay cannot be reached, or does not let us in.
        Unreachable = "unreachable" => "sender-trouble-unreachable",
    }
}

/// What a lane keeps; the row of the relay itself is that of [`RELAY`].
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = crate::schema::lane, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct LaneRow {
    /// Domain.
    pub domain: String,
    /// Letters at the same time.
    pub width: i32,
    /// Letters over one connection.
    pub per_connection: i32,
    /// Letters a minute, once learned.
    pub per_minute: Option<i32>,
    /// Rests until.
    pub paused_until: Option<NaiveDateTime>,
    /// Clean letters since the width last changed.
    pub streak: i32,
    /// JSON `{code, text}`: what made it narrower, or what is wrong.
    pub why: Option<String>,
    /// When.
    pub changed_at: NaiveDateTime,
}

/// The row that says how the relay is; no domain is called so.
pub const RELAY: &str = "*";
