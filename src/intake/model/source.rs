//! One concrete list or event of a channel.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::schema::source;

/// A source as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = source)]
pub struct Source {
    /// Id.
    pub id: i64,
    /// AD, DIST, GOV, EXPO, OWN, CANV, DM, TEL.
    pub channel: String,
    /// Name, unique in its channel.
    pub name: String,
    /// `leads`, `customers`, `suppressions`.
    pub kind: String,
    /// Why its people may be reached; none = nobody of them may be called.
    pub ground: Option<String>,
    /// When the list was made.
    pub collected_on: Option<NaiveDate>,
    /// What it cost, minor units.
    pub cost_minor: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// Rank in the value policy, 2–6.
    pub rank: i32,
    /// Companies on it.
    pub companies: i64,
    /// When it was first imported.
    pub created_at: NaiveDateTime,
}

/// What is said about a source when a list of it comes in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewSource {
    /// Channel code.
    pub channel: String,
    /// Name.
    pub name: String,
    /// What it cost, minor units.
    pub cost_minor: Option<i64>,
    /// ISO 4217; the office's where none is said.
    pub currency: Option<String>,
    /// Legal ground code.
    pub ground: Option<String>,
    /// When the list was made.
    pub collected_on: Option<NaiveDate>,
}

impl Source {
    /// The channels, in the order in which they are shown.
    pub const CHANNELS: [&'static str; 8] = crate::registry::model::CHANNELS;
}
