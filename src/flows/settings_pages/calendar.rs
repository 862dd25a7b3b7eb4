//! `/settings/calendar`: which days are worked, year by year, with 调休; a year nobody entered is a warning.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{Datelike, Months, NaiveDate};
use serde::Deserialize;

use super::history::History;
use super::{Tab, after_save, seen, tabs};
use crate::accounts::{SignedIn, Verb};
use crate::platform::calendar::{
    Calendar, CalendarSettings, CalendarYear, Country, DayKind, Holiday,
};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::i18n::{Arg, Lang};
use crate::platform::log::{Change, changed};
use crate::platform::office::Office;
use crate::platform::page::{PageContext, html_with};
use crate::platform::{problem, settings};
use crate::registry::rules::region;

/// Years beside the present one that the page offers.
const YEARS_AROUND: i32 = 2;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    country: String,
    year: Option<i32>,
    day: String,
}

#[derive(Template)]
#[template(path = "settings/calendar.html")]
struct CalendarPage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    countries: Vec<(&'static str, String, bool)>,
    country: &'static str,
    country_name: String,
    years: Vec<(i32, bool)>,
    year: i32,
    known: bool,
    edited: bool,
    shipped: bool,
    version: i32,
    holidays: Vec<HolidayRow>,
    workdays: Vec<(NaiveDate, String)>,
    working_days: usize,
    months: Vec<Month>,
    weekdays: Vec<String>,
    asked_day: String,
    answer: Option<Answer>,
    error: Option<String>,
    history: History,
}

struct HolidayRow {
    from: NaiveDate,
    to: NaiveDate,
    days: usize,
    name: String,
}

struct Month {
    name: String,
    days: Vec<Day>,
}

/// A place of a month's grid; before the first day it is empty.
struct Day {
    number: Option<u32>,
    date: String,
    class: &'static str,
    dot: &'static str,
    why: String,
}

/// What a day is, and why.
struct Answer {
    is_working: bool,
    text: String,
}

pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    asked: web::Query<Asked>,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditOffice)?;
    let asked = asked.into_inner();
    let page = db.read(move |conn| build(conn, &me, &asked, None)).await?;
    html_with(StatusCode::OK, &page)
}

pub(super) async fn save(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::EditOffice)?;
    let asked = Asked {
        country: sent.get("country").unwrap_or_default().to_owned(),
        year: sent.get("year").and_then(|y| y.parse().ok()),
        day: String::new(),
    };
    let back = format!(
        "/settings/calendar?country={}&year={}",
        asked.country,
        asked.year.unwrap_or_default()
    );
    let actor_id = me.actor.user_id;
    let kept = db.write(move |conn| keep(conn, &sent, actor_id)).await;
    after_save(me.lang(), &db, &back, kept, move |conn, refusal| {
        build(conn, &me, &asked, Some(refusal))
    })
    .await
}

/// Makes one change to one year and stores the settings.
fn keep(conn: &mut Conn, sent: &Pairs, actor_id: Option<i64>) -> AppResult<()> {
    let now = clock::now(conn)?;
    let country = Country::from_code(sent.get("country").unwrap_or_default())
        .ok_or_else(|| AppError::invalid("office_country_unknown", "country"))?;
    let year: i32 = sent
        .get("year")
        .and_then(|y| y.parse().ok())
        .filter(|y| (2000..=2100).contains(y))
        .ok_or_else(|| AppError::invalid("year_unreadable", "year"))?;
    let mut stored = settings::load::<CalendarSettings>(conn)?.value;
    let years = stored.years.entry(country).or_default();
    if sent.get("do") == Some("reset") {
        years.remove(&year);
    } else {
        let before = years
            .remove(&year)
            .or_else(|| shipped(country, year))
            .unwrap_or_default();
        years.insert(year, edit(before, sent)?);
    }
    stored
        .validate()
        .map_err(|fault| AppError::invalid(fault.code(), "day"))?;
    settings::save(conn, &stored, seen(sent), actor_id, now)?;
    let change = Change {
        object_id: Some(i64::from(year)),
        ..Change::setting(now, actor_id, "calendar")
    };
    Ok(changed(conn, &change)?)
}

fn edit(mut year: CalendarYear, sent: &Pairs) -> AppResult<CalendarYear> {
    let day = |name: &str| {
        sent.get(name)
            .and_then(|text| text.parse::<NaiveDate>().ok())
            .ok_or_else(|| AppError::invalid("day_unreadable", "day"))
    };
    match sent.get("do") {
        Some("add_holiday") => {
            let from = day("from")?;
            let to = sent.get("to").map_or(Ok(from), |_| day("to"))?;
            year.holidays.push(Holiday {
                from,
                to,
                name_zh: sent.get("name_zh").unwrap_or_default().to_owned(),
                name_en: sent.get("name_en").unwrap_or_default().to_owned(),
            });
            year.holidays.sort_by_key(|h| h.from);
        }
        Some("remove_holiday") => {
            let from = day("from")?;
            year.holidays.retain(|h| h.from != from);
        }
        Some("add_workday") => {
            year.workdays.push(day("day")?);
            year.workdays.sort_unstable();
        }
        Some("remove_workday") => {
            let gone = day("day")?;
            year.workdays.retain(|d| *d != gone);
        }
        _ => return Err(AppError::bad_request("bad_request")),
    }
    Ok(year)
}

/// The country of a calendar: one without a pack by its own name, where its zone tells which it is.
pub(super) fn country_name(lang: Lang, calendar: &Calendar) -> String {
    let is_named = calendar.country() == Country::Other;
    let place = region::by_code(calendar.place()).filter(|_| is_named);
    match (place, lang) {
        (Some(place), Lang::Zh) => place.zh.to_owned(),
        (Some(place), Lang::En) => place.en.to_owned(),
        (None, _) => lang.text(calendar.country().key()),
    }
}

fn shipped(country: Country, year: i32) -> Option<CalendarYear> {
    let mut announced = country.announced_years().into_iter();
    announced.find(|(y, _)| *y == year).map(|(_, data)| data)
}

fn build(
    conn: &mut Conn,
    me: &SignedIn,
    asked: &Asked,
    refusal: Option<&Refusal>,
) -> AppResult<CalendarPage> {
    let lang = me.lang();
    let office = settings::load::<Office>(conn)?.value;
    let stored = settings::load::<CalendarSettings>(conn)?;
    let country = Country::from_code(&asked.country).unwrap_or(Country::of_office(&office));
    let calendar = stored.value.calendar(office.tz(), country);
    let today = calendar.date(me.now);
    let asked_day = asked.day.trim().parse::<NaiveDate>().ok();
    let year = asked
        .year
        .or(asked_day.map(|d| d.year()))
        .filter(|y| (2000..=2100).contains(y))
        .unwrap_or(today.year());
    let data = calendar.days().years().get(&year).cloned();
    let (first, last) = ends_of(year);
    let known: BTreeSet<i32> = calendar.days().years().keys().copied().collect();
    let offered: BTreeSet<i32> = known
        .iter()
        .copied()
        .chain(today.year()..=today.year() + YEARS_AROUND - 1)
        .chain([year])
        .collect();
    let chinese = lang == Lang::Zh;
    let data = data.unwrap_or_default();
    Ok(CalendarPage {
        tabs: tabs(me, "/settings/calendar"),
        countries: Country::ALL
            .into_iter()
            .map(|c| (c.code(), lang.text(c.key()), c == country))
            .collect(),
        country: country.code(),
        country_name: country_name(lang, &calendar),
        years: offered
            .into_iter()
            .map(|y| (y, known.contains(&y)))
            .collect(),
        year,
        known: known.contains(&year),
        edited: stored
            .value
            .years
            .get(&country)
            .is_some_and(|years| years.contains_key(&year)),
        shipped: shipped(country, year).is_some(),
        version: stored.version,
        holidays: data
            .holidays
            .iter()
            .map(|h| HolidayRow {
                from: h.from,
                to: h.to,
                days: h.days().count(),
                name: h.name(chinese).to_owned(),
            })
            .collect(),
        workdays: data
            .workdays
            .iter()
            .map(|d| (*d, weekday(lang, *d)))
            .collect(),
        working_days: calendar.working_days_in(first, last),
        months: months(&calendar, year, today, lang),
        weekdays: (0..7)
            .map(|n| lang.text(&format!("settings-dow-{n}")))
            .collect(),
        answer: asked_day.map(|day| answer(&calendar, day, lang)),
        asked_day: asked.day.clone(),
        error: refusal.map(|r| problem::in_words(lang, r)),
        history: History::of::<CalendarSettings>(conn)?,
        ctx: me.context(),
    })
}

fn ends_of(year: i32) -> (NaiveDate, NaiveDate) {
    let day = |m, d| NaiveDate::from_ymd_opt(year, m, d).unwrap_or_default();
    (day(1, 1), day(12, 31))
}

fn weekday(lang: Lang, day: NaiveDate) -> String {
    lang.text(&format!(
        "settings-weekday-{}",
        day.weekday().num_days_from_monday()
    ))
}

fn why(kind: &DayKind, lang: Lang) -> String {
    let name = match (kind, lang) {
        (DayKind::Holiday { name_zh, name_en }, Lang::Zh)
            if !name_zh.is_empty() || name_en.is_empty() =>
        {
            name_zh
        }
        (DayKind::Holiday { name_zh, name_en }, _) if name_en.is_empty() => name_zh,
        (DayKind::Holiday { name_en, .. }, _) => name_en,
        _ => "",
    };
    lang.text_with(kind.key(), &[("name", Arg::from(name))])
}

fn answer(calendar: &Calendar, day: NaiveDate, lang: Lang) -> Answer {
    let kind = calendar.day_kind(day);
    let text = lang.text_with(
        "settings-day-answer",
        &[
            ("day", day.to_string().into()),
            ("weekday", weekday(lang, day).into()),
            ("why", why(&kind, lang).into()),
        ],
    );
    Answer {
        is_working: kind.is_working(),
        text,
    }
}

fn months(calendar: &Calendar, year: i32, today: NaiveDate, lang: Lang) -> Vec<Month> {
    (1..=12)
        .filter_map(|month| NaiveDate::from_ymd_opt(year, month, 1))
        .map(|first| {
            let lead = first.weekday().num_days_from_monday() as usize;
            let end = first + Months::new(1);
            let days = first.iter_days().take_while(|d| *d < end);
            let blank = |_| Day {
                number: None,
                date: String::new(),
                class: "",
                dot: "",
                why: String::new(),
            };
            Month {
                name: lang.text(&format!("settings-month-{}", first.month())),
                days: (0..lead)
                    .map(blank)
                    .chain(days.map(|d| day_of(calendar, d, today, lang)))
                    .collect(),
            }
        })
        .collect()
}

fn day_of(calendar: &Calendar, day: NaiveDate, today: NaiveDate, lang: Lang) -> Day {
    let kind = calendar.day_kind(day);
    let class = match (day == today, kind.is_working()) {
        (true, true) => "today",
        (true, false) => "today off",
        (false, false) => "off",
        (false, true) => "",
    };
    Day {
        number: Some(day.day()),
        date: day.to_string(),
        class,
        dot: match kind {
            DayKind::Holiday { .. } => "bad",
            DayKind::MovedWorkday => "good",
            _ => "",
        },
        why: why(&kind, lang),
    }
}
