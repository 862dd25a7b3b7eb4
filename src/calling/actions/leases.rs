//! What happens to a lease after the claim: signs of life, the dial, giving back, and what time does.

use chrono::NaiveDateTime;
use serde_json::json;

use super::rulebook::Rulebook;
use crate::accounts::Actor;
use crate::calling::model::{Bar, Call, EntryState, Lease, QueueEntry};
use crate::calling::queries;
use crate::calling::rules::{Class, Disposition, LeaseClock, LeaseEnd, LeaseRefusal, LeaseState};
use crate::platform::calendar::{CalendarId, zone};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Event, happened};

/// A skipped entry comes back to its campaign after so many minutes.
const SKIP_MINUTES: i64 = 60;
/// Leases that one transaction of the lapse job brings up to date.
const MOST_EXPIRED: i64 = 100;
/// Reasons to give back that are no skip: the agent stops for a while.
const PAUSES: [&str; 3] = ["pause", "logout", "switched_off"];

/// The times of a lease, as the rules see them.
pub(super) fn clock_of(lease: &Lease) -> LeaseClock {
    LeaseClock {
        state: LeaseState::from_code(&lease.state).unwrap_or(LeaseState::Ended),
        claimed_at: lease.claimed_at,
        heartbeat_at: lease.heartbeat_at,
        expires_at: lease.expires_at,
        dialled_at: lease.dialled_at,
    }
}

/// The lease of a token, if it is the actor's. Somebody else's, or none, is lost.
pub fn own_lease(conn: &mut Conn, actor: &Actor, token: &str) -> AppResult<Lease> {
    let lease = queries::lease_by_token(conn, token)?.ok_or_else(AppError::not_found)?;
    check_own(conn, actor, &lease)?;
    Ok(lease)
}

/// The same with the entry that it is a lease of.
pub(super) fn own_lease_and_entry(
    conn: &mut Conn,
    actor: &Actor,
    token: &str,
) -> AppResult<(Lease, QueueEntry)> {
    let found = queries::lease_and_entry(conn, token)?.ok_or_else(AppError::not_found)?;
    check_own(conn, actor, &found.0)?;
    Ok(found)
}

fn check_own(conn: &mut Conn, actor: &Actor, lease: &Lease) -> AppResult<()> {
    if actor.user_id == Some(lease.agent_id) {
        return Ok(());
    }
    let name = queries::user_name(conn, lease.agent_id)?.unwrap_or_default();
    Err(AppError::conflict("lease_lost").with("agent", name))
}

/// Why a lease does not go on, with who has the entry now.
pub(super) fn refused(conn: &mut Conn, lease: &Lease, why: LeaseRefusal) -> AppResult<AppError> {
    Ok(match why {
        LeaseRefusal::AlreadyDialled => AppError::conflict("lease_already_dialled"),
        LeaseRefusal::Lost => lost(conn, lease)?,
    })
}

/// 409 `lease_lost`, naming who has the entry now, if anybody.
pub(super) fn lost(conn: &mut Conn, lease: &Lease) -> AppResult<AppError> {
    let holder = queries::holder(conn, "entry", lease.entry_id)?;
    Ok(match holder {
        Some((_, name)) => AppError::conflict("lease_lost").with("agent", name),
        None => AppError::conflict("lease_lapsed"),
    })
}

/// A sign of life of the agent's screen.
pub fn heartbeat(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    token: &str,
    rules: &Rulebook,
) -> AppResult<Lease> {
    let lease = own_lease(conn, actor, token)?;
    move_clock(conn, lease, |clock| clock.heartbeat(now, &rules.calling))
}

fn move_clock(
    conn: &mut Conn,
    mut lease: Lease,
    change: impl FnOnce(LeaseClock) -> Result<LeaseClock, LeaseRefusal>,
) -> AppResult<Lease> {
    match change(clock_of(&lease)) {
        Ok(clock) => {
            set_clock(&mut lease, clock);
            queries::update_lease(conn, &lease)?;
            Ok(lease)
        }
        Err(why) => Err(refused(conn, &lease, why)?),
    }
}

fn set_clock(lease: &mut Lease, clock: LeaseClock) {
    lease.state = clock.state.code().to_owned();
    lease.heartbeat_at = clock.heartbeat_at;
    lease.expires_at = clock.expires_at;
    lease.dialled_at = clock.dialled_at;
}

/// The number was dialled. Said twice, it changes nothing.
pub fn dialled(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    token: &str,
    rules: &Rulebook,
) -> AppResult<Lease> {
    queries::hold_merges(conn)?;
    let (lease, mut entry) = own_lease_and_entry(conn, actor, token)?;
    let was_preview = clock_of(&lease).state == LeaseState::Preview;
    let mut lease = move_clock(conn, lease, |clock| clock.dialled(now, &rules.calling))?;
    if was_preview {
        let contact_id = match lease.point_id {
            Some(point) => queries::contact_of_point(conn, point, lease.company_id)?,
            None => None,
        };
        let mut call = dial(now, &lease, &entry, contact_id);
        begin_call(conn, now, &lease, &mut entry, &mut call)?;
        queries::update_entry(conn, &entry)?;
        lease.call_id = Some(call.id);
        queries::update_lease(conn, &lease)?;
    }
    Ok(lease)
}

/// The dial of the number that was served.
pub(super) fn dial(
    now: NaiveDateTime,
    lease: &Lease,
    entry: &QueueEntry,
    contact_id: Option<i64>,
) -> Call {
    let at_their_wish = matches!(
        Class::from_number(entry.class),
        Some(Class::MyCallback | Class::TeamCallback)
    );
    let (phone, ext) = match lease
        .phone
        .as_deref()
        .map(|p| p.split_once(";ext=").unwrap_or((p, "")))
    {
        Some((phone, ext)) => (
            Some(phone.to_owned()),
            (!ext.is_empty()).then(|| ext.to_owned()),
        ),
        None => (None, None),
    };
    Call {
        lease_id: Some(lease.id),
        entry_id: Some(lease.entry_id),
        campaign_id: Some(lease.campaign_id),
        company_id: lease.company_id,
        person_id: lease.person_id,
        contact_id,
        point_id: lease.point_id,
        number_key: lease.number_key,
        phone,
        ext,
        direction: "out".to_owned(),
        agent_id: lease.agent_id,
        dialled_at: lease.dialled_at.unwrap_or(now),
        counts: !at_their_wish,
        ..Call::default()
    }
}

/// The call is over, with this result.
pub(super) fn hang_up(call: &mut Call, now: NaiveDateTime, result: Disposition) {
    call.ended_at = Some(now);
    call.reached = result.reached();
    call.disposition = Some(result.code().to_owned());
}

/// Writes the dial: the call, the company's last dial, the event. The entry is counted up; the caller writes it.
pub(super) fn begin_call(
    conn: &mut Conn,
    now: NaiveDateTime,
    lease: &Lease,
    entry: &mut QueueEntry,
    call: &mut Call,
) -> AppResult<()> {
    queries::insert_call(conn, call)?;
    entry.dials += i32::from(call.counts);
    entry.last_call_id = Some(call.id);
    entry.changed_at = now;
    if let Some(company) = call.company_id {
        queries::company_was_dialled(conn, company, call.dialled_at)?;
    }
    tell(
        conn,
        now,
        lease,
        "lease.dialled",
        json!({ "call": call.id }),
    )
}

/// Gives an entry back before it was dialled. A reason makes it a skip, of which a day has few; a pause is none.
pub fn release(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    token: &str,
    reason: &str,
    rules: &Rulebook,
) -> AppResult<()> {
    let lease = own_lease(conn, actor, token)?;
    let clock = match clock_of(&lease).release() {
        Ok(clock) => clock,
        // Given back before, or lapsed: it is where it should be.
        Err(LeaseRefusal::Lost) if lease.call_id.is_none() => return Ok(()),
        Err(why) => return Err(refused(conn, &lease, why)?),
    };
    let reason = reason.trim();
    let is_skip = !reason.is_empty() && !PAUSES.contains(&reason);
    if is_skip {
        check_skips(conn, now, actor, rules)?;
    }
    let mut entry = queries::entry(conn, lease.entry_id)?;
    entry.changed_at = now;
    if is_skip {
        let callee = rules.calendars.get(CalendarId(entry.calendar_id));
        entry.state = EntryState::Waiting.code().to_owned();
        entry.bar = Some(Bar::Skipped.code().to_owned());
        entry.due_at = Some(callee.next_opening(now + chrono::TimeDelta::minutes(SKIP_MINUTES)));
    } else {
        entry.state = EntryState::Ready.code().to_owned();
    }
    queries::update_entry(conn, &entry)?;
    let mut lease = lease;
    set_clock(&mut lease, clock);
    let kind = if is_skip {
        "lease.skipped"
    } else {
        "lease.released"
    };
    lease.state = if is_skip { "skipped" } else { "released" }.to_owned();
    close(conn, now, &mut lease)?;
    tell(conn, now, &lease, kind, json!({ "reason": reason }))
}

fn check_skips(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    rules: &Rulebook,
) -> AppResult<()> {
    let office = rules.calendars.office();
    let today = zone::day_start(office.zone(), office.date(now));
    let most = rules.calling.skips_a_day;
    if queries::skips_since(conn, actor.id(), today)? >= i64::from(most) {
        return Err(AppError::conflict("skips_used_up").with("most", most));
    }
    Ok(())
}

/// Ends a lease and lets its locks go. A result that comes late does not move the end of a hand that was over.
pub(super) fn close(conn: &mut Conn, now: NaiveDateTime, lease: &mut Lease) -> AppResult<()> {
    lease.ended_at.get_or_insert(now);
    queries::update_lease(conn, lease)?;
    queries::unlock(conn, lease.id)?;
    Ok(())
}

/// What time does to one lease.
pub(super) fn expire(
    conn: &mut Conn,
    now: NaiveDateTime,
    rules: &Rulebook,
    lease: &Lease,
    end: LeaseEnd,
) -> AppResult<()> {
    let mut lease = lease.clone();
    let mut entry = queries::entry(conn, lease.entry_id)?;
    entry.changed_at = now;
    match end {
        LeaseEnd::Lapsed => {
            entry.state = EntryState::Ready.code().to_owned();
            queries::update_entry(conn, &entry)?;
            lease.state = "lapsed".into();
            close(conn, now, &mut lease)?;
            tell(conn, now, &lease, "lease.lapsed", json!({}))
        }
        LeaseEnd::NeedsOutcome(clock) => {
            entry.state = EntryState::NeedsOutcome.code().to_owned();
            queries::update_entry(conn, &entry)?;
            set_clock(&mut lease, clock);
            queries::update_lease(conn, &lease)?;
            tell(conn, now, &lease, "lease.needs_outcome", json!({}))
        }
        LeaseEnd::TeamRetry => {
            to_team(&mut entry, now, rules);
            queries::update_entry(conn, &entry)?;
            lease.state = "unknown".into();
            close(conn, now, &mut lease)?;
            tell(
                conn,
                now,
                &lease,
                "lease.outcome_unknown",
                json!({ "call": lease.call_id }),
            )
        }
    }
}

/// The entry is anybody's, as a retry at the next opening.
pub(super) fn to_team(entry: &mut QueueEntry, now: NaiveDateTime, rules: &Rulebook) {
    let callee = rules.calendars.get(CalendarId(entry.calendar_id));
    entry.state = EntryState::Waiting.code().to_owned();
    entry.class = Class::RetryDue.number();
    entry.owner_id = None;
    entry.bar = None;
    entry.due_at = Some(callee.next_opening(now));
    entry.changed_at = now;
}

/// Brings leases up to date whose time has come. Says how many, so that the caller can go on while there are more.
pub fn expire_due(conn: &mut Conn, now: NaiveDateTime, rules: &Rulebook) -> AppResult<usize> {
    let due = queries::expired(conn, now, MOST_EXPIRED)?;
    let mut n = 0;
    for lease in &due {
        if let Some(end) = clock_of(lease).due(now, rules.calendars.office(), &rules.calling) {
            expire(conn, now, rules, lease, end)?;
            n += 1;
        }
    }
    Ok(n)
}

/// Ends the leases of a user who leaves: previews go back; what was dialled goes to the team.
pub fn end_leases_of(
    conn: &mut Conn,
    now: NaiveDateTime,
    user_id: i64,
    rules: &Rulebook,
) -> AppResult<usize> {
    let leases = queries::live_leases_of(conn, user_id)?;
    for lease in &leases {
        let end = match clock_of(lease).state {
            LeaseState::Preview => LeaseEnd::Lapsed,
            _ => LeaseEnd::TeamRetry,
        };
        expire(conn, now, rules, lease, end)?;
    }
    Ok(leases.len())
}

/// Writes what happened to a lease.
pub(super) fn tell(
    conn: &mut Conn,
    now: NaiveDateTime,
    lease: &Lease,
    kind: &str,
    data: serde_json::Value,
) -> AppResult<()> {
    let mut data = data;
    data["entry"] = json!(lease.entry_id);
    data["number"] = json!(lease.number_key);
    let event = Event {
        at: now,
        kind,
        user_id: Some(lease.agent_id),
        campaign_id: Some(lease.campaign_id),
        company_id: lease.company_id,
        object_id: Some(lease.id),
        data: Some(data.to_string()),
    };
    Ok(happened(conn, &event)?)
}
