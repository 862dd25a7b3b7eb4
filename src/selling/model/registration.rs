//! A project that a rep registered, and what became of that.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::codes;
use crate::schema::{registration, registration_change};

/// A project that a rep registered.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = registration)]
pub struct Registration {
    /// Id.
    pub id: i64,
    /// The company; read through its root.
    pub company_id: i64,
    /// The rep.
    pub rep_id: i64,
    /// The project in their words.
    pub project: String,
    /// Last day of the protection.
    pub protected_until: NaiveDate,
    /// `live`, `over` or `withdrawn`.
    pub state: String,
    /// When.
    pub at: NaiveDateTime,
}

/// A registration to insert.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = registration)]
pub struct NewRegistration {
    /// The root.
    pub company_id: i64,
    /// The rep.
    pub rep_id: i64,
    /// The project.
    pub project: String,
    /// Last day.
    pub protected_until: NaiveDate,
    /// State.
    pub state: &'static str,
    /// Now.
    pub at: NaiveDateTime,
}

codes! {
    /// What became of a registration.
    pub enum RegistrationMove {
        /// It protects longer.
        Extended = "extended" => "registration-extended",
        /// It was taken back.
        Withdrawn = "withdrawn" => "registration-withdrawn",
        /// Its company left the rep.
        LeftRep = "left_rep" => "registration-left-rep",
    }
}

/// One change of a registration.
#[derive(Debug, Clone, Queryable, Selectable, Identifiable)]
#[diesel(table_name = registration_change)]
pub struct RegistrationChange {
    /// Id.
    pub id: i64,
    /// Of which registration.
    pub registration_id: i64,
    /// [`RegistrationMove`].
    pub kind: String,
    /// Last day of the protection from then on.
    pub until: NaiveDate,
    /// Why.
    pub reason: Option<String>,
    /// Whose doing; none: the system.
    pub actor_id: Option<i64>,
    /// When.
    pub at: NaiveDateTime,
}

/// A change to insert.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = registration_change, treat_none_as_default_value = false)]
pub struct NewRegistrationChange {
    /// Of which registration.
    pub registration_id: i64,
    /// [`RegistrationMove`].
    pub kind: &'static str,
    /// Last day from then on.
    pub until: NaiveDate,
    /// Why.
    pub reason: Option<String>,
    /// Whose doing.
    pub actor_id: Option<i64>,
    /// Now.
    pub at: NaiveDateTime,
}
