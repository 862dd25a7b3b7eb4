//! `/handovers`: what a rep has to accept and whom to contact; for the manager everything, and what to assign.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::shown::{OfferView, back, views};
use crate::accounts::{SignedIn, Verb, Whose, user_names};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::{Form, Pairs};
use crate::platform::page::{PageContext, html};
use crate::selling::actions::{self, book};
use crate::selling::queries::{self, Asked};
use crate::selling::rules::explain::explain;
use crate::selling::rules::handover::HandoverState;

/// Hand-overs of a page.
const MOST: i64 = 50;

/// The tabs: a state each; the first shows what is open.
const TABS: [(&str, &str); 7] = [
    ("", "handover-tab-open"),
    ("with_manager", "handover-state-with-manager"),
    ("accepted", "handover-state-accepted"),
    ("rejected", "handover-state-rejected"),
    ("lapsed", "handover-state-lapsed"),
    ("pooled", "handover-state-pooled"),
    ("withdrawn", "handover-state-withdrawn"),
];

struct Tab {
    code: &'static str,
    label: String,
    count: Option<i64>,
    current: bool,
}

#[derive(Template)]
#[template(path = "selling/handovers.html")]
struct HandoversPage {
    ctx: PageContext,
    lead: String,
    tabs: Vec<Tab>,
    rows: Vec<OfferView>,
    may_assign: bool,
    reps: Vec<(i64, String)>,
    /// The tab that is shown.
    state: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    state: String,
}

pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    query: web::Query<Query>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeHandovers)?;
    let state = query.into_inner().state;
    let page = db.read(move |conn| build(conn, &me, &state)).await?;
    html(&page)
}

fn build(conn: &mut Conn, me: &SignedIn, state: &str) -> AppResult<HandoversPage> {
    let ctx = me.context();
    let whose = Whose::of(conn, &me.actor)?;
    let is_manager = whose.is_managers();
    let known = HandoverState::from_code(state).map(|s| s.code().to_owned());
    let book = book(conn)?;
    let mut found = match (&known, is_manager) {
        (None, false) => queries::of_rep(conn, me.actor.id(), 200)?,
        _ => {
            let asked = Asked {
                whose: whose.clone(),
                state: known.clone(),
                before: None,
                limit: MOST,
            };
            queries::list(conn, &asked)?
        }
    };
    if known.as_deref().is_none_or(|state| state == "with_manager") && is_manager {
        found.sort_by_key(|h| (h.due_at.is_none(), h.due_at));
    }
    let rows = views(conn, &ctx, book.office(), me.actor.id(), &found)?;
    let counts: HashMap<String, i64> = match is_manager {
        true => queries::counts(conn, &whose)?.into_iter().collect(),
        false => HashMap::new(),
    };
    let of = |code: &str| counts.get(code).copied();
    let tabs = TABS
        .iter()
        .filter(|(code, _)| is_manager || *code != "with_manager")
        .map(|(code, key)| Tab {
            code,
            label: ctx.t(key),
            count: of(code),
            current: known.as_deref().unwrap_or_default() == *code,
        })
        .collect();
    let open = rows.iter().filter(|r| r.is_mine).count();
    Ok(HandoversPage {
        lead: match is_manager {
            true => ctx.t2(
                "handover-lead-manager",
                "offered",
                of("offered").unwrap_or(0) + of("warned").unwrap_or(0),
                "waiting",
                of("with_manager").unwrap_or(0),
            ),
            false => ctx.t1("handover-lead-rep", "n", open),
        },
        tabs,
        rows,
        state: known.unwrap_or_default(),
        may_assign: is_manager,
        reps: queries::reps(conn)?
            .into_iter()
            .filter(|(id, ..)| whose.includes(*id))
            .map(|(id, name, load, _)| {
                let label = ctx.t2("handover-rep-load", "name", name, "n", load);
                (id, label)
            })
            .collect(),
        ctx,
    })
}

/// One step of the way of a hand-over.
struct StepView {
    at: chrono::NaiveDateTime,
    state: String,
    rep: String,
    why: Vec<String>,
    reason: String,
}

#[derive(Template)]
#[template(path = "selling/handover.html")]
struct HandoverPage {
    ctx: PageContext,
    row: OfferView,
    steps: Vec<StepView>,
}

/// `/handovers/{id}`: its way, each assignment with its reasons.
pub(super) async fn detail(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeHandovers)?;
    let id = *id;
    let page = db.read(move |conn| build_one(conn, &me, id)).await?;
    html(&page)
}

fn build_one(conn: &mut Conn, me: &SignedIn, id: i64) -> AppResult<HandoverPage> {
    let ctx = me.context();
    let found = queries::handover(conn, id)?.ok_or_else(AppError::not_found)?;
    let moves = queries::moves(conn, id)?;
    if !actions::sees(conn, &me.actor, &found)? {
        return Err(AppError::not_found());
    }
    let book = book(conn)?;
    let row = views(conn, &ctx, book.office(), me.actor.id(), &[found])?
        .pop()
        .ok_or_else(AppError::not_found)?;
    let reps: Vec<i64> = moves.iter().filter_map(|m| m.rep_id).collect();
    let names = user_names(conn, &reps)?;
    let steps = moves
        .into_iter()
        .map(|m| {
            let json = |text: &Option<String>| text.clone().unwrap_or_default();
            let inputs = serde_json::from_str(&json(&m.inputs)).unwrap_or_default();
            let decision = serde_json::from_str(&json(&m.why)).unwrap_or_default();
            StepView {
                at: m.at,
                state: ctx.code("handover-state", &m.state),
                rep: m
                    .rep_id
                    .and_then(|id| names.get(&id).cloned())
                    .unwrap_or_default(),
                why: explain(ctx.language, &inputs, &decision),
                reason: m.reason.unwrap_or_default(),
            }
        })
        .collect();
    Ok(HandoverPage { row, steps, ctx })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    reason: String,
    next: String,
}

impl Answer {
    /// Where somebody came from: this page, or today.
    fn next(&self) -> &str {
        if self.next == "/" { "/" } else { "/handovers" }
    }
}

/// `POST /handovers/{id}/accept`.
pub(super) async fn accept(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<Answer>,
) -> AppResult<HttpResponse> {
    me.require(Verb::AnswerHandovers)?;
    let (ctx, id) = (me.context(), *id);
    let told = ctx.clone();
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let book = book(conn)?;
            let done = actions::accept(conn, now, &me.actor, &book, id)?;
            let by = done
                .contact_by
                .map(|at| told.datetime(&at))
                .unwrap_or_default();
            let name = queries::company_names(conn, &[done.company_id])?.pop();
            let name = name.map(|(_, _, name, _)| name).unwrap_or_default();
            Ok::<_, AppError>(told.t2("handover-done-accepted", "company", name, "by", by))
        })
        .await;
    back(&ctx, form.next(), done)
}

/// `POST /handovers/{id}/reject`.
pub(super) async fn reject(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<Answer>,
) -> AppResult<HttpResponse> {
    me.require(Verb::AnswerHandovers)?;
    let (ctx, id, reason) = (me.context(), *id, form.reason.clone());
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let book = book(conn)?;
            actions::reject(conn, now, &me.actor, &book, id, &reason)
        })
        .await;
    let text = ctx.t("handover-done-rejected");
    back(&ctx, form.next(), done.map(|_| text))
}

/// `POST /handovers/give`: the chosen ones go to a rep.
pub(super) async fn give(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::Reassign)?;
    let ctx = me.context();
    let companies: Vec<i64> = sent
        .all("company")
        .filter_map(|id| id.parse().ok())
        .collect();
    let rep: i64 = sent.get("rep").and_then(|id| id.parse().ok()).unwrap_or(0);
    let n = companies.len();
    let to = match sent.get("state").and_then(HandoverState::from_code) {
        Some(state) => format!("/handovers?state={}", state.code()),
        None => "/handovers".to_owned(),
    };
    if n == 0 {
        return back(
            &ctx,
            &to,
            Err(AppError::invalid("handover_none_chosen", "company")),
        );
    }
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let book = book(conn)?;
            for company in companies {
                actions::give(conn, now, &me.actor, &book, company, rep)?;
            }
            Ok::<_, AppError>(())
        })
        .await;
    let text = ctx.t1("handover-done-given", "n", n);
    back(&ctx, &to, done.map(|()| text))
}

/// `POST /notices/seen`: what one has read goes away.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    upto: i64,
}

pub(super) async fn seen(
    me: SignedIn,
    db: web::Data<Db>,
    form: Form<Seen>,
) -> AppResult<HttpResponse> {
    let upto = form.upto;
    db.write(move |conn| {
        let now = clock::now(conn)?;
        actions::put_aside(conn, now, &me.actor, upto)
    })
    .await?;
    Ok(crate::platform::page::see_other("/"))
}
