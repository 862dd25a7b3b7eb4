//! Writing what a call brought: the part that belongs to the queue. `flows::record_call` adds what the other areas do.

use chrono::NaiveDateTime;

use super::leases;
use super::rulebook::Rulebook;
use super::situation::{Situation, tries_of};
use crate::accounts::Actor;
use crate::calling::model::{Bar, Before, EntryState, NewCallback, NewResult, NewTask, QueueEntry};
use crate::calling::queries::{self, NewTouch};
use crate::calling::rules::{Class, Disposition, Effect, NextStep};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::qualifying::rules::note_key;

/// So much further back stands an entry for each attempt.
const SCORE_OF_ATTEMPT: i32 = 10;

/// What the other areas found out and decided about a result.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The record that carries the answers.
    pub record_id: Option<i64>,
    /// The company's own values may have changed, and its score with them.
    pub refolded: bool,
    /// Urgency as said.
    pub urgency: Option<String>,
    /// Need in words.
    pub need: Option<String>,
    /// Note.
    pub note: Option<String>,
    /// Answers as JSON.
    pub facts: Option<String>,
    /// Grade before.
    pub grade_before: Option<String>,
    /// Grade that the rules proposed.
    pub grade_proposed: Option<String>,
    /// Grade after.
    pub grade_after: Option<String>,
    /// Why another was chosen.
    pub grade_reason: Option<String>,
    /// Why they are not interested.
    pub reason: Option<String>,
    /// What an undo restores, as far as the caller knows.
    pub before: Before,
    /// Tasks that follow: kind, when, and what was said, as JSON.
    pub tasks: Vec<(String, Option<NaiveDateTime>, Option<String>)>,
    /// Bars for every entry of the company at once, gravest first.
    pub bars: Vec<(Bar, Option<NaiveDateTime>)>,
}

/// Keeps the result: the call, its version, touch, call-backs, tasks, the entry and all others of the company.
/// Answers the id of the result.
pub fn keep_result(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    rules: &Rulebook,
    situation: &mut Situation,
    step: &NextStep,
    outcome: Outcome,
) -> AppResult<i64> {
    let mut outcome = outcome;
    let reached = step.result.reached();
    outcome.before.entry.clone_from(&situation.entry);
    outcome.before.lease_id = situation.lease.as_ref().map(|l| l.id);
    close_callbacks(conn, situation, step, &mut outcome.before)?;
    if reached == Some(true) {
        touch(conn, actor, situation, step.result)?;
    }
    settle_entry(conn, now, situation, step)?;
    bar_others(conn, now, situation, &outcome.bars, &mut outcome.before)?;
    make_callback(conn, now, rules, situation, step)?;
    make_tasks(conn, now, actor, situation, &outcome.tasks)?;
    let result_id = write_result(conn, now, actor, situation, step, &outcome)?;
    let call = &mut situation.call;
    leases::hang_up(call, now, step.result);
    call.result_id = Some(result_id);
    match situation.is_new {
        true => queries::finish_call(conn, call)?,
        false => queries::update_call(conn, call)?,
    }
    if outcome.refolded {
        queries::rescore(conn, situation.group())?;
    }
    if let Some(lease) = &mut situation.lease {
        lease.state = "ended".into();
        leases::close(conn, now, lease)?;
    }
    Ok(result_id)
}

fn write_result(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    situation: &Situation,
    step: &NextStep,
    outcome: &Outcome,
) -> AppResult<i64> {
    let last = match situation.is_new {
        true => None,
        false => queries::last_result(conn, situation.call.id)?,
    };
    if last.as_ref().is_some_and(|r| r.undone_at.is_none()) {
        return Err(AppError::conflict("call_has_result").with("call", situation.call.id));
    }
    Ok(queries::insert_result(
        conn,
        &NewResult {
            call_id: situation.call.id,
            version: last.map_or(1, |r| r.version + 1),
            disposition: Some(step.result.code().to_owned()),
            urgency: outcome.urgency.clone(),
            need: outcome.need.clone(),
            note: outcome.note.clone(),
            note_key: outcome.note.as_deref().and_then(note_key),
            facts: outcome.facts.clone(),
            record_id: outcome.record_id,
            grade_before: outcome.grade_before.clone(),
            grade_proposed: outcome.grade_proposed.clone(),
            grade_after: outcome.grade_after.clone(),
            grade_reason: outcome.grade_reason.clone(),
            reason: outcome.reason.clone(),
            entry_before: Some(serde_json::to_string(&outcome.before)?),
            next_attempt_at: step.next_attempt_at(),
            actor_id: actor.id(),
            at: now,
        },
    )?)
}

/// A talk keeps or replaces what was agreed before; a try that reached nobody keeps a call-back only where it says so.
fn close_callbacks(
    conn: &mut Conn,
    situation: &Situation,
    step: &NextStep,
    before: &mut Before,
) -> AppResult<()> {
    let entry_id = situation.entry.as_ref().map(|e| e.id);
    let replaces = matches!(step.entry().effect, Effect::Callback { .. });
    // Without a lease a call that changes no agreement leaves what was agreed in a campaign alone.
    if entry_id.is_none() && !replaces && step.result.reached() != Some(true) {
        return Ok(());
    }
    let person_id = situation.call.person_id;
    let closed = queries::close_callbacks(conn, entry_id, situation.group(), person_id)?;
    before.callbacks.extend(closed);
    Ok(())
}

fn touch(
    conn: &mut Conn,
    actor: &Actor,
    situation: &Situation,
    result: Disposition,
) -> AppResult<()> {
    let call = &situation.call;
    let touch = NewTouch {
        company_id: situation.company_id(),
        person_id: call.person_id,
        incoming: call.direction == "in",
        at: call.dialled_at,
        actor_id: actor.id(),
        call_id: call.id,
        result: result.code(),
    };
    queries::insert_touch(conn, &touch)?;
    if let Some(root) = situation.company_id() {
        queries::company_was_touched(conn, root, Some(call.dialled_at))?;
    }
    Ok(())
}

/// What becomes of the entry.
fn settle_entry(
    conn: &mut Conn,
    now: NaiveDateTime,
    situation: &mut Situation,
    step: &NextStep,
) -> AppResult<()> {
    let call_id = situation.call.id;
    let Some(entry) = &mut situation.entry else {
        return Ok(());
    };
    let mut tries = tries_of(entry);
    *tries.entry(step.result.code().to_owned()).or_default() += 1;
    entry.tries = Some(serde_json::to_string(&tries)?);
    entry.attempts += 1;
    if let Some(company) = &situation.standing.company {
        entry.score = company.score - SCORE_OF_ATTEMPT * entry.attempts;
    }
    entry.last_call_id = Some(call_id);
    entry.changed_at = now;
    entry.bar = None;
    let was_agreed = matches!(
        Class::from_number(entry.class),
        Some(Class::MyCallback | Class::TeamCallback)
    );
    if was_agreed {
        entry.owner_id = None;
    }
    let later = |entry: &mut QueueEntry, at: NaiveDateTime, class: Class| {
        let is_due = at <= now;
        let state = if is_due {
            EntryState::Ready
        } else {
            EntryState::Waiting
        };
        entry.state = state.code().to_owned();
        entry.due_at = Some(at);
        entry.class = class.number();
    };
    match &step.entry().effect {
        Effect::Retry { at } | Effect::NextNumber { at } => later(entry, *at, Class::RetryDue),
        Effect::Waiting { until } => {
            let class = if step.result == Disposition::NoNeed {
                Class::DCadence
            } else {
                Class::RetryDue
            };
            later(entry, *until, class);
        }
        Effect::Callback { at, owner, .. } => {
            later(entry, *at, Class::MyCallback);
            entry.owner_id = Some(*owner);
        }
        Effect::NoNumber => {
            entry.state = EntryState::Barred.code().to_owned();
            entry.bar = Some(Bar::NoPhone.code().to_owned());
            entry.due_at = None;
        }
        Effect::Exhausted => end(entry, EntryState::Exhausted),
        _ => end(entry, EntryState::Done),
    }
    queries::update_entry(conn, entry)?;
    Ok(())
}

fn end(entry: &mut QueueEntry, state: EntryState) {
    entry.state = state.code().to_owned();
    entry.due_at = None;
    entry.owner_id = None;
}

/// Suppression and rest hold every entry of the company back at once, in every campaign.
fn bar_others(
    conn: &mut Conn,
    now: NaiveDateTime,
    situation: &mut Situation,
    bars: &[(Bar, Option<NaiveDateTime>)],
    before: &mut Before,
) -> AppResult<()> {
    let Some((bar, until)) = bars.first().copied() else {
        return Ok(());
    };
    let entries = if situation.standing.group.is_empty() {
        let person: Vec<i64> = situation.standing.person_root.into_iter().collect();
        queries::entries_of_persons(conn, &person)?
    } else {
        queries::entries_of_companies(conn, &situation.standing.group)?
    };
    let own = situation.entry.as_ref().map(|e| e.id);
    for entry in entries {
        if !super::queue::is_open(&entry) {
            continue;
        }
        if Some(entry.id) != own {
            before.others.push((
                entry.id,
                entry.state.clone(),
                entry.bar.clone(),
                entry.due_at,
            ));
        }
        super::queue::hold(conn, now, &entry, bar, until)?;
    }
    Ok(())
}

fn make_callback(
    conn: &mut Conn,
    now: NaiveDateTime,
    rules: &Rulebook,
    situation: &Situation,
    step: &NextStep,
) -> AppResult<()> {
    let Effect::Callback {
        at,
        owner,
        fallback_at,
    } = step.entry().effect
    else {
        return Ok(());
    };
    let call = &situation.call;
    let zone = rules.calendars.get(situation.calendar_id(rules)).zone();
    let phone = call.phone.as_ref().map(|phone| match &call.ext {
        Some(ext) => format!("{phone};ext={ext}"),
        None => phone.clone(),
    });
    queries::insert_callback(
        conn,
        &NewCallback {
            entry_id: situation.entry.as_ref().map(|e| e.id),
            campaign_id: call.campaign_id,
            company_id: situation.company_id(),
            person_id: call.person_id,
            call_id: Some(call.id),
            phone,
            due_at: at,
            zone: Some(zone.name().to_owned()),
            owner_id: Some(owner),
            fallback_at,
            state: "open",
            at: now,
        },
    )?;
    Ok(())
}

fn make_tasks(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    situation: &Situation,
    tasks: &[(String, Option<NaiveDateTime>, Option<String>)],
) -> AppResult<()> {
    for (kind, due_at, body) in tasks {
        queries::insert_task(
            conn,
            &NewTask {
                kind: kind.clone(),
                company_id: situation.company_id(),
                person_id: situation.call.person_id,
                call_id: Some(situation.call.id),
                user_id: Some(actor.id()),
                team_id: actor.team_id,
                due_at: *due_at,
                body: body.clone(),
                state: "open",
                created_at: now,
            },
        )?;
    }
    Ok(())
}
