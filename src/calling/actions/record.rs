//! Writing what a call brought: the part that belongs to the queue. `flows::record_call` adds what the other areas do.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::leases;
use super::rulebook::Rulebook;
use super::standing::Standing;
use crate::accounts::Actor;
use crate::calling::model::{
    Bar, Before, Call, EntryState, Lease, NewCall, NewCallback, NewResult, NewTask, QueueEntry,
};
use crate::calling::queries::{self, NewTouch};
use crate::calling::rules::{Class, Disposition, Effect, History, LeaseRefusal, NextStep};
use crate::platform::calendar::CalendarId;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::registry::rules::hash::hash64;
use crate::registry::rules::phone::Phone;

/// The number that was really dialled, where it is not the one that was served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialled {
    /// The contact point, if the number is known there.
    pub point_id: Option<i64>,
    /// E.164.
    pub phone: String,
    /// Extension.
    pub ext: Option<String>,
    /// Key with the extension.
    pub key: i64,
    /// Whose number it is.
    pub person_id: Option<i64>,
    /// That person at the company.
    pub contact_id: Option<i64>,
}

impl Dialled {
    /// A number as it was typed, not yet looked for.
    pub fn of(phone: &Phone) -> Self {
        Self {
            point_id: None,
            phone: phone.e164.clone(),
            ext: phone.ext.clone(),
            key: hash64(&phone.to_string()),
            person_id: None,
            contact_id: None,
        }
    }
}

/// A call whose result is being written, with everything around it.
#[derive(Debug, Clone)]
pub struct Situation {
    /// The call; it exists from the dial on.
    pub call: Call,
    /// The lease it was made under.
    pub lease: Option<Lease>,
    /// The entry, as it is before the result.
    pub entry: Option<QueueEntry>,
    /// Company, numbers, refusals, dials.
    standing: Standing,
}

impl Situation {
    /// The root company.
    pub fn company_id(&self) -> Option<i64> {
        self.standing.company.as_ref().map(|c| c.id)
    }
    /// Every id under the root.
    pub fn group(&self) -> &[i64] {
        &self.standing.group
    }
    /// Whether the number belongs to the person spoken with, not to a desk or switchboard.
    pub fn number_is_own(&self) -> bool {
        let own = |n: &&queries::Number| Some(n.point_id) == self.call.point_id;
        self.standing
            .numbers
            .iter()
            .find(own)
            .is_some_and(|n| n.owner_kind == 2)
    }
    /// Whether somebody else of the company has a number.
    pub fn has_other_contact(&self) -> bool {
        self.standing
            .numbers
            .iter()
            .any(|n| n.contact_id.is_some() && n.contact_id != self.call.contact_id)
    }
    /// The calendar of whoever was called.
    pub fn calendar_id(&self, rules: &Rulebook) -> CalendarId {
        self.entry
            .as_ref()
            .map_or(rules.calendars.office_id(), |e| CalendarId(e.calendar_id))
    }
    /// What was dialled before, this call included.
    pub fn history(&self, disposition: Disposition) -> History {
        let tries = self.entry.as_ref().map(tries_of).unwrap_or_default();
        let before = tries.get(disposition.code()).copied().unwrap_or(0);
        let key = self.call.number_key.unwrap_or(0);
        History {
            attempts: before + 1,
            dials_in_campaign: self
                .entry
                .as_ref()
                .map_or(0, |e| u32::try_from(e.dials).unwrap_or(0)),
            number_dials: self.standing.number_dials(key),
            company_dials: self.standing.company_dials().to_vec(),
            other_number: self.standing.has_number_beside(key),
        }
    }
}

impl Standing {
    /// Whether another number may be called some day.
    pub fn has_number_beside(&self, key: i64) -> bool {
        self.numbers
            .iter()
            .any(|n| n.state == "good" && Self::number_key(n) != key && !self.is_silent(n))
    }
}

/// Results so far, by disposition.
fn tries_of(entry: &QueueEntry) -> BTreeMap<String, u32> {
    entry
        .tries
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

/// Finds the call of a lease, or makes it where the result implies the dial. A lease that lapsed or whose result was
/// taken back still serves, as long as nobody else has the entry.
pub fn under_lease(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    rules: &Rulebook,
    token: &str,
    other: Option<&Phone>,
) -> AppResult<Situation> {
    queries::hold_merges(conn)?;
    let mut lease = leases::own_lease(conn, actor, token)?;
    let mut entry = queries::entry(conn, lease.entry_id)?;
    match leases::clock_of(&lease).result(now) {
        Ok(clock) => lease.dialled_at = clock.dialled_at,
        Err(LeaseRefusal::Lost) => check_still_free(conn, &lease, &entry)?,
        Err(why) => return Err(leases::refused(conn, &lease, why)?),
    }
    lease.dialled_at = lease.dialled_at.or(Some(now));
    let mut standing = Standing::of(conn, entry.company_id, entry.person_id)?;
    let other = other.map(|phone| standing.dialled(phone));
    let call_id = match lease.call_id {
        Some(id) => id,
        None => {
            let id = leases::begin_call(conn, now, &lease, &entry, other.as_ref())?;
            entry = queries::entry(conn, lease.entry_id)?;
            lease.call_id = Some(id);
            id
        }
    };
    queries::hold_call(conn, call_id)?;
    let mut call = queries::call_by_id(conn, call_id)?;
    if let Some(other) = other {
        call.point_id = other.point_id;
        call.phone = Some(other.phone);
        call.ext = other.ext;
        call.number_key = Some(other.key);
        call.person_id = other.person_id.or(call.person_id);
        call.contact_id = other.contact_id.or(call.contact_id);
    }
    standing.read_refusals(conn)?;
    let keys: Vec<i64> = call.number_key.into_iter().collect();
    standing.read_dials(conn, now, rules, &keys)?;
    Ok(Situation {
        call,
        lease: Some(lease),
        entry: Some(entry),
        standing,
    })
}

/// A lease that is over still takes its result where it lapsed, or where its result was taken back, and nobody has
/// taken the entry since.
fn check_still_free(conn: &mut Conn, lease: &Lease, entry: &QueueEntry) -> AppResult<()> {
    let may_come_late = matches!(lease.state.as_str(), "lapsed" | "undone" | "unknown");
    let is_here = matches!(
        entry.state(),
        EntryState::Ready | EntryState::Waiting | EntryState::Barred
    );
    let is_taken = queries::holder(conn, "entry", entry.id)?.is_some()
        || match lease.company_id {
            Some(id) => queries::holder(conn, "company", id)?.is_some(),
            None => false,
        };
    let called_since =
        lease.state == "lapsed" && entry.changed_at > lease.ended_at.unwrap_or(entry.changed_at);
    if may_come_late && is_here && !is_taken && !called_since {
        return Ok(());
    }
    if lease.state == "ended" {
        return Err(AppError::conflict("call_has_result").with("call", lease.call_id.unwrap_or(0)));
    }
    Err(leases::lost(conn, lease)?)
}

/// A call without a lease: the customer rang, or a rep dialled by themselves.
#[derive(Debug, Clone)]
pub struct Unleased {
    /// The company.
    pub company_id: Option<i64>,
    /// Whom it was spoken with.
    pub contact_id: Option<i64>,
    /// The number.
    pub phone: Phone,
    /// The customer rang.
    pub incoming: bool,
}

/// Writes a call that no lease was taken for. Refused while somebody else has the company in hand.
pub fn without_lease(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    rules: &Rulebook,
    made: &Unleased,
) -> AppResult<Situation> {
    queries::hold_merges(conn)?;
    let roots = match made.contact_id {
        Some(id) => Some(
            queries::contact_roots(conn, id)?
                .ok_or_else(|| AppError::invalid("contact_unknown", "contact"))?,
        ),
        None => None,
    };
    let company_id = made.company_id.or(roots.and_then(|(_, company)| company));
    let mut standing = Standing::of(conn, company_id, roots.map(|(person, _)| person))?;
    let dialled = standing.dialled(&made.phone);
    if !made.incoming {
        check_hands(conn, actor, &standing, &dialled)?;
    }
    let call = NewCall {
        lease_id: None,
        entry_id: None,
        campaign_id: None,
        company_id: standing.company.as_ref().map(|c| c.id),
        person_id: roots.map(|(person, _)| person).or(dialled.person_id),
        contact_id: made.contact_id.or(dialled.contact_id),
        point_id: dialled.point_id,
        number_key: Some(dialled.key),
        phone: Some(dialled.phone),
        ext: dialled.ext,
        direction: if made.incoming { "in" } else { "out" },
        agent_id: actor.id(),
        dialled_at: now,
        counts: !made.incoming,
    };
    let key = dialled.key;
    let call_id = queries::insert_call(conn, &call)?;
    if let (Some(root), false) = (call.company_id, made.incoming) {
        queries::company_was_dialled(conn, root, now)?;
    }
    standing.read_refusals(conn)?;
    standing.read_dials(conn, now, rules, &[key])?;
    Ok(Situation {
        call: queries::call_by_id(conn, call_id)?,
        lease: None,
        entry: None,
        standing,
    })
}

fn check_hands(
    conn: &mut Conn,
    actor: &Actor,
    standing: &Standing,
    dialled: &Dialled,
) -> AppResult<()> {
    let company = standing.company.as_ref().map(|c| ("company", c.id));
    for (kind, key) in company.into_iter().chain([("number", dialled.key)]) {
        if let Some((holder, name)) = queries::holder(conn, kind, key)?
            && holder != actor.id()
        {
            return Err(AppError::conflict("lease_lost").with("agent", name));
        }
    }
    Ok(())
}

impl Standing {
    /// What is known of a number that was dialled.
    pub fn dialled(&self, phone: &Phone) -> Dialled {
        let plain = Dialled::of(phone);
        let known = self
            .numbers
            .iter()
            .find(|n| n.value == phone.e164 && n.ext == phone.ext)
            .or_else(|| self.numbers.iter().find(|n| n.value == phone.e164));
        match known {
            None => plain,
            Some(n) => Dialled {
                point_id: Some(n.point_id),
                person_id: n.person_root,
                contact_id: n.contact_id,
                ..plain
            },
        }
    }
}

/// What the other areas found out and decided about a result.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The record that carries the answers.
    pub record_id: Option<i64>,
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
    call.ended_at = Some(now);
    call.reached = reached;
    call.disposition = Some(step.result.code().to_owned());
    call.result_id = Some(result_id);
    queries::update_call(conn, call)?;
    if let Some(root) = situation.company_id() {
        super::rescore_entries(conn, &[root])?;
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
    let last = queries::last_result(conn, situation.call.id)?;
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
    let open =
        queries::open_callbacks(conn, entry_id, situation.group(), situation.call.person_id)?;
    queries::set_callbacks(conn, &open, "done")?;
    before.callbacks.extend(open);
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
