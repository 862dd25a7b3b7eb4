//! What people do with an offer: accept, reject, give it by hand; and what takes it back.

use chrono::NaiveDateTime;
use serde_json::json;

use super::book::Book;
use super::notices::tell;
use super::offer::{about, name, note};
use super::own::{Because, gain, lose, refresh_mark};
use crate::accounts::{Actor, Object, Verb, company_of, may, require, user_names, work_of};
use crate::calling::actions::leave_task;
use crate::calling::model::NewTask;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::qualifying::Grade;
use crate::registry;
use crate::selling::model::{
    Handover, NewAppointment, NewOpportunity, NewStageChange, NoticeKind, OwnershipKind,
};
use crate::selling::queries;
use crate::selling::rules::handover::HandoverState;
use crate::selling::rules::pool::ClaimFault;
use crate::selling::rules::stages::Stage;

/// Longest reason.
const LONGEST: usize = 1_000;
/// How long a first visit takes.
const VISIT_MINUTES: i32 = 60;

/// Takes everything that an answer depends on, in the one order in which all do, and reads the hand-over anew.
fn hold(conn: &mut Conn, rep_id: i64, id: i64) -> AppResult<(Handover, i64)> {
    let seen = queries::handover(conn, id)?.ok_or_else(AppError::not_found)?;
    registry::lock::shared(conn)?;
    let root = registry::actions::root_of(conn, seen.company_id)?;
    queries::hold_user(conn, rep_id)?;
    queries::hold_company(conn, root)?;
    queries::hold(conn, id)?;
    let handover = queries::handover(conn, id)?.ok_or_else(AppError::not_found)?;
    Ok((handover, root))
}

/// Whether somebody sees a hand-over: who has it or had it, and who leads that rep.
pub fn sees(conn: &mut Conn, actor: &Actor, handover: &Handover) -> AppResult<bool> {
    let object = company_of(conn, handover.rep_id)?;
    if may(actor, Verb::SeeHandovers, object) {
        return Ok(true);
    }
    let had = queries::moves(conn, handover.id)?;
    Ok(had.iter().any(|m| m.rep_id == actor.user_id))
}

/// Only an offer of one's own whose time is not over can be answered; every other case says what happened instead.
fn check_answerable(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    handover: &Handover,
) -> AppResult<()> {
    let state = handover.state();
    let is_mine = handover.rep_id == actor.user_id;
    if state.is_on_offer() && is_mine {
        return match handover.due_at {
            // The very moment is too late, whether or not anybody has moved it on yet.
            Some(due) if due <= now => Err(AppError::conflict("handover_lapsed")),
            _ => Ok(()),
        };
    }
    if !sees(conn, actor, handover)? {
        return Err(AppError::not_found());
    }
    if is_mine {
        let code = match state {
            HandoverState::Accepted => "handover_accepted_already",
            _ => "handover_settled",
        };
        return Err(AppError::conflict(code));
    }
    if state == HandoverState::WithManager {
        return Err(AppError::conflict("handover_lapsed"));
    }
    if !state.is_on_offer() && state != HandoverState::Accepted {
        return Err(AppError::conflict("handover_settled"));
    }
    let holder = match handover.rep_id {
        Some(id) => user_names(conn, &[id])?.remove(&id),
        None => None,
    };
    let holder = holder.unwrap_or_default();
    Err(AppError::conflict("handover_with_other").with("who", holder))
}

/// A rep takes an offer: the company is theirs, and a sale begins.
pub fn accept(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    id: i64,
) -> AppResult<Handover> {
    require(actor, Verb::AnswerHandovers, Object::Any)?;
    let (mut handover, root) = hold(conn, actor.id(), id)?;
    check_answerable(conn, now, actor, &handover)?;
    check_hands(conn, actor.id(), book, handover.grade())?;
    let because = Because {
        object_id: Some(id),
        ..Because::of(OwnershipKind::Accepted)
    };
    gain(conn, now, actor, root, actor.id(), because)?;
    settle(conn, now, actor, book, &mut handover, root)?;
    Ok(handover)
}

fn check_hands(conn: &mut Conn, rep_id: i64, book: &Book, grade: Option<Grade>) -> AppResult<()> {
    let (owned, owned_a) = queries::owned(conn, rep_id)?;
    if owned >= book.pool.cap {
        return Err(AppError::conflict(ClaimFault::HandsFull.code()).with("most", book.pool.cap));
    }
    if grade == Some(Grade::A) && owned_a >= book.pool.cap_a {
        return Err(AppError::conflict(ClaimFault::TooManyA.code()).with("most", book.pool.cap_a));
    }
    Ok(())
}

/// The hand-over ends with its rep: the first contact gets its time, and an opportunity is open.
fn settle(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    handover: &mut Handover,
    root: i64,
) -> AppResult<()> {
    let grade = handover.grade();
    let by = book
        .service
        .contact(grade, handover.is_event_lead, now, book.office());
    handover.state = HandoverState::Accepted.code().to_owned();
    handover.contact_by = Some(by);
    (handover.settled_at, handover.settled_by) = (Some(now), actor.user_id);
    queries::update(conn, handover)?;
    queries::let_once_go(conn, handover.id)?;
    note(conn, now, actor, handover, HandoverState::Accepted, None)?;
    if let Some(rep) = handover.rep_id {
        queries::offer_is_over(conn, rep, handover.id, now)?;
        sell(conn, now, actor, root, rep, Some(handover.id))?;
        if let Some(begins_at) = handover.visit_at.filter(|at| *at > now) {
            let visit = NewAppointment {
                user_id: rep,
                company_id: Some(root),
                kind: "visit".into(),
                note: handover.note.clone(),
                begins_at,
                minutes: VISIT_MINUTES,
                state: "open",
                at: now,
            };
            queries::insert_appointment(conn, &visit)?;
        }
    }
    refresh_mark(conn, now, book, root)
}

/// The open opportunity of a company becomes the rep's, or one is opened.
pub(super) fn sell(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    root: i64,
    rep_id: i64,
    handover_id: Option<i64>,
) -> AppResult<i64> {
    let group = registry::actions::group_of(conn, root)?;
    let known = queries::opportunities(conn, &group)?;
    if let Some(mut open) = known.into_iter().find(|o| o.is_open()) {
        open.rep_id = rep_id;
        queries::update_opportunity(conn, &open)?;
        return Ok(open.id);
    }
    let new = NewOpportunity {
        company_id: root,
        rep_id,
        handover_id,
        stage: Stage::Listed.code(),
        stage_at: now,
        state: "open",
        at: now,
    };
    let id = queries::insert_opportunity(conn, &new)?;
    let first = NewStageChange {
        opportunity_id: id,
        stage: Stage::Listed.code(),
        nth: 1,
        evidence: "{}".into(),
        actor_id: actor.user_id,
        at: now,
    };
    queries::insert_stage(conn, &first)?;
    Ok(id)
}

/// A rep gives an offer back, with a reason: it is a task of the telemarketer again.
pub fn reject(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    id: i64,
    reason: &str,
) -> AppResult<Handover> {
    require(actor, Verb::AnswerHandovers, Object::Any)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(AppError::invalid("handover_needs_reason", "reason"));
    }
    if reason.len() > LONGEST {
        return Err(AppError::invalid("handover_reason_too_long", "reason"));
    }
    let (mut handover, root) = hold(conn, actor.id(), id)?;
    check_answerable(conn, now, actor, &handover)?;
    handover.state = HandoverState::Rejected.code().to_owned();
    handover.reason = Some(reason.to_owned());
    (handover.settled_at, handover.settled_by) = (Some(now), actor.user_id);
    queries::update(conn, &handover)?;
    queries::let_once_go(conn, id)?;
    note(
        conn,
        now,
        actor,
        &handover,
        HandoverState::Rejected,
        Some(reason),
    )?;
    queries::offer_is_over(conn, actor.id(), id, now)?;
    refresh_mark(conn, now, book, root)?;
    give_back(conn, now, actor, book, &handover, root, reason)?;
    Ok(handover)
}

fn give_back(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    handover: &Handover,
    root: i64,
    reason: &str,
) -> AppResult<()> {
    let body = json!({ "reason": reason, "note": format!("{}：{reason}", actor.name), "handover": handover.id });
    let task = NewTask {
        kind: "handover_rejected".into(),
        company_id: Some(root),
        person_id: None,
        call_id: handover.call_id,
        user_id: handover.from_id,
        team_id: actor.team_id,
        due_at: Some(book.office().opening_of_next_day(now)),
        body: Some(body.to_string()),
        state: "open",
        created_at: now,
    };
    leave_task(conn, &task)?;
    if let Some(from) = handover.from_id {
        let data = json!({ "company": name(conn, root)?, "reason": reason, "who": actor.name });
        tell(
            conn,
            now,
            from,
            NoticeKind::Rejected,
            about(handover),
            &data,
        )?;
    }
    Ok(())
}

/// The manager gives a company to a rep of the own team: what lies on the list, what is on offer, or what another rep
/// has.
pub fn give(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    company_id: i64,
    rep_id: i64,
) -> AppResult<()> {
    require(actor, Verb::Reassign, Object::Any)?;
    if !queries::reps(conn)?.iter().any(|(id, ..)| *id == rep_id) {
        return Err(AppError::invalid("territory_rep_unknown", "rep"));
    }
    registry::lock::shared(conn)?;
    let root = registry::actions::root_of(conn, company_id)?;
    queries::hold_user(conn, rep_id)?;
    let (owner, _, grade) = queries::hold_company(conn, root)?;
    if owner == Some(rep_id) {
        return Ok(());
    }
    let group = registry::actions::group_of(conn, root)?;
    let open = queries::open_of(conn, &group)?;
    // Whoever has it to accept has it as much as an owner would.
    let holder = owner.or(open.as_ref().and_then(|h| h.rep_id));
    for object in [company_of(conn, holder)?, work_of(conn, rep_id)?] {
        require(actor, Verb::Reassign, object)?;
    }
    check_hands(
        conn,
        rep_id,
        book,
        grade.as_deref().and_then(Grade::from_code),
    )?;
    if let Some(old) = owner {
        lose(
            conn,
            now,
            actor,
            root,
            old,
            Because::of(OwnershipKind::Taken),
            false,
        )?;
    }
    gain(
        conn,
        now,
        actor,
        root,
        rep_id,
        Because::of(OwnershipKind::Given),
    )?;
    let mut told = super::notices::About {
        company_id: Some(root),
        object_id: None,
    };
    if let Some(mut handover) = open {
        queries::hold(conn, handover.id)?;
        if let Some(before) = handover.rep_id {
            queries::offer_is_over(conn, before, handover.id, now)?;
        }
        handover.rep_id = Some(rep_id);
        told = about(&handover);
        settle(conn, now, actor, book, &mut handover, root)?;
    } else {
        sell(conn, now, actor, root, rep_id, None)?;
        refresh_mark(conn, now, book, root)?;
    }
    let data = json!({ "company": name(conn, root)?, "who": actor.name });
    tell(conn, now, rep_id, NoticeKind::Given, told, &data)
}

/// The call that a hand-over came from is taken back. What a rep has answered already stands: 409.
pub fn withdraw_by_call(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    call_id: i64,
) -> AppResult<()> {
    let Some(found) = queries::of_call(conn, call_id)? else {
        return Ok(());
    };
    let (mut handover, root) = hold(conn, actor.id(), found.id)?;
    if !handover.state().is_open() {
        return match handover.state() {
            HandoverState::Accepted | HandoverState::Rejected => {
                Err(AppError::conflict("undo_acted_on"))
            }
            _ => Ok(()),
        };
    }
    handover.state = HandoverState::Withdrawn.code().to_owned();
    (handover.settled_at, handover.settled_by) = (Some(now), actor.user_id);
    queries::update(conn, &handover)?;
    if let Some(rep) = handover.rep_id {
        queries::offer_is_over(conn, rep, handover.id, now)?;
    }
    queries::let_once_go(conn, handover.id)?;
    note(conn, now, actor, &handover, HandoverState::Withdrawn, None)?;
    refresh_mark(conn, now, book, root)
}
