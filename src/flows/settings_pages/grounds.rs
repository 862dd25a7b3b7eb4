//! `/settings/grounds`: what each legal ground permits. Whoever the old table held back is looked at again.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::history::History;
use super::{Tab, seen, tabs};
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::calling::actions::wake_without_ground;
use crate::consent::rules::{Ground, GroundRow, GroundTable, Permission, Purpose};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::log::{Change, changed};
use crate::platform::page::{Flash, PageContext, html_with};
use crate::platform::settings;

#[derive(Template)]
#[template(path = "settings/grounds.html")]
struct GroundsPage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    version: i32,
    purposes: Vec<String>,
    rows: Vec<Row>,
    history: History,
}

/// A ground with what it permits for each purpose.
struct Row {
    name: String,
    cells: Vec<Cell>,
}

struct Cell {
    field: String,
    label: String,
    choices: Vec<(&'static str, String, bool)>,
}

/// The name of a cell in the form.
fn field(ground: Ground, purpose: Purpose) -> String {
    format!("{}_{}", ground.code(), purpose.code())
}

pub(super) async fn show(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::EditGrounds)?;
    let page = db.read(move |conn| build(conn, &me)).await?;
    html_with(StatusCode::OK, &page)
}

pub(super) async fn save(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::EditGrounds)?;
    let version = seen(&sent);
    let table = read(&sent)?;
    let actor_id = me.actor.user_id;
    db.write(move |conn| keep(conn, &table, version, actor_id))
        .await?;
    let flash = Flash::new("good", me.lang().text("settings-saved"));
    Ok(redirect_with("/settings/grounds", &flash))
}

/// Every cell must be one of its choices: nothing is permitted by an omission.
fn read(sent: &Pairs) -> AppResult<GroundTable> {
    let cell = |ground: Ground, purpose: Purpose| {
        let code = sent.get(&field(ground, purpose)).unwrap_or_default();
        Permission::from_code(code)
            .filter(|permission| purpose.permissions().contains(permission))
            .ok_or_else(|| AppError::bad_request("form_unreadable"))
    };
    let rows = Ground::ALL.iter().map(|ground| {
        let row = GroundRow {
            call: cell(*ground, Purpose::Call)?,
            greeting: cell(*ground, Purpose::Greeting)?,
            news: cell(*ground, Purpose::News)?,
        };
        Ok((*ground, row))
    });
    rows.collect::<AppResult<_>>().map(GroundTable)
}

fn keep(
    conn: &mut Conn,
    table: &GroundTable,
    version: i32,
    actor_id: Option<i64>,
) -> AppResult<()> {
    let now = clock::now(conn)?;
    let version = settings::save(conn, table, version, actor_id, now)?;
    wake_without_ground(conn, now)?;
    let change = Change {
        object_id: Some(i64::from(version)),
        ..Change::setting(now, actor_id, "grounds")
    };
    Ok(changed(conn, &change)?)
}

fn build(conn: &mut Conn, me: &SignedIn) -> AppResult<GroundsPage> {
    let ctx = me.context();
    let stored = settings::load::<GroundTable>(conn)?;
    let row = |ground: &Ground| Row {
        name: ctx.t(ground.key()),
        cells: Purpose::ALL
            .iter()
            .map(|purpose| cell(&ctx, &stored.value, *ground, *purpose))
            .collect(),
    };
    Ok(GroundsPage {
        tabs: tabs(me, "/settings/grounds"),
        version: stored.version,
        purposes: Purpose::ALL.iter().map(|p| ctx.t(p.key())).collect(),
        rows: Ground::ALL.iter().map(row).collect(),
        history: History::of::<GroundTable>(conn)?,
        ctx,
    })
}

fn cell(ctx: &PageContext, table: &GroundTable, ground: Ground, purpose: Purpose) -> Cell {
    let chosen = table.permission(ground, purpose);
    Cell {
        field: field(ground, purpose),
        label: format!("{} · {}", ctx.t(ground.key()), ctx.t(purpose.key())),
        choices: purpose
            .permissions()
            .iter()
            .map(|one| (one.code(), ctx.t(one.key()), *one == chosen))
            .collect(),
    }
}
