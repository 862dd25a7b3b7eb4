//! `POST /api/v1/calls`.

use actix_web::{HttpResponse, web};

use super::record_call;
use crate::accounts::{ApiUser, Verb};
use crate::calling::actions::rulebook;
use crate::calling::model::CallForm;
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::idempotency::{Answer, ApiBody, once};

async fn post(
    api: ApiUser,
    db: web::Data<Db>,
    asked: ApiBody<CallForm>,
) -> AppResult<HttpResponse> {
    api.require(Verb::RecordCall)?;
    let answer = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            once(conn, api.actor.id(), &asked.once, now, |conn| {
                let rules = rulebook(conn)?;
                let recorded = record_call(conn, now, &api.actor, &rules, &asked.body)?;
                Ok(Answer::created(recorded.to_json(api.lang, &rules, now)))
            })
        })
        .await?;
    Ok(answer.into_response())
}

/// Routes of this flow.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/api/v1/calls", web::post().to(post));
}
