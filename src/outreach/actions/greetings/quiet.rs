//! Days on which nobody is greeted, looked at when somebody moves a mailing, and again when the office enters a day of
//! mourning while mailings wait: what would leave on it is held until a person has looked.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::book::{GreetingBook, greeting_book};
use crate::accounts::Actor;
use crate::outreach::actions::mailings;
use crate::outreach::model::{Mailing, MailingKind, PauseReason, Window};
use crate::outreach::queries;
use crate::outreach::rules::occasions::{Greeting, refuse};
use crate::platform::db::{Conn, in_transaction};
use crate::platform::error::{AppError, AppResult};

/// Nobody is greeted so long before a day: who gives such a moment means the day a year earlier, which is over.
const EARLIEST: TimeDelta = TimeDelta::days(60);

/// Refuses a moment of somebody's own choice that lies long before the day that is greeted, or of which a part is on a day
/// of silence, or behind the day that is greeted: whoever is put off may get it up to its end.
pub fn check_moment(
    conn: &mut Conn,
    now: NaiveDateTime,
    mailing: &Mailing,
    window: Window,
) -> AppResult<()> {
    let book = greeting_book(conn)?;
    let office = book.calendars.office();
    let first = office.date(window.from.max(now));
    let last = office.date(window.until - TimeDelta::microseconds(1));
    if mailing.occasion_on.is_some_and(|on| on < last) {
        return Err(AppError::conflict("greeting_moment_passed"));
    }
    if let Some(on) = mailing.occasion_on.filter(|on| *on - first > EARLIEST) {
        return Err(AppError::invalid("greeting_moment_early", "when").with("day", on));
    }
    let is_quiet = |day: &NaiveDate| refuse(*day, office.country(), &book.rules).is_some();
    let mut days = first.iter_days().take_while(|day| *day <= last);
    match days.find(is_quiet) {
        Some(day) => Err(on_quiet_day(day)),
        None => Ok(()),
    }
}

/// Refuses to set a greeting going for a day that the office keeps quiet.
pub fn check_quiet_days(conn: &mut Conn, now: NaiveDateTime, mailing: &Mailing) -> AppResult<()> {
    if mailing.kind() != MailingKind::Greeting {
        return Ok(());
    }
    let book = greeting_book(conn)?;
    match quiet_day(&book, now, mailing) {
        Some(day) => Err(on_quiet_day(day)),
        None => Ok(()),
    }
}

fn on_quiet_day(day: NaiveDate) -> AppError {
    AppError::invalid("greeting_on_quiet_day", "when").with("day", day)
}

/// The day of the office's own silence on which a mailing leaves, or that it greets. The silent days of every year are
/// kept by the calendar, country by country.
fn quiet_day(book: &GreetingBook, now: NaiveDateTime, mailing: &Mailing) -> Option<NaiveDate> {
    let leaves = mailing.send_from.map_or(now, |from| from.max(now));
    let leaves = book.calendars.office().date(leaves);
    let greeting = mailing.occasion.as_deref().and_then(Greeting::from_code);
    let is_holiday = greeting.is_some_and(|greeting| !greeting.is_own_day());
    let greeted = mailing.occasion_on.filter(|_| is_holiday);
    let is_quiet = |day: &NaiveDate| book.rules.blackouts.iter().any(|days| days.holds(*day));
    [Some(leaves), greeted].into_iter().flatten().find(is_quiet)
}

/// Mailings that go out, or will by themselves, on a quiet day; which one.
pub(super) fn due_quiet(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &GreetingBook,
) -> AppResult<Vec<(i64, NaiveDate)>> {
    if book.rules.blackouts.is_empty() {
        return Ok(Vec::new());
    }
    let going = queries::greetings_going(conn)?;
    let quiet = going
        .iter()
        .filter_map(|mailing| Some((mailing.id, quiet_day(book, now, mailing)?)));
    Ok(quiet.collect())
}

/// Holds them; how many.
pub(super) fn hold_quiet(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &GreetingBook,
) -> AppResult<usize> {
    let mut held = 0;
    for (id, on) in due_quiet(conn, now, book)? {
        let reason = PauseReason::QuietDay { on };
        let whole = |conn: &mut Conn| mailings::pause(conn, now, &Actor::system(), id, &reason);
        match in_transaction(conn, whole) {
            Ok(()) => held += 1,
            Err(why) => tracing::error!(mailing = id, "a greeting is not held: {why}"),
        }
    }
    Ok(held)
}
