//! What makes a mailing, and what happens to one: the inputs of its actions.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::{Audience, MailingKind};

/// Kind of the job that decides an audience; its payload is [`PlanPayload`].
pub const PLAN_JOB: &str = "mailing.plan";

/// What the job that decides an audience is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPayload {
    /// Whose audience.
    pub mailing_id: i64,
}

/// The occasion of a greeting in one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OccasionDay {
    /// Code of the occasion.
    pub code: String,
    /// The year that is greeted once.
    pub year: i32,
    /// Its day.
    pub on: NaiveDate,
}

/// From when to when letters go, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Not before.
    pub from: NaiveDateTime,
    /// Not after.
    pub until: NaiveDateTime,
}

/// What a person or the calendar says about a new mailing.
#[derive(Debug, Clone, PartialEq)]
pub struct MailingInput {
    /// What is sent.
    pub kind: MailingKind,
    /// The occasion of a greeting; none for news.
    pub occasion: Option<OccasionDay>,
    /// The issue of news; none for greetings.
    pub issue_id: Option<i64>,
    /// Whose it is; none: the office's.
    pub team_id: Option<i64>,
    /// Its name.
    pub name: String,
    /// Code of its letter.
    pub letter_code: String,
    /// Whom it is for.
    pub audience: Audience,
    /// Its moment; without one it goes when it is started.
    pub window: Option<Window>,
    /// Until when owners may answer for their customers.
    pub approve_by: Option<NaiveDateTime>,
}

/// What a person changes of a mailing that nobody has got yet; what is not named stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MailingEdit {
    /// Name.
    pub name: Option<String>,
    /// Letter.
    pub letter_code: Option<String>,
    /// Whom it is for.
    pub audience: Option<Audience>,
}

/// The figures of a planning: how many are in, and how many are not, by the code of the reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanFigures {
    /// Get a letter.
    #[serde(rename = "in")]
    pub included: i64,
    /// Do not, by reason.
    pub left_out: BTreeMap<String, i64>,
    /// Who is in, by grade.
    pub grades: BTreeMap<String, i64>,
    /// Whose letter cannot be written, by the field that is not known of them; they are among those left out.
    pub missing: BTreeMap<String, i64>,
}

impl PlanFigures {
    /// Everybody who was considered.
    pub fn considered(&self) -> i64 {
        self.included + self.left_out()
    }
    /// Everybody who gets nothing.
    pub fn left_out(&self) -> i64 {
        self.left_out.values().sum()
    }
}

/// What the job that decided an audience found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanOutcome {
    /// Version of the letter by language.
    pub letter_versions: BTreeMap<String, i32>,
    /// Version of the settings by kind.
    pub rule_versions: BTreeMap<String, i32>,
    /// Hash of audience, letters, settings and every verdict.
    pub audience_hash: String,
    /// Figures.
    pub figures: PlanFigures,
}

/// Why a mailing is held; stored as JSON `{code, …}`, said as `mail-pause-<code>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum PauseReason {
    /// Somebody holds it, and says why.
    ByPerson {
        /// Their words.
        text: String,
    },
    /// Too many addresses of late were refused for good: the list, or the sender, is ill.
    TooManyRefused {
        /// Refused.
        refused: i64,
        /// Of so many.
        of: i64,
    },
    /// The mail server takes nothing from us.
    ServerRefuses {
        /// Its answer.
        answer: String,
    },
    /// An archive took the place of the data while it ran.
    Restored,
    /// It would leave on a day that the office keeps quiet, or greets one.
    QuietDay {
        /// Which day.
        on: NaiveDate,
    },
    /// Called off: its moment passed before anybody approved it.
    WindowMissed,
    /// Called off: nobody was left in it.
    Nobody,
}

impl PauseReason {
    /// Its stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ByPerson { .. } => "by_person",
            Self::TooManyRefused { .. } => "too_many_refused",
            Self::ServerRefuses { .. } => "server_refuses",
            Self::Restored => "restored",
            Self::QuietDay { .. } => "quiet_day",
            Self::WindowMissed => "window_missed",
            Self::Nobody => "nobody",
        }
    }
}
