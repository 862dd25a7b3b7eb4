//! Birthdays and anniversaries: a mailing for each day that somebody has.
//!
//! One a day rather than one a year: each has a morning, a plan and an answer of its own, like every other mailing, and
//! whoever comes in May is greeted in June.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};

use super::book::{CLOSED_WEEKS, GreetingBook, greeting_book};
use super::calendar::is_open;
use super::make::{NewGreeting, make};
use crate::accounts::Actor;
use crate::outreach::model::Mailing;
use crate::outreach::queries;
use crate::outreach::rules::occasions::{
    Greeting, Making, Moment, Occasion, Planned, country_of, hosted_by, making, month_days,
};
use crate::platform::calendar::{CalendarId, calendar_for_region};
use crate::platform::db::{Conn, in_transaction};
use crate::platform::error::AppResult;
use crate::qualifying::Grade;

/// Makes the mailings of birthdays and anniversaries that are due: the night's work.
pub fn make_own_days(conn: &mut Conn, now: NaiveDateTime, book: &GreetingBook) -> AppResult<usize> {
    let office = book.calendars.office();
    let today = book.today(now);
    let last = today + TimeDelta::days(i64::from(book.rules.days_ahead)) + CLOSED_WEEKS;
    let made = queries::greetings_between(conn, today, last)?;
    let mut due: Vec<(Planned, Moment)> = Vec::new();
    for day in today.iter_days().take_while(|day| *day <= last) {
        for occasion in [Occasion::Birthday, Occasion::Anniversary] {
            let planned = Planned::own_day(occasion, day);
            let is_made = made.iter().any(|m| {
                m.occasion.as_deref() == Some(occasion.code()) && m.occasion_on == Some(day)
            });
            let moment = planned.moment(&book.calendars, &book.rules);
            let moment = moment.filter(|_| !is_made && book.rules.rule(occasion).is_on);
            if let Some(moment) = moment
                && making(&moment, office, now, &book.rules) == Making::Due
            {
                due.push((planned, moment));
            }
        }
    }
    // Whoever has both on one morning gets the card for the birthday: it is decided first.
    due.sort_by_key(|(planned, moment)| {
        let is_birthday = planned.greeting.leading() == Occasion::Birthday;
        (moment.day, !is_birthday, planned.on)
    });
    let mut n = 0;
    for (planned, moment) in due {
        let whose = people(conn, book, &planned)?;
        if whose.persons.is_empty() {
            continue;
        }
        let system = Actor::system();
        let new = NewGreeting {
            whose: Some(whose),
            ..NewGreeting::of(&planned, &moment)
        };
        let whole = |conn: &mut Conn| make(conn, now, &system, book, new);
        match in_transaction(conn, whole) {
            Ok(_) => n += 1,
            Err(why) => {
                let (code, day) = (planned.greeting.code(), planned.on);
                tracing::error!("no mailing for {code} of {day}: {why}");
            }
        }
    }
    Ok(n)
}

/// Whose day it is.
#[derive(Debug, Default)]
pub(super) struct Celebrating {
    /// Who, by rising id.
    pub persons: Vec<i64>,
    /// By which calendars they live: each has a morning of its own.
    pub lived_by: BTreeSet<CalendarId>,
}

/// Whose day a mailing greets as things are now; none where the day is everybody's. Asked whenever it is decided: somebody
/// came since it was made, or a birthday was put right.
pub fn whose_day(conn: &mut Conn, mailing: &Mailing) -> AppResult<Option<BTreeSet<i64>>> {
    let greeting = mailing.occasion.as_deref().and_then(Greeting::from_code);
    let greeting = greeting.filter(Greeting::is_own_day);
    let (Some(greeting), Some(on)) = (greeting, mailing.occasion_on) else {
        return Ok(None);
    };
    let book = greeting_book(conn)?;
    let planned = Planned::own_day(greeting.leading(), on);
    let whose = people(conn, &book, &planned)?;
    Ok(Some(whose.persons.into_iter().collect()))
}

/// The holiday cards into which a day of one's own may move: not one that was called off.
pub(super) fn cards_near(
    conn: &mut Conn,
    book: &GreetingBook,
    on: NaiveDate,
) -> AppResult<Vec<(Planned, Option<Moment>)>> {
    let made = queries::greetings_between(conn, on - CLOSED_WEEKS, on + CLOSED_WEEKS)?;
    let mut near = book.holidays_near(on);
    near.retain(|(planned, _)| is_open(&made, planned));
    Ok(near)
}

/// Whose day it is and who gets a card for it: those whose day does not move into the card of a holiday nearby.
pub(super) fn people(
    conn: &mut Conn,
    book: &GreetingBook,
    planned: &Planned,
) -> AppResult<Celebrating> {
    let occasion = planned.greeting.leading();
    let days = month_days(planned.on);
    let rows = match occasion {
        Occasion::Birthday => queries::birthday_people(conn, &days)?,
        _ => queries::anniversary_people(conn, &days, planned.on.year())?,
    };
    let near = cards_near(conn, book, planned.on)?;
    let grades = book.rules.rule(occasion).grades;
    let persons: BTreeSet<i64> = rows
        .iter()
        .filter(|(_, grade, region)| {
            let Some(grade) = Grade::from_code(grade).filter(|grade| grades.contains(grade)) else {
                return false;
            };
            let country = country_of(region.as_deref(), &book.office);
            hosted_by(planned.on, country, grade, &near, &book.rules).is_none()
        })
        .map(|(person, ..)| *person)
        .collect();
    // Whoever works at several companies lives by the calendar of the one that counts, which may be any of them.
    let lived_by = rows
        .iter()
        .filter(|(person, ..)| persons.contains(person))
        .map(|(.., region)| calendar_for_region(region.as_deref(), &book.office));
    Ok(Celebrating {
        lived_by: lived_by.collect(),
        persons: persons.into_iter().collect(),
    })
}
