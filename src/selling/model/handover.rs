//! A hand-over as stored, and where it went.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::qualifying::Grade;
use crate::schema::{handover, handover_move};
use crate::selling::rules::assign::{Decision, Inputs};
use crate::selling::rules::handover::{HandoverState, Offer};

/// A lead on its way to a rep.
#[derive(
    Debug, Clone, Default, PartialEq, Eq, Queryable, Selectable, Identifiable, AsChangeset,
)]
#[diesel(table_name = handover, treat_none_as_null = true)]
pub struct Handover {
    /// Id.
    pub id: i64,
    /// The company that it was opened for; read through its root.
    pub company_id: i64,
    /// The call that qualified it.
    pub call_id: Option<i64>,
    /// The telemarketer.
    pub from_id: Option<i64>,
    /// Who has it to accept, or accepted it.
    pub rep_id: Option<i64>,
    /// By which territory.
    pub territory_id: Option<i64>,
    /// [`HandoverState`].
    pub state: String,
    /// The grade at that time.
    pub grade: Option<String>,
    /// It came from an event.
    pub is_event_lead: bool,
    /// What the telemarketer says about it.
    pub note: Option<String>,
    /// When a visit was agreed.
    pub visit_at: Option<NaiveDateTime>,
    /// [`Inputs`] of the latest assignment.
    pub inputs: String,
    /// [`Decision`] of the latest assignment.
    pub why: String,
    /// Version of the service times.
    pub rule_version: i32,
    /// How often it was offered.
    pub round: i32,
    /// The rep is warned from then on.
    pub warn_at: Option<NaiveDateTime>,
    /// Its time is over from then on.
    pub due_at: Option<NaiveDateTime>,
    /// Until when the customer is to be spoken with.
    pub contact_by: Option<NaiveDateTime>,
    /// When that happened.
    pub contacted_at: Option<NaiveDateTime>,
    /// The merge that it waits for.
    pub parked_for: Option<i64>,
    /// When it was opened.
    pub at: NaiveDateTime,
    /// When the present rep, or the manager, got it.
    pub offered_at: NaiveDateTime,
    /// When it was settled.
    pub settled_at: Option<NaiveDateTime>,
    /// By whom.
    pub settled_by: Option<i64>,
    /// Why it was rejected.
    pub reason: Option<String>,
}

impl Handover {
    /// Its state.
    pub fn state(&self) -> HandoverState {
        HandoverState::from_code(&self.state).unwrap_or(HandoverState::Withdrawn)
    }
    /// The grade at that time.
    pub fn grade(&self) -> Option<Grade> {
        self.grade.as_deref().and_then(Grade::from_code)
    }
    /// What the latest assignment was decided on.
    pub fn inputs(&self) -> Inputs {
        serde_json::from_str(&self.inputs).unwrap_or_default()
    }
    /// What it decided.
    pub fn decision(&self) -> Decision {
        serde_json::from_str(&self.why).unwrap_or_default()
    }
    /// As its clock sees it.
    pub fn offer(&self) -> Offer {
        Offer {
            state: self.state(),
            round: self.round,
            warn_at: self.warn_at,
            due_at: self.due_at,
        }
    }
}

/// A hand-over to insert.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = handover, treat_none_as_default_value = false)]
pub struct NewHandover<'a> {
    /// The root.
    pub company_id: i64,
    /// The call.
    pub call_id: Option<i64>,
    /// The telemarketer.
    pub from_id: Option<i64>,
    /// The rep.
    pub rep_id: Option<i64>,
    /// By which territory.
    pub territory_id: Option<i64>,
    /// State.
    pub state: &'a str,
    /// Grade.
    pub grade: Option<&'a str>,
    /// From an event.
    pub is_event_lead: bool,
    /// Note.
    pub note: Option<&'a str>,
    /// Agreed visit.
    pub visit_at: Option<NaiveDateTime>,
    /// JSON.
    pub inputs: &'a str,
    /// JSON.
    pub why: &'a str,
    /// Version.
    pub rule_version: i32,
    /// Round.
    pub round: i32,
    /// When it warns.
    pub warn_at: Option<NaiveDateTime>,
    /// When it is over.
    pub due_at: Option<NaiveDateTime>,
    /// Now.
    pub at: NaiveDateTime,
    /// Now.
    pub offered_at: NaiveDateTime,
}

impl<'a> From<&'a Handover> for NewHandover<'a> {
    /// All that an opening has decided; nothing of it is settled yet.
    fn from(of: &'a Handover) -> Self {
        Self {
            company_id: of.company_id,
            call_id: of.call_id,
            from_id: of.from_id,
            rep_id: of.rep_id,
            territory_id: of.territory_id,
            state: &of.state,
            grade: of.grade.as_deref(),
            is_event_lead: of.is_event_lead,
            note: of.note.as_deref(),
            visit_at: of.visit_at,
            inputs: &of.inputs,
            why: &of.why,
            rule_version: of.rule_version,
            round: of.round,
            warn_at: of.warn_at,
            due_at: of.due_at,
            at: of.at,
            offered_at: of.offered_at,
        }
    }
}

/// One step of the way of a hand-over.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = handover_move)]
pub struct Move {
    /// Id.
    pub id: i64,
    /// Of which hand-over.
    pub handover_id: i64,
    /// The state that began.
    pub state: String,
    /// Whose it became.
    pub rep_id: Option<i64>,
    /// What an assignment was decided on.
    pub inputs: Option<String>,
    /// What it decided.
    pub why: Option<String>,
    /// Whose doing; none: time.
    pub actor_id: Option<i64>,
    /// The reason given.
    pub reason: Option<String>,
    /// When.
    pub at: NaiveDateTime,
}

/// A step to insert.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = handover_move, treat_none_as_default_value = false)]
pub struct NewMove {
    /// Of which hand-over.
    pub handover_id: i64,
    /// The state that began.
    pub state: &'static str,
    /// Whose it became.
    pub rep_id: Option<i64>,
    /// JSON.
    pub inputs: Option<String>,
    /// JSON.
    pub why: Option<String>,
    /// Whose doing.
    pub actor_id: Option<i64>,
    /// The reason given.
    pub reason: Option<String>,
    /// Now.
    pub at: NaiveDateTime,
}
