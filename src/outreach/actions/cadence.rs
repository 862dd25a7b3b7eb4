//! The touches that letters are.

use chrono::NaiveDateTime;

use crate::outreach::model::{Held, MailingKind};
use crate::outreach::queries::cadence::{self as queries, NewTouch};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// A letter that arrived.
#[derive(Debug, Clone, Copy)]
pub struct Touched {
    /// What it was.
    pub kind: MailingKind,
    /// At whom.
    pub person_id: i64,
    /// About which company.
    pub company_id: Option<i64>,
    /// Which delivery.
    pub delivery_id: i64,
    /// When the receiver's server took it.
    pub at: NaiveDateTime,
}

impl Touched {
    /// By a letter that a worker held.
    pub fn by(held: &Held, kind: MailingKind, at: NaiveDateTime) -> Self {
        Self {
            kind,
            person_id: held.person_id,
            company_id: held.company_id,
            delivery_id: held.id,
            at,
        }
    }
}

/// Letters that arrived count against the caps, as calls and visits do. They are no contact by which a grade stays
/// fresh or a company stays with its rep: nobody spoke with anybody, so the last contact of the company stays.
pub fn touched(conn: &mut Conn, touches: &[Touched]) -> AppResult<()> {
    let rows: Vec<NewTouch> = touches
        .iter()
        .map(|one| NewTouch {
            company_id: one.company_id,
            person_id: one.person_id,
            kind: one.kind.code(),
            at: one.at,
            object_id: one.delivery_id,
        })
        .collect();
    Ok(queries::insert_touches(conn, &rows)?)
}
