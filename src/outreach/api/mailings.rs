//! Mailings for programs: make, see, look at beforehand, hold, call off. Starting one waits for its audience and stands in
//! `flows::start_mailing`.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::audience::AudienceInput;
use crate::accounts::{Actor, ApiUser, Verb};
use crate::outreach::actions::greetings::make_by_hand;
use crate::outreach::actions::news_mailing::{self, NewNews};
use crate::outreach::actions::{mailings, news, plan};
use crate::outreach::model::{ItemInput, Mailing, MailingEdit, MailingKind, PauseReason, Window};
use crate::outreach::pages::mailing_test;
use crate::outreach::queries;
use crate::outreach::rules::mail_rules::NEWS_MAY_TAKE;
use crate::outreach::rules::occasions::{Greeting, GreetingRules, code_called};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::idempotency::{Answer, ApiBody, write_once};
use crate::platform::settings;
use crate::qualifying::Grade;

/// When it goes: from an instant on, or between two.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
enum When {
    From(DateTime<Utc>),
    Between {
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    },
}

impl When {
    /// `may_take`: how long, where no end is said.
    fn window(self, may_take: TimeDelta) -> Window {
        match self {
            Self::From(from) => Window {
                from: from.naive_utc(),
                until: from.naive_utc() + may_take,
            },
            Self::Between { from, until } => Window {
                from: from.naive_utc(),
                until: until.naive_utc(),
            },
        }
    }
}

/// `POST /mailings`. What a greeting leaves open comes from its occasion.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewMailing {
    kind: MailingKind,
    #[serde(default)]
    occasion: Option<String>,
    /// Its day, where an occasion has many.
    #[serde(default)]
    on: Option<chrono::NaiveDate>,
    #[serde(default)]
    template: Option<String>,
    #[serde(default)]
    audience: Option<AudienceInput>,
    #[serde(default)]
    when: Option<When>,
    /// Name of the mailing and title of the issue.
    #[serde(default)]
    name: Option<String>,
    /// Pieces of an issue of news.
    #[serde(default)]
    items: Vec<ItemInput>,
}

async fn create(
    api: ApiUser,
    db: web::Data<Db>,
    asked: ApiBody<NewMailing>,
) -> AppResult<HttpResponse> {
    api.require(Verb::RunMailings)?;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        let id = match asked.body.kind {
            MailingKind::Greeting => make_greeting(conn, now, &api.actor, &asked.body)?,
            MailingKind::News => make_news(conn, now, &api, &asked.body)?,
        };
        let made = mailings::visible_mailing(conn, &api.actor, id)?;
        Ok(Answer::created(mailing_json(conn, &made)?))
    })
    .await?;
    Ok(answer.into_response())
}

/// The calendar makes it; what was said beyond that is changed in it.
fn make_greeting(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    new: &NewMailing,
) -> AppResult<i64> {
    let occasion = new
        .occasion
        .as_deref()
        .ok_or_else(|| AppError::invalid("mailing_needs_occasion", "occasion"))?;
    let code = code_called(occasion);
    let audience = new.audience.clone();
    let edit = MailingEdit {
        name: new.name.clone(),
        letter_code: new.template.clone(),
        audience: audience
            .map(|said| said.read(|| greeted_grades(conn, &code)))
            .transpose()?,
    };
    let id = make_by_hand(conn, now, actor, &code, new.on, &edit)?;
    if let Some(when) = new.when {
        // A greeting is never late: without an end it has as long as on its own morning.
        let rules = settings::load::<GreetingRules>(conn)?.value;
        let window = when.window(rules.until - rules.from);
        mailings::schedule(conn, now, actor, id, window)?;
    }
    Ok(id)
}

/// Whom the rules greet on an occasion.
fn greeted_grades(conn: &mut Conn, code: &str) -> AppResult<Vec<Grade>> {
    let rules = settings::load::<GreetingRules>(conn)?.value;
    let greeting = Greeting::from_code(code);
    Ok(greeting.map_or_else(Vec::new, |greeting| rules.grades(&greeting)))
}

/// Without pieces it is the letter that says all, or the pieces are written later.
fn make_news(
    conn: &mut Conn,
    now: NaiveDateTime,
    api: &ApiUser,
    new: &NewMailing,
) -> AppResult<i64> {
    let first = new.items.first().map(|item| item.title.clone());
    let title = new.name.clone().or(first);
    let audience = new.audience.clone();
    let audience = audience.map(|said| said.read(|| Ok(news_mailing::usual_audience().grades)));
    let order = NewNews {
        title: title.unwrap_or_else(|| api.lang.text(MailingKind::News.key())),
        items: new.items.clone(),
        audience: audience.transpose()?,
        letter_code: new.template.clone(),
        window: new.when.map(|when| when.window(NEWS_MAY_TAKE)),
    };
    news_mailing::make_news(conn, now, &api.actor, order)
}

async fn show(api: ApiUser, db: web::Data<Db>, id: web::Path<i64>) -> AppResult<HttpResponse> {
    api.require(Verb::SeeMailings)?;
    let id = *id;
    let body = db
        .read(move |conn| {
            let mailing = mailings::visible_mailing(conn, &api.actor, id)?;
            mailing_json(conn, &mailing)
        })
        .await?;
    Ok(HttpResponse::Ok().json(body))
}

/// `POST /mailings/{id}/preview`: who would get it as things are now; writes nothing.
async fn preview(api: ApiUser, db: web::Data<Db>, id: web::Path<i64>) -> AppResult<HttpResponse> {
    api.require(Verb::SeeMailings)?;
    let id = *id;
    let body = db
        .read(move |conn| {
            let mailing = mailings::visible_mailing(conn, &api.actor, id)?;
            let found = plan::preview(conn, api.now, &mailing)?;
            let domains: BTreeMap<String, i64> = found.domains.into_iter().collect();
            Ok::<_, AppError>(json!({
                "figures": found.figures,
                "audience_hash": found.audience_hash,
                "domains": domains,
            }))
        })
        .await?;
    Ok(HttpResponse::Ok().json(body))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PauseForm {
    reason: String,
}

async fn pause(
    api: ApiUser,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: ApiBody<PauseForm>,
) -> AppResult<HttpResponse> {
    api.require(Verb::RunMailings)?;
    let id = *id;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        let text = match asked.body.reason.trim() {
            "" => api.lang.text("mail-pause-by-program"),
            reason => reason.to_owned(),
        };
        mailings::pause(conn, now, &api.actor, id, &PauseReason::ByPerson { text })?;
        moved(conn, &api.actor, id)
    })
    .await?;
    Ok(answer.into_response())
}

async fn cancel(
    api: ApiUser,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: ApiBody<PauseForm>,
) -> AppResult<HttpResponse> {
    api.require(Verb::RunMailings)?;
    let id = *id;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        mailings::cancel(conn, now, &api.actor, id)?;
        moved(conn, &api.actor, id)
    })
    .await?;
    Ok(answer.into_response())
}

fn moved(conn: &mut Conn, actor: &Actor, id: i64) -> AppResult<Answer> {
    let mailing = mailings::visible_mailing(conn, actor, id)?;
    Ok(Answer::ok(mailing_json(conn, &mailing)?))
}

/// A mailing as programs see it.
pub fn mailing_json(conn: &mut Conn, mailing: &Mailing) -> AppResult<Value> {
    let counts: BTreeMap<String, i64> = queries::delivery_states(conn, &[mailing.id])?
        .into_iter()
        .map(|(_, state, n)| (state, n))
        .collect();
    let items = match mailing.issue_id {
        Some(issue) => Some(news::issue(conn, issue)?.1),
        None => None,
    };
    let items: Option<Vec<ItemInput>> =
        items.map(|items| items.iter().map(ItemInput::from).collect());
    let utc = |at: Option<NaiveDateTime>| at.map(|at| at.and_utc());
    let versions: Value = serde_json::from_str(&mailing.letter_versions)?;
    Ok(json!({
        "id": mailing.id,
        "kind": mailing.kind,
        "occasion": mailing.occasion,
        "on": mailing.occasion_on,
        "name": mailing.name,
        "state": mailing.state,
        "template": mailing.letter_code,
        "template_versions": versions,
        "audience": mailing.audience(),
        "audience_hash": mailing.audience_hash,
        "figures": mailing.figures(),
        "deliveries": counts,
        "items": items,
        "send_from": utc(mailing.send_from),
        "send_until": utc(mailing.send_until),
        "approve_by": utc(mailing.approve_by),
        "approved_at": utc(mailing.approved_at),
        "pause_reason": mailing.pause_reason(),
        "started_at": utc(mailing.started_at),
        "ended_at": utc(mailing.ended_at),
    }))
}

/// Routes of mailings.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/api/v1/mailings", web::post().to(create))
        .service(
            web::resource("/api/v1/mailings/{id:\\d+}")
                .route(web::get().to(show))
                .route(web::head().to(show)),
        )
        .route(
            "/api/v1/mailings/{id:\\d+}/preview",
            web::post().to(preview),
        )
        .route(
            "/api/v1/mailings/{id:\\d+}/test",
            web::post().to(mailing_test::api),
        )
        .route("/api/v1/mailings/{id:\\d+}/pause", web::post().to(pause))
        .route("/api/v1/mailings/{id:\\d+}/cancel", web::post().to(cancel));
}
