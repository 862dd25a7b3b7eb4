//! A lead is handed over: the conditions, the opening, and to whom it goes.

use chrono::NaiveDateTime;
use serde_json::json;

use super::book::Book;
use super::notices::{About, tell, tell_managers};
use super::own::set_mark;
use super::territory;
use crate::accounts::Actor;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, Event, changed, happened};
use crate::qualifying::Grade;
use crate::qualifying::rules::is_rough_need;
use crate::registry;
use crate::registry::model::{CompanyState, Field, Said, channel_bit};
use crate::registry::rules::fold::Winners;
use crate::selling::model::{Handover, NewHandover, NewMove, NoticeKind};
use crate::selling::queries;
use crate::selling::rules::assign::{Decision, Why, decide};
use crate::selling::rules::handover::{HandoverState, Readiness};

/// How a company stands before a hand-over.
#[derive(Debug, Clone)]
pub struct Ready {
    /// What the conditions look at.
    pub readiness: Readiness,
    /// Its grade.
    pub grade: Option<Grade>,
    /// Its state.
    pub state: CompanyState,
    /// The rep who has it.
    pub owner_id: Option<i64>,
    /// It came by an event.
    pub is_event_lead: bool,
}

/// Reads how a company stands.
pub fn ready(conn: &mut Conn, root: i64, group: &[i64]) -> AppResult<Ready> {
    let (completeness, urgency, needs, channels, grade, state, owner_id, winners, reachable) =
        queries::ready_row(conn, root, group)?;
    Ok(Ready {
        readiness: Readiness {
            completeness,
            has_reachable_key_contact: reachable,
            has_urgency: urgency.is_some_and(|u| u != "UNKNOWN"),
            has_need: is_rough_need(needs.count_ones() as usize, &need_text(conn, &winners)?),
        },
        grade: grade.as_deref().and_then(Grade::from_code),
        state: CompanyState::parse(&state),
        owner_id,
        is_event_lead: channels & channel_bit("EXPO") != 0,
    })
}

fn need_text(conn: &mut Conn, winners: &str) -> AppResult<String> {
    let Some(record) = Winners::from_json(winners).record_of(Field::NeedText) else {
        return Ok(String::new());
    };
    let said = queries::said(conn, record)?.map(|text| Said::from_json(&text));
    Ok(said
        .and_then(|s| s.text(Field::NeedText).map(str::to_owned))
        .unwrap_or_default())
}

/// A hand-over to be opened.
#[derive(Debug, Clone, Default)]
pub struct Opening {
    /// Every id of the company, its root first: the promise that this is the only offer is made for all of them.
    pub group: Vec<i64>,
    /// The call that qualified it.
    pub call_id: Option<i64>,
    /// The telemarketer.
    pub from_id: Option<i64>,
    /// Its grade.
    pub grade: Option<Grade>,
    /// It came by an event.
    pub is_event_lead: bool,
    /// What the telemarketer says.
    pub note: Option<String>,
    /// When a visit was agreed.
    pub visit_at: Option<NaiveDateTime>,
}

/// Opens a hand-over and offers it to the rep whose company it is. 409 when one is open already, or a rep has it. The
/// caller keeps merges out.
pub fn open(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    opening: &Opening,
) -> AppResult<Handover> {
    let mut handover = begin(conn, now, book, opening)?;
    let root = handover.company_id;
    assign(conn, now, book, root, &mut handover, Vec::new())?;
    write_opened(conn, now, actor, opening, handover)
}

/// Opens one for the manager's list at once, for a reason.
pub fn open_for_manager(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    opening: &Opening,
    why: Why,
) -> AppResult<Handover> {
    let mut handover = begin(conn, now, book, opening)?;
    let decision = Decision {
        why: vec![why],
        ..Decision::default()
    };
    handover.why = serde_json::to_string(&decision)?;
    leave_to_manager(now, book, &mut handover);
    write_opened(conn, now, actor, opening, handover)
}

/// One that nobody has yet.
fn begin(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &Book,
    opening: &Opening,
) -> AppResult<Handover> {
    let Some(root) = opening.group.first().copied() else {
        return Err(anyhow::anyhow!("a hand-over of no company").into());
    };
    let (owner, ..) = queries::hold_company(conn, root)?;
    if owner.is_some() {
        return Err(AppError::conflict("handover_owned"));
    }
    Ok(Handover {
        company_id: root,
        call_id: opening.call_id,
        from_id: opening.from_id,
        grade: opening.grade.map(|grade| grade.code().to_owned()),
        is_event_lead: opening.is_event_lead,
        note: opening.note.clone(),
        visit_at: opening.visit_at,
        inputs: "{}".into(),
        why: "{}".into(),
        rule_version: book.service_version,
        at: now,
        offered_at: now,
        ..Handover::default()
    })
}

/// Writes it as it was decided, with the promise that it is the only one.
fn write_opened(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    opening: &Opening,
    mut handover: Handover,
) -> AppResult<Handover> {
    handover.id = queries::insert(conn, &NewHandover::from(&handover))?;
    if queries::take_once(conn, &opening.group, handover.id, now)? < opening.group.len() {
        return Err(AppError::conflict("handover_open"));
    }
    tell_placed(conn, now, actor, handover.company_id, &handover)?;
    set_mark(conn, now, &opening.group, true)?;
    Ok(handover)
}

/// Offers it to the next rep who did not have it, or puts it on the manager's list.
pub(super) fn place(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    handover: &mut Handover,
    had: Vec<i64>,
) -> AppResult<()> {
    let root = registry::actions::root_of(conn, handover.company_id)?;
    assign(conn, now, book, root, handover, had)?;
    queries::update(conn, handover)?;
    tell_placed(conn, now, actor, root, handover)
}

/// Puts it on the manager's list.
pub(super) fn to_manager(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    handover: &mut Handover,
) -> AppResult<()> {
    let root = registry::actions::root_of(conn, handover.company_id)?;
    leave_to_manager(now, book, handover);
    queries::update(conn, handover)?;
    tell_placed(conn, now, actor, root, handover)
}

/// Decides whose it is; it is not written yet.
fn assign(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &Book,
    root: i64,
    handover: &mut Handover,
    had: Vec<i64>,
) -> AppResult<()> {
    let inputs = territory::inputs(conn, now, book, root, had)?;
    let decision = decide(&inputs);
    handover.inputs = serde_json::to_string(&inputs)?;
    handover.why = serde_json::to_string(&decision)?;
    handover.rule_version = book.service_version;
    let Some(rep) = decision.rep else {
        leave_to_manager(now, book, handover);
        return Ok(());
    };
    let times = book.service.offer(handover.grade(), now, book.office());
    handover.rep_id = Some(rep);
    handover.territory_id = decision.territory;
    handover.round += 1;
    handover.state = HandoverState::Offered.code().to_owned();
    handover.offered_at = now;
    (handover.warn_at, handover.due_at) = (Some(times.warn_at), Some(times.due_at));
    Ok(())
}

/// The manager's from now on; it is not written yet.
fn leave_to_manager(now: NaiveDateTime, book: &Book, handover: &mut Handover) {
    let until = book.service.manager_until(now, book.office());
    handover.rep_id = None;
    handover.territory_id = None;
    handover.state = HandoverState::WithManager.code().to_owned();
    handover.offered_at = now;
    (handover.warn_at, handover.due_at) = (None, Some(until));
}

/// Tells whoever has it now, and keeps the step.
fn tell_placed(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    root: i64,
    handover: &Handover,
) -> AppResult<()> {
    note(conn, now, actor, handover, handover.state(), None)?;
    let (company, what) = (name(conn, root)?, about(handover));
    let (why, due_at) = (
        handover.decision().why,
        handover.due_at.map(|at| at.and_utc()),
    );
    match handover.rep_id {
        Some(rep) => {
            let data = json!({ "company": company, "grade": handover.grade, "due_at": due_at, "why": why });
            tell(conn, now, rep, NoticeKind::Offered, what, &data)
        }
        None => {
            let data = json!({ "company": company, "due_at": due_at, "why": why });
            tell_managers(conn, now, None, NoticeKind::WithManager, what, &data)
        }
    }
}

/// The name of a root.
pub(super) fn name(conn: &mut Conn, root: i64) -> AppResult<String> {
    let found = queries::company_names(conn, &[root])?;
    Ok(found
        .into_iter()
        .next()
        .map(|(_, _, name, _)| name)
        .unwrap_or_default())
}

/// What notices of a hand-over are about.
pub(super) fn about(handover: &Handover) -> About {
    About {
        company_id: Some(handover.company_id),
        object_id: Some(handover.id),
    }
}

/// One step of its way, with event and log. The assignment is kept where it was one.
pub(super) fn note(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    handover: &Handover,
    state: HandoverState,
    reason: Option<&str>,
) -> AppResult<()> {
    let is_placed = matches!(state, HandoverState::Offered | HandoverState::WithManager);
    let new = NewMove {
        handover_id: handover.id,
        state: state.code(),
        rep_id: handover.rep_id,
        inputs: is_placed.then(|| handover.inputs.clone()),
        why: is_placed.then(|| handover.why.clone()),
        actor_id: actor.user_id,
        reason: reason.map(str::to_owned),
        at: now,
    };
    queries::insert_move(conn, &new)?;
    let event = Event {
        at: now,
        kind: "handover.moved",
        user_id: handover.rep_id,
        company_id: Some(handover.company_id),
        object_id: Some(handover.id),
        data: Some(json!({ "state": state, "round": handover.round }).to_string()),
        ..Event::default()
    };
    happened(conn, &event)?;
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb: state.code(),
        object_kind: "handover",
        object_id: Some(handover.id),
        n: 1,
        ..Change::default()
    };
    Ok(changed(conn, &change)?)
}
