//! What a year brings: each greeting with its day, for the countries that keep it.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::catalogue::Occasion;
use super::greeting::Greeting;
use super::moment::{Moment, moment};
use super::settings::GreetingRules;
use super::silence::{Refusal, refuse};
use crate::platform::calendar::{Calendar, CalendarId, Calendars, Country};

/// Holidays that lie no farther apart become one greeting.
const CLOSE: TimeDelta = TimeDelta::days(3);

/// A greeting of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// What is greeted.
    pub greeting: Greeting,
    /// Its occasions with their days, in the order of the year.
    pub days: Vec<(Occasion, NaiveDate)>,
    /// The first of these days: the year of the mailing, and its key.
    pub on: NaiveDate,
    /// Where it is kept.
    pub countries: Vec<Country>,
    /// Why it is not sent: its day is one of the office's days of silence.
    pub refused: Option<Refusal>,
}

impl Planned {
    /// A day of one's own: a birthday, an anniversary.
    pub fn own_day(occasion: Occasion, on: NaiveDate) -> Self {
        Self {
            greeting: Greeting::of(occasion),
            days: vec![(occasion, on)],
            on,
            countries: Country::ALL.to_vec(),
            refused: None,
        }
    }

    /// A greeting that was made when the rules were others: its days in the year of the first.
    pub fn made(greeting: Greeting, on: NaiveDate) -> Self {
        let parts = greeting.parts();
        let mut days: Vec<(Occasion, NaiveDate)> = match greeting.is_own_day() {
            true => vec![(greeting.leading(), on)],
            false => parts
                .iter()
                .filter_map(|part| Some((*part, part.day_in(on.year())?)))
                .collect(),
        };
        days.sort_by_key(|(_, day)| *day);
        let is_kept = |country: &Country| parts.iter().any(|part| part.is_kept_in(*country));
        Self {
            countries: Country::ALL.into_iter().filter(is_kept).collect(),
            greeting,
            days,
            on,
            refused: None,
        }
    }

    /// Whether people in a country get it.
    pub fn is_for(&self, country: Country) -> bool {
        self.countries.contains(&country)
    }

    /// The calendar that pages speak of: the office's if its country keeps the day, else that of the first that does.
    pub fn calendar<'a>(&self, calendars: &'a Calendars) -> &'a Calendar {
        let office = calendars.office();
        if self.is_for(office.country()) {
            return office;
        }
        self.countries
            .first()
            .map_or(office, |country| calendar_of(*country, calendars))
    }

    /// Its moment in that calendar.
    pub fn moment(&self, calendars: &Calendars, rules: &GreetingRules) -> Option<Moment> {
        let calendar = self.calendar(calendars);
        moment(self.on, self.greeting.is_own_day(), calendar, rules)
    }
}

/// Everything that is greeted in a year, in the order of its days.
pub fn of_year(year: i32, calendars: &Calendars, rules: &GreetingRules) -> Vec<Planned> {
    let mut found: Vec<Planned> = Vec::new();
    for country in Country::ALL {
        for part in of_country(year, country, calendar_of(country, calendars), rules) {
            match found.iter_mut().find(|known| known.days == part.days) {
                Some(known) => known.countries.push(country),
                None => found.push(part),
            }
        }
    }
    found.sort_by_key(|planned| (planned.on, planned.greeting.clone()));
    found
}

/// The greeting of a code and day, if the year has it.
pub fn planned_on(
    code: &str,
    on: NaiveDate,
    calendars: &Calendars,
    rules: &GreetingRules,
) -> Option<Planned> {
    let greeting = Greeting::from_code(code)?;
    if greeting.is_own_day() {
        return Some(Planned::own_day(greeting.leading(), on));
    }
    of_year(on.year(), calendars, rules)
        .into_iter()
        .find(|planned| planned.on == on && planned.greeting == greeting)
}

/// The calendar of a country: the office's own if it lies there, else the first with a fixed meaning.
pub(super) fn calendar_of(country: Country, calendars: &Calendars) -> &Calendar {
    let fixed = CalendarId::FIXED.iter().find(|(.., of)| *of == country);
    match fixed {
        Some((id, ..)) if calendars.office().country() != country => calendars.get(*id),
        _ => calendars.office(),
    }
}

/// The greetings of one country, close ones joined.
fn of_country(
    year: i32,
    country: Country,
    calendar: &Calendar,
    rules: &GreetingRules,
) -> Vec<Planned> {
    let mut days: Vec<(Occasion, NaiveDate)> = Occasion::holidays()
        .filter(|occasion| occasion.is_kept_in(country) && rules.rule(*occasion).is_on)
        .filter_map(|occasion| Some((occasion, occasion.day_in(year)?)))
        .collect();
    days.sort_by_key(|(_, day)| *day);
    let morning = |day: NaiveDate| moment(day, false, calendar, rules).map(|moment| moment.day);
    let mut joined: Vec<Vec<(Occasion, NaiveDate)>> = Vec::new();
    for (occasion, day) in days {
        let is_silent = refuse(day, country, rules).is_some();
        let before = joined.last_mut().filter(|_| !is_silent).filter(|before| {
            before.iter().all(|(_, earlier)| {
                let is_close = day - *earlier <= CLOSE;
                let is_greeted = refuse(*earlier, country, rules).is_none();
                is_greeted && (is_close || morning(*earlier) == morning(day))
            })
        });
        match before {
            Some(before) => before.push((occasion, day)),
            None => joined.push(vec![(occasion, day)]),
        }
    }
    let planned = |days: Vec<(Occasion, NaiveDate)>| {
        let on = days.first()?.1;
        Some(Planned {
            greeting: Greeting::of_days(&days),
            refused: refuse(on, country, rules),
            days,
            on,
            countries: vec![country],
        })
    };
    joined.into_iter().filter_map(planned).collect()
}
