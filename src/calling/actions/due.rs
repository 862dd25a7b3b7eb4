//! What is due by time alone, in one transaction.

use chrono::NaiveDateTime;

use super::leases::expire_due;
use super::rulebook::Rulebook;
use crate::calling::queries;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::log::{Event, happened};

/// Whether a lease, an entry or a call-back has come to its time.
pub fn is_anything_due(conn: &mut Conn, now: NaiveDateTime) -> AppResult<bool> {
    Ok(queries::is_anything_due(conn, now)?)
}

/// Leases lapse or wait for their result, waiting entries are ready, late call-backs are the team's. Says how many.
pub fn bring_up_to_date(conn: &mut Conn, now: NaiveDateTime, rules: &Rulebook) -> AppResult<usize> {
    let expired = expire_due(conn, now, rules)?;
    let late = callbacks_to_team(conn, now)?;
    let ready = queries::promote(conn, now)?;
    Ok(expired + late + ready)
}

fn callbacks_to_team(conn: &mut Conn, now: NaiveDateTime) -> AppResult<usize> {
    let late = queries::late_callbacks(conn, now)?;
    for (callback, entry) in &late {
        queries::callback_to_team(conn, *callback, *entry, now)?;
        let event = Event {
            at: now,
            kind: "callback.to_team",
            object_id: Some(*callback),
            ..Event::default()
        };
        happened(conn, &event)?;
    }
    Ok(late.len())
}

/// Event leads older than their first working hours are fresh like others.
pub fn cool_event_leads(conn: &mut Conn, now: NaiveDateTime, rules: &Rulebook) -> AppResult<usize> {
    let hours = i64::from(rules.calling.event_lead_hours);
    let cutoff = super::fill::working_hours_ago(rules.calendars.office(), now, hours);
    let mut n = 0;
    for campaign in queries::running_campaigns(conn)? {
        n += queries::cool_event_leads(conn, campaign, cutoff, now)?;
    }
    Ok(n)
}

/// A user is switched off: previews go back, dialled leases and own call-backs, entries and tasks go to the team.
pub fn hand_over_to_team(
    conn: &mut Conn,
    now: NaiveDateTime,
    user_id: i64,
    rules: &Rulebook,
) -> AppResult<usize> {
    let leases = super::end_leases_of(conn, now, user_id, rules)?;
    let callbacks = queries::callbacks_of_user(conn, user_id)?;
    for (callback, entry) in &callbacks {
        queries::callback_to_team(conn, *callback, *entry, now)?;
    }
    let freed = queries::free_entries_and_tasks(conn, user_id, now)?;
    Ok(leases + callbacks.len() + freed)
}
