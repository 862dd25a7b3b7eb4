//! The morning on which a greeting goes out: the last working day before, in the receiver's own calendar.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use super::plan::Planned;
use super::receiver::country_of;
use super::settings::GreetingRules;
use super::silence::refuse;
use crate::platform::calendar::{Calendar, CalendarId, Calendars, Country, calendar_for_region};
use crate::platform::office::Office;

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

/// The moments of a planned greeting, one for each of some calendars: what the window of a delivery is read from.
pub fn moments(
    planned: &Planned,
    lived_by: impl IntoIterator<Item = CalendarId>,
    calendars: &Calendars,
    rules: &GreetingRules,
) -> BTreeMap<CalendarId, Moment> {
    let is_own_day = planned.greeting.is_own_day();
    let of = |id| moment(planned.on, is_own_day, calendars.get(id), rules);
    lived_by
        .into_iter()
        .filter_map(|id| Some((id, of(id)?)))
        .collect()
}

/// The calendars by which people may live who keep the day: those of its countries that have a pack, elsewhere those of
/// the regions in which there are companies, and the office's, by which everybody goes of whose country nothing is known.
pub fn homes(
    planned: &Planned,
    regions_abroad: &[String],
    calendars: &Calendars,
    office: &Office,
) -> BTreeSet<CalendarId> {
    let is_kept = |id: &CalendarId| planned.is_for(calendars.get(*id).country());
    let packs = CalendarId::FIXED.into_iter().map(|(id, ..)| id);
    let packs = packs.filter(is_kept);
    let own = [calendars.office_id()].into_iter();
    let own = own.filter(|id| is_kept(id) || planned.is_for(Country::Other));
    let abroad = regions_abroad
        .iter()
        .map(String::as_str)
        .filter(|region| planned.is_for(country_of(Some(*region), office)))
        .map(|region| calendar_for_region(Some(region), office));
    packs.chain(own).chain(abroad).collect()
}

/// From the first of the mornings to the end of the last, over the calendars by which somebody lives. Mornings that are
/// over are none of them.
pub fn span(
    planned: &Planned,
    lived_by: impl IntoIterator<Item = CalendarId>,
    calendars: &Calendars,
    rules: &GreetingRules,
    now: NaiveDateTime,
) -> Option<(NaiveDateTime, NaiveDateTime)> {
    moments(planned, lived_by, calendars, rules)
        .into_values()
        .filter(|moment| moment.until > now)
        .map(|moment| (moment.from, moment.until))
        .reduce(|(from, until), next| (from.min(next.0), until.max(next.1)))
}
