//! The next entry for an agent, and everything that the screen shows with it.

use std::time::{Duration, Instant};

use actix_web::{HttpResponse, web};
use chrono::NaiveDateTime;
use serde::Deserialize;
use serde_json::json;

use super::{contradictions, hand_over};
use crate::accounts::{Actor, ApiUser, Verb};
use crate::calling::actions::{self, Claimed, claim, lease_view, now_and_rules, rulebook};
use crate::calling::model::Lease;
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::idempotency::{Answer, ApiBody, write_once};
use crate::platform::settings;
use crate::qualifying::{ReasonList, Reasons};
use crate::registry::actions::root_of;
use crate::selling::rules::handover::Lacking;

/// A claim that passes over more than one transaction may gives up after so long.
const PATIENCE: Duration = Duration::from_secs(2);
/// When to ask again where nothing says when something will be ready.
const ASK_AGAIN: i64 = 30;
/// Longest time after which to ask again.
const ASK_AT_LAST: i64 = 600;

/// What the next call is.
#[derive(Debug, Clone)]
pub enum Next {
    /// This lease.
    Lease(Box<Lease>),
    /// Nothing for now; ask again after so many seconds.
    Nothing {
        /// Seconds.
        retry_after: i64,
    },
}

/// Claims the next entry of a campaign, or returns the live lease of the agent.
pub async fn next(db: &Db, actor: &Actor, campaign_id: i64) -> AppResult<Next> {
    let began = Instant::now();
    loop {
        let actor = actor.clone();
        let (claimed, now) = db
            .write(move |conn| {
                let (now, rules) = now_and_rules(conn)?;
                Ok::<_, AppError>((claim(conn, now, &actor, campaign_id, &rules)?, now))
            })
            .await?;
        match claimed {
            Claimed::Lease(lease) => return Ok(Next::Lease(lease)),
            Claimed::Nothing { retry_at } => return Ok(nothing(retry_at, now)),
            Claimed::GoOn if began.elapsed() >= PATIENCE => {
                return Ok(Next::Nothing { retry_after: 1 });
            }
            Claimed::GoOn => {}
        }
    }
}

fn nothing(retry_at: Option<NaiveDateTime>, now: NaiveDateTime) -> Next {
    let seconds = retry_at.map_or(ASK_AGAIN, |at| (at - now).num_seconds() + 1);
    Next::Nothing {
        retry_after: seconds.clamp(1, ASK_AT_LAST),
    }
}

async fn post_next(api: ApiUser, db: web::Data<Db>, id: web::Path<i64>) -> AppResult<HttpResponse> {
    api.require(Verb::Call)?;
    match next(&db, &api.actor, *id).await? {
        Next::Nothing { retry_after } => Ok(HttpResponse::NoContent()
            .insert_header(("Retry-After", retry_after.to_string()))
            .finish()),
        Next::Lease(lease) => {
            let (lang, now) = (api.lang, api.now);
            let view = db
                .read(move |conn| {
                    let rules = rulebook(conn)?;
                    let mut view = lease_view(conn, &rules, &lease)?.to_json(lang, &rules, now)?;
                    if let Some(company) = lease.company_id {
                        let root = root_of(conn, company)?;
                        let lacking = hand_over::lacking(conn, root)?.unwrap_or_default();
                        let said =
                            |what: &Lacking| json!({ "code": what, "text": lang.text(what.key()) });
                        view["handover_lacks"] = lacking.iter().map(said).collect();
                        view["contradictions"] =
                            contradictions::of_company_json(conn, lang, now, &rules.grading, root)?;
                    }
                    Ok::<_, AppError>(view)
                })
                .await?;
            Ok(HttpResponse::Ok().json(view))
        }
    }
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn post_heartbeat(
    api: ApiUser,
    db: web::Data<Db>,
    token: web::Path<String>,
) -> AppResult<HttpResponse> {
    api.require(Verb::Call)?;
    let lease = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let rules = rulebook(conn)?;
            actions::heartbeat(conn, now, &api.actor, &token, &rules)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .json(json!({ "state": lease.state, "expires_at": lease.expires_at.and_utc() })))
}

async fn post_dialled(
    api: ApiUser,
    db: web::Data<Db>,
    token: web::Path<String>,
    asked: ApiBody<Nothing>,
) -> AppResult<HttpResponse> {
    api.require(Verb::Call)?;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
                let rules = rulebook(conn)?;
                let lease = actions::dialled(conn, now, &api.actor, &token, &rules)?;
                Ok(Answer::ok(json!({ "state": lease.state, "call_id": lease.call_id, "expires_at": lease.expires_at.and_utc() })))
})
        .await?;
    Ok(answer.into_response())
}

#[derive(Debug, Deserialize)]
struct Release {
    #[serde(default)]
    reason: String,
}

async fn post_release(
    api: ApiUser,
    db: web::Data<Db>,
    token: web::Path<String>,
    asked: ApiBody<Release>,
) -> AppResult<HttpResponse> {
    api.require(Verb::Call)?;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        let rules = rulebook(conn)?;
        settings::load::<Reasons>(conn)?.value.check(
            ReasonList::Skip,
            &asked.body.reason,
            "reason",
        )?;
        actions::release(conn, now, &api.actor, &token, &asked.body.reason, &rules)?;
        Ok(Answer::nothing())
    })
    .await?;
    Ok(answer.into_response())
}

/// Routes of this flow.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/api/v1/campaigns/{id}/next", web::post().to(post_next))
        .route(
            "/api/v1/leases/{lease}/heartbeat",
            web::post().to(post_heartbeat),
        )
        .route(
            "/api/v1/leases/{lease}/dialled",
            web::post().to(post_dialled),
        )
        .route(
            "/api/v1/leases/{lease}/release",
            web::post().to(post_release),
        );
}
