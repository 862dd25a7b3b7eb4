//! Taking a result back: the part that belongs to the queue. `flows::undo_call` adds what the other areas undo.

use chrono::NaiveDateTime;

use super::rulebook::Rulebook;
use crate::accounts::{Actor, Verb, may, require, work_of};
use crate::calling::model::{Before, Call, CallResult, EntryState};
use crate::calling::queries;
use crate::calling::rules::{Disposition, UndoFacts, UndoFault, UndoKind, may_undo};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::registry::actions::set_left;

/// A result that may be taken back, with what has to be restored.
#[derive(Debug, Clone)]
pub struct Undoable {
    /// The call; its dial still counts.
    pub call: Call,
    /// The result.
    pub result: CallResult,
    /// What stood before.
    pub before: Before,
    /// Every id under the company's root.
    pub group: Vec<i64>,
    /// As what it is taken back.
    pub kind: UndoKind,
}

/// Finds the result of a call and asks whether this person may take it back now.
pub fn undoable(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    rules: &Rulebook,
    call_id: i64,
    reason: Option<&str>,
    confirmed: bool,
) -> AppResult<Undoable> {
    queries::hold_merges(conn)?;
    queries::hold_call(conn, call_id)?;
    let call = queries::call_by_id(conn, call_id)?;
    let object = work_of(conn, call.agent_id)?;
    require(actor, Verb::UndoCall, object)?;
    let result = queries::last_result(conn, call_id)?.ok_or_else(AppError::not_found)?;
    let before: Before = result
        .entry_before
        .as_deref()
        .map(serde_json::from_str)
        .transpose()?
        .unwrap_or_default();
    let group = match call.company_id {
        Some(id) => {
            let root = queries::callee(conn, id)?;
            queries::group(conn, &root)?
        }
        None => Vec::new(),
    };
    let silences = result
        .disposition
        .as_deref()
        .and_then(Disposition::from_code)
        .is_some_and(|d| matches!(d, Disposition::Refused | Disposition::DoNotCall));
    let facts = UndoFacts {
        saved_at: result.at,
        own: actor.user_id == Some(result.actor_id),
        manager: may(actor, Verb::UndoAnyCall, object),
        acted_on: is_acted_on(conn, &call, &result, &group)?,
        has_reason: reason.is_some_and(|r| !r.trim().is_empty()),
        silences,
        confirmed,
        undone: result.undone_at.is_some(),
    };
    let kind = may_undo(&facts, now, rules.calendars.office(), &rules.calling).map_err(refuse)?;
    Ok(Undoable {
        call,
        result,
        before,
        group,
        kind,
    })
}

fn refuse(fault: UndoFault) -> AppError {
    match fault {
        UndoFault::NeedsReason => AppError::invalid(fault.code(), "reason"),
        _ => AppError::conflict(fault.code()),
    }
}

/// Somebody finished a task of it, called again, or changed the grade since.
fn is_acted_on(
    conn: &mut Conn,
    call: &Call,
    result: &CallResult,
    group: &[i64],
) -> AppResult<bool> {
    if queries::tasks_of_call(conn, call.id)?
        .iter()
        .any(|(_, state)| state == "done")
    {
        return Ok(true);
    }
    if queries::calls_since(conn, group, call.person_id, call.id, result.at)? > 0 {
        return Ok(true);
    }
    match call.company_id {
        Some(id) => Ok(queries::grade_changed_since(conn, id, call.id, result.at)?),
        None => Ok(false),
    }
}

/// Restores queue, company and person as they were before the result; the call stays as a dial.
pub fn take_back(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    undo: &Undoable,
    reason: Option<&str>,
) -> AppResult<()> {
    let mut call = undo.call.clone();
    if queries::undo_result(conn, undo.result.id, actor.id(), reason, now)? == 0 {
        return Err(refuse(UndoFault::Undone));
    }
    (call.disposition, call.reached, call.result_id) = (None, None, None);
    queries::update_call(conn, &call)?;
    queries::delete_touch(conn, &undo.group, call.person_id, call.id)?;
    let tasks = queries::tasks_of_call(conn, call.id)?;
    let ids: Vec<i64> = tasks.into_iter().map(|(id, _)| id).collect();
    queries::undo_tasks(conn, &ids)?;
    let made = queries::callbacks_of_call(conn, call.id)?;
    queries::set_callbacks(conn, &made, "undone")?;
    queries::set_callbacks(conn, &undo.before.callbacks, "open")?;
    restore_company(conn, undo)?;
    if let Some(contact) = undo.before.contact_left {
        set_left(conn, now, actor, contact, false)?;
    }
    restore_entries(conn, now, undo)?;
    if let Some(id) = undo.before.lease_id {
        let mut lease = queries::lease_by_id(conn, id)?;
        lease.state = "undone".into();
        queries::update_lease(conn, &lease)?;
    }
    Ok(())
}

fn restore_company(conn: &mut Conn, undo: &Undoable) -> AppResult<()> {
    let Some(root) = undo.group.first().copied() else {
        return Ok(());
    };
    let last = queries::last_touch(conn, &undo.group)?;
    queries::company_was_touched(conn, root, last)?;
    if undo.before.set_rest {
        queries::set_rest(conn, root, undo.before.rest_until)?;
    }
    let (before, after) = (&undo.result.grade_before, &undo.result.grade_after);
    let later = queries::grade_changed_since(conn, root, undo.call.id, undo.result.at)?;
    if before != after && !later {
        let state = undo.before.company_state.as_deref().unwrap_or("new");
        queries::set_grade(conn, root, before.as_deref(), undo.before.grade_at, state)?;
    }
    queries::undo_grade_changes(conn, root, undo.call.id)?;
    Ok(())
}

/// The entry is as it was before it was claimed, but for the dial; what has moved on since stays.
fn restore_entries(conn: &mut Conn, now: NaiveDateTime, undo: &Undoable) -> AppResult<()> {
    if let Some(before) = &undo.before.entry {
        let present = queries::entry(conn, before.id)?;
        let moved_on = present.last_call_id != Some(undo.call.id)
            || matches!(
                present.state(),
                EntryState::Leased | EntryState::NeedsOutcome | EntryState::Parked
            );
        if !moved_on {
            let mut entry = before.clone();
            if matches!(entry.state(), EntryState::Leased | EntryState::NeedsOutcome) {
                entry.state = EntryState::Ready.code().to_owned();
            }
            entry.dials = present.dials;
            entry.last_call_id = present.last_call_id;
            entry.changed_at = now;
            queries::update_entry(conn, &entry)?;
        }
    }
    for (id, state, bar, due_at) in &undo.before.others {
        let present = queries::entry(conn, *id)?;
        if super::queue::is_open(&present) && present.bar.is_some() {
            queries::hold_back(conn, *id, state, bar.as_deref(), *due_at, now)?;
        }
    }
    Ok(())
}
