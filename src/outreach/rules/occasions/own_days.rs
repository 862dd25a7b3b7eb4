//! Days that are another for everybody: birthdays of people, anniversaries of customers.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::moment::Moment;
use super::plan::Planned;
use super::settings::GreetingRules;
use crate::platform::calendar::Country;
use crate::qualifying::Grade;

/// A day of one's own so near to a holiday's greeting moves into it: nobody gets two cards in a row.
const NEAR: TimeDelta = TimeDelta::days(3);

/// The ends of the dates that are kept on a day: `05-20`; on 28 February of a common year 29 February too.
pub fn month_days(day: NaiveDate) -> Vec<String> {
    let mut found = vec![day.format("%m-%d").to_string()];
    if (day.month(), day.day()) == (2, 28) && !day.leap_year() {
        found.push("02-29".to_owned());
    }
    found
}

/// How many years have passed on a day since one of the same month and day.
pub fn years_since(first: NaiveDate, day: NaiveDate) -> i32 {
    day.year() - first.year()
}

/// The holiday greeting into which a day of one's own moves: near to one of its days or to its morning, and the person
/// gets it by country and grade. `holidays` come with their moments, since a day is asked about for many persons.
pub fn hosted_by<'a>(
    day: NaiveDate,
    country: Country,
    grade: Grade,
    holidays: &'a [(Planned, Option<Moment>)],
    rules: &GreetingRules,
) -> Option<&'a Planned> {
    let host = holidays.iter().find(|(planned, moment)| {
        let morning = moment.map(|moment| moment.day);
        let mut days = planned.days.iter().map(|(_, day)| *day).chain(morning);
        planned.refused.is_none()
            && planned.is_for(country)
            && days.any(|near| (near - day).abs() <= NEAR)
            && rules.grades(&planned.greeting).contains(&grade)
    });
    host.map(|(planned, _)| planned)
}
