//! The calendar of greetings for programs.

use actix_web::{HttpResponse, web};
use chrono::{Datelike, NaiveDate, TimeDelta};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::accounts::{ApiUser, Verb};
use crate::outreach::actions::greetings::{
    Calendar, Day, GreetingBook, Sending, calendar, greeting_book,
};
use crate::outreach::rules::occasions::{Occasion, Planned, Refusal};
use crate::platform::calendar::DayKind;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::Lang;

/// Longest stretch of one answer.
const LONGEST: TimeDelta = TimeDelta::days(400);
/// Without an end the answer goes so far.
const USUAL: TimeDelta = TimeDelta::days(92);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Query {
    from: Option<String>,
    to: Option<String>,
}

/// `GET /greetings/calendar?from=&to=`.
async fn show(
    api: ApiUser,
    db: web::Data<Db>,
    query: web::Query<Query>,
) -> AppResult<HttpResponse> {
    api.require(Verb::SeeMailings)?;
    let query = query.into_inner();
    let (now, lang) = (api.now, api.lang);
    let body = db
        .read(move |conn| {
            let book = greeting_book(conn)?;
            let from = day(query.from, "from")?.unwrap_or_else(|| book.today(now));
            let to = day(query.to, "to")?.unwrap_or(from + USUAL);
            if to < from || to - from > LONGEST {
                return Err(AppError::invalid("greeting_span_wrong", "to"));
            }
            let found = calendar(conn, now, &book, (from, to), true)?;
            Ok::<_, AppError>(body((from, to), &found, &book, lang))
        })
        .await?;
    Ok(HttpResponse::Ok().json(body))
}

fn day(text: Option<String>, field: &'static str) -> AppResult<Option<NaiveDate>> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let read = text
        .parse()
        .ok()
        .filter(|day: &NaiveDate| (1900..=2199).contains(&day.year()));
    Ok(Some(read.ok_or_else(|| {
        AppError::invalid("greeting_day_wrong", field)
    })?))
}

fn body(
    (from, to): (NaiveDate, NaiveDate),
    found: &Calendar,
    book: &GreetingBook,
    lang: Lang,
) -> Value {
    let leaving = found.sendings.iter().map(|s| sending(s, book, lang));
    let silent = found.days.iter().filter_map(|day| day.silence.as_ref());
    let special = found.days.iter().filter(|day| is_special(day));
    json!({
        "from": from,
        "to": to,
        "greetings": leaving.collect::<Vec<_>>(),
        "refused": found.refused.iter().map(|p| refused(p, lang)).collect::<Vec<_>>(),
        "never_greeted": silent.map(|r| refusal(r, lang)).collect::<Vec<_>>(),
        "next_never_greeted": found.next_silence.as_ref().map(|r| refusal(r, lang)),
        "days": special.map(|day| day_json(day, lang)).collect::<Vec<_>>(),
        "missing_years": found.missing_years,
    })
}

/// Weekends and working days go without saying.
fn is_special(day: &Day) -> bool {
    !matches!(day.kind, DayKind::Working | DayKind::Weekend)
}

fn day_json(day: &Day, lang: Lang) -> Value {
    let name = match &day.kind {
        DayKind::Holiday { name_zh, name_en } => match lang {
            Lang::Zh => Some(name_zh.clone()),
            Lang::En => Some(name_en.clone()),
        },
        _ => None,
    };
    json!({ "on": day.date, "is_worked": day.kind.is_working(), "name": name })
}

fn occasions(planned: &Planned, lang: Lang) -> Vec<Value> {
    let one = |(occasion, on): &(Occasion, NaiveDate)| json!({ "code": occasion.code(), "name": lang.text(occasion.key()), "on": on });
    planned.days.iter().map(one).collect()
}

/// What leaves when, and to whom: by the rules, and as far as it has been decided.
fn sending(sending: &Sending, book: &GreetingBook, lang: Lang) -> Value {
    let planned = &sending.planned;
    let countries: Vec<_> = planned.countries.iter().map(|c| c.code()).collect();
    let mailing = sending.mailing.as_ref();
    json!({
        "occasion": planned.greeting.code(),
        "name": planned.greeting.name(lang),
        "on": planned.on,
        "year": planned.on.year(),
        "occasions": occasions(planned, lang),
        "countries": countries,
        "sent_on": sending.moment.day,
        "send_from": sending.moment.from.and_utc(),
        "send_until": sending.moment.until.and_utc(),
        "is_calendar_known": sending.moment.is_known,
        "grades": book.rules.grades(&planned.greeting),
        "mailing": mailing.map(|m| json!({ "id": m.id, "state": m.state, "figures": m.figures() })),
        "people": sending.own_days.map(|n| n.own),
        "moved_into_holiday": sending.own_days.map(|n| n.moved),
    })
}

fn refused(planned: &Planned, lang: Lang) -> Value {
    json!({
        "occasion": planned.greeting.code(),
        "name": planned.greeting.name(lang),
        "on": planned.on,
        "reason": planned.refused.as_ref().map(|r| refusal(r, lang)),
    })
}

fn refusal(refusal: &Refusal, lang: Lang) -> Value {
    json!({
        "code": refusal.silence.code(),
        "name": refusal.name(lang),
        "on": refusal.on,
        "why": refusal.why(lang),
    })
}

/// Routes of the calendar.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/api/v1/greetings/calendar")
            .route(web::get().to(show))
            .route(web::head().to(show)),
    );
}
