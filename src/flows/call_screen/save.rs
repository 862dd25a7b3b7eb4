//! What the call screen sends while a lease lives: draft, dial, signs of life, skip, and the result.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDateTime;
use serde_json::json;

use super::answers::Answers;
use super::callee;
use super::kept::{is_lost, kept};
use super::needs::Office;
use super::page::{self as screen_page, Open, draft_key};
use super::view::Refused;
use super::{foretell, lobby};
use crate::accounts::{Actor, SignedIn, Verb, redirect_with};
use crate::calling::actions::{self, Rulebook};
use crate::calling::model::{CallForm, Lease};
use crate::calling::screen;
use crate::flows::record_call::record_call;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::idempotency::{Answer, Once, write_once};
use crate::platform::page::{self, Flash, PageContext, UndoAction};
use crate::platform::problem;
use crate::qualifying::ReasonList;

/// A result that was written.
#[derive(Debug, Clone)]
pub struct Saved {
    /// The call.
    pub call_id: i64,
    /// What the toast says.
    pub text: String,
    /// How long one key takes it back.
    pub undo_seconds: u32,
}

/// Whether the page's own script asks.
fn wants_json(request: &HttpRequest) -> bool {
    request.headers().contains_key("X-Answer")
}

/// The agent's own lease that is not over; else why it is lost.
pub fn own(conn: &mut Conn, agent: &Actor, token: &str) -> AppResult<Lease> {
    let lease = actions::own_lease(conn, agent, token)?;
    match lease.ended_at {
        None => Ok(lease),
        Some(_) => Err(AppError::conflict("lease_lapsed")),
    }
}

/// `PUT /call/{token}/draft`: keeps what is typed, and tells what would follow.
pub async fn draft(
    me: SignedIn,
    db: web::Data<Db>,
    token: web::Path<String>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::Call)?;
    let (agent, ctx, token) = (me.actor.clone(), me.context(), token.into_inner());
    let answers = Answers::of(&pairs);
    let body = serde_json::to_string(&answers)?;
    let at = db
        .write({
            let (agent, token) = (agent.clone(), token.clone());
            move |conn| {
                let now = clock::now(conn)?;
                own(conn, &agent, &token)?;
                actions::save_draft(conn, now, &agent, &draft_key(&token), &body)?;
                Ok::<_, AppError>(now)
            }
        })
        .await?;
    let foretold = foretell::fragment(&db, ctx.clone(), agent, token, answers).await?;
    let time = crate::platform::calendar::zone::to_local(ctx.zone, at)
        .format("%H:%M:%S")
        .to_string();
    Ok(HttpResponse::Ok().json(json!({ "at": time, "foretold": foretold })))
}

/// `POST /call/{token}/dialled`.
pub async fn dialled(
    me: SignedIn,
    db: web::Data<Db>,
    token: web::Path<String>,
    request: HttpRequest,
    _pairs: Pairs,
) -> AppResult<HttpResponse> {
    move_lease(&me, &db, token.into_inner(), &request, actions::dialled).await
}

/// `POST /call/{token}/heartbeat`.
pub async fn heartbeat(
    me: SignedIn,
    db: web::Data<Db>,
    token: web::Path<String>,
    request: HttpRequest,
    _pairs: Pairs,
) -> AppResult<HttpResponse> {
    move_lease(&me, &db, token.into_inner(), &request, actions::heartbeat).await
}

/// Something that an agent does to an own lease, by its token.
type Move = fn(&mut Conn, NaiveDateTime, &Actor, &str, &Rulebook) -> AppResult<Lease>;

async fn move_lease(
    me: &SignedIn,
    db: &Db,
    token: String,
    request: &HttpRequest,
    change: Move,
) -> AppResult<HttpResponse> {
    me.require(Verb::Call)?;
    let agent = me.actor.clone();
    let lease = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let rules = actions::rulebook(conn)?;
            change(conn, now, &agent, &token, &rules)
        })
        .await?;
    Ok(answered(&me.context(), request, &lease))
}

fn answered(ctx: &PageContext, request: &HttpRequest, lease: &Lease) -> HttpResponse {
    if wants_json(request) {
        let said = lease
            .dialled_at
            .map(|at| ctx.t1("screen-phase-dialled-note", "at", ctx.time(&at)));
        let body =
            json!({ "state": lease.state, "expires_at": lease.expires_at.and_utc(), "said": said });
        HttpResponse::Ok().json(body)
    } else {
        page::see_other("/call")
    }
}

/// `POST /call/{token}/release`: skips with a reason, and takes the next.
pub async fn release(
    me: SignedIn,
    db: web::Data<Db>,
    token: web::Path<String>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::Call)?;
    let (agent, token) = (me.actor.clone(), token.into_inner());
    let reason = pairs.get("reason").unwrap_or("other").to_owned();
    let campaign = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let rules = actions::rulebook(conn)?;
            let lease = actions::own_lease(conn, &agent, &token)?;
            Office::read(conn)?
                .reasons
                .check(ReasonList::Skip, &reason, "reason")?;
            actions::release(conn, now, &agent, &token, &reason, &rules)?;
            actions::drop_draft(conn, &agent, &draft_key(&token))?;
            Ok::<_, AppError>(lease.campaign_id)
        })
        .await?;
    let nothing = lobby::take_next(&db, &me, Some(campaign)).await?;
    let skipped = Flash::new("info", me.context().t("screen-skipped"));
    Ok(redirect_with("/call", &nothing.unwrap_or(skipped)))
}

/// `POST /call/{token}/result`.
pub async fn result(
    me: SignedIn,
    db: web::Data<Db>,
    token: web::Path<String>,
    request: HttpRequest,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::Call)?;
    let token = token.into_inner();
    let answers = Answers::of(&pairs);
    let asked = Once::of(&request, serde_json::to_string(&answers)?.as_bytes())?;
    let written = write_result(&db, &me, &token, &answers, asked, false).await;
    let saved = match written {
        Ok(saved) => saved,
        Err(AppError::Refused(refusal)) if !wants_json(&request) && is_about_form(&refusal) => {
            return typed_again(&db, &me, token, answers, &refusal).await;
        }
        Err(AppError::Refused(refusal)) if !wants_json(&request) && is_lost(&refusal) => {
            return kept(&db, &me, token, answers, *refusal).await;
        }
        Err(error) => return Err(error),
    };
    let goes_on = pairs.get("then").unwrap_or("next") == "next";
    let flash = after(&db, &me, &saved, goes_on).await?;
    Ok(told(&request, "/call", &flash, &saved))
}

/// `POST /call/{token}/late`: the result of a lease that is over, as a call without one.
pub async fn late(
    me: SignedIn,
    db: web::Data<Db>,
    token: web::Path<String>,
    request: HttpRequest,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::RecordCall)?;
    let answers = Answers::of(&pairs);
    let asked = Once::of(&request, serde_json::to_string(&answers)?.as_bytes())?;
    let saved = match write_result(&db, &me, &token, &answers, asked, true).await {
        Ok(saved) => saved,
        Err(AppError::Refused(refusal)) if !wants_json(&request) && is_lost(&refusal) => {
            return kept(&db, &me, token.into_inner(), answers, *refusal).await;
        }
        Err(error) => return Err(error),
    };
    let flash = undoable(&saved);
    Ok(told(&request, "/call", &flash, &saved))
}

fn is_about_form(refusal: &Refusal) -> bool {
    refusal.status == StatusCode::UNPROCESSABLE_ENTITY
}

async fn write_result(
    db: &Db,
    me: &SignedIn,
    token: &str,
    answers: &Answers,
    asked: Once,
    is_late: bool,
) -> AppResult<Saved> {
    let (agent, ctx, token, answers) = (
        me.actor.clone(),
        me.context(),
        token.to_owned(),
        answers.clone(),
    );
    let answer = write_once(db, agent.id(), asked, move |conn, now| {
                let rules = actions::rulebook(conn)?;
                let form = call_form(conn, now, &agent, &rules, &token, &answers, is_late)?;
                let saved = record(conn, &ctx, now, &agent, &form, &rules)?;
                actions::drop_draft(conn, &agent, &draft_key(&token))?;
                Ok(Answer::created(json!({ "call_id": saved.call_id, "text": saved.text, "undo_seconds": saved.undo_seconds })))
})
        .await?;
    Ok(Saved {
        call_id: answer.body["call_id"].as_i64().unwrap_or_default(),
        text: answer.body["text"].as_str().unwrap_or_default().to_owned(),
        undo_seconds: answer.body["undo_seconds"]
            .as_u64()
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(120),
    })
}

/// The call of a lease from what was typed: under the lease, or by company and number where it is over.
pub fn call_form(
    conn: &mut Conn,
    now: NaiveDateTime,
    agent: &Actor,
    rules: &Rulebook,
    token: &str,
    answers: &Answers,
    is_late: bool,
) -> AppResult<CallForm> {
    let lease = actions::own_lease(conn, agent, token)?;
    let open = screen_page::open(conn, now, lease)?;
    let mut form = answers.call(open.calendar(rules).zone(), &open.office.needs)?;
    open.callee.place_person(&mut form);
    let (_, point) = answers.line();
    let other = point.filter(|id| Some(*id) != open.lease.point_id);
    form.phone = open.callee.point(other).map(|p| p.full());
    if is_late {
        form.company = open.lease.company_id;
        form.phone = form.phone.or(open.lease.phone.clone());
        form.direction = Some("out".into());
        form.was_served = true;
    } else {
        form.lease = Some(token.to_owned());
    }
    Ok(form)
}

/// Writes a call and makes its sentence.
pub fn record(
    conn: &mut Conn,
    ctx: &PageContext,
    now: NaiveDateTime,
    agent: &Actor,
    form: &CallForm,
    rules: &Rulebook,
) -> AppResult<Saved> {
    let recorded = record_call(conn, now, agent, rules, form)?;
    let (company, person) = screen::whom(conn, recorded.call_id)?;
    let name = callee::name_of(conn, ctx, company, person)?;
    let result = ctx.code("disposition", &form.disposition);
    let text = match recorded.next_attempt_at {
        Some(at) => ctx.t3(
            "screen-done-next",
            "name",
            name,
            "result",
            result,
            "at",
            ctx.datetime(&at),
        ),
        None => ctx.t2("screen-done", "name", name, "result", result),
    };
    Ok(Saved {
        call_id: recorded.call_id,
        text,
        undo_seconds: rules.calling.undo_seconds,
    })
}

/// What is said after a result; where the agent goes on, the next entry is taken.
async fn after(db: &Db, me: &SignedIn, saved: &Saved, goes_on: bool) -> AppResult<Flash> {
    let mut flash = undoable(saved);
    let agent = me.actor.clone();
    let is_paused = db
        .read(move |conn| lobby::pause_of(conn, &agent))
        .await?
        .is_some();
    if !goes_on || is_paused {
        return Ok(flash);
    }
    match lobby::take_next(db, me, None).await {
        Ok(None) => {}
        Ok(Some(nothing)) => flash.text = format!("{} {}", flash.text, nothing.text),
        // The result stands, whatever becomes of the next one.
        Err(AppError::Refused(refusal)) => {
            let told = problem::tell(me.lang(), &refusal);
            flash.text = format!("{} {}", flash.text, told.text);
        }
        Err(error) => return Err(error),
    }
    Ok(flash)
}

/// A flash that can be taken back.
pub fn undoable(saved: &Saved) -> Flash {
    Flash {
        undo: Some(UndoAction {
            href: format!("/calls/{}/undo", saved.call_id),
            seconds: saved.undo_seconds,
        }),
        ..Flash::new("good", saved.text.clone())
    }
}

/// The answer after a result: where to go, with the flash waiting there.
pub fn told(request: &HttpRequest, to: &str, flash: &Flash, saved: &Saved) -> HttpResponse {
    let redirect = redirect_with(to, flash);
    if !wants_json(request) {
        return redirect;
    }
    let mut answer = HttpResponse::Ok();
    for cookie in redirect.cookies() {
        answer.cookie(cookie.into_owned());
    }
    answer.json(json!({ "next": to, "text": saved.text, "call_id": saved.call_id }))
}

async fn typed_again(
    db: &Db,
    me: &SignedIn,
    token: String,
    answers: Answers,
    refusal: &Refusal,
) -> AppResult<HttpResponse> {
    let (agent, ctx) = (me.actor.clone(), me.context());
    let told = problem::tell(me.lang(), refusal);
    let page = db
        .read(move |conn| {
            let rules = actions::rulebook(conn)?;
            let lease = own(conn, &agent, &token)?;
            let open: Open = screen_page::open(conn, ctx.now, lease)?;
            let error = Refused {
                text: told.text,
                remedy: told.remedy,
            };
            screen_page::again(conn, ctx, &agent, &rules, &open, &answers, error)
        })
        .await?;
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
