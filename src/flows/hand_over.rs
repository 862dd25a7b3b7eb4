//! From a call to the right rep: whether what was said is enough, what is still missing, and the hand-over itself.

use chrono::NaiveDateTime;

use crate::accounts::Actor;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::qualifying::Grade;
use crate::registry::actions::group_of;
use crate::registry::model::CompanyState;
use crate::selling::actions::{Opening, book, open, ready};
use crate::selling::model::Handover;
use crate::selling::rules::handover::{Lacking, is_for_a_rep};

/// What a call brought that may be worth a rep's time.
#[derive(Debug, Clone)]
pub struct Lead {
    /// The company.
    pub root: i64,
    /// The call.
    pub call_id: i64,
    /// The grade that the rules propose, or that was set.
    pub grade: Option<Grade>,
    /// What the telemarketer says.
    pub note: Option<String>,
    /// When a visit was agreed.
    pub visit_at: Option<NaiveDateTime>,
}

/// What became of it.
#[derive(Debug, Clone, Default)]
pub struct Handing {
    /// The hand-over, a new one or the one that is open.
    pub handover: Option<Handover>,
    /// What the lead lacks; empty when it is enough, or when nobody has to hand it over.
    pub lacking: Vec<Lacking>,
}

/// What a company still lacks before it can be handed over; `None` where a hand-over is not in question, since a rep has
/// it, or it is a customer, or no target.
pub fn lacking(conn: &mut Conn, root: i64) -> AppResult<Option<Vec<Lacking>>> {
    let ready = ready(conn, root)?;
    if !matches!(ready.state, CompanyState::New | CompanyState::Pool) {
        return Ok(None);
    }
    let rules = book(conn)?.service;
    Ok(Some(ready.readiness.lacking(&rules)))
}

/// Hands a lead over if it is enough. Nothing is handed over twice.
pub fn hand_over(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    lead: &Lead,
) -> AppResult<Handing> {
    let ready = ready(conn, lead.root)?;
    if !matches!(ready.state, CompanyState::New | CompanyState::Pool) || !is_for_a_rep(lead.grade) {
        return Ok(Handing::default());
    }
    let group = group_of(conn, lead.root)?;
    if let Some(open) = crate::selling::open_of(conn, &group)? {
        return Ok(Handing {
            handover: Some(open),
            lacking: Vec::new(),
        });
    }
    let book = book(conn)?;
    let lacking = ready.readiness.lacking(&book.service);
    if !lacking.is_empty() {
        return Ok(Handing {
            handover: None,
            lacking,
        });
    }
    let opening = Opening {
        root: lead.root,
        call_id: Some(lead.call_id),
        from_id: actor.user_id,
        grade: lead.grade,
        is_event_lead: ready.is_event_lead,
        note: lead.note.clone(),
        visit_at: lead.visit_at,
    };
    Ok(Handing {
        handover: Some(open(conn, now, actor, &book, &opening)?),
        lacking: Vec::new(),
    })
}
