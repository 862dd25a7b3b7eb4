//! The page: five weeks or a whole year on the left, the chosen greeting around it.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{Datelike, Days, NaiveDate, TimeDelta};
use serde::Deserialize;

use super::calendar::{Weeks, weeks};
use super::chosen::{Chosen, chosen};
use super::year::{Year, year};
use super::{address, key, read_key};
use crate::accounts::{Object, SignedIn, Verb, may};
use crate::outreach::actions::greetings::{
    GreetingBook, Sending, greeting_book, next_holiday, sending_of,
};
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::page::{PageContext, html};

/// Days of the calendar: whole weeks, one behind and four ahead.
const SHOWN: i64 = 35;

#[derive(Template)]
#[template(path = "outreach/greetings.html")]
struct GreetingsPage {
    ctx: PageContext,
    chosen: Option<Chosen>,
    weeks: Option<Weeks>,
    year: Option<Year>,
    month_href: String,
    year_href: String,
    may_rules: bool,
}

/// What is looked at.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// A day of the first week.
    from: Option<NaiveDate>,
    /// A whole year instead.
    year: Option<i32>,
    /// The chosen greeting.
    o: String,
    /// From which delivery on its letter is looked at.
    reader: i64,
}

/// `GET /greetings`.
pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    asked: web::Query<Asked>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeMailings)?;
    let asked = asked.into_inner();
    let page = db.read(move |conn| build(conn, &me, &asked)).await?;
    html(&page)
}

fn build(conn: &mut Conn, me: &SignedIn, asked: &Asked) -> AppResult<GreetingsPage> {
    let ctx = me.context();
    let book = greeting_book(conn)?;
    let today = book.today(ctx.now);
    let wanted = wanted(conn, &ctx, &book, asked)?;
    let first = asked
        .from
        .unwrap_or_else(|| first_day(today, wanted.as_ref(), asked));
    let first = monday(first.clamp(earliest(), latest()));
    let o = match &wanted {
        Some(sending) => key(&sending.planned.greeting.code(), sending.planned.on),
        None => String::new(),
    };
    let (mut weeks_view, mut year_view) = (None, None);
    match asked.year {
        Some(n) => {
            let n = n.clamp(earliest().year(), latest().year());
            year_view = Some(year(conn, &ctx, &book, n, &o)?);
        }
        None => {
            let last = first + TimeDelta::days(SHOWN - 1);
            weeks_view = Some(weeks(conn, &ctx, &book, (first, last), &o)?);
        }
    }
    let chosen = match wanted {
        Some(sending) => Some(chosen(conn, &ctx, me, &book, sending, asked.reader)?),
        None => None,
    };
    let shown_year = asked
        .year
        .unwrap_or_else(|| (first + TimeDelta::days(14)).year());
    Ok(GreetingsPage {
        chosen,
        weeks: weeks_view,
        year: year_view,
        month_href: address(&o),
        year_href: format!("/greetings?year={shown_year}&o={o}"),
        may_rules: may(&me.actor, Verb::EditRules, Object::Any),
        ctx,
    })
}

/// The greeting that was asked for, else the holiday that leaves next.
fn wanted(
    conn: &mut Conn,
    ctx: &PageContext,
    book: &GreetingBook,
    asked: &Asked,
) -> AppResult<Option<Sending>> {
    if let Some((code, on)) = read_key(&asked.o) {
        let on = on.clamp(earliest(), latest());
        if let Some(found) = sending_of(conn, book, &code, on)? {
            return Ok(Some(found));
        }
    }
    next_holiday(conn, ctx.now, book)
}

/// The week before today; the week before the chosen greeting if that lies elsewhere.
fn first_day(today: NaiveDate, wanted: Option<&Sending>, asked: &Asked) -> NaiveDate {
    let usual = monday(today) - Days::new(7);
    let chosen = wanted.filter(|_| !asked.o.is_empty()).map(|s| s.moment.day);
    match chosen {
        Some(day) if !(usual..usual + TimeDelta::days(SHOWN)).contains(&day) => {
            monday(day) - Days::new(7)
        }
        _ => usual,
    }
}

pub(super) fn monday(day: NaiveDate) -> NaiveDate {
    day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()))
}

fn earliest() -> NaiveDate {
    NaiveDate::from_ymd_opt(1990, 1, 1).unwrap_or_default()
}

fn latest() -> NaiveDate {
    NaiveDate::from_ymd_opt(2150, 12, 31).unwrap_or_default()
}
