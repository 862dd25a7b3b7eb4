//! What the database knows about one company that bears on its grade, as it was read.

use chrono::NaiveDateTime;

use super::Grade;
use crate::registry::model::{Company, RecordKind, Said};

/// Everything that evidence is made of.
#[derive(Debug, Clone)]
pub struct Material {
    /// The root.
    pub company: Company,
    /// Records that somebody said first hand, and those that show a value, oldest first.
    pub said: Vec<SaidRecord>,
    /// People of the group who have not left.
    pub contacts: Vec<ContactFacts>,
    /// When somebody spoke with whom, oldest first.
    pub talks: Vec<Talk>,
    /// The nearest call-back to come.
    pub call_back: Option<NaiveDateTime>,
    /// The nearest task or appointment to come.
    pub appointment: Option<NaiveDateTime>,
    /// How the last call ended that reached somebody.
    pub last_result: Option<TalkResult>,
    /// Since when the company must not be called.
    pub suppressed_at: Option<NaiveDateTime>,
    /// When our last quotation went out.
    pub quoted_at: Option<NaiveDateTime>,
    /// Another company with the same note word by word, and when the note was written here.
    pub note_twin: Option<(String, NaiveDateTime)>,
    /// The changes of the grade that count, oldest first.
    pub grades: Vec<GradeSet>,
    /// A proposal waits for an answer.
    pub has_open_proposal: bool,
}

/// One live record.
#[derive(Debug, Clone)]
pub struct SaidRecord {
    /// Id.
    pub id: i64,
    /// Where it comes from.
    pub kind: RecordKind,
    /// The contact who said it.
    pub contact_id: Option<i64>,
    /// Rank of its list.
    pub source_rank: i32,
    /// When the list was made.
    pub collected_on: Option<chrono::NaiveDate>,
    /// When it was said.
    pub said_at: NaiveDateTime,
    /// What.
    pub said: Said,
}

/// A person at the company.
#[derive(Debug, Clone)]
pub struct ContactFacts {
    /// The contact.
    pub id: i64,
    /// The person's root.
    pub person_id: i64,
    /// Name.
    pub name: String,
    /// Title.
    pub title: Option<String>,
    /// Role.
    pub role: Option<String>,
    /// Since when they are known.
    pub since: NaiveDateTime,
}

/// Somebody spoke with them.
#[derive(Debug, Clone, Copy)]
pub struct Talk {
    /// With whom, if that is known.
    pub person_id: Option<i64>,
    /// When.
    pub at: NaiveDateTime,
}

/// How a call ended that reached somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TalkResult {
    /// Code of the result.
    pub code: String,
    /// How long it took; none where nobody measured it.
    pub seconds: Option<i64>,
    /// When it began.
    pub at: NaiveDateTime,
}

/// A change of the grade that counts.
#[derive(Debug, Clone, Copy)]
pub struct GradeSet {
    /// Before.
    pub before: Option<Grade>,
    /// After.
    pub after: Option<Grade>,
    /// It came from a call.
    pub by_call: bool,
    /// When.
    pub at: NaiveDateTime,
}

/// What is being said right now and is not stored yet, or not yet known to have been a talk.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// What was typed.
    pub said: Said,
    /// Who says it.
    pub contact_id: Option<i64>,
    /// The code of how the call ends.
    pub result: Option<String>,
    /// Somebody was reached.
    pub has_spoken: bool,
    /// A call-back or visit that was agreed in it.
    pub next_date: Option<NaiveDateTime>,
    /// How long the call took; none where nobody measured it.
    pub talk_seconds: Option<i64>,
    /// The note.
    pub note: Option<String>,
}
