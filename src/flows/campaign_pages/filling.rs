//! A fill under way: how far it is, on the campaign's page and for the module that asks again.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::accounts::{SignedIn, Verb};
use crate::calling::{actions, day};
use crate::flows::fill_campaign::FILL_JOB;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::page::{self, PageContext};

/// A fill under way.
pub struct Running {
    /// How far, in words.
    pub say: String,
    /// Ids looked at.
    pub done: i64,
    /// Ids in all.
    pub total: i64,
}

/// The fill of a campaign that is under way, if there is one.
pub fn running(conn: &mut Conn, ctx: &PageContext, campaign_id: i64) -> AppResult<Option<Running>> {
    let Some((job_id, done, total)) = day::fill_job(conn, FILL_JOB, campaign_id)? else {
        return Ok(None);
    };
    let progress = actions::fill_progress(conn, job_id)?;
    Ok(Some(Running {
        say: ctx.t1("campaign-filling-say", "added", ctx.number(progress.added)),
        done,
        total: total.unwrap_or(done).max(1),
    }))
}

#[derive(Template)]
#[template(
    source = r#"{% if let Some(run) = filling %}<div class="card" id="filling" data-poll="/campaigns/{{ id }}/filling" data-every="1000"><div class="in run"><div class="row apart"><b>{{ ctx.t("campaign-filling") }}</b><span class="num">{{ run.say }}</span></div><progress class="bar tall" value="{{ run.done }}" max="{{ run.total }}" aria-label="{{ ctx.t("campaign-filling") }}"></progress></div></div>{% endif %}"#,
    ext = "html"
)]
struct FillingFragment {
    ctx: PageContext,
    id: i64,
    filling: Option<Running>,
}

/// `GET /campaigns/{id}/filling`: how far it is; empty when it is over, and the page is read again.
pub async fn progress(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    let (actor, ctx, id) = (me.actor.clone(), me.context(), id.into_inner());
    let page = db
        .read(move |conn| {
            actions::run_campaign(conn, &actor, id)?;
            let filling = running(conn, &ctx, id)?;
            Ok::<_, AppError>(FillingFragment { ctx, id, filling })
        })
        .await?;
    page::html(&page)
}
