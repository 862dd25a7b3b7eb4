//! What a rep has and sells: ownership, opportunities, appointments.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::codes;
use crate::schema::{appointment, opportunity, ownership, stage_change};
use crate::selling::rules::stages::Stage;

codes! {
    /// How a company came to a rep, or left one.
    pub enum OwnershipKind {
        /// An offer was accepted.
        Accepted = "accepted" => "ownership-accepted",
        /// Taken out of the pool.
        Claimed = "claimed" => "ownership-claimed",
        /// The manager gave it.
        Given = "given" => "ownership-given",
        /// The manager took it away.
        Taken = "taken" => "ownership-taken",
        /// The rep let it go.
        Released = "released" => "ownership-released",
        /// Too long without activity.
        Fell = "fell" => "ownership-fell",
        /// The rep was switched off.
        SwitchedOff = "switched_off" => "ownership-switched-off",
        /// It came along with a merge.
        Merged = "merged" => "ownership-merged",
        /// The merge was undone.
        Parted = "parted" => "ownership-parted",
    }
}

impl OwnershipKind {
    /// The company came to the rep.
    pub fn is_gain(self) -> bool {
        matches!(
            self,
            Self::Accepted | Self::Claimed | Self::Given | Self::Merged
        )
    }
}

/// One gain or loss of a company.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = ownership, treat_none_as_default_value = false)]
pub struct NewOwnership {
    /// The root.
    pub company_id: i64,
    /// The rep.
    pub rep_id: i64,
    /// [`OwnershipKind`].
    pub kind: &'static str,
    /// Whose doing; none: the system.
    pub actor_id: Option<i64>,
    /// The reason given.
    pub reason: Option<String>,
    /// The hand-over or merge it came by.
    pub object_id: Option<i64>,
    /// Now.
    pub at: NaiveDateTime,
}

/// A sale under way, won or lost.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = opportunity)]
pub struct Opportunity {
    /// Id.
    pub id: i64,
    /// The company it was opened for; read through its root.
    pub company_id: i64,
    /// The rep.
    pub rep_id: i64,
    /// The hand-over it came by.
    pub handover_id: Option<i64>,
    /// [`Stage`].
    pub stage: String,
    /// Since when.
    pub stage_at: NaiveDateTime,
    /// `open`, `won`, `lost`, `closed` (the rep let the company go), `parked`.
    pub state: String,
    /// Minor units, of the quotation or the contract.
    pub amount_minor: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// Why it was lost.
    pub lost_reason: Option<String>,
    /// To whom.
    pub competitor: Option<String>,
    /// When it was opened.
    pub at: NaiveDateTime,
    /// When it was closed.
    pub closed_at: Option<NaiveDateTime>,
}

impl Opportunity {
    /// Its stage.
    pub fn stage(&self) -> Stage {
        Stage::from_code(&self.stage).unwrap_or(Stage::Listed)
    }
    /// Still under way.
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }
}

/// An opportunity to insert.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = opportunity, treat_none_as_default_value = false)]
pub struct NewOpportunity {
    /// The root.
    pub company_id: i64,
    /// The rep.
    pub rep_id: i64,
    /// The hand-over.
    pub handover_id: Option<i64>,
    /// [`Stage`].
    pub stage: &'static str,
    /// Now.
    pub stage_at: NaiveDateTime,
    /// State.
    pub state: &'static str,
    /// Now.
    pub at: NaiveDateTime,
}

/// A stage that was entered.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = stage_change)]
pub struct StageChange {
    /// Id.
    pub id: i64,
    /// Of which opportunity.
    pub opportunity_id: i64,
    /// [`Stage`].
    pub stage: String,
    /// How manieth time.
    pub nth: i32,
    /// The answers at its door, JSON.
    pub evidence: String,
    /// Whose doing.
    pub actor_id: Option<i64>,
    /// When.
    pub at: NaiveDateTime,
}

/// A stage to insert.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = stage_change, treat_none_as_default_value = false)]
pub struct NewStageChange {
    /// Of which opportunity.
    pub opportunity_id: i64,
    /// [`Stage`].
    pub stage: &'static str,
    /// How manieth time.
    pub nth: i32,
    /// JSON.
    pub evidence: String,
    /// Whose doing.
    pub actor_id: Option<i64>,
    /// Now.
    pub at: NaiveDateTime,
}

/// Something promised for a moment.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = appointment)]
pub struct Appointment {
    /// Id.
    pub id: i64,
    /// Whose.
    pub user_id: i64,
    /// With which company.
    pub company_id: Option<i64>,
    /// `visit`, `call`, `demo`, `other`.
    pub kind: String,
    /// What for.
    pub note: Option<String>,
    /// When it begins.
    pub begins_at: NaiveDateTime,
    /// How long it takes.
    pub minutes: i32,
    /// `open`, `done`, `cancelled`.
    pub state: String,
}

/// An appointment to insert.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = appointment, treat_none_as_default_value = false)]
pub struct NewAppointment {
    /// Whose.
    pub user_id: i64,
    /// With which company.
    pub company_id: Option<i64>,
    /// Kind.
    pub kind: String,
    /// What for.
    pub note: Option<String>,
    /// When it begins.
    pub begins_at: NaiveDateTime,
    /// How long it takes.
    pub minutes: i32,
    /// State.
    pub state: &'static str,
    /// Now.
    pub at: NaiveDateTime,
}
