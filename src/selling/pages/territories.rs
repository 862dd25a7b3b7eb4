//! `/territories`: who has which part of the market, where parts overlap or nobody is, and whose a company would be.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::matrix::{MatrixView, matrix_view};
use super::shown::back;
use crate::accounts::{SignedIn, Verb, user_names};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::{Form, Pairs};
use crate::platform::page::{PageContext, html};
use crate::registry::rules::{industry, region};
use crate::registry::search;
use crate::selling::actions::{self, book};
use crate::selling::queries;
use crate::selling::rules::assign::decide;
use crate::selling::rules::explain::{heads, in_one_line, place, reach, trade};
use crate::selling::rules::territory::Reach;

struct TerritoryView {
    id: i64,
    rep: String,
    user_id: i64,
    what: String,
    regions: String,
    industries: String,
    sizes: Vec<i32>,
}

struct LeaveView {
    id: i64,
    text: String,
}

/// A company that was tried.
struct Tried {
    name: String,
    why: String,
}

/// Companies that a change of the map would move.
struct Strangers {
    user_id: i64,
    text: String,
}

#[derive(Template)]
#[template(path = "selling/territories.html")]
struct TerritoriesPage {
    ctx: PageContext,
    rows: Vec<TerritoryView>,
    reps: Vec<(i64, String)>,
    sizes: Vec<(i32, String)>,
    sections: Vec<(&'static str, String)>,
    matrix: MatrixView,
    leaves: Vec<LeaveView>,
    asked: String,
    tried: Vec<Tried>,
    strangers: Option<Strangers>,
    edited: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    company: String,
    edit: Option<i64>,
    moved: Option<i64>,
}

pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    query: web::Query<Query>,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditTerritories)?;
    let query = query.into_inner();
    let page = db.read(move |conn| build(conn, &me, &query)).await?;
    html(&page)
}

fn build(conn: &mut Conn, me: &SignedIn, query: &Query) -> AppResult<TerritoriesPage> {
    let ctx = me.context();
    let lang = ctx.language;
    let reps: Vec<(i64, String)> = queries::reps(conn)?
        .into_iter()
        .map(|(id, name, ..)| (id, name))
        .collect();
    let rows = queries::territories(conn)?;
    let users: Vec<i64> = rows.iter().map(|r| r.user_id).collect();
    let names = user_names(conn, &users)?;
    let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
    let words = |codes: &[String], one: &dyn Fn(&str) -> String| {
        codes.iter().map(|c| one(c)).collect::<Vec<_>>().join("、")
    };
    let rows = rows
        .iter()
        .map(|row| {
            let drawn = row.drawn();
            TerritoryView {
                id: row.id,
                rep: name(row.user_id),
                user_id: row.user_id,
                what: reach(lang, &drawn.reach),
                regions: words(&drawn.reach.regions, &|c| place(lang, c)),
                industries: words(&drawn.reach.industries, &|c| trade(lang, c)),
                sizes: drawn.reach.sizes,
            }
        })
        .collect();
    Ok(TerritoriesPage {
        rows,
        sizes: (1..=5).map(|class| (class, heads(lang, class))).collect(),
        sections: industry::all()
            .iter()
            .map(|i| (i.code, trade(lang, i.code)))
            .collect(),
        matrix: matrix_view(conn, &ctx)?,
        leaves: leaves(conn, &ctx)?,
        tried: tried(conn, &ctx, query.company.trim())?,
        asked: query.company.clone(),
        strangers: match query.moved {
            Some(user) => strangers(conn, &ctx, user)?,
            None => None,
        },
        edited: query.edit,
        reps,
        ctx,
    })
}

fn leaves(conn: &mut Conn, ctx: &PageContext) -> AppResult<Vec<LeaveView>> {
    let book = book(conn)?;
    let found = queries::absences(conn, book.today(ctx.now))?;
    let ids: Vec<i64> = found
        .iter()
        .flat_map(|a| [Some(a.user_id), a.deputy_id])
        .flatten()
        .collect();
    let names = user_names(conn, &ids)?;
    let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
    Ok(found
        .iter()
        .map(|a| {
            let days = ctx.t2(
                "territory-days",
                "from",
                ctx.date(&a.from_on),
                "to",
                ctx.date(&a.to_on),
            );
            LeaveView {
                id: a.id,
                text: match a.deputy_id {
                    Some(deputy) => ctx.t3(
                        "territory-leave-deputy",
                        "name",
                        name(a.user_id),
                        "days",
                        days,
                        "deputy",
                        name(deputy),
                    ),
                    None => ctx.t2("territory-leave", "name", name(a.user_id), "days", days),
                },
            }
        })
        .collect())
}

/// Whose a company would be, for the first few that a text finds.
fn tried(conn: &mut Conn, ctx: &PageContext, text: &str) -> AppResult<Vec<Tried>> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let book = book(conn)?;
    let roots = match text.parse::<i64>() {
        Ok(id) if id > 0 => vec![crate::registry::actions::root_of(conn, id)?],
        _ => search::find(conn, text, 5)?,
    };
    let mut found = Vec::new();
    for root in roots {
        let inputs = actions::inputs(conn, ctx.now, &book, root, Vec::new())?;
        let decision = decide(&inputs);
        let name = queries::company_names(conn, &[root])?.pop();
        found.push(Tried {
            name: name.map(|(_, _, name, _)| name).unwrap_or_default(),
            why: in_one_line(ctx.language, &inputs, &decision),
        });
    }
    Ok(found)
}

/// What the new map says about companies that a rep has already.
fn strangers(conn: &mut Conn, ctx: &PageContext, user_id: i64) -> AppResult<Option<Strangers>> {
    let found = actions::strangers(conn, user_id)?;
    if found.is_empty() {
        return Ok(None);
    }
    let name = user_names(conn, &[user_id])?.remove(&user_id);
    let name = name.unwrap_or_default();
    Ok(Some(Strangers {
        user_id,
        text: ctx.t2("territory-strangers", "name", name, "n", found.len()),
    }))
}

/// What was typed into the form of a territory.
fn read(sent: &Pairs) -> AppResult<(i64, Reach)> {
    let names =
        |field: &'static str, code: &dyn Fn(&str) -> Option<String>| -> AppResult<Vec<String>> {
            let typed = sent
                .all(field)
                .flat_map(|text| text.split([',', '，', '、', ';', '；', '\n']));
            typed
                .map(str::trim)
                .filter(|word| !word.is_empty())
                .map(|word| {
                    code(word).ok_or_else(|| {
                        AppError::invalid("territory_code_unknown", field).with("value", word)
                    })
                })
                .collect()
        };
    let regions = names("region", &|word| {
        let found = region::by_name(word).or_else(|| region::by_code(word));
        found.map(|p| p.code.to_owned())
    })?;
    let industries = names("industry", &|word| {
        let upper = word.to_uppercase();
        let found = industry::by_code(&upper).map(|i| i.code);
        let named = || {
            industry::all()
                .iter()
                .find(|i| i.zh == word || i.en == word)
                .map(|i| i.code)
        };
        let derived = || industry::derive(word).map(|d| d.code);
        found.or_else(named).or_else(derived).map(str::to_owned)
    })?;
    let user = sent.get("user").and_then(|id| id.parse().ok()).unwrap_or(0);
    let sizes = sent.all("size").filter_map(|s| s.parse().ok()).collect();
    Ok((
        user,
        Reach {
            regions,
            industries,
            sizes,
        },
    ))
}

/// `POST /territories`: a new one.
pub(super) async fn add(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::EditTerritories)?;
    keep(me, db, None, sent).await
}

/// `POST /territories/{id}`: drawn anew, or taken off the map.
pub(super) async fn save(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditTerritories)?;
    if sent.get("do") != Some("rub_out") {
        return keep(me, db, Some(*id), sent).await;
    }
    let (ctx, id) = (me.context(), *id);
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let before = queries::territory(conn, id)?.ok_or_else(AppError::not_found)?;
            actions::rub_out(conn, now, &me.actor, id)?;
            Ok::<_, AppError>(before.user_id)
        })
        .await;
    let to = match &done {
        Ok(user) => format!("/territories?moved={user}"),
        Err(_) => "/territories".to_owned(),
    };
    let text = ctx.t("territory-done-rubbed-out");
    back(&ctx, &to, done.map(|_| text))
}

async fn keep(
    me: SignedIn,
    db: web::Data<Db>,
    id: Option<i64>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    let ctx = me.context();
    let typed = match read(&sent) {
        Ok(typed) => typed,
        Err(error) => return back(&ctx, "/territories", Err(error)),
    };
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let before = match id {
                Some(id) => queries::territory(conn, id)?.map(|row| row.user_id),
                None => None,
            };
            let (user, reach) = typed;
            actions::draw(conn, now, &me.actor, id, user, &reach)?;
            Ok::<_, AppError>(before.unwrap_or(user))
        })
        .await;
    let to = match &done {
        Ok(user) => format!("/territories?moved={user}"),
        Err(_) => "/territories".to_owned(),
    };
    let text = ctx.t("territory-done-saved");
    back(&ctx, &to, done.map(|_| text))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StrangersForm {
    user: i64,
    r#do: String,
}

/// `POST /territories/strangers`: what becomes of companies that the new map gives to others.
pub(super) async fn move_strangers(
    me: SignedIn,
    db: web::Data<Db>,
    form: Form<StrangersForm>,
) -> AppResult<HttpResponse> {
    me.require(Verb::Reassign)?;
    let (ctx, user, is_moved) = (me.context(), form.user, form.r#do == "move");
    if !is_moved {
        let text = ctx.t("territory-done-kept");
        return back(&ctx, "/territories", Ok(text));
    }
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let book = book(conn)?;
            let found = actions::strangers(conn, user)?;
            for (company, rep) in &found {
                actions::give(conn, now, &me.actor, &book, *company, *rep)?;
            }
            Ok::<_, AppError>(found.len())
        })
        .await;
    let told = ctx.clone();
    back(
        &ctx,
        "/territories",
        done.map(|n| told.t1("territory-done-moved", "n", n)),
    )
}

/// `POST /territories/leave`: somebody goes on leave, or is back.
pub(super) async fn leave(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::EditTerritories)?;
    let ctx = me.context();
    let number = |name: &str| sent.get(name).and_then(|text| text.parse::<i64>().ok());
    let day = |name: &str| sent.get(name).and_then(|text| text.parse().ok());
    let (ended, user, deputy) = (number("end"), number("user"), number("deputy"));
    let days = (day("from_on"), day("to_on"));
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            if let Some(id) = ended {
                return actions::call_back_from_leave(conn, now, &me.actor, id);
            }
            let (Some(from), Some(to)) = days else {
                return Err(AppError::invalid("absence_ends_before_start", "from_on"));
            };
            let user = user.unwrap_or(0);
            actions::send_on_leave(conn, now, &me.actor, user, deputy, (from, to))?;
            Ok(())
        })
        .await;
    let text = ctx.t("territory-done-leave");
    back(&ctx, "/territories", done.map(|()| text))
}
