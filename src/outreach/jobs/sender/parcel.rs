//! A letter on its way through the sender.

use std::sync::Arc;
use std::time::Instant;

use super::wire::WireLog;
use super::writing::Draft;
use crate::outreach::actions::ledger::Heard;
use crate::outreach::model::{Held, MailingKind};

/// A letter that is ready to leave.
#[derive(Debug)]
pub(super) struct Parcel {
    pub(super) claim_id: i64,
    pub(super) kind: MailingKind,
    pub(super) held: Held,
    pub(super) draft: Draft,
    pub(super) log: Arc<WireLog>,
    /// What is heeded of what was said.
    pub(super) heard: Heard,
    /// Whether the clock is a rehearsal one.
    pub(super) is_rehearsal: bool,
    /// Until when this process may begin it: later others take it for dead.
    pub(super) good_until: Instant,
    /// The end of its window.
    pub(super) until: Option<Instant>,
    /// How often a connection broke under it before its body.
    pub(super) tries: u32,
}
