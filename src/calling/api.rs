//! Campaigns for programs: make, list, see, change. The queue itself is served by `flows::claim` and `flows::record_call`.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

use super::actions;
use super::model::{Agents, CampaignEdit, CampaignState, NewCampaign, ScriptInput};
use crate::accounts::{ApiUser, Verb};
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::idempotency::{Answer, ApiBody, write_once};

async fn create(
    api: ApiUser,
    db: web::Data<Db>,
    asked: ApiBody<NewCampaign>,
) -> AppResult<HttpResponse> {
    api.require(Verb::RunCampaigns)?;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        let id = actions::create_campaign(conn, now, &api.actor, &asked.body)?;
        Ok(Answer::created(json!({ "id": id })))
    })
    .await?;
    Ok(answer.into_response())
}

async fn list(api: ApiUser, db: web::Data<Db>) -> AppResult<HttpResponse> {
    api.require(Verb::SeeCampaigns)?;
    let campaigns = db
        .read(move |conn| {
            let found = actions::visible_campaigns(conn, &api.actor)?;
            found
                .iter()
                .map(|campaign| actions::campaign_json(conn, campaign))
                .collect::<AppResult<Vec<Value>>>()
        })
        .await?;
    Ok(HttpResponse::Ok().json(json!({ "campaigns": campaigns })))
}

async fn show(api: ApiUser, db: web::Data<Db>, id: web::Path<i64>) -> AppResult<HttpResponse> {
    api.require(Verb::SeeCampaigns)?;
    let id = *id;
    let body = db
        .read(move |conn| {
            let campaign = actions::visible_campaign(conn, &api.actor, id)?;
            actions::campaign_json(conn, &campaign)
        })
        .await?;
    Ok(HttpResponse::Ok().json(body))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Edit {
    name: Option<String>,
    script: Option<ScriptInput>,
    agents: Option<Agents>,
    state: Option<String>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
}

async fn edit(
    api: ApiUser,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: ApiBody<Edit>,
) -> AppResult<HttpResponse> {
    api.require(Verb::RunCampaigns)?;
    let id = *id;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        let sent = asked.body;
        let present = actions::run_campaign(conn, &api.actor, id)?;
        let has_days = sent.starts_on.is_some() || sent.ends_on.is_some();
        let days = (
            sent.starts_on.or(present.starts_on),
            sent.ends_on.or(present.ends_on),
        );
        let edit = CampaignEdit {
            name: sent.name,
            script: sent.script,
            agents: sent.agents,
            days: has_days.then_some(days),
            ..CampaignEdit::default()
        };
        actions::edit_campaign(conn, now, &api.actor, id, &edit)?;
        if let Some(state) = sent.state.as_deref() {
            let state = CampaignState::parse(state)
                .ok_or_else(|| AppError::invalid("campaign_state_unknown", "state"))?;
            actions::set_campaign_state(conn, now, &api.actor, id, state)?;
        }
        let campaign = actions::campaign(conn, id)?;
        Ok(Answer::ok(actions::campaign_json(conn, &campaign)?))
    })
    .await?;
    Ok(answer.into_response())
}

/// Routes of campaigns.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/api/v1/campaigns")
                .route(web::get().to(list))
                .route(web::post().to(create)),
        )
        .service(
            web::resource("/api/v1/campaigns/{id}")
                .route(web::get().to(show))
                .route(web::patch().to(edit)),
        );
}
