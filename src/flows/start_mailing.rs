//! Starting a mailing by a program: whatever is still to be decided is decided first, and whoever asked waits a while.

use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use crate::accounts::{Actor, ApiUser, Verb};
use crate::outreach::actions::mailings;
use crate::outreach::api::mailing_json;
use crate::outreach::model::MailingState;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::idempotency::{Answer, ApiBody, Once, write_once};
use crate::platform::jobs;

/// Whoever asked gets the outcome with the answer if it is there by then.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(60);

/// Asks for nothing.
#[derive(Debug, Deserialize)]
struct Nothing {}

/// Moves a mailing on as far as it can go at once. Where nobody has approved it, its audience is decided as things are
/// now, whenever it was decided before; that job is returned.
fn set_going(conn: &mut Conn, actor: &Actor, id: i64) -> AppResult<Option<i64>> {
    let now = clock::now(conn)?;
    let mailing = mailings::visible_mailing(conn, actor, id)?;
    match mailing.state() {
        MailingState::Draft | MailingState::Planned => {
            return mailings::plan_and_approve(conn, now, actor, id).map(Some);
        }
        MailingState::Planning => return Ok(mailing.job_id),
        MailingState::Paused => {
            mailings::resume(conn, now, actor, id)?;
            return Ok(None);
        }
        MailingState::Sending => return Ok(None),
        _ => {}
    }
    mailings::start(conn, now, actor, id).map(|_| None)
}

/// Its audience was decided a moment ago by `job`: approved, unless the job has done that, and on its way if its moment
/// has come. What somebody had decided anew since waits for a word about that: the same wish told again is none.
fn go_on(conn: &mut Conn, actor: &Actor, id: i64, job: Option<i64>) -> AppResult<()> {
    let now = clock::now(conn)?;
    let mailing = mailings::visible_mailing(conn, actor, id)?;
    let state = mailing.state();
    if state == MailingState::Planned {
        if job.is_none() || mailing.job_id != job {
            return Ok(());
        }
        mailings::approve(conn, now, actor, id)?;
    }
    if matches!(state, MailingState::Planned | MailingState::Scheduled) {
        mailings::start(conn, now, actor, id)?;
    }
    Ok(())
}

async fn start(
    api: ApiUser,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: ApiBody<Nothing>,
) -> AppResult<HttpResponse> {
    api.require(Verb::RunMailings)?;
    let id = *id;
    let job = ask(&db, &api.actor, id, asked.once).await?;
    if let Some(job) = job {
        decided(&db, job).await?;
    }
    let actor = api.actor.clone();
    let (state, body) = db
        .write(move |conn| {
            go_on(conn, &actor, id, job)?;
            let mailing = mailings::visible_mailing(conn, &actor, id)?;
            Ok::<_, AppError>((mailing.state(), mailing_json(conn, &mailing)?))
        })
        .await?;
    let answer = match state {
        MailingState::Planning => Answer::accepted(body),
        _ => Answer::ok(body),
    };
    Ok(answer.into_response())
}

/// The wish itself is taken once per key; how far it has come is read anew each time.
async fn ask(db: &Db, actor: &Actor, id: i64, once: Once) -> AppResult<Option<i64>> {
    let by = actor.clone();
    let answer = write_once(db, actor.id(), once, move |conn, _| {
        let job = set_going(conn, &by, id)?;
        Ok(Answer::accepted(json!({ "job": job })))
    })
    .await?;
    Ok(answer.body["job"].as_i64())
}

/// Works on the job here, unless a worker has taken it; waits for whoever does.
async fn decided(db: &Db, job: i64) -> AppResult<()> {
    let began = Instant::now();
    let worker = db.clone();
    actix_web::rt::spawn(web::block(move || {
        let never = AtomicBool::new(false);
        jobs::run_next(&worker, &super::job_kinds(), Some(job), &never)
    }));
    while began.elapsed() < PATIENCE {
        let state = db
            .read(move |conn| Ok::<_, AppError>(jobs::status(conn, job)?.state))
            .await?;
        if !matches!(state.as_str(), "queued" | "running") {
            break;
        }
        actix_web::rt::time::sleep(POLL).await;
    }
    Ok(())
}

/// Routes of this flow.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/api/v1/mailings/{id:\\d+}/start", web::post().to(start));
}
