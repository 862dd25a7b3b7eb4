//! `/due`: companies that are due go into the queue of a campaign. The fill says who stays out and why, as always.

use actix_web::{HttpRequest, HttpResponse, web};

use super::fill_campaign::fill_campaign;
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::calling::model::FillRequest;
use crate::outreach::pages::due_mailing::chosen;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::idempotency::Once;
use crate::platform::page::Flash;
use crate::selling::pages::shown::back;

async fn into_campaign(
    http: HttpRequest,
    me: SignedIn,
    db: web::Data<Db>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    let companies = match chosen(&pairs) {
        Ok(companies) => companies,
        Err(nobody) => return back(&me.context(), "/due", Err(nobody)),
    };
    let campaign = pairs.get("campaign").and_then(|id| id.parse().ok());
    let campaign: i64 = campaign.ok_or_else(AppError::not_found)?;
    let request = FillRequest {
        companies: Some(companies),
        ..FillRequest::default()
    };
    let asked = Once::of(&http, serde_json::to_string(&request)?.as_bytes())?;
    let progress = fill_campaign(&db, &me.actor, campaign, request, asked)
        .await?
        .progress;
    let ctx = me.context();
    let left_out: i64 = progress.left_out.values().sum();
    let reasons: Vec<String> = progress
        .left_out
        .iter()
        .map(|(code, n)| format!("{} {n}", ctx.code("leftout", code)))
        .collect();
    let kind = if progress.added > 0 { "good" } else { "warn" };
    let text = match left_out {
        0 => ctx.t1("due-added", "n", progress.added),
        _ => ctx.t2(
            "due-added-some",
            "n",
            progress.added,
            "reasons",
            reasons.join(" · "),
        ),
    };
    Ok(redirect_with("/due", &Flash::new(kind, text)))
}

/// Routes of this flow.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/due/campaign", web::post().to(into_campaign));
}
