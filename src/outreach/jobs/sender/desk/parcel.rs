//! What lies on a desk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::wire::WireLog;
use super::super::writing::Draft;
use crate::outreach::model::{Held, MailingKind};

/// A letter that is ready to leave.
#[derive(Debug)]
pub(in crate::outreach::jobs::sender) struct Parcel {
    pub(in crate::outreach::jobs::sender) claim_id: i64,
    pub(in crate::outreach::jobs::sender) kind: MailingKind,
    pub(in crate::outreach::jobs::sender) held: Held,
    pub(in crate::outreach::jobs::sender) draft: Draft,
    pub(in crate::outreach::jobs::sender) log: Arc<WireLog>,
    /// Whether the clock is a rehearsal one.
    pub(in crate::outreach::jobs::sender) is_rehearsal: bool,
    /// Until when this process may begin it: later others take it for dead.
    pub(in crate::outreach::jobs::sender) good_until: Instant,
    /// The end of its window.
    pub(in crate::outreach::jobs::sender) until: Option<Instant>,
    /// How often a connection broke under it before its body.
    pub(in crate::outreach::jobs::sender) tries: u32,
}

/// What a worker gets.
pub(in crate::outreach::jobs::sender) enum Next {
    Parcel(Box<Parcel>),
    Wait(Duration),
}
