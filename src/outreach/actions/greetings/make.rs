//! The mailings that the calendar makes, some days before they leave.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};

use super::book::{GreetingBook, greeting_book};
use super::own_days::{Celebrating, people};
use crate::accounts::Actor;
use crate::outreach::actions::mailings;
use crate::outreach::model::{
    Audience, Mailing, MailingEdit, MailingInput, MailingKind, OccasionDay, Window,
};
use crate::outreach::queries;
use crate::outreach::rules::occasions::{
    Approval, Greeting, Making, Moment, Planned, Refusal, homes, making, planned_on, span,
};
use crate::platform::calendar::CalendarId;
use crate::platform::db::{Conn, in_transaction};
use crate::platform::error::{AppError, AppResult};

/// A holiday's letters leave at most so many days before it: no country rests longer.
const LONGEST_REST: i64 = 30;

/// Holiday greetings that are due to get a mailing and have none.
pub(super) fn due_holidays(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &GreetingBook,
) -> AppResult<Vec<(Planned, Moment)>> {
    let today = book.today(now);
    let ahead = i64::from(book.rules.days_ahead) + LONGEST_REST;
    let until = today + TimeDelta::days(ahead);
    let made = queries::greetings_between(conn, today, until + TimeDelta::days(LONGEST_REST))?;
    let office = book.calendars.office();
    let holidays = book.holidays(today, until);
    let all: Vec<Planned> = holidays
        .iter()
        .map(|(planned, _)| planned.clone())
        .collect();
    Ok(holidays
        .into_iter()
        .filter_map(|(planned, moment)| Some((planned, moment?)))
        .filter(|(planned, moment)| {
            planned.refused.is_none()
                && making(moment, office, now, &book.rules) == Making::Due
                && !is_made(&made, planned, &all)
        })
        .collect())
}

/// Whether a greeting has a mailing, be it one that was called off: what a person called off is not made again. A live
/// mailing of a plan that has changed since counts as well, if it greets one of the same occasions.
fn is_made(made: &[Mailing], planned: &Planned, plan: &[Planned]) -> bool {
    let is_of = |mailing: &Mailing, planned: &Planned| {
        mailing.occasion.as_deref() == Some(planned.greeting.code().as_str())
            && mailing.occasion_on == Some(planned.on)
    };
    made.iter().any(|mailing| {
        if is_of(mailing, planned) {
            return true;
        }
        let is_stale = mailing.state != "cancelled" && !plan.iter().any(|p| is_of(mailing, p));
        let greeting = mailing.occasion.as_deref().and_then(Greeting::from_code);
        let parts = planned.greeting.parts();
        let shares = greeting.is_some_and(|g| g.parts().iter().any(|part| parts.contains(part)));
        is_stale && shares && mailing.year == Some(planned.on.year())
    })
}

/// Makes the mailings of holidays that are due; one that fails holds up none of the others.
pub(super) fn make_due(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &GreetingBook,
) -> AppResult<usize> {
    let mut made = 0;
    for (planned, moment) in due_holidays(conn, now, book)? {
        let system = Actor::system();
        let new = NewGreeting::of(&planned, &moment);
        let whole = |conn: &mut Conn| make(conn, now, &system, book, new);
        match in_transaction(conn, whole) {
            Ok(_) => made += 1,
            Err(why) => tracing::error!("no mailing for {}: {why}", planned.greeting.code()),
        }
    }
    Ok(made)
}

/// What a new mailing greets.
pub(super) struct NewGreeting<'a> {
    pub planned: &'a Planned,
    pub moment: &'a Moment,
    /// Whose day it is, for days of one's own: by which mornings it goes.
    pub whose: Option<Celebrating>,
    /// What somebody wants otherwise.
    pub edit: MailingEdit,
}

impl<'a> NewGreeting<'a> {
    /// As the calendar has it, for everybody.
    pub fn of(planned: &'a Planned, moment: &'a Moment) -> Self {
        Self {
            planned,
            moment,
            whose: None,
            edit: MailingEdit::default(),
        }
    }
}

/// The calendars by which those may live who get the card of a holiday.
pub(super) fn homes_of(
    conn: &mut Conn,
    book: &GreetingBook,
    planned: &Planned,
) -> AppResult<BTreeSet<CalendarId>> {
    let abroad = queries::regions_abroad(conn)?;
    Ok(homes(planned, &abroad, &book.calendars, &book.office))
}

/// From the first of the mornings of a greeting to the end of the last, and until when reps may answer.
pub(super) fn hours(
    book: &GreetingBook,
    planned: &Planned,
    moment: &Moment,
    lived_by: BTreeSet<CalendarId>,
    now: NaiveDateTime,
) -> (Window, Approval) {
    let (calendars, rules) = (&book.calendars, &book.rules);
    let mornings = span(planned, lived_by, calendars, rules, now);
    let mornings = mornings.unwrap_or((moment.from, moment.until));
    let approval = Approval::of(moment.day, mornings, calendars.office(), now, rules);
    let (from, until) = mornings;
    (Window { from, until }, approval)
}

/// Makes a mailing of a greeting and asks who is in it.
pub(super) fn make(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &GreetingBook,
    new: NewGreeting<'_>,
) -> AppResult<i64> {
    let (planned, moment, edit) = (new.planned, new.moment, new.edit);
    let whose = new.whose.unwrap_or_default();
    let greeting = &planned.greeting;
    let everybody = Audience {
        grades: book.rules.grades(greeting),
        ..Audience::default()
    };
    let lived_by = match greeting.is_own_day() {
        true => whose.lived_by,
        false => homes_of(conn, book, planned)?,
    };
    let (window, approval) = hours(book, planned, moment, lived_by, now);
    let new = MailingInput {
        kind: MailingKind::Greeting,
        occasion: Some(OccasionDay {
            code: greeting.code(),
            year: planned.on.year(),
            on: planned.on,
        }),
        issue_id: None,
        team_id: None,
        name: edit
            .name
            .unwrap_or_else(|| greeting.name_on(planned.on, book.office.lang())),
        letter_code: edit.letter_code.unwrap_or_else(|| greeting.letter_code()),
        audience: edit.audience.unwrap_or(everybody),
        window: Some(window),
        approve_by: Some(approval.by),
    };
    let id = mailings::create(conn, now, actor, &new)?;
    mailings::ask_plan(conn, now, actor, id)?;
    Ok(id)
}

/// Makes the mailing of an occasion because somebody asks for it: on a day, or the next time. What the calendar made
/// before is changed as the edit says, and answered; days of silence are refused with the reason.
pub fn make_by_hand(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    code: &str,
    on: Option<NaiveDate>,
    edit: &MailingEdit,
) -> AppResult<i64> {
    if let Some(refusal) = Refusal::of_code(code) {
        return Err(refusal.into_error());
    }
    let unknown = || AppError::invalid("greeting_unknown", "occasion");
    let greeting = Greeting::from_code(code).ok_or_else(unknown)?;
    let book = greeting_book(conn)?;
    let planned = match on {
        Some(day) => planned_on(code, day, &book.calendars, &book.rules),
        None => next_of(&book, &greeting, now),
    };
    let planned = planned.filter(|p| on.is_some() || !p.greeting.is_own_day());
    let planned = planned.ok_or_else(|| not_kept(&book, &greeting))?;
    if let Some(refusal) = planned.refused.clone() {
        return Err(refusal.into_error());
    }
    let live = queries::greetings_between(conn, planned.on, planned.on)?
        .into_iter()
        .find(|m| m.occasion.as_deref() == Some(code) && m.state != "cancelled");
    if let Some(mailing) = live {
        if *edit != MailingEdit::default() {
            mailings::edit(conn, now, actor, mailing.id, edit)?;
            mailings::ask_plan(conn, now, actor, mailing.id)?;
        }
        return Ok(mailing.id);
    }
    let moment = planned.moment(&book.calendars, &book.rules);
    let moment = moment.filter(|moment| now < moment.until);
    let moment = moment.ok_or_else(|| AppError::conflict("greeting_moment_passed"))?;
    mailings::check_not_far(now, moment.until, "on")?;
    let whose = match planned.greeting.is_own_day() {
        true => Some(people(conn, &book, &planned)?),
        false => None,
    };
    if whose.as_ref().is_some_and(|whose| whose.persons.is_empty()) {
        return Err(AppError::conflict("greeting_nobody_that_day"));
    }
    let new = NewGreeting {
        whose,
        edit: edit.clone(),
        ..NewGreeting::of(&planned, &moment)
    };
    make(conn, now, actor, &book, new)
}

/// The next greeting of these occasions that has not left yet.
fn next_of(book: &GreetingBook, greeting: &Greeting, now: NaiveDateTime) -> Option<Planned> {
    let today = book.today(now);
    let year_on = today + TimeDelta::days(366);
    let mut found = book.holidays(today, year_on).into_iter();
    found
        .find(|(planned, moment)| {
            planned.greeting == *greeting && moment.is_some_and(|moment| now < moment.until)
        })
        .map(|(planned, _)| planned)
}

/// Why the calendar has no such day: switched off, part of another card, or there is none.
fn not_kept(book: &GreetingBook, greeting: &Greeting) -> AppError {
    let is_off = |occasion| !book.rules.rule(occasion).is_on;
    if greeting.parts().iter().any(|part| is_off(*part)) {
        return AppError::conflict("greeting_switched_off");
    }
    AppError::conflict("greeting_not_on_that_day")
}
