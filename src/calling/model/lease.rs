//! A lease: the time-limited claim of an agent on an entry, from the preview to the result.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::lease;

/// A lease as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = lease)]
pub struct Lease {
    /// Id.
    pub id: i64,
    /// What the agent's screen shows as proof; random.
    pub token: String,
    /// The entry.
    pub entry_id: i64,
    /// The campaign.
    pub campaign_id: i64,
    /// Who has it.
    pub agent_id: i64,
    /// The root of the company when it was claimed.
    pub company_id: Option<i64>,
    /// The person to ask for.
    pub person_id: Option<i64>,
    /// The number to dial.
    pub point_id: Option<i64>,
    /// The number as dialled, `;ext=` included.
    pub phone: Option<String>,
    /// Its key with the extension.
    pub number_key: Option<i64>,
    /// Code of the lease state.
    pub state: String,
    /// Why this entry came next, as JSON.
    pub why: String,
    /// When it was claimed.
    pub claimed_at: NaiveDateTime,
    /// Last sign of life of the screen.
    pub heartbeat_at: NaiveDateTime,
    /// When it lapses without a sign of life.
    pub expires_at: NaiveDateTime,
    /// When the number was dialled.
    pub dialled_at: Option<NaiveDateTime>,
    /// When it ended.
    pub ended_at: Option<NaiveDateTime>,
    /// The call that came of it.
    pub call_id: Option<i64>,
}

/// What a lease holds in nobody else's hand: the kind of thing and its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lock {
    /// `agent` `company` `entry` `number` `person` `review`.
    pub kind: &'static str,
    /// Id, or the hash of a number.
    pub key: i64,
}

/// A lease to insert, with its locks in order and the event that tells of it.
#[derive(Debug, Clone)]
pub struct NewLease {
    /// Random.
    pub token: String,
    /// The entry.
    pub entry_id: i64,
    /// The campaign.
    pub campaign_id: i64,
    /// Who.
    pub agent_id: i64,
    /// The root company.
    pub company_id: Option<i64>,
    /// The person to ask for.
    pub person_id: Option<i64>,
    /// The number.
    pub point_id: i64,
    /// As dialled.
    pub phone: String,
    /// Key with extension.
    pub number_key: i64,
    /// Why, as JSON.
    pub why: String,
    /// Now.
    pub at: NaiveDateTime,
    /// Until when the preview lasts.
    pub expires_at: NaiveDateTime,
    /// Sorted.
    pub locks: Vec<Lock>,
    /// What the event says, as JSON.
    pub event: String,
}
