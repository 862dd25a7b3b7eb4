//! From a call to the right rep: whether what was said is enough, what is still missing, and the hand-over itself.

use chrono::NaiveDateTime;
use serde_json::json;

use crate::accounts::{Actor, user_names};
use crate::calling::actions::leave_task;
use crate::calling::model::NewTask;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::qualifying::Grade;
use crate::registry::actions::group_of;
use crate::registry::model::CompanyState;
use crate::selling::actions::{Opening, book, open, ready};
use crate::selling::model::Handover;
use crate::selling::rules::handover::{Lacking, is_for_a_rep};

/// Kind of the task of a rep whose own company is interested.
const OWN_LEAD: &str = "own_lead";

/// What a call brought that may be worth a rep's time.
#[derive(Debug, Clone)]
pub struct Lead<'a> {
    /// The company.
    pub root: i64,
    /// Every id under it, read where no merge could come in between.
    pub group: &'a [i64],
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
    /// The rep whose company it is already: id and name. The next step is theirs.
    pub owner: Option<(i64, String)>,
    /// The hand-over, a new one or the one that is open.
    pub handover: Option<Handover>,
    /// What the lead lacks; empty when it is enough, or when nobody has to hand it over.
    pub lacking: Vec<Lacking>,
}

/// What a company still lacks before it can be handed over; `None` where a hand-over is not in question, since a rep has
/// it, or it is a customer, or no target.
pub fn lacking(conn: &mut Conn, root: i64) -> AppResult<Option<Vec<Lacking>>> {
    let group = group_of(conn, root)?;
    let ready = ready(conn, root, &group)?;
    if !matches!(ready.state, CompanyState::New | CompanyState::Pool) {
        return Ok(None);
    }
    let rules = book(conn)?.service;
    Ok(Some(ready.readiness.lacking(&rules)))
}

/// Points that a record needs before it can be handed over.
pub fn points_needed(conn: &mut Conn) -> AppResult<i32> {
    Ok(book(conn)?.service.completeness)
}

/// Hands a lead over if it is enough. Nothing is handed over twice.
pub fn hand_over(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    lead: &Lead<'_>,
) -> AppResult<Handing> {
    let ready = ready(conn, lead.root, lead.group)?;
    if let Some(rep) = ready.owner_id {
        return follow_up(conn, now, actor, lead, rep);
    }
    if !matches!(ready.state, CompanyState::New | CompanyState::Pool) || !is_for_a_rep(lead.grade) {
        return Ok(Handing::default());
    }
    if let Some(open) = crate::selling::open_of(conn, lead.group)? {
        return Ok(Handing {
            handover: Some(open),
            ..Handing::default()
        });
    }
    let book = book(conn)?;
    let lacking = ready.readiness.lacking(&book.service);
    if !lacking.is_empty() {
        return Ok(Handing {
            lacking,
            ..Handing::default()
        });
    }
    let opening = Opening {
        group: lead.group.to_vec(),
        call_id: Some(lead.call_id),
        from_id: actor.user_id,
        grade: lead.grade,
        is_event_lead: ready.is_event_lead,
        note: lead.note.clone(),
        visit_at: lead.visit_at,
    };
    Ok(Handing {
        handover: Some(open(conn, now, actor, &book, &opening)?),
        ..Handing::default()
    })
}

/// A company that a rep has is not handed over: what the call brought is the rep's next step, whoever called.
fn follow_up(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    lead: &Lead<'_>,
    rep: i64,
) -> AppResult<Handing> {
    let book = book(conn)?;
    let said = lead.note.clone().unwrap_or_default();
    let note = match actor.user_id == Some(rep) {
        true => said,
        false => format!("{}：{said}", actor.name),
    };
    let task = NewTask {
        kind: OWN_LEAD.into(),
        company_id: Some(lead.root),
        person_id: None,
        call_id: Some(lead.call_id),
        user_id: Some(rep),
        team_id: actor.team_id,
        due_at: Some(
            lead.visit_at
                .unwrap_or_else(|| book.office().opening_of_next_day(now)),
        ),
        body: Some(json!({ "note": note }).to_string()),
        state: "open",
        created_at: now,
    };
    leave_task(conn, &task)?;
    let name = user_names(conn, &[rep])?.remove(&rep);
    Ok(Handing {
        owner: Some((rep, name.unwrap_or_default())),
        ..Handing::default()
    })
}
