//! By what greetings are decided: the office, its calendars, and the rules of greeting.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};

use crate::outreach::rules::occasions::{GreetingRules, Moment, Planned, of_year};
use crate::platform::calendar::{CalendarSettings, Calendars};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::office::Office;
use crate::platform::settings;

/// Days of one's own within closed weeks leave before them: so far around a day, and so far beyond the usual days, they
/// are looked for.
pub(super) const CLOSED_WEEKS: TimeDelta = TimeDelta::days(14);

/// The rule sets in force.
#[derive(Debug, Clone)]
pub struct GreetingBook {
    /// The office.
    pub office: Office,
    /// Every calendar.
    pub calendars: Calendars,
    /// The rules of greeting.
    pub rules: GreetingRules,
}

/// Reads the rule sets in force.
pub fn greeting_book(conn: &mut Conn) -> AppResult<GreetingBook> {
    let office = settings::load::<Office>(conn)?.value;
    let edited = settings::load::<CalendarSettings>(conn)?.value;
    Ok(GreetingBook {
        calendars: Calendars::new(&office, &edited),
        rules: settings::load::<GreetingRules>(conn)?.value,
        office,
    })
}

impl GreetingBook {
    /// The day in the office.
    pub fn today(&self, now: NaiveDateTime) -> NaiveDate {
        self.calendars.office().date(now)
    }

    /// The holiday greetings whose days lie in the years of a span, with their moments.
    pub fn holidays(&self, from: NaiveDate, to: NaiveDate) -> Vec<(Planned, Option<Moment>)> {
        (from.year()..=to.year())
            .flat_map(|year| of_year(year, &self.calendars, &self.rules))
            .map(|planned| {
                let moment = planned.moment(&self.calendars, &self.rules);
                (planned, moment)
            })
            .collect()
    }

    /// The holiday greetings near a day of one's own: it may move into one of them.
    pub(super) fn holidays_near(&self, on: NaiveDate) -> Vec<(Planned, Option<Moment>)> {
        self.holidays(on - CLOSED_WEEKS, on + CLOSED_WEEKS)
    }
}
