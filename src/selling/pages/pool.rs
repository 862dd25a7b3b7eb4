//! `/pool`: what nobody has, numbers masked until it is claimed.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{NaiveDateTime, TimeDelta};
use serde::Deserialize;

use super::shown::back;
use crate::accounts::{Object, SignedIn, Verb, may};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::page::{PageContext, html};
use crate::registry::rules::region;
use crate::selling::actions::{self, book};
use crate::selling::queries;
use crate::selling::rules::explain::{heads, place, trade};

/// Companies of a page.
const PAGE: i64 = 50;

struct Row {
    id: i64,
    name: String,
    grade: String,
    place: String,
    trade: String,
    size: String,
    completeness: i64,
    touched: Option<NaiveDateTime>,
    left: Option<NaiveDateTime>,
    whose: String,
    /// Whoever looks had it not long ago.
    was_mine: bool,
}

#[derive(Template)]
#[template(path = "selling/pool.html")]
struct PoolPage {
    ctx: PageContext,
    lead: String,
    region: String,
    grade: String,
    grades: [&'static str; 4],
    rows: Vec<Row>,
    next: Option<String>,
    shown: String,
    may_claim: bool,
    again_days: i64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    region: String,
    grade: String,
    cursor: String,
}

pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    query: web::Query<Query>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeePool)?;
    let query = query.into_inner();
    let page = db.read(move |conn| build(conn, &me, &query)).await?;
    html(&page)
}

fn build(conn: &mut Conn, me: &SignedIn, query: &Query) -> AppResult<PoolPage> {
    let ctx = me.context();
    let book = book(conn)?;
    let found =
        region::by_name(query.region.trim()).or_else(|| region::by_code(query.region.trim()));
    let prefix = found.map(|p| p.prefix());
    let grade = Some(query.grade.as_str()).filter(|g| ["A", "B", "C", "D"].contains(g));
    let after = query
        .cursor
        .split_once('.')
        .and_then(|(score, id)| Some((score.parse().ok()?, id.parse().ok()?)));
    let found = queries::pool(conn, prefix, grade, after, PAGE)?;
    let next = found
        .last()
        .filter(|_| found.len() as i64 == PAGE)
        .map(|(row, score)| {
            format!(
                "/pool?region={}&grade={}&cursor={score}.{}",
                query.region, query.grade, row.0
            )
        });
    let lang = ctx.language;
    let again_days = i64::from(book.pool.not_again_days);
    let since = book.day_start(ctx.now) - TimeDelta::days(again_days - 1);
    let let_go = queries::let_go_since(conn, me.actor.id(), since)?;
    let rows: Vec<Row> = found
        .into_iter()
        .map(
            |((id, name, grade, region, industry, size, completeness, touched, left, whose), _)| {
                Row {
                    id,
                    name,
                    grade: grade.unwrap_or_default(),
                    place: region.map(|c| place(lang, &c)).unwrap_or_default(),
                    trade: industry.map(|c| trade(lang, &c)).unwrap_or_default(),
                    size: size
                        .and_then(|s| i32::try_from(s).ok())
                        .map(|s| heads(lang, s))
                        .unwrap_or_default(),
                    completeness,
                    touched,
                    left,
                    whose: whose.unwrap_or_default(),
                    was_mine: let_go.contains(&id),
                }
            },
        )
        .collect();
    let may_claim = may(&me.actor, Verb::ClaimFromPool, Object::Any);
    let lead = if may_claim {
        let (owned, _) = queries::owned(conn, me.actor.id())?;
        let claimed = queries::claims_since(conn, me.actor.id(), book.day_start(ctx.now))?;
        let left = (book.pool.claims_a_day - claimed).max(0);
        ctx.t3(
            "pool-lead",
            "left",
            left,
            "owned",
            owned,
            "cap",
            book.pool.cap,
        )
    } else {
        ctx.t("pool-lead-manager")
    };
    Ok(PoolPage {
        lead,
        shown: ctx.t1("pool-shown", "n", rows.len()),
        region: query.region.clone(),
        grade: query.grade.clone(),
        grades: ["A", "B", "C", "D"],
        rows,
        next,
        may_claim,
        again_days,
        ctx,
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct Claim {
    company: i64,
}

/// `POST /pool/claim`.
pub(super) async fn claim(
    me: SignedIn,
    db: web::Data<Db>,
    form: Form<Claim>,
) -> AppResult<HttpResponse> {
    me.require(Verb::ClaimFromPool)?;
    let (ctx, company) = (me.context(), form.company);
    let told = ctx.clone();
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let book = book(conn)?;
            let root = actions::claim(conn, now, &me.actor, &book, company)?;
            let name = queries::company_names(conn, &[root])?.pop();
            let name = name.map(|(_, _, name, _)| name).unwrap_or_default();
            Ok::<_, AppError>(told.t1("pool-done-claimed", "company", name))
        })
        .await;
    back(&ctx, "/pool", done)
}
