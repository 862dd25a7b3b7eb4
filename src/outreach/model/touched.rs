//! The touches that letters are.

use chrono::NaiveDateTime;

use super::{Held, MailingKind};

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
