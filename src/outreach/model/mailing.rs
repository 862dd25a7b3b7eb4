//! A mailing: greetings of one occasion, or one issue of news.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::{LetterKind, PauseReason, PlanFigures};
use crate::codes;
use crate::qualifying::Grade;
use crate::registry::filter::Filter;
use crate::schema::mailing;

codes! {
    /// What is sent.
    pub enum MailingKind {
        /// A holiday greeting: at most once, whatever happens.
        Greeting = "greeting" => "mailing-kind-greeting",
        /// An issue of news.
        News = "news" => "mailing-kind-news",
    }
}

/// What its letters are for.
impl From<MailingKind> for LetterKind {
    fn from(kind: MailingKind) -> Self {
        match kind {
            MailingKind::Greeting => Self::Greeting,
            MailingKind::News => Self::News,
        }
    }
}

codes! {
    /// How far a mailing is.
    pub enum MailingState {
        /// Being put together; nobody is in it yet.
        Draft = "draft" => "mailing-state-draft",
        /// Its audience is being decided by a job.
        Planning = "planning" => "mailing-state-planning",
        /// Everybody is decided; waits for somebody's approval.
        Planned = "planned" => "mailing-state-planned",
        /// Approved; waits for its moment.
        Scheduled = "scheduled" => "mailing-state-scheduled",
        /// Going out.
        Sending = "sending" => "mailing-state-sending",
        /// Held by somebody, or by itself when too much came back.
        Paused = "paused" => "mailing-state-paused",
        /// Nobody is waiting any more.
        Done = "done" => "mailing-state-done",
        /// Called off; what was sent stays sent.
        Cancelled = "cancelled" => "mailing-state-cancelled",
    }
}

codes! {
    /// A rep's word about the cards to own customers.
    pub enum ApprovalState {
        /// Not answered yet.
        Open = "open" => "approval-state-open",
        /// They may go.
        Approved = "approved" => "approval-state-approved",
        /// None of them goes.
        Declined = "declined" => "approval-state-declined",
        /// The deadline came first; the default of the settings was taken.
        ByDefault = "by_default" => "approval-state-by-default",
    }
}

/// Whom a mailing is for; stored as JSON. What it leaves open is no condition.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Audience {
    /// Grades that get it.
    pub grades: Vec<Grade>,
    /// Further conditions on the company, as everywhere.
    #[serde(default)]
    pub filter: Filter,
    /// Only these companies (from "due this week"); empty: everybody.
    #[serde(default)]
    pub companies: Vec<i64>,
    /// Only these people, of those whose day it is on a day of one's own; empty: everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<i64>,
}

/// A mailing as it is stored.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = mailing)]
pub struct Mailing {
    /// Id.
    pub id: i64,
    /// [`MailingKind`].
    pub kind: String,
    /// Code of the occasion of a greeting.
    pub occasion: Option<String>,
    /// Its year.
    pub year: Option<i32>,
    /// The day of the occasion.
    pub occasion_on: Option<NaiveDate>,
    /// The issue of news.
    pub issue_id: Option<i64>,
    /// Whose it is; none: the office's.
    pub team_id: Option<i64>,
    /// Its name.
    pub name: String,
    /// Code of the letter.
    pub letter_code: String,
    /// JSON `{language: version}`: pinned when it was planned.
    pub letter_versions: String,
    /// JSON of [`Audience`].
    pub audience: String,
    /// JSON `{kind: version}` of the settings the audience was decided by.
    pub rule_versions: String,
    /// Hash of audience, letters, settings and every verdict: a dry run and the run agree.
    pub audience_hash: Option<String>,
    /// JSON of the figures of the planning: in, and left out by reason.
    pub figures: Option<String>,
    /// [`MailingState`].
    pub state: String,
    /// Earliest moment, UTC.
    pub send_from: Option<NaiveDateTime>,
    /// After this nothing is sent any more, UTC.
    pub send_until: Option<NaiveDateTime>,
    /// Until when owners may answer, UTC.
    pub approve_by: Option<NaiveDateTime>,
    /// Who approved it.
    pub approved_by: Option<i64>,
    /// When.
    pub approved_at: Option<NaiveDateTime>,
    /// Code and parameters of why it is paused, JSON.
    pub pause_reason: Option<String>,
    /// The job that plans it.
    pub job_id: Option<i64>,
    /// Who made it; none: the calendar.
    pub created_by: Option<i64>,
    /// When.
    pub created_at: NaiveDateTime,
    /// Last change.
    pub changed_at: NaiveDateTime,
    /// When the first letter could go.
    pub started_at: Option<NaiveDateTime>,
    /// When nobody was waiting any more.
    pub ended_at: Option<NaiveDateTime>,
}

impl Mailing {
    /// What is sent.
    pub fn kind(&self) -> MailingKind {
        MailingKind::from_code(&self.kind).unwrap_or(MailingKind::News)
    }
    /// How far it is; a state that nobody knows is treated as one in which nothing moves.
    pub fn state(&self) -> MailingState {
        MailingState::from_code(&self.state).unwrap_or(MailingState::Cancelled)
    }
    /// Whom it is for.
    pub fn audience(&self) -> Audience {
        serde_json::from_str(&self.audience).unwrap_or_default()
    }
    /// The figures of its planning, once it was planned.
    pub fn figures(&self) -> Option<PlanFigures> {
        serde_json::from_str(self.figures.as_deref()?).ok()
    }
    /// The version of its letter in a language that it was decided under; none while it is to be decided.
    pub fn letter_version(&self, language: &str) -> Option<i32> {
        self.letters_decided()?.get(language).copied()
    }
    /// The versions of its letter that it was decided under, by language; none while it is to be decided.
    pub fn letters_decided(&self) -> Option<BTreeMap<String, i32>> {
        self.figures.as_ref()?;
        serde_json::from_str(&self.letter_versions).ok()
    }
    /// Why it is held, while it is.
    pub fn pause_reason(&self) -> Option<PauseReason> {
        serde_json::from_str(self.pause_reason.as_deref()?).ok()
    }
}

/// A mailing to insert.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = mailing)]
pub struct NewMailing<'a> {
    /// [`MailingKind`].
    pub kind: &'static str,
    /// Code of the occasion.
    pub occasion: Option<&'a str>,
    /// Its year.
    pub year: Option<i32>,
    /// Its day.
    pub occasion_on: Option<NaiveDate>,
    /// The issue of news.
    pub issue_id: Option<i64>,
    /// Whose.
    pub team_id: Option<i64>,
    /// Name.
    pub name: &'a str,
    /// Letter.
    pub letter_code: &'a str,
    /// JSON `{language: version}`; `{}` until planned.
    pub letter_versions: &'a str,
    /// JSON of [`Audience`].
    pub audience: &'a str,
    /// JSON `{kind: version}`; `{}` until planned.
    pub rule_versions: &'a str,
    /// [`MailingState`].
    pub state: &'static str,
    /// Earliest moment.
    pub send_from: Option<NaiveDateTime>,
    /// Latest moment.
    pub send_until: Option<NaiveDateTime>,
    /// Deadline of the owners.
    pub approve_by: Option<NaiveDateTime>,
    /// Who.
    pub created_by: Option<i64>,
    /// Now.
    pub created_at: NaiveDateTime,
    /// Now.
    pub changed_at: NaiveDateTime,
}
