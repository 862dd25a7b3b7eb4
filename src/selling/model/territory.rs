//! Territories and absences as stored.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::schema::{absence, territory};
use crate::selling::rules::territory::{Reach, Territory};

/// A territory as stored; the lists are JSON.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = territory)]
pub struct TerritoryRow {
    /// Id.
    pub id: i64,
    /// The rep.
    pub user_id: i64,
    /// Places.
    pub regions: String,
    /// Sections or divisions.
    pub industries: String,
    /// Size classes.
    pub sizes: String,
    /// In force.
    pub active: bool,
    /// When it was last drawn.
    pub at: NaiveDateTime,
}

impl TerritoryRow {
    /// As the rules see it; an unreadable list binds nothing.
    pub fn drawn(&self) -> Territory {
        let codes = |text: &str| serde_json::from_str(text).unwrap_or_default();
        Territory {
            id: self.id,
            user_id: self.user_id,
            reach: Reach {
                regions: codes(&self.regions),
                industries: codes(&self.industries),
                sizes: serde_json::from_str(&self.sizes).unwrap_or_default(),
            },
        }
    }
}

/// A territory to insert or to write anew.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = territory)]
pub struct NewTerritory {
    /// The rep.
    pub user_id: i64,
    /// Places, JSON.
    pub regions: String,
    /// Sections or divisions, JSON.
    pub industries: String,
    /// Size classes, JSON.
    pub sizes: String,
    /// In force.
    pub active: bool,
    /// By whom.
    pub changed_by: Option<i64>,
    /// Now.
    pub at: NaiveDateTime,
}

/// Days on which a rep is away.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = absence)]
pub struct Absence {
    /// Id.
    pub id: i64,
    /// Who.
    pub user_id: i64,
    /// Who stands in.
    pub deputy_id: Option<i64>,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
}

/// An absence to insert.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = absence, treat_none_as_default_value = false)]
pub struct NewAbsence {
    /// Who.
    pub user_id: i64,
    /// Who stands in.
    pub deputy_id: Option<i64>,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Now.
    pub at: NaiveDateTime,
}
