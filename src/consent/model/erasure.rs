//! A person whose data was erased: what stays are ids, check values, and why.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::Subject;
use crate::codes;

codes! {
    /// Why somebody is erased.
    pub enum ErasureGround {
        /// The person asked for it, which is a refusal as well.
        Asked = "asked" => "erasure-asked",
        /// What the data was kept for is over.
        Ended = "ended" => "erasure-ended",
        /// The person should never have been entered.
        Mistake = "mistake" => "erasure-mistake",
    }
}

impl ErasureGround {
    /// Whether the person is not to be reached by any way afterwards, whatever list they come by.
    pub fn is_refusal(self) -> bool {
        self == Self::Asked
    }
}

/// An erasure as other copies of the data learn of it: no value of the person is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Id in the database in which it was asked for.
    pub id: i64,
    /// Every id under which the person was known there.
    pub persons: Vec<i64>,
    /// Code of [`ErasureGround`].
    pub ground: String,
    /// Who asked for it here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_id: Option<i64>,
    /// When, UTC.
    pub asked_at: NaiveDateTime,
    /// Scope and check value of each number and address.
    pub values: Vec<(String, String)>,
}

impl Erasure {
    /// What the person could be reached by, under check values.
    pub fn subjects(&self) -> impl Iterator<Item = Subject> {
        let subject = |(scope, value): &(String, String)| Subject::stored(scope, value.clone());
        self.values.iter().filter_map(subject)
    }
    /// Why.
    pub fn ground(&self) -> ErasureGround {
        ErasureGround::from_code(&self.ground).unwrap_or(ErasureGround::Asked)
    }
}
