//! Filling a campaign: a job of many chunks that whoever asked waits for a while.

use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::accounts::{Actor, ApiUser, Verb};
use crate::calling::actions::{self, fill_chunk, fill_progress, finish_fill, rulebook};
use crate::calling::model::{FillProgress, FillRequest};
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::idempotency::{Answer, ApiBody, Once, write_once};
use crate::platform::jobs::{self, JobKind, Running, Step};

/// Name of the job.
pub const FILL_JOB: &str = "campaign.fill";
/// Whoever asked gets the figures with the answer if they are there by then.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(60);

#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    campaign_id: i64,
    request: FillRequest,
}

/// The job behind a fill.
pub struct FillCampaign;

impl JobKind for FillCampaign {
    fn name(&self) -> &'static str {
        FILL_JOB
    }

    fn chunk(&self, db: &Db, job: &Running) -> AppResult<Step> {
        let (job, payload) = (job.clone(), job.payload::<Payload>()?);
        db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            let rules = rulebook(conn)?;
            let mut progress: FillProgress = match &job.cursor {
                Some(text) => serde_json::from_str(text)?,
                None => FillProgress::default(),
            };
            fill_chunk(
                conn,
                now,
                &rules,
                payload.campaign_id,
                &payload.request,
                &mut progress,
            )?;
            if progress.is_done {
                finish_fill(conn, now, job.actor_id, payload.campaign_id, &progress)?;
            }
            let done = progress.companies_done + progress.persons_done;
            job.advance(conn, now, &serde_json::to_string(&progress)?, done, None)?;
            Ok(if progress.is_done {
                Step::Done
            } else {
                Step::More
            })
        })
    }

    fn cancel(&self, db: &Db, job: &Running) -> AppResult<()> {
        let (job, payload) = (job.clone(), job.payload::<Payload>()?);
        db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            let progress = fill_progress(conn, job.id)?;
            finish_fill(conn, now, job.actor_id, payload.campaign_id, &progress)
        })
    }

    fn give_up(&self, db: &Db, job: &Running, error: &str) -> AppResult<()> {
        tracing::error!(job = job.id, "a fill was given up: {error}");
        self.cancel(db, job)
    }
}

/// How a fill stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The job.
    pub job_id: i64,
    /// What it did so far.
    pub progress: FillProgress,
}

impl Filled {
    fn to_json(&self) -> Value {
        let mut body = json!({ "added": self.progress.added, "left_out": self.progress.left_out });
        if !self.progress.is_done {
            body["job"] = json!(self.job_id);
        }
        body
    }
}

/// Fills a campaign and waits for it up to 20 seconds; what takes longer goes on behind.
pub async fn fill_campaign(
    db: &Db,
    actor: &Actor,
    campaign_id: i64,
    request: FillRequest,
    asked: Once,
) -> AppResult<Filled> {
    let by = actor.clone();
    let answer = write_once(db, by.id(), asked, move |conn, now| {
        actions::check_fill(conn, now, &by, campaign_id, &request)?;
        let payload = Payload {
            campaign_id,
            request,
        };
        let id = jobs::enqueue(
            conn,
            now,
            FILL_JOB,
            &payload,
            Some(&fill_key(campaign_id)),
            by.user_id,
        )?;
        Ok(Answer::accepted(json!({ "job": id })))
    })
    .await?;
    let job_id = answer.body["job"].as_i64().unwrap_or_default();
    work_and_wait(db, job_id).await
}

/// One fill of a campaign at a time.
fn fill_key(campaign_id: i64) -> String {
    format!("campaign:{campaign_id}")
}

/// Works on the job here, unless a worker has taken it; waits for whoever does.
async fn work_and_wait(db: &Db, job_id: i64) -> AppResult<Filled> {
    let began = Instant::now();
    let worker = db.clone();
    actix_web::rt::spawn(web::block(move || {
        jobs::run_next(
            &worker,
            &super::job_kinds(),
            Some(job_id),
            &AtomicBool::new(false),
        )
    }));
    loop {
        let (state, progress) = db
            .read(move |conn| {
                let status = jobs::status(conn, job_id)?;
                Ok::<_, AppError>((status.state, fill_progress(conn, job_id)?))
            })
            .await?;
        match state.as_str() {
            "queued" | "running" if began.elapsed() < PATIENCE => {
                actix_web::rt::time::sleep(POLL).await
            }
            "failed" => {
                return Err(AppError::Internal(anyhow::anyhow!(
                    "fill job {job_id} failed"
                )));
            }
            _ => return Ok(Filled { job_id, progress }),
        }
    }
}

async fn post(
    api: ApiUser,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: ApiBody<FillRequest>,
) -> AppResult<HttpResponse> {
    api.require(Verb::RunCampaigns)?;
    let filled = fill_campaign(&db, &api.actor, *id, asked.body, asked.once).await?;
    let answer = if filled.progress.is_done {
        Answer::ok(filled.to_json())
    } else {
        Answer::accepted(filled.to_json())
    };
    Ok(answer.into_response())
}

/// Routes of this flow.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/api/v1/campaigns/{id}/fill", web::post().to(post));
}
