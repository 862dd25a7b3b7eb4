//! The morning on which a greeting goes out: the last working day before, in the receiver's own calendar.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::plan::Planned;
use super::settings::GreetingRules;
use super::silence::refuse;
use crate::platform::calendar::{Calendar, CalendarId, Calendars, Country};

/// How far back a working day is looked for: no country rests so long.
const FARTHEST: usize = 30;

/// When a greeting may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The day in the receiver's zone.
    pub day: NaiveDate,
    /// Not before, UTC.
    pub from: NaiveDateTime,
    /// Not after, UTC.
    pub until: NaiveDateTime,
    /// False where the holidays of the year are not entered: weekends are assumed, and pages say so.
    pub is_known: bool,
}

/// The moment for a day. A holiday is greeted on the last working day before it; a day of one's own on the day itself
/// if people work, else on the last working day before. Never on a day of silence.
pub fn moment(
    on: NaiveDate,
    is_own_day: bool,
    calendar: &Calendar,
    rules: &GreetingRules,
) -> Option<Moment> {
    let goes_out = |day: &NaiveDate| {
        calendar.is_working_day(*day) && refuse(*day, calendar.country(), rules).is_none()
    };
    let day = on
        .iter_days()
        .rev()
        .skip(usize::from(!is_own_day))
        .take(FARTHEST)
        .find(goes_out)?;
    let knows = |year| calendar.days().knows(year);
    Some(Moment {
        day,
        from: calendar.utc(day.and_time(rules.from)),
        until: calendar.utc(day.and_time(rules.until)),
        is_known: knows(on.year()) && knows(day.year()),
    })
}

/// The moments of a planned greeting, one for each calendar: what the window of a delivery is read from.
pub fn moments(
    planned: &Planned,
    calendars: &Calendars,
    rules: &GreetingRules,
) -> BTreeMap<CalendarId, Moment> {
    CalendarId::all()
        .filter_map(|id| {
            let is_own_day = planned.greeting.is_own_day();
            Some((
                id,
                moment(planned.on, is_own_day, calendars.get(id), rules)?,
            ))
        })
        .collect()
}

/// From the first of the mornings to the end of the last, over the calendars by which people live who keep the day:
/// those of its countries, and the office's, by which all of the countries go that have none. Mornings that are over are
/// none of them.
pub fn span(
    planned: &Planned,
    calendars: &Calendars,
    rules: &GreetingRules,
    now: NaiveDateTime,
) -> Option<(NaiveDateTime, NaiveDateTime)> {
    let is_of_others = |id: CalendarId| id == CalendarId::OFFICE && planned.is_for(Country::Other);
    let lived_by = CalendarId::all()
        .filter(|id| planned.is_for(calendars.get(*id).country()) || is_of_others(*id));
    span_over(planned, lived_by, calendars, rules, now)
}

/// The same over some calendars.
pub fn span_over(
    planned: &Planned,
    lived_by: impl IntoIterator<Item = CalendarId>,
    calendars: &Calendars,
    rules: &GreetingRules,
    now: NaiveDateTime,
) -> Option<(NaiveDateTime, NaiveDateTime)> {
    let all = moments(planned, calendars, rules);
    lived_by
        .into_iter()
        .filter_map(|id| all.get(&id))
        .filter(|moment| moment.until > now)
        .map(|moment| (moment.from, moment.until))
        .reduce(|(from, until), next| (from.min(next.0), until.max(next.1)))
}

/// What a moment that somebody gave a greeting is measured by: all mornings of a holiday, the office's for a day of one's
/// own.
pub fn usual_window(
    planned: &Planned,
    calendars: &Calendars,
    rules: &GreetingRules,
) -> Option<(NaiveDateTime, NaiveDateTime)> {
    let whole = match planned.greeting.is_own_day() {
        true => None,
        false => span(planned, calendars, rules, NaiveDateTime::MIN),
    };
    let morning = planned.moment(calendars, rules);
    whole.or(morning.map(|moment| (moment.from, moment.until)))
}
