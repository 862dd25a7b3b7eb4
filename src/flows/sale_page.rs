//! `/companies/{id}/sale`: how far the sale is, what a stage asks, what is agreed, and how the company can be let go.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::Value;

use super::company_access;
use crate::accounts::{Role, SignedIn, Verb};
use crate::platform::calendar::zone;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::{PageContext, html};
use crate::registry::actions::group_of;
use crate::selling::actions::{self, book};
use crate::selling::model::{Opportunity, StageChange};
use crate::selling::pages::shown::back;
use crate::selling::registration::registrations;
use crate::selling::rules::stages::{Evidence, Stage};
use crate::selling::sale as queries;

/// A stage with what it asks and how often it was entered.
struct StageView {
    code: &'static str,
    name: String,
    times: usize,
    asks: Vec<AskView>,
    is_open: bool,
    is_reached: bool,
}

struct AskView {
    code: &'static str,
    label: String,
    kind: &'static str,
}

/// Something that happened to a sale.
pub(super) struct StepView {
    /// When.
    pub at: NaiveDateTime,
    /// The stage, or how it ended.
    pub title: String,
    /// What was answered.
    pub lines: Vec<String>,
    /// Nothing happened yet: the rep has the company.
    pub is_beginning: bool,
}

#[derive(Template)]
#[template(path = "selling/sale.html")]
struct SalePage {
    ctx: PageContext,
    company_id: i64,
    name: String,
    grade: String,
    lead: String,
    opportunity: Option<i64>,
    stages: Vec<StageView>,
    story: Vec<StepView>,
    registered: Option<String>,
    is_own: bool,
    kinds: Vec<(&'static str, String)>,
    today: NaiveDate,
}

async fn show(me: SignedIn, db: web::Data<Db>, id: web::Path<i64>) -> AppResult<HttpResponse> {
    me.require(Verb::Sell)?;
    let id = *id;
    let page = db.read(move |conn| build(conn, &me, id)).await?;
    html(&page)
}

fn build(conn: &mut Conn, me: &SignedIn, id: i64) -> AppResult<SalePage> {
    let ctx = me.context();
    let (root, access) = company_access::open(conn, &me.actor, id, Verb::Sell, me.now)?;
    let group = group_of(conn, root)?;
    let all = queries::opportunities(conn, &group)?;
    let ids: Vec<i64> = all.iter().map(|o| o.id).collect();
    let changes = queries::stages(conn, &ids)?;
    let open = all.iter().find(|o| o.is_open());
    let book = book(conn)?;
    let registered = registrations(conn, &group, book.today(me.now))?.pop();
    let (_, _, name, grade) = queries::company_names(conn, &[root])?
        .pop()
        .ok_or_else(AppError::not_found)?;
    Ok(SalePage {
        company_id: root,
        lead: lead(&ctx, all.first()),
        opportunity: open.map(|o| o.id),
        stages: stages(&ctx, open, &changes),
        story: story(&ctx, &all, &changes),
        registered: registered.map(|r| {
            ctx.t2(
                "sale-registered",
                "project",
                r.project,
                "day",
                ctx.date(&r.protected_until),
            )
        }),
        is_own: access.is_of(&me.actor) && me.actor.roles.has(Role::Rep),
        kinds: actions::KINDS
            .iter()
            .map(|kind| (*kind, ctx.code("appointment", kind)))
            .collect(),
        today: book.today(me.now),
        name,
        grade: grade.unwrap_or_default(),
        ctx,
    })
}

/// Where the latest sale stands, in one line.
fn lead(ctx: &PageContext, latest: Option<&Opportunity>) -> String {
    let Some(sale) = latest else {
        return ctx.t("sale-none");
    };
    let amount = match (sale.amount_minor, &sale.currency) {
        (Some(minor), Some(currency)) => ctx.money(&minor, currency),
        _ => String::new(),
    };
    let parts = [
        ctx.code("sale-state", &sale.state),
        ctx.t(sale.stage().key()),
        amount,
        sale.lost_reason.clone().unwrap_or_default(),
        sale.competitor.clone().unwrap_or_default(),
    ];
    let said: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    said.join(" · ")
}

fn stages(
    ctx: &PageContext,
    open: Option<&Opportunity>,
    changes: &[StageChange],
) -> Vec<StageView> {
    let entered = |stage: Stage| {
        let mine = changes
            .iter()
            .filter(|c| Some(c.opportunity_id) == open.map(|o| o.id));
        mine.filter(|c| c.stage == stage.code()).count()
    };
    Stage::ALL
        .iter()
        .map(|stage| {
            let times = entered(*stage);
            StageView {
                code: stage.code(),
                name: ctx.t(stage.key()),
                times,
                asks: stage.asks().iter().map(|e| ask(ctx, *e)).collect(),
                is_open: !stage.asks().is_empty() && (times == 0 || stage.is_repeated()),
                is_reached: times > 0,
            }
        })
        .collect()
}

fn ask(ctx: &PageContext, evidence: Evidence) -> AskView {
    AskView {
        code: evidence.code(),
        label: ctx.t(evidence.key()),
        kind: match evidence {
            Evidence::On => "date",
            Evidence::SealedFirst => "yes_no",
            _ => "text",
        },
    }
}

/// What happened, the latest first.
pub(super) fn story(
    ctx: &PageContext,
    all: &[Opportunity],
    changes: &[StageChange],
) -> Vec<StepView> {
    let currency_of = |change: &StageChange| {
        let sale = all.iter().find(|o| o.id == change.opportunity_id);
        sale.and_then(|o| o.currency.as_deref()).unwrap_or("CNY")
    };
    let mut steps: Vec<StepView> = changes
        .iter()
        .map(|change| {
            let stage = Stage::from_code(&change.stage).unwrap_or(Stage::Listed);
            let name = ctx.t(stage.key());
            StepView {
                at: change.at,
                title: match change.nth {
                    1 => name,
                    nth => ctx.t2("sale-nth", "stage", name, "n", i64::from(nth)),
                },
                lines: answers(ctx, &change.evidence, currency_of(change)),
                is_beginning: stage == Stage::Listed,
            }
        })
        .collect();
    steps.extend(all.iter().filter_map(|sale| {
        let lines = [sale.lost_reason.clone(), sale.competitor.clone()];
        Some(StepView {
            at: sale.closed_at?,
            title: ctx.code("sale-state", &sale.state),
            lines: lines.into_iter().flatten().collect(),
            is_beginning: false,
        })
    }));
    steps.sort_by_key(|step| std::cmp::Reverse(step.at));
    steps
}

fn answers(ctx: &PageContext, stored: &str, currency: &str) -> Vec<String> {
    let given: BTreeMap<String, Value> = serde_json::from_str(stored).unwrap_or_default();
    Evidence::ALL
        .iter()
        .filter_map(|asked| {
            let value = match given.get(asked.code())? {
                Value::Bool(yes) => ctx.t(if *yes { "company-yes" } else { "company-no" }),
                Value::Number(n) => ctx.money(&n.as_i64().unwrap_or(0), currency),
                Value::String(text) => text.clone(),
                _ => return None,
            };
            Some(ctx.t2("sale-answer", "what", ctx.t(asked.key()), "said", value))
        })
        .collect()
}

/// Does one thing with a company that somebody sells to, and goes back to its sale.
async fn act(
    me: SignedIn,
    db: web::Data<Db>,
    id: i64,
    text: &'static str,
    work: impl FnOnce(&mut Conn, NaiveDateTime, &SignedIn, i64) -> AppResult<()> + Send + 'static,
) -> AppResult<HttpResponse> {
    me.require(Verb::Sell)?;
    let ctx = me.context();
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let (root, _) = company_access::open(conn, &me.actor, id, Verb::Sell, now)?;
            work(conn, now, &me, root)
        })
        .await;
    let to = format!("/companies/{id}/sale");
    back(&ctx, &to, done.map(|()| ctx.t(text)))
}

/// `POST /companies/{id}/sale`: a stage of the open opportunity is entered, or the sale is lost.
async fn move_on(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    act(me, db, *id, "sale-done", move |conn, now, me, root| {
        let group = group_of(conn, root)?;
        let open = queries::opportunities(conn, &group)?;
        let open = open.into_iter().find(|o| o.is_open());
        let open = open.ok_or_else(|| AppError::conflict("opportunity_closed"))?;
        let book = book(conn)?;
        let code = sent.get("stage").unwrap_or_default();
        if code == "lost" {
            let lost = (
                sent.get("reason").unwrap_or_default(),
                sent.get("competitor").unwrap_or_default(),
            );
            actions::lose_sale(conn, now, &me.actor, &book, open.id, lost)?;
            return Ok(());
        }
        let stage =
            Stage::from_code(code).ok_or_else(|| AppError::invalid("stage_unknown", "stage"))?;
        let answers = sent.0.iter().cloned().collect();
        actions::enter_stage(conn, now, &me.actor, &book, open.id, (stage, &answers))?;
        Ok(())
    })
    .await
}

/// `POST /companies/{id}/registration`.
async fn register(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    act(
        me,
        db,
        *id,
        "sale-done-registered",
        move |conn, now, me, root| {
            let book = book(conn)?;
            let project = sent.get("project").unwrap_or_default();
            actions::register(conn, now, &me.actor, &book, root, project)?;
            Ok(())
        },
    )
    .await
}

/// `POST /companies/{id}/contact`: a visit or a call outside of every queue.
async fn met(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    act(me, db, *id, "sale-done-met", move |conn, now, me, root| {
        let kind = match sent.get("kind") {
            Some("call") => "call",
            _ => "visit",
        };
        actions::met(conn, now, &me.actor, root, kind, sent.get("note"))
    })
    .await
}

/// `POST /companies/{id}/appointments`.
async fn agree(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::AnswerHandovers)?;
    let office = me.context().zone;
    act(
        me,
        db,
        *id,
        "sale-done-agreed",
        move |conn, now, me, root| {
            let wrong = || AppError::invalid("appointment_unreadable", "begins_at");
            let day: NaiveDate = sent
                .get("day")
                .and_then(|d| d.parse().ok())
                .ok_or_else(wrong)?;
            let time = sent.get("time").unwrap_or_default();
            let time = NaiveTime::parse_from_str(time, "%H:%M").map_err(|_| wrong())?;
            let begins_at = zone::to_utc(office, day.and_time(time));
            let minutes = sent
                .get("minutes")
                .and_then(|m| m.parse().ok())
                .unwrap_or(60);
            let kind = sent.get("kind").unwrap_or("visit");
            let what = (kind, begins_at, minutes);
            let note = sent.get("note").unwrap_or_default();
            actions::agree(conn, now, &me.actor, Some(root), what, note)?;
            Ok(())
        },
    )
    .await
}

/// `POST /companies/{id}/release`: into the pool, with a reason.
async fn release(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::Sell)?;
    let (ctx, id) = (me.context(), *id);
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let (root, _) = company_access::open(conn, &me.actor, id, Verb::Sell, now)?;
            let book = book(conn)?;
            let reason = sent.get("reason").unwrap_or_default();
            actions::release(conn, now, &me.actor, &book, root, reason)
        })
        .await;
    let to = match done.is_ok() {
        true => "/".to_owned(),
        false => format!("/companies/{id}/sale"),
    };
    let text = ctx.t("sale-done-released");
    back(&ctx, &to, done.map(|()| text))
}

/// Routes of this flow.
#[rustfmt::skip] // one route a line, read as a table
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/companies/{id:\\d+}/sale").route(web::get().to(show)).route(web::head().to(show)).route(web::post().to(move_on)))
        .route("/companies/{id:\\d+}/registration", web::post().to(register))
        .route("/companies/{id:\\d+}/contact", web::post().to(met))
        .route("/companies/{id:\\d+}/appointments", web::post().to(agree))
        .route("/companies/{id:\\d+}/release", web::post().to(release));
}
