//! What one row, edit, call or registration said. It never changes; placement and validity may.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::said::Said;
use crate::schema::record;

/// Where a record comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// A row of a list.
    Row,
    /// A value typed on a page.
    Edit,
    /// The answers of a call.
    Call,
    /// Seen on a visit.
    Visit,
    /// A company or person added by hand.
    Hand,
    /// One lead of a form or another program.
    Lead,
    /// A registration for an event, by the person.
    Registration,
}

impl RecordKind {
    /// Stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Row => "row",
            Self::Edit => "edit",
            Self::Call => "call",
            Self::Visit => "visit",
            Self::Hand => "hand",
            Self::Lead => "lead",
            Self::Registration => "registration",
        }
    }
    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        [
            Self::Row,
            Self::Edit,
            Self::Call,
            Self::Visit,
            Self::Hand,
            Self::Lead,
            Self::Registration,
        ]
        .into_iter()
        .find(|kind| kind.code() == code)
    }
    /// Typed by a person who asked or checked: rank 1.
    pub fn is_first_hand(self) -> bool {
        matches!(self, Self::Edit | Self::Call | Self::Visit | Self::Hand)
    }
}

/// A record as stored. Its id is drawn before it is inserted.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable, Insertable)]
#[diesel(table_name = record, treat_none_as_default_value = false)]
pub struct Record {
    /// Id.
    pub id: i64,
    /// [`RecordKind`].
    pub kind: String,
    /// The list.
    pub source_id: Option<i64>,
    /// First live import that carries it.
    pub batch_id: Option<i64>,
    /// Sheet of the workbook.
    pub sheet_no: Option<i32>,
    /// Row or line.
    pub row_no: Option<i32>,
    /// The same row of the same source, first half.
    pub row_key: Option<i64>,
    /// Second half.
    pub row_check: Option<i64>,
    /// The call.
    pub call_id: Option<i64>,
    /// Where it was placed (the id of then; read through its root).
    pub company_id: Option<i64>,
    /// The contact it speaks of.
    pub contact_id: Option<i64>,
    /// [`Said`] as JSON.
    pub said: String,
    /// When it was said.
    pub said_at: NaiveDateTime,
    /// When the list was made.
    pub collected_on: Option<NaiveDate>,
    /// Who typed it.
    pub actor_id: Option<i64>,
    /// The evidence that put it there.
    pub placed_by: Option<String>,
    /// The record that corrects it.
    pub superseded_by: Option<i64>,
    /// Taken back.
    pub voided_at: Option<NaiveDateTime>,
}

impl Record {
    /// What it said.
    pub fn said(&self) -> Said {
        Said::from_json(&self.said)
    }
    /// Counts in folds.
    pub fn is_live(&self) -> bool {
        self.voided_at.is_none() && self.superseded_by.is_none()
    }
}

/// Something said by a person, a call or a form, about a company, a contact, or both.
#[derive(Debug, Clone)]
pub struct NewSaid {
    /// Where it comes from.
    pub kind: RecordKind,
    /// About which company (any id of its group).
    pub company_id: Option<i64>,
    /// About which contact.
    pub contact_id: Option<i64>,
    /// In which call.
    pub call_id: Option<i64>,
    /// On which list (leads and registrations).
    pub source_id: Option<i64>,
    /// What.
    pub said: Said,
    /// When; now, unless it was said earlier.
    pub said_at: Option<NaiveDateTime>,
}

impl NewSaid {
    /// A hand edit of a company.
    pub fn edit(company_id: i64, said: Said) -> Self {
        Self {
            kind: RecordKind::Edit,
            company_id: Some(company_id),
            contact_id: None,
            call_id: None,
            source_id: None,
            said,
            said_at: None,
        }
    }
    /// A hand edit of a contact (its person's values included).
    pub fn edit_contact(company_id: Option<i64>, contact_id: i64, said: Said) -> Self {
        Self {
            kind: RecordKind::Edit,
            company_id,
            contact_id: Some(contact_id),
            call_id: None,
            source_id: None,
            said,
            said_at: None,
        }
    }
    /// What a call brought.
    pub fn call(
        call_id: i64,
        company_id: Option<i64>,
        contact_id: Option<i64>,
        said: Said,
    ) -> Self {
        Self {
            kind: RecordKind::Call,
            company_id,
            contact_id,
            call_id: Some(call_id),
            source_id: None,
            said,
            said_at: None,
        }
    }
}
