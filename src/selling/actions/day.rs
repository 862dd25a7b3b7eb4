//! A rep's day: appointments, calls and visits without a queue, the calendar feed, what the month holds.

use chrono::{Datelike, NaiveDateTime, TimeDelta};

use super::book::Book;
use crate::accounts::{Actor, Object, Verb, require};
use crate::calling::rules::VISIT_GRACE_MINUTES;
use crate::platform::calendar::zone;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};
use crate::platform::{secret, settings};
use crate::registry;
use crate::selling::model::NewAppointment;
use crate::selling::queries::{self, NewTouch};
use crate::selling::rules::capacity::{CapacityRules, Progress, Work};

/// Kinds of appointments.
pub const KINDS: [&str; 4] = ["visit", "demo", "call", "other"];
/// A tenth of a day of eight hours.
const MINUTES_OF_A_TENTH: i64 = 48;
/// Longest note.
const LONGEST: usize = 1_000;

/// Puts an appointment into the own agenda.
pub fn agree(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    company_id: Option<i64>,
    (kind, begins_at, minutes): (&str, NaiveDateTime, i32),
    note: &str,
) -> AppResult<i64> {
    require(actor, Verb::AnswerHandovers, Object::Any)?;
    if !KINDS.contains(&kind) {
        return Err(AppError::invalid("appointment_kind_unknown", "kind"));
    }
    if !(5..=720).contains(&minutes) {
        return Err(AppError::invalid("appointment_unreadable", "minutes"));
    }
    if note.len() > LONGEST {
        return Err(AppError::invalid("appointment_unreadable", "note"));
    }
    // With a company what has been is noted as a visit or a call; work in the house may have begun.
    let earliest = now - TimeDelta::minutes(VISIT_GRACE_MINUTES);
    if company_id.is_some() && begins_at < earliest {
        return Err(AppError::invalid("appointment_in_past", "time"));
    }
    let new = NewAppointment {
        user_id: actor.id(),
        company_id,
        kind: kind.to_owned(),
        note: Some(note.trim().to_owned()).filter(|n| !n.is_empty()),
        begins_at,
        minutes,
        state: "open",
        at: now,
    };
    let id = queries::insert_appointment(conn, &new)?;
    log(conn, now, actor, "agree", "appointment", id)?;
    Ok(id)
}

/// An own appointment took place, or is called off. One that took place with a company is a contact with it.
pub fn settle_appointment(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
    took_place: bool,
) -> AppResult<()> {
    let found = queries::appointment(conn, id)?.ok_or_else(AppError::not_found)?;
    if actor.user_id != Some(found.user_id) {
        return Err(AppError::not_found());
    }
    let state = if took_place { "done" } else { "cancelled" };
    if queries::settle_appointment(conn, id, state, now)? == 0 {
        return Err(AppError::conflict("appointment_settled"));
    }
    log(conn, now, actor, state, "appointment", id)?;
    if let (true, Some(company)) = (took_place, found.company_id) {
        let kind = if found.kind == "call" {
            "call"
        } else {
            "visit"
        };
        met(conn, now, actor, company, kind, found.note.as_deref())?;
    }
    Ok(())
}

/// A visit was made, or somebody spoken with, outside of every queue.
pub fn met(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    company_id: i64,
    kind: &str,
    note: Option<&str>,
) -> AppResult<()> {
    let root = registry::actions::root_of(conn, company_id)?;
    let new = NewTouch {
        company_id: Some(root),
        kind: kind.to_owned(),
        incoming: false,
        at: now,
        actor_id: actor.user_id,
        result: note.map(str::to_owned),
    };
    queries::insert_touch(conn, &new)?;
    queries::set_last_touch(conn, root, now)?;
    let group = registry::actions::group_of(conn, root)?;
    was_reached(conn, now, actor, &group)?;
    log(conn, now, actor, kind, "company", root)
}

/// Somebody spoke with a company: where that is its rep, who had not done so yet, it was the first contact.
pub fn was_reached(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    group: &[i64],
) -> AppResult<()> {
    queries::was_contacted(conn, group, actor.id(), now)?;
    Ok(())
}

/// A new secret address of the own agenda; the one before ends.
pub fn new_feed(conn: &mut Conn, now: NaiveDateTime, actor: &Actor) -> AppResult<String> {
    let token = secret::random_token();
    queries::set_feed_token(conn, actor.id(), &secret::hash(&token), now)?;
    log(conn, now, actor, "feed", "user", actor.id())?;
    Ok(token)
}

/// What a month holds for a rep, and how far it is.
#[derive(Debug, Clone)]
pub struct Month {
    /// Working days up to today, today included.
    pub day: i64,
    /// Working days of the month.
    pub days: i64,
    /// How far each kind of work is.
    pub progress: Vec<Progress>,
}

/// Reads the month of a rep.
pub fn month(conn: &mut Conn, now: NaiveDateTime, book: &Book, user_id: i64) -> AppResult<Month> {
    let rules = settings::load::<CapacityRules>(conn)?.value;
    let office = book.office();
    let today = book.today(now);
    let first = today.with_day(1).unwrap_or(today);
    let next = first
        .checked_add_months(chrono::Months::new(1))
        .unwrap_or(today);
    let last = next.pred_opt().unwrap_or(next);
    let instant = |day| zone::day_start(office.zone(), day);
    let (from, to) = (instant(first), instant(next));
    let touched = queries::touched(conn, user_id, from, to)?;
    let count = |grade: &str, kinds: &[&str]| {
        touched
            .iter()
            .filter(|(g, kind, _)| g.as_deref() == Some(grade) && kinds.contains(&kind.as_str()))
            .map(|(.., n)| *n)
            .max()
            .unwrap_or(0)
    };
    let done = [
        (Work::VisitA, count("A", &["visit"])),
        (Work::MaintainB, count("B", &["visit", "call"])),
        (Work::MaintainC, count("C", &["visit", "call"])),
        (Work::Open, queries::opened(conn, user_id, from, to)?),
        (
            Work::Internal,
            queries::inside_minutes(conn, user_id, from, to)? / MINUTES_OF_A_TENTH,
        ),
    ];
    let (day, days) = (
        office.working_days_in(first, today) as i64,
        office.working_days_in(first, last) as i64,
    );
    Ok(Month {
        day,
        days,
        progress: rules.progress(&done, day, days),
    })
}

fn log(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    verb: &str,
    object_kind: &str,
    id: i64,
) -> AppResult<()> {
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb,
        object_kind,
        object_id: Some(id),
        n: 1,
        ..Change::default()
    };
    Ok(changed(conn, &change)?)
}
