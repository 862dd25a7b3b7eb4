//! What somebody is told, and the messages of the webhook.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::codes;
use crate::platform::settings::Setting;
use crate::schema::notice;

codes! {
    /// About what somebody is told.
    pub enum NoticeKind {
        /// A lead is theirs to accept.
        Offered = "offered" => "notice-offered",
        /// Most of the time to accept is over.
        Warned = "warned" => "notice-warned",
        /// It went on to somebody else.
        MovedOn = "moved_on" => "notice-moved-on",
        /// A rep gave a lead back to the telemarketer.
        Rejected = "rejected" => "notice-rejected",
        /// The manager has to decide about a lead.
        WithManager = "with_manager" => "notice-with-manager",
        /// A company will leave them in some days.
        FallsSoon = "falls_soon" => "notice-falls-soon",
        /// It has left them.
        Fell = "fell" => "notice-fell",
        /// The manager gave them a company.
        Given = "given" => "notice-given",
        /// The first contact is late.
        ContactLate = "contact_late" => "notice-contact-late",
        /// Cards to own customers wait for an answer.
        CardsAsked = "cards_asked" => "notice-cards-asked",
        /// Own customers of grade A get no card: they are written to by hand.
        CardsByHand = "cards_by_hand" => "notice-cards-by-hand",
    }
}

/// A notice as stored.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = notice)]
pub struct Notice {
    /// Id.
    pub id: i64,
    /// For whom.
    pub user_id: i64,
    /// [`NoticeKind`].
    pub kind: String,
    /// About which company.
    pub company_id: Option<i64>,
    /// About which hand-over.
    pub object_id: Option<i64>,
    /// What fills the sentence, JSON.
    pub data: String,
    /// When.
    pub at: NaiveDateTime,
    /// When it was put aside on the page.
    pub seen_at: Option<NaiveDateTime>,
}

/// A notice to insert.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = notice, treat_none_as_default_value = false)]
pub struct NewNotice {
    /// For whom.
    pub user_id: i64,
    /// [`NoticeKind`].
    pub kind: &'static str,
    /// About which company.
    pub company_id: Option<i64>,
    /// About which hand-over.
    pub object_id: Option<i64>,
    /// JSON.
    pub data: String,
    /// Now.
    pub at: NaiveDateTime,
}

/// The one webhook; only the administrator sets it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Webhook {
    /// Where each notice is posted; empty: nowhere.
    pub url: String,
    /// Key of the signature.
    pub secret: String,
}

impl Setting for Webhook {
    const KIND: &'static str = "webhook";
}
