//! `POST /api/v1/calls`.

use actix_web::{HttpResponse, web};

use super::record_call;
use crate::accounts::{ApiUser, Verb};
use crate::calling::actions::rulebook;
use crate::calling::model::CallForm;
use crate::flows::contradictions::told_json;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::idempotency::{Answer, ApiBody, write_once};
use crate::selling::api::handover_json;

async fn post(
    api: ApiUser,
    db: web::Data<Db>,
    asked: ApiBody<CallForm>,
) -> AppResult<HttpResponse> {
    api.require(Verb::RecordCall)?;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        let rules = rulebook(conn)?;
        let recorded = record_call(conn, now, &api.actor, &rules, &asked.body)?;
        let mut body = recorded.to_json(api.lang, &rules, now);
        if let Some(handover) = &recorded.handing.handover {
            body["handover"] = handover_json(conn, handover, api.lang, now)?;
        }
        let found = &recorded.grade.contradictions;
        body["contradictions"] = told_json(conn, api.lang, now, &rules.grading, found)?;
        Ok(Answer::created(body))
    })
    .await?;
    Ok(answer.into_response())
}

/// Routes of this flow.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/api/v1/calls", web::post().to(post));
}
