//! The queue follows what became of companies and persons: clocks, scores, classes and bars of their open entries.
//!
//! Whoever changes a company (an import, an edit, a merge, a ground, a refusal) calls this in the same transaction.
//! It is cheap where nobody of them is in a queue: one look at an index.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::fill::cutoffs;
use super::rulebook::{Rulebook, rulebook};
use crate::calling::model::Bar;
use crate::calling::queries::{self, Whose};
use crate::platform::calendar::{
    CalendarId, calendar_for_region, countries_with_calendar, office_calendar_id,
};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::office::Office;
use crate::qualifying::Grade;

/// Companies that one step of the night looks at.
const EXPIRING: i64 = 1_000;

/// Open entries of these companies, and of all that stand under the same roots, get their new clock, score and class; what
/// must not be called is barred, and what was held back by something else is woken for the claim to decide.
pub fn follow_companies(conn: &mut Conn, now: NaiveDateTime, company_ids: &[i64]) -> AppResult<()> {
    if company_ids.is_empty() {
        return Ok(());
    }
    let roots = queries::roots_of(conn, company_ids)?;
    let group = queries::groups(conn, &roots)?;
    follow_group(conn, now, &group)
}

/// The same where every id under the roots is at hand.
pub fn follow_group(conn: &mut Conn, now: NaiveDateTime, group: &[i64]) -> AppResult<()> {
    let queued = queries::with_open_entry(conn, Whose::Companies, group)?;
    if queued.is_empty() {
        return Ok(());
    }
    let rules = rulebook(conn)?;
    follow_region(conn, now, &rules, &queued)?;
    queries::rescore(conn, &queued)?;
    queries::bar(conn, Whose::Companies, &queued, now)?;
    queries::wake(conn, Whose::Companies, &queued, now)?;
    queries::reclassify(conn, &queued, &cutoffs(&rules, now), now)?;
    Ok(())
}

/// Open entries go by the clock of where the company lies now.
fn follow_region(
    conn: &mut Conn,
    now: NaiveDateTime,
    rules: &Rulebook,
    companies: &[i64],
) -> AppResult<()> {
    let mut moved: BTreeMap<CalendarId, Vec<i64>> = BTreeMap::new();
    for (entry, region, calendar) in queries::calendars_of(conn, companies)? {
        let lived_by = calendar_for_region(region.as_deref(), &rules.office);
        if lived_by.0 != calendar {
            moved.entry(lived_by).or_default().push(entry);
        }
    }
    for (calendar, entries) in moved {
        queries::put_calendar(conn, &entries, calendar.0, now)?;
    }
    Ok(())
}

/// The same for persons without a company; of others nothing is found.
pub fn follow_persons(conn: &mut Conn, now: NaiveDateTime, person_ids: &[i64]) -> AppResult<()> {
    if person_ids.is_empty() {
        return Ok(());
    }
    let queued = queries::with_open_entry(conn, Whose::Persons, person_ids)?;
    if queued.is_empty() {
        return Ok(());
    }
    queries::bar(conn, Whose::Persons, &queued, now)?;
    queries::wake(conn, Whose::Persons, &queued, now)?;
    Ok(())
}

/// Writes the scores of all open entries of these roots anew, after the company's score has changed.
pub fn rescore_entries(conn: &mut Conn, roots: &[i64]) -> AppResult<usize> {
    let group = queries::groups(conn, roots)?;
    Ok(queries::rescore(conn, &group)?)
}

/// The table of grounds has changed: whoever it held back is looked at again when their turn comes.
pub fn wake_without_ground(conn: &mut Conn, now: NaiveDateTime) -> AppResult<usize> {
    Ok(queries::wake_barred(conn, Bar::NoGround, now)?)
}

/// The office has moved: open entries of a place without a calendar of its own go by the office's new one.
pub fn follow_office(
    conn: &mut Conn,
    now: NaiveDateTime,
    was: &Office,
    is: &Office,
) -> AppResult<usize> {
    let (was, is) = (office_calendar_id(was), office_calendar_id(is));
    if was == is {
        return Ok(0);
    }
    let countries: Vec<&str> = countries_with_calendar().collect();
    Ok(queries::move_calendar(
        conn,
        (was.0, is.0),
        &countries,
        now,
    )?)
}

/// One step of the night: entries whose grade is about to expire move up. True while more are left.
pub fn move_expiring_up(conn: &mut Conn, now: NaiveDateTime, rules: &Rulebook) -> AppResult<bool> {
    let cutoffs = cutoffs(rules, now);
    for (grade, cutoff) in [Grade::A, Grade::B, Grade::C]
        .into_iter()
        .zip(cutoffs.expiring)
    {
        let roots = queries::newly_expiring(conn, grade.code(), cutoff, EXPIRING)?;
        if !roots.is_empty() {
            let group = queries::groups(conn, &roots)?;
            queries::reclassify(conn, &group, &cutoffs, now)?;
            return Ok(true);
        }
    }
    Ok(false)
}
