//! SQL of what is shown with a lease.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};
use serde_json::{Value, json};

use crate::platform::db::{Conn, Statement};

/// A company in one line.
#[derive(Debug, Clone, Queryable)]
pub struct CompanyLine {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// Region.
    pub region: Option<String>,
    /// Industry.
    pub industry: Option<String>,
    /// Size class.
    pub size_class: Option<i32>,
    /// Grade.
    pub grade: Option<String>,
    /// Urgency as said.
    pub urgency: Option<String>,
    /// Score.
    pub score: i32,
    /// Completeness.
    pub completeness: i32,
    /// Bits of what is missing.
    pub missing: i32,
    /// Last contact.
    pub last_touch_at: Option<chrono::NaiveDateTime>,
    /// Last dial.
    pub last_dial_at: Option<chrono::NaiveDateTime>,
}

impl CompanyLine {
    /// As programs see it.
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id, "name": self.name, "region": self.region, "industry": self.industry, "size_class": self.size_class,
            "grade": self.grade, "urgency": self.urgency, "score": self.score, "completeness": self.completeness,
            "last_touch_at": self.last_touch_at.map(|at| at.and_utc()), "last_dial_at": self.last_dial_at.map(|at| at.and_utc()),
        })
    }
}

/// A person to ask for.
#[derive(Debug, Clone, Queryable)]
pub struct ContactLine {
    /// The contact; none for a person without a company.
    pub id: Option<i64>,
    /// The person.
    pub person_id: i64,
    /// Name.
    pub name: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Role.
    pub role: Option<String>,
}

impl ContactLine {
    /// As programs see it.
    pub fn to_json(&self) -> Value {
        json!({ "id": self.id, "person_id": self.person_id, "name": self.name, "title": self.title, "role": self.role })
    }
}

pub(in crate::calling) fn company_line(conn: &mut Conn, id: i64) -> QueryResult<CompanyLine> {
    Statement::<(
        BigInt,
        Text,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Integer>,
        Nullable<Text>,
        Nullable<Text>,
        Integer,
        Integer,
        Integer,
        Nullable<Timestamp>,
        Nullable<Timestamp>,
    )>::fixed(
        "SELECT r.id, r.name, r.region, r.industry, r.size_class, r.grade, r.urgency, r.score, r.completeness, r.missing, r.last_touch_at, r.last_dial_at \
         FROM company c JOIN company r ON r.id = c.root_id WHERE c.id = ?",
    )
    .bind(id)
    .get_result(conn)
}

/// Whose number a point is.
pub(in crate::calling) fn contact_line(
    conn: &mut Conn,
    point_id: i64,
    company_id: Option<i64>,
    person_id: Option<i64>,
) -> QueryResult<Option<ContactLine>> {
    type Row = (
        Nullable<BigInt>,
        BigInt,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Text>,
    );
    if let Some(contact) = super::contact_of_point(conn, point_id, company_id)? {
        return Statement::<Row>::fixed(
            "SELECT t.id, h.root_id, h.name, t.title, t.role FROM contact t JOIN person h ON h.id = t.person_id WHERE t.id = ?",
        )
        .bind(contact)
        .get_result(conn)
        .optional();
    }
    let Some(person_id) = person_id else {
        return Ok(None);
    };
    Statement::<Row>::fixed(
        "SELECT CAST(NULL AS BIGINT), h.id, h.name, CAST(NULL AS TEXT), CAST(NULL AS TEXT) FROM person h WHERE h.id = ?",
    )
    .bind(person_id)
    .get_result(conn)
    .optional()
}
