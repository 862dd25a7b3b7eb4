//! `/settings/webhook`: one address to which every notice of selling is posted, and what became of the last ones.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;

use super::history::History;
use super::{Tab, after_save, seen, tabs};
use crate::accounts::{SignedIn, Verb};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::log::{Change, changed};
use crate::platform::page::{PageContext, html_with};
use crate::platform::{clock, problem, settings};
use crate::selling::model::Webhook;
use crate::selling::notice::deliveries;
use crate::selling::rules::notice::may_post;

/// Messages of the log.
const MOST: i64 = 30;

struct LogView {
    at: NaiveDateTime,
    kind: &'static str,
    state: String,
    attempts: i32,
    answer: String,
}

#[derive(Template)]
#[template(path = "settings/webhook.html")]
struct WebhookPage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    url: String,
    error: Option<String>,
    has_secret: bool,
    version: i32,
    log: Vec<LogView>,
    history: History,
}

pub(super) async fn show(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::EditWebhook)?;
    let page = db.read(move |conn| build(conn, &me, None)).await?;
    html_with(StatusCode::OK, &page)
}

fn build(
    conn: &mut Conn,
    me: &SignedIn,
    wrong: Option<(String, &Refusal)>,
) -> AppResult<WebhookPage> {
    let ctx = me.context();
    let stored = settings::load::<Webhook>(conn)?;
    let log = deliveries(conn, MOST)?
        .into_iter()
        .map(|(at, state, attempts, status, answer)| LogView {
            at,
            kind: match state.as_str() {
                "done" => "good",
                "failed" => "bad",
                _ => "warn",
            },
            state: ctx.code("hook-state", &state),
            attempts,
            answer: [status.map(|s| ctx.t1("hook-answered", "status", s)), answer]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" "),
        })
        .collect();
    let error = wrong
        .as_ref()
        .map(|(_, refusal)| problem::in_words(ctx.language, refusal));
    Ok(WebhookPage {
        tabs: tabs(me, "/settings/webhook"),
        url: wrong.map_or(stored.value.url, |(typed, _)| typed),
        error,
        has_secret: !stored.value.secret.is_empty(),
        version: stored.version,
        log,
        history: History::of::<Webhook>(conn)?,
        ctx,
    })
}

pub(super) async fn save(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::EditWebhook)?;
    let url = sent.get("url").unwrap_or_default().to_owned();
    let (typed, actor_id) = (url.clone(), me.actor.user_id);
    let kept = db.write(move |conn| keep(conn, url, &sent, actor_id)).await;
    after_save(
        me.lang(),
        &db,
        "/settings/webhook",
        kept,
        move |conn, refusal| build(conn, &me, Some((typed, refusal))),
    )
    .await
}

fn keep(conn: &mut Conn, url: String, sent: &Pairs, actor_id: Option<i64>) -> AppResult<()> {
    let now = clock::now(conn)?;
    let present = settings::load::<Webhook>(conn)?.value;
    if !url.is_empty() && !may_post(&url, false) {
        return Err(AppError::invalid("webhook_address", "url"));
    }
    // The secret is never shown: an empty field keeps it.
    let secret = sent.get("secret").map_or(present.secret, str::to_owned);
    let webhook = Webhook { url, secret };
    settings::save(conn, &webhook, seen(sent), actor_id, now)?;
    Ok(changed(conn, &Change::setting(now, actor_id, "webhook"))?)
}
