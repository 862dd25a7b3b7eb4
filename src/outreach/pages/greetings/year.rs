//! A whole year: twelve small months with a dot for what leaves, and the greetings in a list beside them.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};

use super::calendar::count;
use super::{address, key};
use crate::outreach::actions::greetings::{Day, GreetingBook, Sending, calendar};
use crate::outreach::model::MailingState;
use crate::outreach::rules::occasions::lunar_date;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::i18n::Lang;
use crate::platform::page::PageContext;

/// So many months behind the first are near.
const NEXT: u32 = 2;

/// A place of a small month; before the first day it is empty.
#[derive(Default)]
pub(super) struct SmallDay {
    pub n: Option<u32>,
    pub class: &'static str,
    pub title: String,
    pub href: String,
    pub dot: &'static str,
}

/// A month.
pub(super) struct SmallMonth {
    pub name: String,
    /// Shown on a narrow screen too, before somebody asks for all twelve.
    pub is_near: bool,
    pub href: String,
    pub days: Vec<SmallDay>,
}

/// A greeting of the year.
pub(super) struct Line {
    pub name: String,
    pub href: String,
    pub day: String,
    pub leaves: String,
    pub grades: String,
    pub count: Option<i64>,
    pub state: String,
    pub is_chosen: bool,
    pub is_known: bool,
}

/// The year.
pub(super) struct Year {
    pub year: i32,
    pub title: String,
    pub dows: Vec<String>,
    pub months: Vec<SmallMonth>,
    pub lines: Vec<Line>,
    pub silences: Vec<(String, String, String)>,
    pub before: String,
    pub after: String,
    pub missing_years: Vec<i32>,
}

/// Everything of a year.
pub(super) fn year(
    conn: &mut Conn,
    ctx: &PageContext,
    book: &GreetingBook,
    year: i32,
    chosen: &str,
) -> AppResult<Year> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let last = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or_default();
    // Somebody has a birthday on almost any day: a year shows what everybody is greeted for.
    let found = calendar(conn, ctx.now, book, (first, last), false)?;
    let today = book.today(ctx.now);
    let near = near(year, today);
    let months = (1..=12).map(|month| {
        let days: Vec<&Day> = found
            .days
            .iter()
            .filter(|d| d.date.month() == month)
            .collect();
        SmallMonth {
            is_near: near.contains(&month),
            ..small_month(ctx, month, &days, &found.sendings, today)
        }
    });
    let silences = found.days.iter().filter_map(|day| {
        let silence = day.silence.as_ref()?;
        let lang = ctx.language;
        Some((ctx.date(&day.date), silence.name(lang), silence.why(lang)))
    });
    let holidays = found
        .sendings
        .iter()
        .filter(|s| !s.planned.greeting.is_own_day());
    Ok(Year {
        title: match ctx.language {
            Lang::Zh => format!("{year}年"),
            Lang::En => year.to_string(),
        },
        year,
        dows: (0..7)
            .map(|n| ctx.code("settings-dow", &n.to_string()))
            .collect(),
        months: months.collect(),
        lines: holidays.map(|s| line(ctx, book, s, chosen)).collect(),
        silences: silences.collect(),
        before: format!("/greetings?year={}&o={chosen}", year - 1),
        after: format!("/greetings?year={}&o={chosen}", year + 1),
        missing_years: found.missing_years,
    })
}

/// The months of a year that come next; of another year those with which it begins.
fn near(year: i32, today: NaiveDate) -> RangeInclusive<u32> {
    let first = match year == today.year() {
        true => today.month().min(12 - NEXT),
        false => 1,
    };
    first..=first + NEXT
}

fn small_month(
    ctx: &PageContext,
    month: u32,
    days: &[&Day],
    sendings: &[Sending],
    today: NaiveDate,
) -> SmallMonth {
    let first = days.first().map(|day| day.date);
    let blanks = first.map_or(0, |day| day.weekday().num_days_from_monday());
    SmallMonth {
        name: match (ctx.language, first) {
            (Lang::En, Some(first)) => first.format("%B").to_string(),
            _ => format!("{month}月"),
        },
        is_near: false,
        href: first.map_or_else(String::new, |day| format!("/greetings?from={day}")),
        days: (0..blanks)
            .map(|_| SmallDay::default())
            .chain(days.iter().map(|day| small_day(ctx, day, sendings, today)))
            .collect(),
    }
}

fn small_day(ctx: &PageContext, day: &Day, sendings: &[Sending], today: NaiveDate) -> SmallDay {
    let leaving: Vec<&Sending> = sendings
        .iter()
        .filter(|s| s.moment.day == day.date)
        .collect();
    let lang = ctx.language;
    let mut said: Vec<String> = vec![ctx.date(&day.date)];
    said.extend(lunar_date(day.date).map(|lunar| lunar.full(lang)));
    said.extend(day.occasions.iter().map(|occasion| ctx.t(occasion.key())));
    said.extend(leaving.iter().map(|s| {
        ctx.t1(
            "greeting-mark-leaves",
            "name",
            s.planned.greeting.name(lang),
        )
    }));
    said.extend(day.silence.as_ref().map(|silence| silence.why(lang)));
    let first = leaving.first();
    SmallDay {
        n: Some(day.date.day()),
        class: match (day.date == today, day.kind.is_working()) {
            (true, _) => "today",
            (false, false) => "off",
            (false, true) => "",
        },
        title: said.join(" · "),
        href: first.map_or_else(String::new, |s| {
            address(&key(&s.planned.greeting.code(), s.planned.on))
        }),
        dot: match (first, &day.silence) {
            (Some(_), _) => "good",
            (None, Some(_)) => "bad",
            (None, None) => "",
        },
    }
}

fn line(ctx: &PageContext, book: &GreetingBook, sending: &Sending, chosen: &str) -> Line {
    let planned = &sending.planned;
    let o = key(&planned.greeting.code(), planned.on);
    let grades: Vec<&str> = book
        .rules
        .grades(&planned.greeting)
        .iter()
        .map(|grade| grade.code())
        .collect();
    let lunar = lunar_date(planned.on).filter(|_| ctx.language == Lang::Zh);
    let day = match lunar {
        Some(lunar) => format!("{} {}", ctx.date(&planned.on), lunar.full(ctx.language)),
        None => ctx.date(&planned.on),
    };
    Line {
        name: planned.greeting.name(ctx.language),
        day,
        leaves: format!(
            "{} {}",
            ctx.date(&sending.moment.day),
            hour(book, sending, sending.moment.from)
        ),
        grades: grades.join(" "),
        count: count(sending),
        state: state(ctx, sending),
        is_chosen: o == chosen,
        is_known: sending.moment.is_known,
        href: address(&o),
    }
}

/// A time of day as the calendar has it by which the greeting is told.
pub(super) fn hour(book: &GreetingBook, sending: &Sending, at: NaiveDateTime) -> String {
    let calendar = sending.planned.calendar(&book.calendars);
    calendar.local(at).format("%H:%M").to_string()
}

/// How far a greeting is, in words.
pub(super) fn state(ctx: &PageContext, sending: &Sending) -> String {
    match &sending.mailing {
        Some(mailing) => ctx.t(mailing.state().key()),
        None if sending.moment.until <= ctx.now => ctx.t("greeting-state-missed"),
        None => ctx.t("greeting-state-later"),
    }
}

/// Whether the mailing was called off.
pub(super) fn is_called_off(sending: &Sending) -> bool {
    let state = sending.mailing.as_ref().map(|m| m.state());
    state == Some(MailingState::Cancelled)
}

/// So many days before it leaves a mailing is made.
pub(super) fn made_on(book: &GreetingBook, leaves: NaiveDate) -> NaiveDate {
    leaves - TimeDelta::days(i64::from(book.rules.days_ahead))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_months_are_near_and_lie_in_the_year() {
        for (today, months) in [
            ("2026-09-22", 9..=11),
            ("2026-12-01", 10..=12),
            ("2027-05-01", 1..=3),
        ] {
            assert_eq!(near(2026, today.parse().expect("a day")), months, "{today}");
        }
    }
}
