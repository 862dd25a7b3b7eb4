//! Five weeks as pages show them: each day with its lunar date, what leaves on it, and why nothing does.

use chrono::{Datelike, Days, NaiveDate, TimeDelta};

use super::year::is_called_off;
use super::{address, key};
use crate::outreach::actions::greetings::{Calendar, Day, GreetingBook, Sending, calendar};
use crate::outreach::model::Mailing;
use crate::outreach::queries;
use crate::platform::calendar::DayKind;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::i18n::Lang;
use crate::platform::page::PageContext;

/// A mark on a day.
pub(super) struct Mark {
    /// `""` something leaves, `hol` a festival, `no` a remark, `off` a greeting that does not leave.
    pub kind: &'static str,
    pub text: String,
    pub href: String,
    pub title: String,
    pub is_chosen: bool,
}

/// A day of the calendar.
pub(super) struct Cell {
    pub date: NaiveDate,
    /// `9月14日` on the first and on the first of a month, else `15`.
    pub label: String,
    pub lunar: String,
    pub lunar_title: String,
    pub class: &'static str,
    pub marks: Vec<Mark>,
}

/// The calendar with the ways out of it.
pub(super) struct Weeks {
    pub title: String,
    pub dows: Vec<String>,
    pub cells: Vec<Cell>,
    pub before: String,
    pub after: String,
    pub remarks: Vec<String>,
    pub missing_years: Vec<i32>,
}

/// The weeks between two days.
pub(super) fn weeks(
    conn: &mut Conn,
    ctx: &PageContext,
    book: &GreetingBook,
    (first, last): (NaiveDate, NaiveDate),
    chosen: &str,
) -> AppResult<Weeks> {
    let found = calendar(conn, ctx.now, book, (first, last), true)?;
    let news = queries::news_between(conn, start(book, first), start(book, last + Days::new(1)))?;
    let today = book.today(ctx.now);
    let mut cells: Vec<Cell> = found
        .days
        .iter()
        .map(|day| cell(ctx, day, day.date == first, today))
        .collect();
    for sending in &found.sendings {
        if let Some(cell) = cells.iter_mut().find(|c| c.date == sending.moment.day) {
            cell.marks.extend(sending_marks(ctx, sending, chosen));
        }
    }
    for planned in &found.refused {
        if let Some(cell) = cells.iter_mut().find(|c| c.date == planned.on) {
            let name = planned.greeting.name(ctx.language);
            cell.marks
                .push(remark("off", ctx.t1("greeting-mark-refused", "name", name)));
        }
    }
    for mailing in &news {
        let day = mailing.send_from.map(|at| book.today(at));
        if let Some(cell) = cells.iter_mut().find(|c| Some(c.date) == day) {
            cell.marks.push(news_mark(ctx, mailing));
        }
    }
    let address = |day: NaiveDate| format!("/greetings?from={day}&o={chosen}");
    Ok(Weeks {
        title: span_title(ctx, first, last),
        dows: (0..7)
            .map(|n| ctx.code("settings-dow", &n.to_string()))
            .collect(),
        before: address(first - Days::new(28)),
        after: address(first + Days::new(28)),
        remarks: remarks(ctx, book, &found),
        missing_years: found.missing_years,
        cells,
    })
}

fn start(book: &GreetingBook, day: NaiveDate) -> chrono::NaiveDateTime {
    crate::platform::calendar::zone::day_start(book.calendars.office().zone(), day)
}

/// `2026年9–10月`, `September – October 2026`.
fn span_title(ctx: &PageContext, first: NaiveDate, last: NaiveDate) -> String {
    match ctx.language {
        Lang::Zh if first.year() != last.year() => format!(
            "{}年{}月–{}年{}月",
            first.year(),
            first.month(),
            last.year(),
            last.month()
        ),
        Lang::Zh if first.month() == last.month() => {
            format!("{}年{}月", first.year(), first.month())
        }
        Lang::Zh => format!("{}年{}–{}月", first.year(), first.month(), last.month()),
        Lang::En if first.year() != last.year() => {
            format!("{} – {}", first.format("%b %Y"), last.format("%b %Y"))
        }
        Lang::En if first.month() == last.month() => first.format("%B %Y").to_string(),
        Lang::En => format!("{} – {}", first.format("%B"), last.format("%B %Y")),
    }
}

fn cell(ctx: &PageContext, day: &Day, is_first: bool, today: NaiveDate) -> Cell {
    let date = day.date;
    let mut marks = Vec::new();
    for occasion in &day.occasions {
        marks.push(remark("hol", ctx.t(occasion.key())));
    }
    match &day.kind {
        DayKind::MovedWorkday => marks.push(Mark {
            title: ctx.t("calendar-day-moved-workday"),
            ..remark("no", ctx.t("greeting-mark-worked"))
        }),
        DayKind::Holiday { .. } if day.occasions.is_empty() && !is_weekend(date) => {
            marks.push(Mark {
                title: holiday_name(ctx, &day.kind),
                ..remark("no", ctx.t("greeting-mark-off"))
            });
        }
        _ => {}
    }
    if let Some(silence) = &day.silence {
        let name = silence.name(ctx.language);
        marks.push(Mark {
            title: silence.why(ctx.language),
            ..remark("off", ctx.t1("greeting-mark-refused", "name", name))
        });
    }
    if date == today {
        marks.push(remark("no", ctx.t("greeting-mark-today")));
    }
    let is_off = !day.kind.is_working();
    // A date with its month fills the line.
    let lunar = day.lunar.as_ref().filter(|_| !has_month(date, is_first));
    Cell {
        date,
        label: label(ctx, date, is_first),
        lunar: lunar.map(|l| l.short(ctx.language)).unwrap_or_default(),
        lunar_title: lunar.map(|l| l.full(ctx.language)).unwrap_or_default(),
        class: match (is_off, date == today) {
            (true, true) => "off today",
            (true, false) => "off",
            (false, true) => "today",
            (false, false) => "",
        },
        marks,
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    date.weekday().num_days_from_monday() > 4
}

fn holiday_name(ctx: &PageContext, kind: &DayKind) -> String {
    match (kind, ctx.language) {
        (DayKind::Holiday { name_zh, .. }, Lang::Zh) => name_zh.clone(),
        (DayKind::Holiday { name_en, .. }, Lang::En) => name_en.clone(),
        _ => String::new(),
    }
}

/// The first of the calendar and of each month are written with the month.
fn has_month(date: NaiveDate, is_first: bool) -> bool {
    is_first || date.day() == 1
}

fn label(ctx: &PageContext, date: NaiveDate, is_first: bool) -> String {
    match (has_month(date, is_first), ctx.language) {
        (true, Lang::Zh) => format!("{}月{}日", date.month(), date.day()),
        (true, Lang::En) => date.format("%-d %b").to_string(),
        (false, _) => date.day().to_string(),
    }
}

fn remark(kind: &'static str, text: String) -> Mark {
    Mark {
        kind,
        text,
        href: String::new(),
        title: String::new(),
        is_chosen: false,
    }
}

/// How many get it, as far as that is known.
pub(super) fn count(sending: &Sending) -> Option<i64> {
    let planned = sending.mailing.as_ref().and_then(Mailing::figures);
    let of_mailing = planned.map(|figures| figures.included);
    of_mailing.or_else(|| sending.own_days.map(|n| n.own))
}

/// What leaves, and whose day moved into a card nearby.
fn sending_marks(ctx: &PageContext, sending: &Sending, chosen: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let own = sending.own_days.unwrap_or_default();
    if sending.mailing.is_some() || sending.own_days.is_none() || own.own > 0 {
        marks.push(sending_mark(ctx, sending, chosen));
    }
    if own.moved > 0 {
        let name = sending.planned.greeting.name(ctx.language);
        let text = ctx.t2("greeting-mark-inside", "name", name, "n", own.moved);
        marks.push(remark("no", text));
    }
    marks
}

fn sending_mark(ctx: &PageContext, sending: &Sending, chosen: &str) -> Mark {
    let planned = &sending.planned;
    let name = planned.greeting.name(ctx.language);
    let is_called_off = is_called_off(sending);
    let o = key(&planned.greeting.code(), planned.on);
    let text = match count(sending) {
        Some(n) if !is_called_off => format!("{name} {}", ctx.number(n)),
        _ => name.clone(),
    };
    Mark {
        kind: if is_called_off { "gone" } else { "" },
        text,
        title: match is_called_off {
            true => ctx.t1("greeting-mark-called-off", "name", name),
            false => ctx.t1("greeting-mark-leaves", "name", name),
        },
        is_chosen: o == chosen,
        href: address(&o),
    }
}

fn news_mark(ctx: &PageContext, mailing: &Mailing) -> Mark {
    let n = mailing.figures().map(|figures| figures.included);
    let text = match n {
        Some(n) => format!("{} {}", ctx.t("greeting-mark-news"), ctx.number(n)),
        None => ctx.t("greeting-mark-news"),
    };
    Mark {
        text,
        title: mailing.name.clone(),
        href: format!("/mailings/{}", mailing.id),
        ..remark("news", String::new())
    }
}

/// What is worth a word below: neighbours that stay two, the next day of silence, how well the days are known.
fn remarks(ctx: &PageContext, book: &GreetingBook, found: &Calendar) -> Vec<String> {
    let mut said = Vec::new();
    let holidays: Vec<&Sending> = found
        .sendings
        .iter()
        .filter(|s| {
            !s.planned.greeting.is_own_day() && s.planned.is_for(book.calendars.office().country())
        })
        .collect();
    for pair in holidays.windows(2) {
        let (first, second) = (&pair[0].planned, &pair[1].planned);
        let gap = second.on - first.on;
        if gap < TimeDelta::days(15) {
            said.push(ctx.t3(
                "greeting-apart",
                "first",
                first.greeting.name(ctx.language),
                "second",
                second.greeting.name(ctx.language),
                "days",
                gap.num_days(),
            ));
        }
    }
    for sending in holidays.iter().filter(|s| s.planned.days.len() > 1) {
        let name = sending.planned.greeting.name(ctx.language);
        said.push(ctx.t1("greeting-joined", "names", name));
    }
    if let Some(next) = &found.next_silence
        && let Some(on) = next.on
    {
        let name = next.name(ctx.language);
        said.push(ctx.t2("greeting-next-silence", "day", ctx.date(&on), "name", name));
    }
    if found.missing_years.is_empty() {
        let years: Vec<String> = years_of(found).iter().map(ToString::to_string).collect();
        said.push(ctx.t1("greeting-calendar-known", "year", years.join("–")));
    }
    said
}

fn years_of(found: &Calendar) -> Vec<i32> {
    let mut years: Vec<i32> = found.days.iter().map(|day| day.date.year()).collect();
    years.dedup();
    years
}
