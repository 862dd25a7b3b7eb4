//! The agenda for calendar programs: an address that is a secret of its own, made anew when somebody asks.

use actix_web::{HttpResponse, web};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use serde::Deserialize;

use super::shown::back;
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::platform::calendar::zone;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::{Form, Pairs};
use crate::platform::http::Site;
use crate::platform::i18n::Lang;
use crate::platform::office::Office;
use crate::platform::page::Flash;
use crate::platform::{secret, settings};
use crate::selling::actions;
use crate::selling::queries;
use crate::selling::rules::ical::{Entry, calendar};

/// Days back and ahead that a calendar program gets.
const BACK: i64 = 30;
const AHEAD: i64 = 180;

/// `GET /agenda/{token}`: without log-in, the token is the key.
pub(super) async fn feed(db: web::Data<Db>, token: web::Path<String>) -> AppResult<HttpResponse> {
    let token = token.trim_end_matches(".ics").to_owned();
    let body = db.read(move |conn| read(conn, &token)).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .body(body))
}

fn read(conn: &mut Conn, token: &str) -> AppResult<String> {
    let (user_id, name) =
        queries::user_of_feed(conn, &secret::hash(token))?.ok_or_else(AppError::not_found)?;
    let now = clock::now(conn)?;
    let lang: Lang = settings::load::<Office>(conn)?.value.lang();
    let (from, to) = (now - TimeDelta::days(BACK), now + TimeDelta::days(AHEAD));
    let found = queries::agenda(conn, user_id, from, to)?;
    let companies: Vec<i64> = found.iter().filter_map(|a| a.company_id).collect();
    let names = queries::company_names(conn, &companies)?;
    let entries: Vec<Entry> = found
        .into_iter()
        .map(|a| {
            let company = names.iter().find(|(id, ..)| Some(*id) == a.company_id);
            let kind = lang.text(&format!("appointment-{}", a.kind));
            Entry {
                id: a.id,
                begins_at: a.begins_at,
                minutes: a.minutes,
                title: match company {
                    Some((_, _, name, _)) => format!("{kind} · {name}"),
                    None => kind,
                },
                note: a.note.unwrap_or_default(),
            }
        })
        .collect();
    Ok(calendar(&name, now, &entries))
}

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// `POST /agenda`: a new address; it is shown once.
pub(super) async fn new_address(
    me: SignedIn,
    db: web::Data<Db>,
    site: web::Data<Site>,
    _: Form<Nothing>,
) -> AppResult<HttpResponse> {
    me.require(Verb::AnswerHandovers)?;
    let ctx = me.context();
    let token = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            actions::new_feed(conn, now, &me.actor)
        })
        .await?;
    let address = format!("{}/agenda/{token}.ics", site.public_url);
    let text = ctx.t1("agenda-address", "address", address);
    Ok(redirect_with("/", &Flash::new("good", text)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Settled {
    r#do: String,
}

/// `POST /appointments/{id}`: it took place, or is called off.
pub(super) async fn settle(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<Settled>,
) -> AppResult<HttpResponse> {
    me.require(Verb::AnswerHandovers)?;
    let (ctx, id, took_place) = (me.context(), *id, form.r#do == "done");
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            actions::settle_appointment(conn, now, &me.actor, id, took_place)
        })
        .await;
    let text = ctx.t("agenda-settled");
    back(&ctx, "/", done.map(|()| text))
}

/// What somebody typed for an appointment: when it begins, and how long it takes.
pub fn typed_time(sent: &Pairs, zone: Tz) -> AppResult<(NaiveDateTime, i32)> {
    let wrong = |field| AppError::invalid("appointment_unreadable", field);
    let day: NaiveDate = sent
        .get("day")
        .and_then(|day| day.parse().ok())
        .ok_or_else(|| wrong("day"))?;
    let time = sent.get("time").unwrap_or_default();
    let time = NaiveTime::parse_from_str(time, "%H:%M").map_err(|_| wrong("time"))?;
    let minutes = sent
        .get("minutes")
        .map_or(Ok(60), |text| text.parse().map_err(|_| wrong("minutes")))?;
    Ok((zone::to_utc(zone, day.and_time(time)), minutes))
}

/// `POST /appointments`: something inside the house.
pub(super) async fn agree(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::AnswerHandovers)?;
    let ctx = me.context();
    let office = ctx.zone;
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let (begins_at, minutes) = typed_time(&sent, office)?;
            let what = ("other", begins_at, minutes);
            let note = sent.get("note").unwrap_or_default();
            actions::agree(conn, now, &me.actor, None, what, note)
        })
        .await;
    let text = ctx.t("sale-done-agreed");
    back(&ctx, "/", done.map(|_| text))
}
