//! Hand-overs and stages for programs.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use chrono::NaiveDateTime;
use serde::Deserialize;
use serde_json::{Value, json};

use super::actions::{self, book};
use super::model::{Handover, Opportunity};
use super::queries::{self, Asked};
use super::rules::explain::explain;
use super::rules::handover::HandoverState;
use super::rules::stages::Stage;
use crate::accounts::{ApiUser, Verb, Whose, user_names};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::Lang;
use crate::platform::idempotency::{Answer, ApiBody, write_once};

/// Hand-overs of one answer, unless said otherwise.
const PAGE: i64 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    state: Option<String>,
    cursor: Option<i64>,
    limit: Option<i64>,
}

async fn list(
    api: ApiUser,
    db: web::Data<Db>,
    query: web::Query<ListQuery>,
) -> AppResult<HttpResponse> {
    api.require(Verb::SeeHandovers)?;
    let query = query.into_inner();
    let state = query.state.filter(|s| !s.is_empty() && s != "open");
    if state
        .as_deref()
        .is_some_and(|s| HandoverState::from_code(s).is_none())
    {
        return Err(AppError::invalid("handover_state_unknown", "state"));
    }
    let (now, lang) = (api.now, api.lang);
    let body = db
        .read(move |conn| {
            let asked = Asked {
                whose: Whose::of(conn, &api.actor)?,
                state,
                before: query.cursor,
                limit: query.limit.unwrap_or(PAGE).clamp(1, 200),
            };
            let found = queries::list(conn, &asked)?;
            let is_full = found.len() as i64 == asked.limit;
            let next = found.last().filter(|_| is_full).map(|h| h.id);
            let rows = found
                .iter()
                .map(|h| handover_json(conn, h, lang, now))
                .collect::<AppResult<Vec<Value>>>()?;
            Ok::<_, AppError>(json!({ "handovers": rows, "next_cursor": next }))
        })
        .await?;
    Ok(HttpResponse::Ok().json(body))
}

/// A hand-over as programs see it.
pub fn handover_json(
    conn: &mut Conn,
    handover: &Handover,
    lang: Lang,
    now: NaiveDateTime,
) -> AppResult<Value> {
    let company = queries::company_names(conn, &[handover.company_id])?.pop();
    let ids: Vec<i64> = [handover.rep_id, handover.from_id]
        .into_iter()
        .flatten()
        .collect();
    let names = user_names(conn, &ids)?;
    let user = |id: Option<i64>| {
        let id = id?;
        let name = names.get(&id)?.clone();
        Some(json!({ "id": id, "name": name }))
    };
    let decision = handover.decision();
    let utc = |at: Option<NaiveDateTime>| at.map(|at| at.and_utc());
    Ok(json!({
        "id": handover.id,
        "company": company.map(|(_, root, name, grade)| json!({ "id": root, "name": name, "grade": grade })),
        "call_id": handover.call_id,
        "state": handover.state,
        "grade": handover.grade,
        "rep": user(handover.rep_id),
        "from": user(handover.from_id),
        "note": handover.note,
        "round": handover.round,
        "reasons": decision.why,
        "why": explain(lang, &handover.inputs(), &decision),
        "offered_at": handover.offered_at.and_utc(),
        "warn_at": utc(handover.warn_at),
        "due_at": utc(handover.due_at),
        "is_overdue": handover.due_at.is_some_and(|due| due <= now) && handover.state().is_on_offer(),
        "contact_by": utc(handover.contact_by),
        "contacted_at": utc(handover.contacted_at),
        "settled_at": utc(handover.settled_at),
        "reason": handover.reason,
    }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reason {
    reason: String,
}

async fn accept(
    api: ApiUser,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: ApiBody<Reason>,
) -> AppResult<HttpResponse> {
    api.require(Verb::AnswerHandovers)?;
    let id = *id;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        let book = book(conn)?;
        let done = actions::accept(conn, now, &api.actor, &book, id)?;
        Ok(Answer::ok(handover_json(conn, &done, api.lang, now)?))
    })
    .await?;
    Ok(answer.into_response())
}

async fn reject(
    api: ApiUser,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: ApiBody<Reason>,
) -> AppResult<HttpResponse> {
    api.require(Verb::AnswerHandovers)?;
    let id = *id;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        let book = book(conn)?;
        let reason = &asked.body.reason;
        let done = actions::reject(conn, now, &api.actor, &book, id, reason)?;
        Ok(Answer::ok(handover_json(conn, &done, api.lang, now)?))
    })
    .await?;
    Ok(answer.into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StageForm {
    /// A stage, or `lost`.
    stage: String,
    /// Answers at its door.
    evidence: BTreeMap<String, Value>,
    reason: String,
    competitor: String,
}

async fn stage(
    api: ApiUser,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: ApiBody<StageForm>,
) -> AppResult<HttpResponse> {
    api.require(Verb::Sell)?;
    let id = *id;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        let (book, form) = (book(conn)?, &asked.body);
        let done = if form.stage == "lost" {
            let lost = (form.reason.as_str(), form.competitor.as_str());
            actions::lose_sale(conn, now, &api.actor, &book, id, lost)?
        } else {
            let stage = Stage::from_code(&form.stage)
                .ok_or_else(|| AppError::invalid("stage_unknown", "stage"))?;
            let answers = plain(&form.evidence);
            actions::enter_stage(conn, now, &api.actor, &book, id, (stage, &answers))?
        };
        Ok(Answer::ok(opportunity_json(conn, &done)?))
    })
    .await?;
    Ok(answer.into_response())
}

/// JSON answers as a form would have sent them.
fn plain(evidence: &BTreeMap<String, Value>) -> BTreeMap<String, String> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    evidence.iter().map(|(k, v)| (k.clone(), text(v))).collect()
}

fn opportunity_json(conn: &mut Conn, opportunity: &Opportunity) -> AppResult<Value> {
    let history: Vec<Value> = queries::stages(conn, &[opportunity.id])?
        .into_iter()
        .map(|change| {
            let evidence: Value = serde_json::from_str(&change.evidence).unwrap_or_default();
            json!({ "stage": change.stage, "nth": change.nth, "evidence": evidence, "at": change.at.and_utc() })
        })
        .collect();
    Ok(json!({
        "id": opportunity.id,
        "company_id": opportunity.company_id,
        "rep_id": opportunity.rep_id,
        "stage": opportunity.stage,
        "state": opportunity.state,
        "amount_minor": opportunity.amount_minor,
        "currency": opportunity.currency,
        "lost_reason": opportunity.lost_reason,
        "competitor": opportunity.competitor,
        "history": history,
    }))
}

/// Routes of this area for programs.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/api/v1/handovers")
                .route(web::get().to(list))
                .route(web::head().to(list)),
        )
        .route("/api/v1/handovers/{id:\\d+}/accept", web::post().to(accept))
        .route("/api/v1/handovers/{id:\\d+}/reject", web::post().to(reject))
        .route(
            "/api/v1/opportunities/{id:\\d+}/stage",
            web::post().to(stage),
        );
}
