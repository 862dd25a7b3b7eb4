//! When people work and when they may be called: zones, hours, public holidays and 调休, for each country.
//!
//! Everything here takes and gives UTC; the calendar knows the wall clock. Nothing here reads a clock or a database.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;

pub mod abroad;
mod announced;
pub mod calendars;
pub mod holidays;
pub mod hours;
pub mod packs;
pub mod regions;
pub mod stored;
pub mod working_time;
pub mod zone;

pub use calendars::{CalendarSettings, Calendars, SettingsFault};
pub use holidays::{CalendarYear, DayKind, Days, Holiday, Weekend};
pub use hours::{HardLimits, Hours, Span};
pub use packs::{AddressForm, Country, CountryPack, NameOrder};
pub use regions::{CalendarId, calendar_for_region, countries_with_calendar, office_calendar_id};

/// How far a search for an open day goes before it gives up: no country closes for a year.
const FARTHEST_DAYS: u64 = 400;

/// The days and hours of one zone in one country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    zone: Tz,
    country: Country,
    place: &'static str,
    days: Days,
    working: Vec<Span>,
    calling: Vec<Span>,
    limits: HardLimits,
}

impl Calendar {
    /// The calendar of a country as shipped.
    pub fn shipped(zone: Tz, country: Country) -> Self {
        Self::new(zone, country, country.pack().hours, [])
    }

    /// A calendar with edited hours, and years that replace the shipped years of the same number as a whole.
    pub fn new(
        zone: Tz,
        country: Country,
        hours: Hours,
        edited: impl IntoIterator<Item = (i32, CalendarYear)>,
    ) -> Self {
        let limits = country.pack().limits;
        let days = Days::from_years(country.announced_years().into_iter().chain(edited));
        let abroad = abroad::of_zone(zone).filter(|_| country == Country::Other);
        Self {
            zone,
            country,
            place: abroad.map_or(country.code(), |line| line.country),
            days: days.with_weekend(abroad.map_or(Weekend::default(), |line| line.weekend)),
            calling: limits.cut(&hours.calling),
            working: hours.working,
            limits,
        }
    }

    /// The same hours and days where another country without a pack lies.
    fn at(&self, abroad: &abroad::Abroad) -> Self {
        let there = self.clone();
        Self {
            zone: abroad.zone,
            place: abroad.country,
            days: there.days.with_weekend(abroad.weekend),
            ..there
        }
    }

    /// Its zone.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// Its country.
    pub fn country(&self) -> Country {
        self.country
    }

    /// Its country by ISO 3166-1, which tells countries without a pack apart; `ZZ` where the zone is of none.
    pub fn place(&self) -> &'static str {
        self.place
    }

    /// All known years.
    pub fn days(&self) -> &Days {
        &self.days
    }

    /// What the wall clock shows.
    pub fn local(&self, utc: NaiveDateTime) -> NaiveDateTime {
        zone::to_local(self.zone, utc)
    }

    /// The instant of a wall clock.
    pub fn utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        zone::to_utc(self.zone, local)
    }

    /// The date on the wall.
    pub fn date(&self, utc: NaiveDateTime) -> NaiveDate {
        zone::local_date(self.zone, utc)
    }

    /// Whether people work on the day.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.days.is_working(date)
    }

    /// What the day is, and why.
    pub fn day_kind(&self, date: NaiveDate) -> DayKind {
        self.days.kind(date)
    }

    /// The years of the range whose holidays are not known: there weekends are assumed, which the pages must say.
    pub fn missing_years(&self, from: NaiveDate, to: NaiveDate) -> Vec<i32> {
        (from.year()..=to.year())
            .filter(|year| !self.days.knows(*year))
            .collect()
    }

    /// Whether we may call of our own choice.
    pub fn is_open_for_calls(&self, now: NaiveDateTime) -> bool {
        let local = self.local(now);
        self.is_working_day(local.date())
            && self.calling.iter().any(|span| span.holds(local.time()))
    }

    /// Whether a call that the other side wished for may be made: only the hard limits count, and weekends are theirs to choose.
    pub fn is_open_at_their_wish(&self, now: NaiveDateTime) -> bool {
        let local = self.local(now);
        !self.day_kind(local.date()).is_holiday() && self.limits.allow(local.time())
    }

    /// `now` if calls are open, else the next moment at which they open.
    pub fn next_opening(&self, now: NaiveDateTime) -> NaiveDateTime {
        if self.is_open_for_calls(now) {
            return now;
        }
        let today = self.date(now);
        let from_today = || today.iter_days().take(FARTHEST_DAYS as usize);
        from_today()
            .filter(|day| self.is_working_day(*day))
            .flat_map(|day| {
                self.calling
                    .iter()
                    .map(move |span| self.utc(day.and_time(span.from)))
            })
            .find(|opening| *opening > now)
            .unwrap_or(now + TimeDelta::days(FARTHEST_DAYS as i64))
    }

    /// The first opening of the next working day after the date of `now`.
    pub fn opening_of_next_day(&self, now: NaiveDateTime) -> NaiveDateTime {
        self.next_opening(zone::day_start(
            self.zone,
            self.next_working_day(self.date(now)),
        ))
    }

    /// The first opening on or after the day that `due` is on whose part of the day is another than that of `tried`:
    /// whoever was missed in the morning is tried in the afternoon.
    pub fn opening_at_other_hour(&self, due: NaiveDateTime, tried: NaiveDateTime) -> NaiveDateTime {
        let part_of = |utc: NaiveDateTime| {
            self.calling
                .iter()
                .rposition(|span| span.from <= self.local(utc).time())
                .unwrap_or(0)
        };
        if self.calling.len() < 2 {
            return self.next_opening(due);
        }
        let mut opening = self.next_opening(zone::day_start(self.zone, self.date(due)));
        while part_of(opening) == part_of(tried) {
            let local = self.local(opening);
            let end = self
                .calling
                .iter()
                .find(|span| span.holds(local.time()))
                .map_or(local.time(), |span| span.to);
            opening = self.next_opening(self.utc(local.date().and_time(end)));
        }
        opening
    }

    /// The first working day after the date.
    pub fn next_working_day(&self, date: NaiveDate) -> NaiveDate {
        date.iter_days()
            .skip(1)
            .take(FARTHEST_DAYS as usize)
            .find(|day| self.is_working_day(*day))
            .unwrap_or(date)
    }

    /// The last working day before the date: greetings go out on it.
    pub fn last_working_day_before(&self, date: NaiveDate) -> NaiveDate {
        date.iter_days()
            .rev()
            .skip(1)
            .take(FARTHEST_DAYS as usize)
            .find(|day| self.is_working_day(*day))
            .unwrap_or(date)
    }

    /// How many working days lie in the range, both ends included.
    pub fn working_days_in(&self, from: NaiveDate, to: NaiveDate) -> usize {
        from.iter_days()
            .take_while(|day| *day <= to)
            .filter(|day| self.is_working_day(*day))
            .count()
    }
}

#[cfg(test)]
mod tests;
