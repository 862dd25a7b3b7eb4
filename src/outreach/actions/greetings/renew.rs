//! A greeting that waits for its day follows the calendar: holidays that are announced after it was made move it, as long
//! as reps may answer. Where a person gave it another moment, it keeps that.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;

use super::book::GreetingBook;
use super::make::{homes_of, hours};
use super::own_days::people;
use crate::outreach::actions::mailings;
use crate::outreach::model::Mailing;
use crate::outreach::queries;
use crate::outreach::rules::occasions::{GreetingRules, Planned, planned_on};
use crate::platform::calendar::{CalendarId, CalendarSettings};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::office::Office;
use crate::platform::settings::{self, Setting};

/// Gives a mailing that is about to be decided anew the moment that its day has now, if the settings have changed since
/// it was decided.
pub(super) fn renew_moment(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &GreetingBook,
    mailing: &Mailing,
) -> AppResult<()> {
    let is_open = mailing.approve_by.is_some_and(|by| now < by);
    let planned = mailing.occasion.as_deref().zip(mailing.occasion_on);
    let planned = planned.and_then(|(code, on)| planned_on(code, on, &book.calendars, &book.rules));
    let Some(planned) = planned.filter(|planned| is_open && planned.refused.is_none()) else {
        return Ok(());
    };
    if !is_by_other_rules(conn, mailing)?
        || !queries::moved_by_hand(conn, &[mailing.id])?.is_empty()
    {
        return Ok(());
    }
    let Some(moment) = planned.moment(&book.calendars, &book.rules) else {
        return Ok(());
    };
    let lived_by = lived_by(conn, book, &planned)?;
    let (window, approval) = hours(book, &planned, &moment, lived_by, now);
    let is_same =
        (mailing.send_from, mailing.send_until) == (Some(window.from), Some(window.until));
    if is_same || window.until <= now {
        return Ok(());
    }
    mailings::renew(conn, now, mailing.id, window, approval.by)
}

/// The calendar, the office or the rules of greeting are others than those by which it was decided.
fn is_by_other_rules(conn: &mut Conn, mailing: &Mailing) -> AppResult<bool> {
    let decided: BTreeMap<String, i32> = serde_json::from_str(&mailing.rule_versions)?;
    let now = [
        (
            CalendarSettings::KIND,
            settings::load::<CalendarSettings>(conn)?.version,
        ),
        (Office::KIND, settings::load::<Office>(conn)?.version),
        (
            GreetingRules::KIND,
            settings::load::<GreetingRules>(conn)?.version,
        ),
    ];
    Ok(now
        .iter()
        .any(|(kind, version)| decided.get(*kind).is_some_and(|was| was != version)))
}

/// The calendars by which those live who may get a card for a day.
pub(super) fn lived_by(
    conn: &mut Conn,
    book: &GreetingBook,
    planned: &Planned,
) -> AppResult<BTreeSet<CalendarId>> {
    match planned.greeting.is_own_day() {
        true => Ok(people(conn, book, planned)?.lived_by),
        false => homes_of(conn, book, planned),
    }
}
