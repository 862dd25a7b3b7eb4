//! Adding to and taking from the do-not-reach list.
//!
//! Queues are told by `flows::suppress` and `flows::lift`; who calls these functions directly answers for that.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime, TimeZone};

use super::erased::erased_twins;
use super::grounds::{add_consent, refresh_around};
use crate::accounts::{Actor, Object, Verb, require};
use crate::consent::model::{NewOriginRow, OriginKind, Scope, Subject, Ways, Withdrawal};
use crate::consent::queries::suppression::{self as queries, Live};
use crate::consent::rules::{Ground, WithdrawalRequest, may_withdraw};
use crate::platform::calendar::zone::day_start;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};
use crate::platform::office::Office;
use crate::platform::settings;

/// What asks for a suppression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrigin {
    /// Of which kind.
    pub kind: OriginKind,
    /// The call in which it was said.
    pub call_id: Option<i64>,
    /// The list it stands on.
    pub batch_id: Option<i64>,
    /// The mail it answers.
    pub delivery_id: Option<i64>,
    /// When it was said.
    pub said_at: NaiveDateTime,
    /// What was written down with it.
    pub note: Option<String>,
}

impl NewOrigin {
    /// Said in a call.
    pub fn call(call_id: i64, said_at: NaiveDateTime) -> Self {
        Self {
            call_id: Some(call_id),
            ..Self::of(OriginKind::Call, said_at)
        }
    }
    /// Stands on an imported list.
    pub fn list(batch_id: i64, said_at: NaiveDateTime) -> Self {
        Self {
            batch_id: Some(batch_id),
            ..Self::of(OriginKind::List, said_at)
        }
    }
    /// Entered by hand, with a reason.
    pub fn hand(said_at: NaiveDateTime, note: Option<String>) -> Self {
        Self {
            note,
            ..Self::of(OriginKind::Hand, said_at)
        }
    }
    /// Chosen by the link of a mail.
    pub fn opt_out(delivery_id: Option<i64>, said_at: NaiveDateTime) -> Self {
        Self {
            delivery_id,
            ..Self::of(OriginKind::OptOut, said_at)
        }
    }
    /// Asked to be erased.
    pub fn erasure(said_at: NaiveDateTime) -> Self {
        Self::of(OriginKind::Erasure, said_at)
    }
    fn of(kind: OriginKind, said_at: NaiveDateTime) -> Self {
        Self {
            kind,
            call_id: None,
            batch_id: None,
            delivery_id: None,
            said_at,
            note: None,
        }
    }
}

/// Puts a subject on the list, or adds an origin to what stands there. The same word of a call, list or mail never counts
/// twice; one that closes more is an origin of its own, with its own date: whatever follows origins by their ids and dates
/// (the log beside the database, letters that are about to leave, a later consent) learns of it. Answers the suppression's
/// id.
pub fn suppress(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    subject: &Subject,
    ways: Ways,
    origin: &NewOrigin,
) -> AppResult<i64> {
    if ways.is_empty() {
        return Err(AppError::invalid("suppression_no_way", "ways"));
    }
    let id = queries::find_or_make(conn, subject, now)?;
    let row = NewOriginRow {
        suppression_id: id,
        kind: origin.kind.code(),
        ways: ways.0,
        call_id: origin.call_id,
        batch_id: origin.batch_id,
        delivery_id: origin.delivery_id,
        actor_id: actor.user_id,
        said_at: origin.said_at,
        note: origin.note.as_deref(),
    };
    let said = queries::same_origins(conn, &row)?;
    let said: Ways = said.into_iter().map(Ways).collect();
    if !said.holds(ways) {
        queries::insert_origin(conn, &row)?;
    }
    queries::refresh_ways(conn, id)?;
    refresh_around(conn, std::slice::from_ref(subject))?;
    // A list writes one entry a chunk, by whoever imports it.
    if origin.kind != OriginKind::List {
        log(conn, now, actor, "suppress", id)?;
    }
    Ok(id)
}

/// Ends what a call asked for, because its result was undone. Answers the subjects that may be reached otherwise now.
pub fn withdraw_by_call(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    call_id: i64,
    reason: &str,
) -> AppResult<Vec<Subject>> {
    let which = Live::OfCall(call_id);
    end(conn, now, actor, &which, Withdrawal::CallUndone, reason)
}

/// Ends what an imported list asked for, because the import was taken back.
pub fn withdraw_by_batch(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    batch_id: i64,
    reason: &str,
) -> AppResult<Vec<Subject>> {
    let which = Live::OfBatch(batch_id);
    end(conn, now, actor, &which, Withdrawal::BatchUndone, reason)
}

/// Ends one origin that was entered by mistake. A manager's, with a reason: a slip is no refusal.
pub fn withdraw_origin(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    origin_id: i64,
    reason: &str,
) -> AppResult<Vec<Subject>> {
    require(actor, Verb::LiftSuppression, Object::Any)?;
    let reason = reason.trim();
    let request = WithdrawalRequest::SlipByManager {
        has_reason: !reason.is_empty(),
    };
    may_withdraw(request).map_err(|fault| AppError::invalid(fault.code(), "reason"))?;
    if queries::origin(conn, origin_id)?.withdrawn_at.is_some() {
        return Err(AppError::conflict("suppression_ended"));
    }
    let which = Live::One(origin_id);
    end(conn, now, actor, &which, Withdrawal::Slip, reason)
}

/// A person's own later yes to being contacted again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaterConsent {
    /// Their words.
    pub words: String,
    /// The day on which they said so, in the office's zone.
    pub on: Option<NaiveDate>,
}

/// Ends a suppression on the person's own later consent, whose words and day are kept. A manager's.
pub fn lift(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    suppression_id: i64,
    consent: &LaterConsent,
) -> AppResult<Vec<Subject>> {
    require(actor, Verb::LiftSuppression, Object::Any)?;
    let row = queries::suppression(conn, suppression_id)?;
    let Some(said_at) = queries::last_live_origin(conn, suppression_id)? else {
        return Err(AppError::conflict("suppression_ended"));
    };
    let zone = settings::load::<Office>(conn)?.value.tz();
    let local = |at: NaiveDateTime| zone.from_utc_datetime(&at).naive_local();
    let words = consent.words.trim();
    let on = consent
        .on
        .filter(|on| !words.is_empty() && *on <= local(now).date());
    let request = WithdrawalRequest::Lift {
        by_manager: true,
        said_at: local(said_at),
        consent_on: on,
    };
    may_withdraw(request).map_err(|fault| AppError::invalid(fault.code(), "consent_text"))?;
    let reason = on.map_or_else(|| words.to_owned(), |on| format!("{on} · {words}"));
    let which = Live::OfSuppression(suppression_id);
    let subjects = end(conn, now, actor, &which, Withdrawal::Consent, &reason)?;
    if let Some(id) = row
        .subject()
        .filter(|s| s.scope == Scope::Person)
        .and_then(|s| s.id())
    {
        add_consent(
            conn,
            now,
            actor,
            id,
            Ground::Consent,
            Some(words),
            on.map_or(now, |on| day_start(zone, on)),
            None,
        )?;
    }
    Ok(subjects)
}

/// The ways in which each of these must not be reached; who is not in the answer may be. A number or an address counts as
/// well where somebody refused by it who was erased since.
pub fn suppressed_ways(conn: &mut Conn, subjects: &[Subject]) -> AppResult<HashMap<Subject, Ways>> {
    let keys: Vec<i64> = subjects.iter().map(Subject::key).collect();
    let asked: HashSet<&Subject> = subjects.iter().collect();
    let mut found = HashMap::new();
    let mut knows_erased = false;
    for (scope, value, ways) in queries::live_by_keys(conn, &keys)? {
        knows_erased |= scope == queries::ERASED;
        if let Some(subject) = Subject::stored(&scope, value)
            && asked.contains(&subject)
        {
            found.insert(subject, Ways(ways));
        }
    }
    if knows_erased {
        add_erased(conn, subjects, &mut found)?;
    }
    Ok(found)
}

/// What stands under check values.
fn add_erased(
    conn: &mut Conn,
    subjects: &[Subject],
    found: &mut HashMap<Subject, Ways>,
) -> AppResult<()> {
    let twins = erased_twins(subjects)?;
    let keys: Vec<i64> = twins.keys().map(Subject::key).collect();
    for (scope, value, ways) in queries::live_by_keys(conn, &keys)? {
        let subject = Subject::stored(&scope, value);
        if let Some(meant) = subject.and_then(|subject| twins.get(&subject)) {
            let all = found.entry((*meant).clone()).or_default();
            *all = all.union(Ways(ways));
        }
    }
    Ok(())
}

pub(super) fn end(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    which: &Live,
    how: Withdrawal,
    reason: &str,
) -> AppResult<Vec<Subject>> {
    let touched = queries::suppressions_of(conn, which)?;
    for id in &touched {
        queries::lock(conn, *id)?;
    }
    queries::withdraw(conn, which, how, actor.user_id, reason, now)?;
    let mut subjects = Vec::with_capacity(touched.len());
    for id in touched {
        queries::refresh_ways(conn, id)?;
        subjects.extend(queries::suppression(conn, id)?.subject());
        if how != Withdrawal::BatchUndone {
            log(conn, now, actor, "unsuppress", id)?;
        }
    }
    refresh_around(conn, &subjects)?;
    Ok(subjects)
}

fn log(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    verb: &'static str,
    id: i64,
) -> AppResult<()> {
    changed(
        conn,
        &Change {
            at: now,
            actor_id: actor.user_id,
            verb,
            object_kind: "suppression",
            object_id: Some(id),
            n: 1,
            ..Change::default()
        },
    )?;
    Ok(())
}
