//! Refusals outside the database: a refusal outlives the database it was said to.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};

use super::suppress::end;
use crate::accounts::Actor;
use crate::consent::model::{OriginKind, Scope, Subject, Ways, Withdrawal};
use crate::consent::queries::refusals as queries;
use crate::consent::queries::suppression::{Live, live_origins, origin};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// One refusal as it stands in the log beside the database, a line each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Id of its origin in the database it was said to.
    pub id: i64,
    /// Code of [`Scope`].
    pub scope: String,
    /// As [`Subject::value`].
    pub subject: String,
    /// Bits of [`Ways`].
    pub ways: i32,
    /// Code of [`OriginKind`].
    pub kind: String,
    /// When it was said, UTC.
    pub said_at: NaiveDateTime,
    /// When it ended: it was a slip, or the person agreed again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<NaiveDateTime>,
    /// Code of [`Withdrawal`]: how it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawal: Option<String>,
    /// Of a person: the mail address, for a database that does not know the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Of a person: the mobile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<String>,
}

impl Refusal {
    fn of_row(row: queries::Row) -> Self {
        let (id, scope, subject, ways, kind, said_at, withdrawn_at, withdrawal, email, mobile) =
            row;
        Self {
            id,
            scope,
            subject,
            ways,
            kind,
            said_at,
            withdrawn_at,
            withdrawal,
            email,
            mobile,
        }
    }
    /// What it silences.
    pub fn subject(&self) -> Option<Subject> {
        Subject::stored(&self.scope, self.subject.clone())
    }
    /// What asked for it.
    pub fn kind(&self) -> Option<OriginKind> {
        OriginKind::parse(&self.kind)
    }
    /// What it silences in a database that does not know the person or company by this id.
    pub fn by_address(&self) -> Vec<Subject> {
        let email = self.email.as_deref().map(Subject::email);
        let mobile = self.mobile.as_deref().map(Subject::number);
        email.into_iter().chain(mobile).collect()
    }
    /// The ways it closes.
    pub fn ways(&self) -> Ways {
        Ways(self.ways)
    }
}

/// Refusals behind an id, withdrawn ones as well, at most `limit`, in order.
pub fn refusals_after(conn: &mut Conn, id: i64, limit: i64) -> AppResult<Vec<Refusal>> {
    let rows = queries::origins_after(conn, id, limit)?;
    Ok(rows.into_iter().map(Refusal::of_row).collect())
}

/// Refusals that ended behind a place, at most `limit`, in the order in which they did: when, and which id.
pub fn ended_after(
    conn: &mut Conn,
    place: (NaiveDateTime, i64),
    limit: i64,
) -> AppResult<Vec<Refusal>> {
    let rows = queries::withdrawn_after(conn, place, limit)?;
    Ok(rows.into_iter().map(Refusal::of_row).collect())
}

/// How many refusals ended at a moment or later.
pub fn count_ended(conn: &mut Conn, since: NaiveDateTime) -> AppResult<i64> {
    Ok(queries::count_withdrawn(conn, since)?)
}

/// Takes a slip back that was taken back before: these data are older, and know nothing of it. Answers the subjects that
/// may be reached otherwise now. Whatever else ended a refusal is part of the data that went (an undone call, an import
/// that was taken back, the words of a later consent): there the refusal holds. Why it was a slip nobody knows any more:
/// words of ours may name somebody, and stay in the database.
pub fn take_slip_back(
    conn: &mut Conn,
    now: NaiveDateTime,
    refusal: &Refusal,
) -> AppResult<Vec<Subject>> {
    let is_slip = refusal.withdrawal.as_deref() == Some(Withdrawal::Slip.code());
    let Some(subject) = refusal.subject().filter(|_| is_slip) else {
        return Ok(Vec::new());
    };
    let live = live_origins(conn, &subject)?;
    let is_live = live.iter().any(|(id, ..)| *id == refusal.id);
    if !is_live || origin(conn, refusal.id)?.said_at != refusal.said_at {
        return Ok(Vec::new());
    }
    let which = Live::One(refusal.id);
    end(conn, now, &Actor::system(), &which, Withdrawal::Slip, "")
}

/// Id of the latest refusal; 0 without one.
pub fn last_refusal(conn: &mut Conn) -> AppResult<i64> {
    Ok(queries::last_origin(conn)?)
}

/// Whether a refusal is known here with all that it closes, whatever became of it.
pub fn knows_refusal(conn: &mut Conn, subject: &Subject, refusal: &Refusal) -> AppResult<bool> {
    let known = queries::ways_of_origins(conn, subject.key(), &refusal.kind, refusal.said_at)?;
    let known: Ways = known.into_iter().map(Ways).collect();
    Ok(known.holds(refusal.ways()))
}

/// Whether the person or company of a subject is in this database.
pub fn is_subject_here(conn: &mut Conn, subject: &Subject) -> AppResult<bool> {
    let Some(id) = subject.id() else {
        return Ok(true);
    };
    Ok(match subject.scope {
        Scope::Person => queries::has_person(conn, id)?,
        _ => queries::has_company(conn, id)?,
    })
}
