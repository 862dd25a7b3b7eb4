//! `/settings/grounds`: what each legal ground permits. Whoever the old table held back is looked at again.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::history::History;
use super::{Tab, after_save, next_version, seen, tabs};
use crate::accounts::{SignedIn, Verb};
use crate::calling::actions::wake_without_ground;
use crate::consent::rules::{Ground, GroundRow, GroundTable, Permission, Purpose};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::page::{PageContext, html_with};
use crate::platform::{problem, settings};

#[derive(Template)]
#[template(path = "settings/grounds.html")]
struct GroundsPage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    version: i32,
    purposes: Vec<String>,
    rows: Vec<Row>,
    error: Option<String>,
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
    let page = db.read(move |conn| build(conn, &me, None)).await?;
    html_with(StatusCode::OK, &page)
}

pub(super) async fn save(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::EditGrounds)?;
    let (version, actor_id) = (seen(&sent), me.actor.user_id);
    let kept = match read(&sent) {
        Ok(table) => {
            db.write(move |conn| keep(conn, &table, version, actor_id))
                .await
        }
        Err(error) => Err(error),
    };
    after_save(
        me.lang(),
        &db,
        "/settings/grounds",
        kept,
        move |conn, refusal| build(conn, &me, Some((&sent, refusal))),
    )
    .await
}

/// What was chosen in a cell, where it is one of its choices.
fn chosen(sent: &Pairs, ground: Ground, purpose: Purpose) -> Option<Permission> {
    let code = sent.get(&field(ground, purpose)).unwrap_or_default();
    Permission::from_code(code).filter(|one| purpose.permissions().contains(one))
}

/// Every cell must be one of its choices: nothing is permitted by an omission.
fn read(sent: &Pairs) -> AppResult<GroundTable> {
    let cell = |ground: Ground, purpose: Purpose| {
        let unknown = || AppError::invalid("choice_unknown", "grounds");
        chosen(sent, ground, purpose).ok_or_else(unknown)
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
    next_version(conn, now, table, version, actor_id)?;
    wake_without_ground(conn, now).map(|_| ())
}

fn build(
    conn: &mut Conn,
    me: &SignedIn,
    wrong: Option<(&Pairs, &Refusal)>,
) -> AppResult<GroundsPage> {
    let ctx = me.context();
    let stored = settings::load::<GroundTable>(conn)?;
    // What was typed stays; a cell that cannot be read is as it was.
    let shown = |ground: Ground, purpose: Purpose| {
        let typed = wrong.and_then(|(sent, _)| chosen(sent, ground, purpose));
        typed.unwrap_or_else(|| stored.value.permission(ground, purpose))
    };
    let row = |ground: &Ground| Row {
        name: ctx.t(ground.key()),
        cells: Purpose::ALL
            .iter()
            .map(|purpose| cell(&ctx, shown(*ground, *purpose), *ground, *purpose))
            .collect(),
    };
    Ok(GroundsPage {
        tabs: tabs(me, "/settings/grounds"),
        version: stored.version,
        purposes: Purpose::ALL.iter().map(|p| ctx.t(p.key())).collect(),
        rows: Ground::ALL.iter().map(row).collect(),
        error: wrong.map(|(_, refusal)| problem::in_words(ctx.language, refusal)),
        history: History::of::<GroundTable>(conn)?,
        ctx,
    })
}

fn cell(ctx: &PageContext, chosen: Permission, ground: Ground, purpose: Purpose) -> Cell {
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
