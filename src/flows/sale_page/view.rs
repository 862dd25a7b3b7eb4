//! The page: how far the sale is, what a stage asks, and what happened.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use serde_json::Value;

use super::appointment::AppointmentForm;
use crate::accounts::{SignedIn, Verb};
use crate::flows::company_access;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::page::{PageContext, html};
use crate::platform::settings;
use crate::registry::actions::group_of;
use crate::selling::actions::{self, book};
use crate::selling::model::{Opportunity, StageChange};
use crate::selling::registration::registrations;
use crate::selling::rules::stage_list::StageList;
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
pub struct StepView {
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
pub(super) struct SalePage {
    ctx: PageContext,
    company_id: i64,
    name: String,
    grade: String,
    lead: String,
    opportunity: Option<i64>,
    stages: Vec<StageView>,
    story: Vec<StepView>,
    registered: Option<String>,
    pub is_own: bool,
    kinds: Vec<(&'static str, String)>,
    today: NaiveDate,
    /// The form of an appointment.
    appointment: AppointmentForm,
}

pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::Sell)?;
    let id = *id;
    let page = db.read(move |conn| build(conn, &me, id, None)).await?;
    html(&page)
}

/// The page, with the form of an appointment as it was typed where it is shown again.
pub(super) fn build(
    conn: &mut Conn,
    me: &SignedIn,
    id: i64,
    typed: Option<AppointmentForm>,
) -> AppResult<SalePage> {
    let ctx = me.context();
    let (root, access) = company_access::open(conn, &me.actor, id, Verb::Sell, me.now)?;
    let group = group_of(conn, root)?;
    let all = queries::opportunities(conn, &group)?;
    let ids: Vec<i64> = all.iter().map(|o| o.id).collect();
    let changes = queries::stages(conn, &ids)?;
    let open = all.iter().find(|o| o.is_open());
    let book = book(conn)?;
    let list = settings::load::<StageList>(conn)?.value;
    let registered = registrations(conn, &group, book.today(me.now))?.pop();
    let (_, _, name, grade) = queries::company_names(conn, &[root])?
        .pop()
        .ok_or_else(AppError::not_found)?;
    Ok(SalePage {
        company_id: root,
        lead: lead(&ctx, &list, all.first()),
        opportunity: open.map(|o| o.id),
        stages: stages(&ctx, &list, open.or(all.first()), &changes),
        story: story(&ctx, &list, &all, &changes),
        registered: registered.map(|r| {
            ctx.t2(
                "sale-registered",
                "project",
                r.project,
                "day",
                ctx.date(&r.protected_until),
            )
        }),
        is_own: access.is_of(&me.actor) && me.require(Verb::AnswerHandovers).is_ok(),
        kinds: actions::KINDS
            .iter()
            .map(|kind| (*kind, ctx.code("appointment", kind)))
            .collect(),
        today: book.today(me.now),
        appointment: typed.unwrap_or_else(|| AppointmentForm::proposed(book.office(), me.now)),
        name,
        grade: grade.unwrap_or_default(),
        ctx,
    })
}

/// Who won a lost sale, if that is known.
fn lost_to(ctx: &PageContext, sale: &Opportunity) -> Option<String> {
    let who = sale.competitor.clone().filter(|who| !who.is_empty())?;
    Some(ctx.t1("sale-lost-to", "who", who))
}

/// Where the latest sale stands, in one line.
fn lead(ctx: &PageContext, list: &StageList, latest: Option<&Opportunity>) -> String {
    let Some(sale) = latest else {
        return ctx.t("sale-none");
    };
    let amount = match (sale.amount_minor, &sale.currency) {
        (Some(minor), Some(currency)) => ctx.money(&minor, currency),
        _ => String::new(),
    };
    let parts = [
        ctx.code("sale-state", &sale.state),
        list.name(sale.stage(), ctx.language),
        amount,
        sale.lost_reason.clone().unwrap_or_default(),
        lost_to(ctx, sale).unwrap_or_default(),
    ];
    let said: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    said.join(" · ")
}

fn stages(
    ctx: &PageContext,
    list: &StageList,
    shown: Option<&Opportunity>,
    changes: &[StageChange],
) -> Vec<StageView> {
    let entered = |stage: Stage| {
        let mine = changes
            .iter()
            .filter(|c| Some(c.opportunity_id) == shown.map(|o| o.id));
        mine.filter(|c| c.stage == stage.code()).count()
    };
    let beginning = StageView {
        code: Stage::Listed.code(),
        name: list.name(Stage::Listed, ctx.language),
        times: entered(Stage::Listed),
        asks: Vec::new(),
        is_open: false,
        is_reached: shown.is_some(),
    };
    let doors = list.0.iter().filter_map(|rule| {
        let times = entered(rule.stage);
        (rule.active || times > 0).then(|| StageView {
            code: rule.stage.code(),
            name: list.name(rule.stage, ctx.language),
            times,
            asks: rule.asks.iter().map(|e| ask(ctx, *e)).collect(),
            is_open: rule.active && (times == 0 || rule.repeated),
            is_reached: times > 0,
        })
    });
    std::iter::once(beginning).chain(doors).collect()
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
pub fn story(
    ctx: &PageContext,
    list: &StageList,
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
            let name = list.name(stage, ctx.language);
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
        let lines = [sale.lost_reason.clone(), lost_to(ctx, sale)];
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
                Value::String(text) => match text.parse::<NaiveDate>() {
                    Ok(day) if *asked == Evidence::On => ctx.date(&day),
                    _ => text.clone(),
                },
                _ => return None,
            };
            Some(ctx.t2("sale-answer", "what", ctx.t(asked.key()), "said", value))
        })
        .collect()
}
