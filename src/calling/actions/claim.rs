//! The claim: the next entry for an agent, with everything that it needs locked in one transaction.

use std::collections::HashSet;

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::json;

use super::leases;
use super::rulebook::Rulebook;
use super::standing::{Standing, Stop};
use crate::accounts::{Actor, Object, Verb, require};
use crate::calling::model::{Callback, Lease, Lock, NewLease, is_open_on};
use crate::calling::queries::{self, Beginning, Head};
use crate::calling::rules::{Class, LeaseClock, LeaseEnd, QueueWhy};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::secret;

/// Entries that one transaction passes over at most; then it commits and goes on.
const MOST_PASSED: usize = 50;

/// What a claim brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// This lease: a new one, or the one the agent has already.
    Lease(Box<Lease>),
    /// Nothing is ready; something may be from this moment on.
    Nothing {
        /// When to ask again.
        retry_at: Option<NaiveDateTime>,
    },
    /// Many were passed over: commit, and claim again.
    GoOn,
}

/// Takes the next entry of a campaign. A live lease of any campaign comes first.
pub fn claim(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    campaign_id: i64,
    rules: &Rulebook,
) -> AppResult<Claimed> {
    require(actor, Verb::Call, Object::Any)?;
    queries::hold_merges(conn)?;
    let begun = queries::beginning(conn, now, actor.id(), campaign_id)?;
    if let Some(id) = begun.lease_id
        && let Some(lease) = present_lease(conn, now, id, rules)?
    {
        return Ok(Claimed::Lease(Box::new(lease)));
    }
    check_campaign(now, actor, &begun, rules)?;
    if begun.is_due {
        queries::promote(conn, now)?;
    }
    let open = queries::as_one_text(&rules.calendars.open_at(now));
    let mut passed = Vec::new();
    for _ in 0..MOST_PASSED {
        let head = queries::head(conn, campaign_id, actor.id(), &open, &passed)?;
        let Some(head) = head else {
            let retry_at = when_again(conn, now, campaign_id, rules)?;
            return Ok(Claimed::Nothing { retry_at });
        };
        if let Some(lease) = take_or_pass(conn, now, actor, campaign_id, rules, &head)? {
            return Ok(Claimed::Lease(Box::new(lease)));
        }
        passed.push(head.id);
    }
    Ok(Claimed::GoOn)
}

/// The live lease of an agent, brought up to date; a preview that lapsed goes back first.
fn present_lease(
    conn: &mut Conn,
    now: NaiveDateTime,
    lease_id: i64,
    rules: &Rulebook,
) -> AppResult<Option<Lease>> {
    let lease = queries::lease_by_id(conn, lease_id)?;
    match leases::clock_of(&lease).due(now, rules.calendars.office(), &rules.calling) {
        None => Ok(Some(lease)),
        Some(end) => {
            let stays = matches!(end, LeaseEnd::NeedsOutcome(_));
            leases::expire(conn, now, rules, &lease, end)?;
            let lease = if stays {
                Some(queries::lease_by_id(conn, lease.id)?)
            } else {
                None
            };
            Ok(lease)
        }
    }
}

fn check_campaign(
    now: NaiveDateTime,
    actor: &Actor,
    begun: &Beginning,
    rules: &Rulebook,
) -> AppResult<()> {
    let campaign = begun.campaign.as_ref().ok_or_else(AppError::not_found)?;
    let is_everybody = campaign.all_agents && campaign.team_id == actor.team_id;
    let object = Object::Campaign {
        is_assigned: is_everybody || begun.is_named,
        team_id: campaign.team_id,
    };
    require(actor, Verb::Call, object)?;
    let days = (campaign.starts_on, campaign.ends_on);
    if !is_open_on(&campaign.state, days, rules.calendars.office().date(now)) {
        return Err(AppError::conflict("campaign_not_running").with("campaign", &campaign.name));
    }
    Ok(())
}

/// When it is worth while to ask again: the next waiting entry, or the next opening.
fn when_again(
    conn: &mut Conn,
    now: NaiveDateTime,
    campaign_id: i64,
    rules: &Rulebook,
) -> AppResult<Option<NaiveDateTime>> {
    let due = queries::next_due(conn, campaign_id)?;
    let shut: Vec<i32> = queries::calendars_with_ready(conn, campaign_id)?;
    let ids = shut.into_iter().map(crate::platform::calendar::CalendarId);
    let opening = rules
        .calendars
        .next_opening(ids, now)
        .filter(|at| *at > now);
    Ok([due, opening].into_iter().flatten().min())
}

/// Takes the entry, or holds it back, or leaves it to whoever has a part of it in hand.
fn take_or_pass(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    campaign_id: i64,
    rules: &Rulebook,
    head: &Head,
) -> AppResult<Option<Lease>> {
    let callback = match Class::from_number(head.class) {
        Some(Class::MyCallback | Class::TeamCallback) => queries::open_callback(conn, head.id)?,
        _ => None,
    };
    let standing = Standing::look(conn, now, rules, head, callback.as_ref())?;
    let chosen = match standing.choose(now, rules, head, callback.as_ref()) {
        Ok(chosen) => chosen,
        Err(Stop::InHand) => return Ok(None),
        Err(Stop::Hold { state, bar, due_at }) => {
            queries::hold_back(conn, head.id, state.code(), Some(&bar), due_at, now)?;
            return Ok(None);
        }
    };
    let number = &standing.numbers[chosen];
    let why = why(conn, now, rules, head, &standing, callback.as_ref())?;
    let person = number.person_root.or(standing.person_root);
    let number_key = Standing::number_key(number);
    let new = NewLease {
        token: secret::random_token(),
        entry_id: head.id,
        campaign_id,
        agent_id: actor.id(),
        company_id: standing.company.as_ref().map(|c| c.id),
        person_id: person,
        point_id: number.point_id,
        phone: number.full(),
        number_key,
        why: json!({ "why": why, "class": head.class, "score": head.score }).to_string(),
        at: now,
        expires_at: LeaseClock::claimed(now, &rules.calling).expires_at,
        locks: locks(actor.id(), head.id, &standing, number_key, number.person_id, person),
        event: json!({ "entry": head.id, "number": number_key, "group": standing.group, "class": head.class }).to_string(),
    };
    lock_all(conn, actor.id(), &new)
}

/// All locks of the entry or none. A conflict on the agent's own key answers the lease that the agent has by now.
fn lock_all(conn: &mut Conn, agent_id: i64, new: &NewLease) -> AppResult<Option<Lease>> {
    let Some(taken) = queries::take(conn, new)? else {
        return Ok(queries::live_lease_of(conn, agent_id)?);
    };
    Ok(Some(Lease {
        id: taken.id,
        token: new.token.clone(),
        entry_id: new.entry_id,
        campaign_id: new.campaign_id,
        agent_id: new.agent_id,
        company_id: new.company_id,
        person_id: new.person_id,
        point_id: Some(new.point_id),
        phone: Some(new.phone.clone()),
        number_key: Some(new.number_key),
        state: "preview".into(),
        why: new.why.clone(),
        claimed_at: taken.at,
        heartbeat_at: taken.at,
        expires_at: new.expires_at,
        dialled_at: None,
        ended_at: None,
        call_id: None,
    }))
}

/// Everything that nobody else may have in hand, in the one order in which all claims insert.
fn locks(
    agent_id: i64,
    entry_id: i64,
    standing: &Standing,
    number_key: i64,
    person_id: Option<i64>,
    person_root: Option<i64>,
) -> Vec<Lock> {
    let lock = |kind| move |key: i64| Lock { kind, key };
    let mut all: HashSet<Lock> = HashSet::from([
        Lock {
            kind: "agent",
            key: agent_id,
        },
        Lock {
            kind: "entry",
            key: entry_id,
        },
        Lock {
            kind: "number",
            key: number_key,
        },
    ]);
    all.extend(standing.group.iter().copied().map(lock("company")));
    all.extend(standing.reviews.iter().copied().map(lock("review")));
    all.extend(
        [person_id, person_root]
            .into_iter()
            .flatten()
            .map(lock("person")),
    );
    let mut all: Vec<Lock> = all.into_iter().collect();
    all.sort_unstable();
    all
}

/// Why this entry comes next, for the one line on the screen.
fn why(
    conn: &mut Conn,
    now: NaiveDateTime,
    rules: &Rulebook,
    head: &Head,
    standing: &Standing,
    callback: Option<&Callback>,
) -> AppResult<QueueWhy> {
    let company = standing.company.as_ref();
    let fresh = QueueWhy::Fresh {
        urgency: company
            .and_then(|c| c.urgency.as_deref())
            .and_then(crate::qualifying::Urgency::from_code),
        score: head.score,
    };
    Ok(match Class::from_number(head.class) {
        Some(Class::MyCallback) => match callback {
            Some(c) => QueueWhy::MyCallback {
                due_at: c.due_at,
                agreed_at: Some(c.at),
                with: standing.name_of(c.person_id),
                late_minutes: (now - c.due_at).num_minutes(),
            },
            None => fresh,
        },
        Some(Class::TeamCallback) => match callback {
            Some(c) => QueueWhy::TeamCallback {
                due_at: c.due_at,
                agreed_by: queries::agreed_by(conn, c)?,
                with: standing.name_of(c.person_id),
            },
            None => fresh,
        },
        Some(Class::EventLead) => match company {
            Some(c) => match queries::event_of(conn, c.id)? {
                Some((event, met)) => {
                    let spent = rules.calendars.office().working_time_between(met, now);
                    let hours = TimeDelta::hours(i64::from(rules.calling.event_lead_hours)) - spent;
                    QueueWhy::EventLead {
                        event,
                        hours_left: hours.num_hours().max(0),
                        was_dialled: c.last_dial_at.is_some_and(|at| at >= met),
                    }
                }
                None => fresh,
            },
            None => fresh,
        },
        Some(Class::GradeExpires) => {
            match company.and_then(|c| Some((c.grade()?, c.last_contact()?))) {
                Some((grade, last)) => QueueWhy::GradeExpires {
                    grade,
                    days: (now - last).num_days(),
                },
                None => fresh,
            }
        }
        Some(Class::RetryDue) => retry_why(conn, head, fresh)?,
        Some(Class::DCadence) => QueueWhy::DCadence {
            last_at: company.and_then(|c| c.last_touch_at),
        },
        _ => fresh,
    })
}

fn retry_why(conn: &mut Conn, head: &Head, otherwise: QueueWhy) -> AppResult<QueueWhy> {
    let Some(call_id) = head.last_call_id else {
        return Ok(otherwise);
    };
    let call = queries::call_by_id(conn, call_id)?;
    let result = call
        .disposition
        .as_deref()
        .and_then(crate::calling::rules::Disposition::from_code);
    Ok(match result {
        Some(result) => QueueWhy::RetryDue {
            result,
            at: call.dialled_at,
            attempt: u32::try_from(head.attempts).unwrap_or(0) + 1,
        },
        None => QueueWhy::OutcomeUnknown {
            at: call.dialled_at,
        },
    })
}
