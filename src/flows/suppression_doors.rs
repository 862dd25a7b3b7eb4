//! The doors through which the do-not-call list is changed: forms and API.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;

use super::suppress;
use crate::accounts::{Actor, ApiUser, SignedIn, Verb, redirect_with};
use crate::consent::actions::{exact_subject, named_like};
use crate::consent::pages::{self, NewSuppression, add_page};
use crate::consent::{LaterConsent, NewOrigin, Scope, Subject, Ways, api};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::idempotency::{Answer, ApiBody, write_once};
use crate::platform::page::Flash;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/suppressions")
                .route(web::get().to(pages::list))
                .route(web::head().to(pages::list))
                .route(web::post().to(add)),
        )
        .route(
            "/suppressions/{id:\\d+}/origins/{origin:\\d+}/withdraw",
            web::post().to(withdraw),
        )
        .route("/suppressions/{id:\\d+}/lift", web::post().to(lift))
        .route("/api/v1/suppressions", web::post().to(api_add));
}

async fn add(
    me: SignedIn,
    db: web::Data<Db>,
    form: Form<NewSuppression>,
) -> AppResult<HttpResponse> {
    me.require(Verb::AddSuppression)?;
    let (form, actor) = (form.0, me.actor.clone());
    let filled = form.clone();
    match db
        .write(move |conn| add_filled(conn, &actor, &filled))
        .await
    {
        Ok(Some(id)) => {
            let flash = Flash::new("good", me.lang().text("suppression-added"));
            Ok(redirect_with(&format!("/suppressions/{id}"), &flash))
        }
        Ok(None) => {
            let (text, scope) = (form.subject.clone(), Scope::parse(&form.scope));
            let candidates = db.read(move |conn| named_like(conn, &text, scope)).await?;
            add_page(&me, form, candidates, None)
        }
        Err(error) => add_page(&me, form, Vec::new(), Some(&error.of_form()?)),
    }
}

/// The id of the line; none where a name was typed, of which somebody has to choose whose it is.
fn add_filled(conn: &mut Conn, actor: &Actor, form: &NewSuppression) -> AppResult<Option<i64>> {
    let now = clock::now(conn)?;
    let ways =
        Ways::parse(&form.ways).ok_or_else(|| AppError::invalid("suppression_no_way", "ways"))?;
    let subject = match chosen(conn, &form.choice)? {
        Some(subject) => subject,
        None => match exact_subject(conn, &form.subject, Scope::parse(&form.scope))? {
            Some(subject) => subject,
            None => return Ok(None),
        },
    };
    let note = Some(form.note.trim().to_owned()).filter(|n| !n.is_empty());
    let origin = NewOrigin::hand(now, note);
    suppress::suppress(conn, now, actor, &subject, ways, &origin).map(Some)
}

/// `company:7`, as the radio buttons send it.
fn chosen(conn: &mut Conn, choice: &str) -> AppResult<Option<Subject>> {
    let Some((scope, value)) = choice.split_once(':') else {
        return Ok(None);
    };
    exact_subject(conn, value, Scope::parse(scope))
}

#[derive(Deserialize)]
struct WithdrawForm {
    reason: String,
}

async fn withdraw(
    me: SignedIn,
    db: web::Data<Db>,
    ids: web::Path<(i64, i64)>,
    form: Form<WithdrawForm>,
) -> AppResult<HttpResponse> {
    me.require(Verb::LiftSuppression)?;
    let (id, origin_id) = ids.into_inner();
    let (actor, reason) = (me.actor.clone(), form.0.reason);
    db.write(move |conn| {
        let now = clock::now(conn)?;
        suppress::withdraw_origin(conn, now, &actor, origin_id, &reason)
    })
    .await?;
    let flash = Flash::new("good", me.lang().text("suppression-slip-done"));
    Ok(redirect_with(&format!("/suppressions/{id}"), &flash))
}

#[derive(Deserialize)]
struct LiftForm {
    consent_text: String,
    consent_on: String,
}

async fn lift(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<LiftForm>,
) -> AppResult<HttpResponse> {
    me.require(Verb::LiftSuppression)?;
    let id = id.into_inner();
    let actor = me.actor.clone();
    let later = LaterConsent {
        words: form.0.consent_text,
        on: form.0.consent_on.trim().parse::<NaiveDate>().ok(),
    };
    db.write(move |conn| {
        let now = clock::now(conn)?;
        suppress::lift(conn, now, &actor, id, &later)
    })
    .await?;
    let flash = Flash::new("good", me.lang().text("suppression-lift-done"));
    Ok(redirect_with(&format!("/suppressions/{id}"), &flash))
}

/// `{scope, subject, ways, reason}`; `ways` is a code or a list of codes.
#[derive(Debug, Deserialize)]
struct NewEntry {
    scope: Option<String>,
    #[serde(alias = "value")]
    subject: Value,
    #[serde(default)]
    ways: Value,
    #[serde(alias = "note")]
    reason: Option<String>,
}

async fn api_add(
    api: ApiUser,
    db: web::Data<Db>,
    asked: ApiBody<NewEntry>,
) -> AppResult<HttpResponse> {
    api.require(Verb::AddSuppression)?;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        let entry = asked.body;
        let (subject, ways) = read_entry(conn, &entry)?;
        let origin = NewOrigin::hand(now, entry.reason);
        let id = suppress::suppress(conn, now, &api.actor, &subject, ways, &origin)?;
        Ok(Answer::created(api::suppression_json(conn, id)?))
    })
    .await?;
    Ok(answer.into_response())
}

fn read_entry(conn: &mut Conn, entry: &NewEntry) -> AppResult<(Subject, Ways)> {
    let scope = match entry.scope.as_deref() {
        None => None,
        Some(code) => {
            let unknown = || AppError::invalid("suppression_nobody", "scope");
            Some(Scope::parse(code).ok_or_else(unknown)?)
        }
    };
    let subject = text_of(&entry.subject);
    let codes = match &entry.ways {
        Value::Null => "all".to_owned(),
        Value::Array(codes) => codes.iter().map(text_of).collect::<Vec<_>>().join(","),
        other => text_of(other),
    };
    let ways =
        Ways::parse(&codes).ok_or_else(|| AppError::invalid("suppression_no_way", "ways"))?;
    // A program cannot choose among those who are named alike.
    let subject = exact_subject(conn, &subject, scope)?;
    let subject = subject.ok_or_else(|| AppError::invalid("suppression_unknown", "subject"))?;
    Ok((subject, ways))
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
