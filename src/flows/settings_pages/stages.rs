//! `/settings/stages`: the stages of a sale as the office names and orders them, and what each asks at its door.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::history::History;
use super::{Tab, after_save, next_version, seen, tabs};
use crate::accounts::{SignedIn, Verb};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::i18n::Lang;
use crate::platform::page::{PageContext, html_with};
use crate::platform::{clock, problem, settings};
use crate::selling::rules::stage_list::{StageList, StageRule};
use crate::selling::rules::stages::{Evidence, Stage};

struct Ask {
    code: &'static str,
    label: String,
    is_asked: bool,
}

struct Line {
    code: &'static str,
    shipped_zh: String,
    shipped_en: String,
    name_zh: String,
    name_en: String,
    asks: Vec<Ask>,
    repeated: bool,
    active: bool,
}

#[derive(Template)]
#[template(path = "settings/stages.html")]
struct StagesPage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    version: i32,
    lines: Vec<Line>,
    error: Option<String>,
    history: History,
}

pub(super) async fn show(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let page = db.read(move |conn| build(conn, &me, None)).await?;
    html_with(StatusCode::OK, &page)
}

fn build(
    conn: &mut Conn,
    me: &SignedIn,
    wrong: Option<(StageList, &Refusal)>,
) -> AppResult<StagesPage> {
    let ctx = me.context();
    let stored = settings::load::<StageList>(conn)?;
    let error = wrong
        .as_ref()
        .map(|(_, refusal)| problem::in_words(ctx.language, refusal));
    let shown = wrong.map_or(stored.value, |(typed, _)| typed);
    Ok(StagesPage {
        tabs: tabs(me, "/settings/stages"),
        version: stored.version,
        lines: shown.0.iter().map(|rule| line(&ctx, rule)).collect(),
        error,
        history: History::of::<StageList>(conn)?,
        ctx,
    })
}

fn line(ctx: &PageContext, rule: &StageRule) -> Line {
    let asks = Evidence::ALL.iter().map(|asked| Ask {
        code: asked.code(),
        label: ctx.t(asked.key()),
        is_asked: rule.asks.contains(asked),
    });
    Line {
        code: rule.stage.code(),
        shipped_zh: Lang::Zh.text(rule.stage.key()),
        shipped_en: Lang::En.text(rule.stage.key()),
        name_zh: rule.name_zh.clone(),
        name_en: rule.name_en.clone(),
        asks: asks.collect(),
        repeated: rule.repeated,
        active: rule.active,
    }
}

/// `POST /settings/stages`.
pub(super) async fn save(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::EditRules)?;
    let typed = read(&sent);
    let version = seen(&sent);
    let (list, actor_id) = (typed.clone(), me.actor.user_id);
    let kept = db
        .write(move |conn| keep(conn, &list, version, actor_id))
        .await;
    after_save(
        me.lang(),
        &db,
        "/settings/stages",
        kept,
        move |conn, refusal| build(conn, &me, Some((typed, refusal))),
    )
    .await
}

/// The lines in the order of their numbers.
fn read(sent: &Pairs) -> StageList {
    let mut lines: Vec<(i64, StageRule)> = sent
        .all("stage")
        .filter_map(Stage::from_code)
        .map(|stage| {
            let field = |part: &str| format!("{}_{part}", stage.code());
            let text = |part: &str| sent.get(&field(part)).unwrap_or_default().to_owned();
            let asks = field("asks");
            let rule = StageRule {
                stage,
                name_zh: text("name_zh"),
                name_en: text("name_en"),
                asks: sent.all(&asks).filter_map(Evidence::from_code).collect(),
                repeated: sent.get(&field("repeated")).is_some(),
                active: sent.get(&field("active")).is_some(),
            };
            (text("place").parse().unwrap_or(i64::MAX), rule)
        })
        .collect();
    lines.sort_by_key(|(place, _)| *place);
    StageList(lines.into_iter().map(|(_, rule)| rule).collect())
}

fn keep(conn: &mut Conn, list: &StageList, seen: i32, actor_id: Option<i64>) -> AppResult<()> {
    list.validate()
        .map_err(|fault| AppError::invalid(fault.code(), "stage"))?;
    let now = clock::now(conn)?;
    next_version(conn, now, list, seen, actor_id).map(|_| ())
}
