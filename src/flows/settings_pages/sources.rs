//! `/settings/sources`: every list with its cost, date and ground; without a ground nobody on it may be called.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use serde::Deserialize;

use super::{Tab, tabs};
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::consent::actions::sources::{
    self as actions, SourceRow, edit_source, seen, source, source_changes,
};
use crate::consent::rules::{Ground, GroundTable, Purpose};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::form::Form;
use crate::platform::office::Office;
use crate::platform::page::{Flash, PageContext, html, html_with};
use crate::platform::{money, problem, settings};
use crate::registry::model::CHANNELS;

const PER_PAGE: i64 = 50;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "settings/sources.html")]
struct SourcesPage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    without: usize,
    shown: String,
    next: Option<String>,
}

struct Row {
    source: SourceRow,
    channel: String,
    kind: String,
    ground: Option<String>,
    batches: i64,
    cost: Option<String>,
}

impl Row {
    /// Nobody of these may be called.
    fn is_mute(&self) -> bool {
        self.ground.is_none() && self.source.kind == "leads"
    }
}

pub(super) async fn list(
    me: SignedIn,
    db: web::Data<Db>,
    asked: web::Query<Asked>,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditSources)?;
    let before = asked.before;
    let mut rows = db
        .read(move |conn| actions::sources(conn, before, PER_PAGE + 1))
        .await?;
    let more = rows.len() as i64 > PER_PAGE;
    rows.truncate(PER_PAGE as usize);
    let next = more.then(|| rows.last().map(|(r, _)| r.id)).flatten();
    let ctx = me.context();
    let rows: Vec<Row> = rows
        .into_iter()
        .map(|(source, batches)| row(&ctx, source, batches))
        .collect();
    html(&SourcesPage {
        tabs: tabs(&me, "/settings/sources"),
        without: rows.iter().filter(|r| r.is_mute()).count(),
        shown: ctx.t1("settings-sources-shown", "n", rows.len()),
        next: next.map(|id| format!("/settings/sources?before={id}")),
        rows,
        ctx,
    })
}

fn row(ctx: &PageContext, source: SourceRow, batches: i64) -> Row {
    Row {
        channel: ctx.code("channel", &source.channel),
        kind: ctx.code("list-kind", &source.kind),
        ground: source
            .ground
            .as_deref()
            .and_then(Ground::from_code)
            .map(|g| ctx.t(g.key())),
        cost: source
            .cost_minor
            .map(|minor| ctx.money(&minor, source.currency.as_deref().unwrap_or(""))),
        batches,
        source,
    }
}

/// The form as stored or as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct SourceForm {
    channel: String,
    name: String,
    ground: String,
    collected_on: String,
    cost: String,
    currency: String,
    seen: i64,
}

#[derive(Template)]
#[template(path = "settings/source.html")]
struct SourcePage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    row: Row,
    form: SourceForm,
    channels: Vec<(&'static str, String)>,
    grounds: Vec<GroundView>,
    error: Option<(String, String)>,
    changes: Vec<(Option<String>, NaiveDateTime, String)>,
}

struct GroundView {
    code: &'static str,
    name: String,
    permits: String,
}

impl SourcePage {
    fn wrong(&self, field: &str) -> Option<String> {
        let (wrong, text) = self.error.as_ref()?;
        (wrong == field).then(|| text.clone())
    }
}

pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditSources)?;
    let id = id.into_inner();
    let page = db
        .read(move |conn| {
            let row = source(conn, id)?;
            let form = stored(conn, &row)?;
            build(conn, &me, row, form, None)
        })
        .await?;
    html(&page)
}

fn stored(conn: &mut Conn, row: &SourceRow) -> AppResult<SourceForm> {
    let office = settings::load::<Office>(conn)?.value;
    Ok(SourceForm {
        channel: row.channel.clone(),
        name: row.name.clone(),
        ground: row.ground.clone().unwrap_or_default(),
        collected_on: row.collected_on.map(|d| d.to_string()).unwrap_or_default(),
        cost: row.cost_minor.map(money::typed).unwrap_or_default(),
        currency: row.currency.clone().unwrap_or(office.currency),
        seen: seen(row),
    })
}

pub(super) async fn save(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<SourceForm>,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditSources)?;
    let (id, form) = (id.into_inner(), form.0);
    let (typed, actor) = (form.clone(), me.actor.clone());
    let kept = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let before = source(conn, id)?;
            let edited = read(&typed, before)?;
            edit_source(conn, now, &actor, &edited, typed.seen)
        })
        .await;
    match kept {
        Ok(()) => {
            let flash = Flash::new("good", me.lang().text("settings-source-saved"));
            Ok(redirect_with(&format!("/settings/sources/{id}"), &flash))
        }
        Err(error) => {
            let refusal = error.of_form()?;
            let page = db
                .read(move |conn| {
                    let row = source(conn, id)?;
                    build(conn, &me, row, form, Some(&refusal))
                })
                .await?;
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

fn read(form: &SourceForm, before: SourceRow) -> AppResult<SourceRow> {
    let some = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
    let collected_on = match some(&form.collected_on) {
        None => None,
        Some(text) => Some(
            text.parse::<NaiveDate>()
                .map_err(|_| AppError::invalid("day_unreadable", "collected_on"))?,
        ),
    };
    let cost_minor = match some(&form.cost) {
        None => None,
        Some(text) => Some(
            money::minor(&text).ok_or_else(|| AppError::invalid("source_cost_wrong", "cost"))?,
        ),
    };
    Ok(SourceRow {
        channel: some(&form.channel).unwrap_or_else(|| before.channel.clone()),
        name: form.name.trim().to_owned(),
        ground: some(&form.ground),
        collected_on,
        cost_minor,
        currency: cost_minor.and(some(&form.currency)),
        ..before
    })
}

fn build(
    conn: &mut Conn,
    me: &SignedIn,
    source: SourceRow,
    form: SourceForm,
    refusal: Option<&Refusal>,
) -> AppResult<SourcePage> {
    let ctx = me.context();
    let table = settings::load::<GroundTable>(conn)?.value;
    let ground = |g: &Ground| {
        let permits = Purpose::ALL.iter().map(|purpose| {
            let permission = ctx.t(table.permission(*g, *purpose).key());
            ctx.t2(
                "settings-ground-permits",
                "what",
                ctx.t(purpose.key()),
                "permission",
                permission,
            )
        });
        GroundView {
            code: g.code(),
            name: ctx.t(g.key()),
            permits: permits.collect::<Vec<_>>().join(" · "),
        }
    };
    let changes = source_changes(conn, source.id)?
        .into_iter()
        .map(|(by, at, fields)| {
            let fields = fields.unwrap_or_default();
            let named: Vec<String> = fields
                .split(',')
                .filter(|f| !f.is_empty())
                .map(|f| ctx.code("settings-source-field", f))
                .collect();
            (by, at, named.join(" · "))
        })
        .collect();
    Ok(SourcePage {
        tabs: tabs(me, "/settings/sources"),
        channels: CHANNELS
            .iter()
            .map(|code| (*code, ctx.code("channel", code)))
            .collect(),
        grounds: Ground::ALL.iter().map(ground).collect(),
        row: row(&ctx, source, 0),
        error: refusal.map(|r| {
            let field = r.args.iter().find(|(name, _)| *name == "field");
            (
                field.map(|(_, value)| value.clone()).unwrap_or_default(),
                problem::in_words(ctx.language, r),
            )
        }),
        form,
        changes,
        ctx,
    })
}
