//! The two append-only logs: what changed (never a value) and what happened. Every write leaves a line or two, so they
//! are statements with a text of their own.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::db::{Conn, Statement};
use crate::schema::access_log;

/// One entry of the change log: which record, field, actor, time; never the value itself.
#[derive(Debug, Default)]
pub struct Change<'a> {
    /// When, UTC.
    pub at: NaiveDateTime,
    /// The user, empty for the system.
    pub actor_id: Option<i64>,
    /// What was done, e.g. `import`, `edit`, `merge`.
    pub verb: &'a str,
    /// Kind of the thing, e.g. `company`.
    pub object_kind: &'a str,
    /// The thing.
    pub object_id: Option<i64>,
    /// The record that carries the new value.
    pub record_id: Option<i64>,
    /// The batch it belongs to.
    pub batch_id: Option<i64>,
    /// Field codes by comma.
    pub fields: Option<String>,
    /// How many things, for bulk changes.
    pub n: i32,
}

impl<'a> Change<'a> {
    /// A setting became another one. Which version, which year or which list of it, the caller adds.
    pub fn setting(at: NaiveDateTime, actor_id: Option<i64>, kind: &'a str) -> Self {
        Self {
            at,
            actor_id,
            verb: "setting",
            object_kind: kind,
            n: 1,
            ..Self::default()
        }
    }
}

/// Writes a change-log entry.
pub fn changed(conn: &mut Conn, change: &Change<'_>) -> QueryResult<()> {
    Statement::<()>::fixed(
        "INSERT INTO change_log (at, actor_id, verb, object_kind, object_id, record_id, batch_id, fields, n) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(change.at)
    .bind(change.actor_id)
    .bind(change.verb)
    .bind(change.object_kind)
    .bind(change.object_id)
    .bind(change.record_id)
    .bind(change.batch_id)
    .bind(change.fields.clone())
    .bind(change.n)
    .execute(conn)
    .map(|_| ())
}

/// One event: live pages read them by id, the wallboard and audits by campaign.
#[derive(Debug, Default)]
pub struct Event<'a> {
    /// When, UTC.
    pub at: NaiveDateTime,
    /// What happened, e.g. `lease.claimed`.
    pub kind: &'a str,
    /// Whose doing.
    pub user_id: Option<i64>,
    /// In which campaign.
    pub campaign_id: Option<i64>,
    /// With which company.
    pub company_id: Option<i64>,
    /// Which lease, call, batch …
    pub object_id: Option<i64>,
    /// More, as JSON.
    pub data: Option<String>,
}

/// Writes an event.
pub fn happened(conn: &mut Conn, what: &Event<'_>) -> QueryResult<()> {
    Statement::<()>::fixed(
        "INSERT INTO event (at, kind, user_id, campaign_id, company_id, object_id, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(what.at)
    .bind(what.kind)
    .bind(what.user_id)
    .bind(what.campaign_id)
    .bind(what.company_id)
    .bind(what.object_id)
    .bind(what.data.clone())
    .execute(conn)
    .map(|_| ())
}

/// One look at numbers: unmasking, export, search by number.
#[derive(Debug, Insertable)]
#[diesel(table_name = access_log, treat_none_as_default_value = false)]
pub struct Access<'a> {
    /// When, UTC.
    pub at: NaiveDateTime,
    /// Who looked.
    pub user_id: i64,
    /// `unmask`, `export`, `search_number`.
    pub verb: &'a str,
    /// Kind of the thing.
    pub object_kind: &'a str,
    /// The thing, if it was one.
    pub object_id: Option<i64>,
    /// How many numbers.
    pub n: i32,
    /// What was asked, without whole numbers.
    pub detail: Option<String>,
}

/// Writes an access-log entry.
pub fn accessed(conn: &mut Conn, access: &Access<'_>) -> QueryResult<()> {
    diesel::insert_into(access_log::table)
        .values(access)
        .execute(conn)
        .map(|_| ())
}
