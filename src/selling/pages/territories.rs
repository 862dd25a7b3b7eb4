//! `/territories`: who has which part of the market, where parts overlap or nobody is, and whose a company would be.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::leaves::{LeaveForm, LeaveView, leaves};
use super::matrix::{MatrixView, matrix_view};
use super::shown::back;
use super::strangers::{Strangers, ask_about, strangers};
use crate::accounts::{SignedIn, Verb, Whose, user_names};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::{PageContext, html};
use crate::registry::rules::{industry, region};
use crate::registry::search;
use crate::selling::actions::{self, Redrawn, book};
use crate::selling::queries;
use crate::selling::rules::assign::decide;
use crate::selling::rules::explain::{heads, in_one_line, place, reach, trade};
use crate::selling::rules::territory::Reach;

struct TerritoryView {
    id: i64,
    rep: String,
    /// The rep was switched off, or is none any more: the territory counts for nothing.
    is_off: bool,
    user_id: i64,
    what: String,
    regions: String,
    industries: String,
    sizes: Vec<i32>,
}

/// What stands in the form of a new territory.
struct Typed {
    user_id: i64,
    regions: String,
    industries: String,
    sizes: Vec<i32>,
}

/// A company that was tried.
struct Tried {
    name: String,
    why: String,
}

#[derive(Template)]
#[template(path = "selling/territories.html")]
pub(super) struct TerritoriesPage {
    ctx: PageContext,
    rows: Vec<TerritoryView>,
    reps: Vec<(i64, String)>,
    sizes: Vec<(i32, String)>,
    sections: Vec<(&'static str, String)>,
    matrix: MatrixView,
    leaves: Vec<LeaveView>,
    leave: LeaveForm,
    asked: String,
    tried: Vec<Tried>,
    strangers: Option<Strangers>,
    typed: Typed,
    edited: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    company: String,
    edit: Option<i64>,
    lost: Option<i64>,
    won: Option<i64>,
    user: String,
    region: String,
    industry: String,
    size: String,
}

impl Query {
    /// What was typed and refused.
    fn typed(&self) -> Typed {
        let sizes = self.size.split(',');
        Typed {
            user_id: self.user.parse().unwrap_or(0),
            regions: self.region.clone(),
            industries: self.industry.clone(),
            sizes: sizes.filter_map(|size| size.parse().ok()).collect(),
        }
    }
}

pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    query: web::Query<Query>,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditTerritories)?;
    let query = query.into_inner();
    let page = db
        .read(move |conn| build(conn, &me, &query, LeaveForm::default()))
        .await?;
    html(&page)
}

/// The page; in the form of a leave stands what was typed and refused.
pub(super) fn build(
    conn: &mut Conn,
    me: &SignedIn,
    query: &Query,
    leave: LeaveForm,
) -> AppResult<TerritoriesPage> {
    let ctx = me.context();
    let lang = ctx.language;
    // The map is the office's, the reps on it that one draws for are the own team's.
    let whose = Whose::of(conn, &me.actor)?;
    let reps: Vec<(i64, String)> = queries::reps(conn)?
        .into_iter()
        .filter(|(id, ..)| whose.includes(*id))
        .map(|(id, name, ..)| (id, name))
        .collect();
    let mut rows = queries::territories(conn)?;
    rows.retain(|row| whose.includes(row.user_id));
    let users: Vec<i64> = rows.iter().map(|r| r.user_id).collect();
    let names = user_names(conn, &users)?;
    let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
    let words = |codes: &[String], one: &dyn Fn(&str) -> String| {
        let names: Vec<String> = codes.iter().map(|c| one(c)).collect();
        names.join(&ctx.t("assign-name-and"))
    };
    let rows = rows
        .iter()
        .map(|row| {
            let drawn = row.drawn();
            let again = query.edit == Some(row.id) && !query.user.is_empty();
            let typed = again.then(|| query.typed());
            TerritoryView {
                id: row.id,
                rep: name(row.user_id),
                is_off: reps.iter().all(|(id, _)| *id != row.user_id),
                user_id: typed.as_ref().map_or(row.user_id, |t| t.user_id),
                what: reach(lang, &drawn.reach),
                regions: typed.as_ref().map_or_else(
                    || words(&drawn.reach.regions, &|c| place(lang, c)),
                    |t| t.regions.clone(),
                ),
                industries: typed.as_ref().map_or_else(
                    || words(&drawn.reach.industries, &|c| trade(lang, c)),
                    |t| t.industries.clone(),
                ),
                sizes: typed.map_or(drawn.reach.sizes, |t| t.sizes),
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
        matrix: matrix_view(conn, &ctx, &whose)?,
        leaves: leaves(conn, &ctx, &whose)?,
        leave,
        tried: tried(conn, &ctx, query.company.trim())?,
        asked: query.company.clone(),
        strangers: match (query.lost, query.won) {
            (Some(lost), Some(won)) => strangers(conn, &ctx, &me.actor, Redrawn { lost, won })?,
            _ => None,
        },
        typed: match query.edit {
            None => query.typed(),
            Some(_) => Query::default().typed(),
        },
        edited: query.edit,
        reps,
        ctx,
    })
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
            actions::rub_out(conn, now, &me.actor, id)
        })
        .await;
    let to = done
        .as_ref()
        .map_or_else(|_| "/territories".to_owned(), |r| ask_about(*r));
    let text = ctx.t("territory-done-rubbed-out");
    back(&ctx, &to, done.map(|_| text))
}

fn typed_again(sent: &Pairs) -> String {
    let encoded = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let field = |name: &str| encoded(sent.get(name).unwrap_or_default());
    let sizes: Vec<&str> = sent.all("size").collect();
    format!(
        "/territories?user={}&region={}&industry={}&size={}",
        field("user"),
        field("region"),
        field("industry"),
        encoded(&sizes.join(","))
    )
}

async fn keep(
    me: SignedIn,
    db: web::Data<Db>,
    id: Option<i64>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    let ctx = me.context();
    // What is refused is shown again as it was typed.
    let again = match id {
        Some(id) => format!("{}&edit={id}", typed_again(&sent)),
        None => typed_again(&sent),
    };
    let (user, reach) = match read(&sent) {
        Ok(typed) => typed,
        Err(error) => return back(&ctx, &again, Err(error)),
    };
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            actions::draw(conn, now, &me.actor, id, user, &reach)
        })
        .await;
    let to = done.as_ref().map_or(again, |redrawn| ask_about(*redrawn));
    let text = ctx.t("territory-done-saved");
    back(&ctx, &to, done.map(|_| text))
}
