//! A queue entry: a company or a lone person in a campaign, waiting for its next call.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::codes;
use crate::schema::queue_entry;

codes! {
    /// Where an entry stands.
    pub enum EntryState {
        /// May be served now.
        Ready = "ready" => "entry-state-ready",
        /// Comes back at its time.
        Waiting = "waiting" => "entry-state-waiting",
        /// Held back until something lifts it.
        Barred = "barred" => "entry-state-barred",
        /// In somebody's hands.
        Leased = "leased" => "entry-state-leased",
        /// Dialled, and nobody said what came of it.
        NeedsOutcome = "needs_outcome" => "entry-state-needs-outcome",
        /// Came to its end.
        Done = "done" => "entry-state-done",
        /// Called as often as the campaign allows.
        Exhausted = "exhausted" => "entry-state-exhausted",
        /// A second entry of a merged company, until the merge is undone.
        Parked = "parked" => "entry-state-parked",
    }
}

codes! {
    /// What holds an entry back.
    pub enum Bar {
        /// The number or the company has had its dials.
        Limit = "limit" => "bar-limit",
        /// Calls are not open there.
        Closed = "closed" => "bar-closed",
        /// The company is left in peace for a time.
        Resting = "resting" => "bar-resting",
        /// Asked not to be called.
        Suppressed = "suppressed" => "bar-suppressed",
        /// No ground is known on which it may be called.
        NoGround = "no_ground" => "bar-no-ground",
        /// No number is left.
        NoPhone = "no_phone" => "bar-no-phone",
        /// No target.
        Excluded = "excluded" => "bar-excluded",
        /// A rep has it now.
        Owned = "owned" => "bar-owned",
        /// Called as often as the campaign allows.
        Exhausted = "exhausted" => "bar-exhausted",
        /// Skipped by an agent a moment ago.
        Skipped = "skipped" => "bar-skipped",
    }
}

/// An entry as stored.
#[derive(
    Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable, Serialize, Deserialize,
)]
#[diesel(table_name = queue_entry)]
pub struct QueueEntry {
    /// Id.
    pub id: i64,
    /// In which campaign.
    pub campaign_id: i64,
    /// The company, by the id that it had when it came in.
    pub company_id: Option<i64>,
    /// The lone person.
    pub person_id: Option<i64>,
    /// Zone and country of whoever is called.
    pub calendar_id: i32,
    /// Code of [`EntryState`].
    pub state: String,
    /// Place in the order of the queue, 0 first.
    pub class: i32,
    /// Order inside the class.
    pub score: i32,
    /// When it comes back.
    pub due_at: Option<NaiveDateTime>,
    /// The agent it is kept for.
    pub owner_id: Option<i64>,
    /// Code of [`Bar`].
    pub bar: Option<String>,
    /// Results so far that count towards its end.
    pub attempts: i32,
    /// Dials of our choice in this campaign.
    pub dials: i32,
    /// Results so far by disposition, as JSON.
    pub tries: Option<String>,
    /// The entry it yields to.
    pub parked_for: Option<i64>,
    /// Its last call.
    pub last_call_id: Option<i64>,
    /// When it came in.
    pub created_at: NaiveDateTime,
    /// When it last changed.
    pub changed_at: NaiveDateTime,
}

impl QueueEntry {
    /// Its state; an unknown one is served to nobody.
    pub fn state(&self) -> EntryState {
        EntryState::from_code(&self.state).unwrap_or(EntryState::Parked)
    }
}
