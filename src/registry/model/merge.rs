//! A join of two companies or persons that can be undone.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::merge;

/// A join.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = merge)]
pub struct Merge {
    /// Id.
    pub id: i64,
    /// `company` or `person`.
    pub kind: String,
    /// What was joined.
    pub from_id: i64,
    /// To what.
    pub into_id: i64,
    /// The company merge that joined these persons.
    pub parent_id: Option<i64>,
    /// Why, as JSON.
    pub evidence: Option<String>,
    /// Who.
    pub actor_id: Option<i64>,
    /// When.
    pub at: NaiveDateTime,
    /// Parted again.
    pub undone_at: Option<NaiveDateTime>,
}
