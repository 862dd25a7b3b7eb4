//! A call and what it brought.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::schema::{call, call_result, callback, task};

/// A call as stored; one that is new has no id yet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = call)]
pub struct Call {
    /// Id.
    pub id: i64,
    /// Under which lease; none = incoming, returned, a rep's own.
    pub lease_id: Option<i64>,
    /// Of which entry.
    pub entry_id: Option<i64>,
    /// In which campaign.
    pub campaign_id: Option<i64>,
    /// The root company at that time.
    pub company_id: Option<i64>,
    /// The person spoken with, or asked for.
    pub person_id: Option<i64>,
    /// That person at the company.
    pub contact_id: Option<i64>,
    /// The number.
    pub point_id: Option<i64>,
    /// Its key with the extension.
    pub number_key: Option<i64>,
    /// As dialled, without the extension.
    pub phone: Option<String>,
    /// Extension.
    pub ext: Option<String>,
    /// `out` or `in`.
    pub direction: String,
    /// Whose call.
    pub agent_id: i64,
    /// When.
    pub dialled_at: NaiveDateTime,
    /// When the result was written.
    pub ended_at: Option<NaiveDateTime>,
    /// Counts against dial limits, also when its result is undone.
    pub counts: bool,
    /// Somebody of the company was spoken with.
    pub reached: Option<bool>,
    /// How it ended, the result that counts now.
    pub disposition: Option<String>,
    /// That result.
    pub result_id: Option<i64>,
}

/// What stands of a version of a result: as much of it as an undo and the next version ask for. The whole of it is
/// what [`NewResult`] writes.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = call_result)]
pub struct CallResult {
    /// Id.
    pub id: i64,
    /// 1 and up.
    pub version: i32,
    /// How it ended.
    pub disposition: Option<String>,
    /// The record that carries the answers.
    pub record_id: Option<i64>,
    /// Grade before the call.
    pub grade_before: Option<String>,
    /// Grade after it.
    pub grade_after: Option<String>,
    /// The state an undo restores, as JSON of [`Before`].
    pub entry_before: Option<String>,
    /// Who wrote it.
    pub actor_id: i64,
    /// When.
    pub at: NaiveDateTime,
    /// When it was taken back.
    pub undone_at: Option<NaiveDateTime>,
}

/// A result to insert.
#[derive(Debug, Clone)]
pub struct NewResult {
    /// Of which call.
    pub call_id: i64,
    /// 1 and up.
    pub version: i32,
    /// How it ended.
    pub disposition: Option<String>,
    /// Urgency as said.
    pub urgency: Option<String>,
    /// Need in words.
    pub need: Option<String>,
    /// Note of the agent.
    pub note: Option<String>,
    /// What tells the note from others; none where it is short.
    pub note_key: Option<i64>,
    /// Answers by field code, as JSON.
    pub facts: Option<String>,
    /// The record that carries the answers.
    pub record_id: Option<i64>,
    /// Grade before the call.
    pub grade_before: Option<String>,
    /// Grade that the rules proposed.
    pub grade_proposed: Option<String>,
    /// Grade after it.
    pub grade_after: Option<String>,
    /// Why the agent chose another.
    pub grade_reason: Option<String>,
    /// Why they are not interested: a code of the office's list, or words.
    pub reason: Option<String>,
    /// The state an undo restores, as JSON of [`Before`].
    pub entry_before: Option<String>,
    /// When the next call is planned.
    pub next_attempt_at: Option<NaiveDateTime>,
    /// Who wrote it.
    pub actor_id: i64,
    /// When.
    pub at: NaiveDateTime,
}

/// A call-back as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = callback)]
pub struct Callback {
    /// Id.
    pub id: i64,
    /// The entry it belongs to.
    pub entry_id: Option<i64>,
    /// Campaign.
    pub campaign_id: Option<i64>,
    /// Company.
    pub company_id: Option<i64>,
    /// Person.
    pub person_id: Option<i64>,
    /// The call in which it was agreed.
    pub call_id: Option<i64>,
    /// Number to call.
    pub phone: Option<String>,
    /// The agreed minute.
    pub due_at: NaiveDateTime,
    /// Zone of whoever is called back.
    pub zone: Option<String>,
    /// Whose it is; none = the team's.
    pub owner_id: Option<i64>,
    /// When it falls to the team.
    pub fallback_at: NaiveDateTime,
    /// `open` `done` `undone` `parked`.
    pub state: String,
    /// When it was agreed.
    pub at: NaiveDateTime,
}

/// A call-back to insert.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = callback, treat_none_as_default_value = false)]
pub struct NewCallback {
    /// Entry.
    pub entry_id: Option<i64>,
    /// Campaign.
    pub campaign_id: Option<i64>,
    /// Company.
    pub company_id: Option<i64>,
    /// Person.
    pub person_id: Option<i64>,
    /// Call.
    pub call_id: Option<i64>,
    /// Number.
    pub phone: Option<String>,
    /// Minute.
    pub due_at: NaiveDateTime,
    /// Zone.
    pub zone: Option<String>,
    /// Owner.
    pub owner_id: Option<i64>,
    /// Falls to the team.
    pub fallback_at: NaiveDateTime,
    /// State.
    pub state: &'static str,
    /// Now.
    pub at: NaiveDateTime,
}

/// A task as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = task)]
pub struct Task {
    /// Id.
    pub id: i64,
    /// What there is to do, e.g. `interested`, `visit_agreed`, `send_info`, `duplicate`.
    pub kind: String,
    /// Company.
    pub company_id: Option<i64>,
    /// Person.
    pub person_id: Option<i64>,
    /// The call it comes from.
    pub call_id: Option<i64>,
    /// Whose it is; none = the team's.
    pub user_id: Option<i64>,
    /// Team.
    pub team_id: Option<i64>,
    /// Until when.
    pub due_at: Option<NaiveDateTime>,
    /// What was said about it, as JSON.
    pub body: Option<String>,
    /// `open` `done` `undone`.
    pub state: String,
    /// When it was made.
    pub created_at: NaiveDateTime,
    /// When it was finished.
    pub done_at: Option<NaiveDateTime>,
    /// By whom.
    pub done_by: Option<i64>,
}

/// A task to insert.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = task, treat_none_as_default_value = false)]
pub struct NewTask {
    /// Kind.
    pub kind: String,
    /// Company.
    pub company_id: Option<i64>,
    /// Person.
    pub person_id: Option<i64>,
    /// Call.
    pub call_id: Option<i64>,
    /// Whose.
    pub user_id: Option<i64>,
    /// Team.
    pub team_id: Option<i64>,
    /// Until when.
    pub due_at: Option<NaiveDateTime>,
    /// JSON.
    pub body: Option<String>,
    /// State.
    pub state: &'static str,
    /// Now.
    pub created_at: NaiveDateTime,
}

/// A call and its result as it is sent: under a lease, or with a company or contact, a number and a direction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallForm {
    /// Token of the lease.
    pub lease: Option<String>,
    /// The company, without a lease.
    pub company: Option<i64>,
    /// Whom it was spoken with.
    pub contact: Option<i64>,
    /// The number; under a lease only where another than the served one was dialled.
    pub phone: Option<String>,
    /// `out` (default) or `in`.
    pub direction: Option<String>,
    /// How it ended.
    pub disposition: String,
    /// Within which time they would sign.
    pub urgency: Option<String>,
    /// What they need: words, or a list of needs.
    pub need: Option<Value>,
    /// Note.
    pub note: Option<String>,
    /// Answers by field code.
    pub facts: Map<String, Value>,
    /// Grade that the agent chose.
    pub grade: Option<String>,
    /// Without a grade of one's own the proposed one is kept: it holds from now on.
    pub keeps_proposal: bool,
    /// Why another than proposed; also the reason a disposition asks for.
    pub grade_reason: Option<String>,
    /// The minute agreed for the next call, RFC 3339.
    pub callback_at: Option<String>,
    /// The minute agreed for a visit, RFC 3339.
    pub visit_at: Option<String>,
    /// Why they are not interested: a code of the office's list, or words of one's own.
    pub reason: Option<String>,
    /// Ways that were refused: `call`, `mail`, `all`.
    pub ways: Option<String>,
    /// The record that this one repeats.
    pub duplicate_of: Option<i64>,
    /// Who does the work now.
    pub successor: Option<String>,
    /// The company was served to this agent and the lease is over: never sent, set where the lease has been read.
    #[serde(skip)]
    pub was_served: bool,
}

/// What an undo restores.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Before {
    /// The entry, as it was before the result.
    pub entry: Option<super::QueueEntry>,
    /// Other entries of the company that the result barred: id, state, bar, due.
    pub others: Vec<(i64, String, Option<String>, Option<NaiveDateTime>)>,
    /// The company's rest before.
    pub rest_until: Option<NaiveDateTime>,
    /// Whether the result set a rest.
    pub set_rest: bool,
    /// The company's last touch before.
    pub last_touch_at: Option<NaiveDateTime>,
    /// When the grade was set.
    pub grade_at: Option<NaiveDateTime>,
    /// The state of the company before.
    pub company_state: Option<String>,
    /// The contact who was marked as gone.
    pub contact_left: Option<i64>,
    /// Open call-backs that the result closed.
    pub callbacks: Vec<i64>,
    /// Points whose state it changed outside its record: id and state before.
    pub points: Vec<(i64, String)>,
    /// The lease that the result ended.
    pub lease_id: Option<i64>,
    /// The urgency before, with the day it stands for.
    pub sign_by: Option<NaiveDate>,
}
