//! `/settings/scripts`: what agents say and ask, step by step; a plain text is a script of one step.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;

use super::script_blocks::{BRANCHES, Shown, StepBlock, block, shown};
use super::{Tab, tabs};
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::calling::actions as calling;
use crate::calling::model::{Branch, Step};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::page::{Flash, PageContext, html, html_with};
use crate::platform::problem;

#[derive(Template)]
#[template(path = "settings/scripts.html")]
struct ScriptsPage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    rows: Vec<ScriptRow>,
}

struct ScriptRow {
    id: i64,
    name: String,
    version: i32,
    steps: usize,
    used_by: Vec<String>,
}

pub(super) async fn list(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    let rows = db
        .read(|conn| {
            let used = calling::scripts_in_use(conn)?;
            let row = |script: crate::calling::model::Script| ScriptRow {
                steps: script.steps().len(),
                used_by: used
                    .iter()
                    .filter(|(id, _)| *id == script.id)
                    .map(|(_, name)| name.clone())
                    .collect(),
                id: script.id,
                name: script.name,
                version: script.version,
            };
            Ok::<_, crate::platform::error::AppError>(
                calling::scripts(conn)?.into_iter().map(row).collect(),
            )
        })
        .await?;
    html(&ScriptsPage {
        tabs: tabs(&me, "/settings/scripts"),
        rows,
        ctx: me.context(),
    })
}

/// The form as stored or as typed.
#[derive(Debug, Clone, Default)]
struct ScriptForm {
    id: Option<i64>,
    version: i32,
    name: String,
    steps: Vec<Step>,
}

#[derive(Template)]
#[template(path = "settings/script.html")]
struct ScriptPage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    form: ScriptForm,
    title: String,
    blocks: Vec<StepBlock>,
    preview: Vec<Shown>,
    error: Option<String>,
    versions: Vec<(i32, Option<String>, NaiveDateTime)>,
    used_by: Vec<String>,
}

pub(super) async fn new(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    let page = db
        .read(move |conn| build(conn, &me, ScriptForm::default(), None))
        .await?;
    html(&page)
}

pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    let id = id.into_inner();
    let page = db
        .read(move |conn| {
            let script = calling::script(conn, id)?;
            let form = ScriptForm {
                id: Some(id),
                version: script.version,
                steps: script.steps(),
                name: script.name,
            };
            build(conn, &me, form, None)
        })
        .await?;
    html(&page)
}

pub(super) async fn create(
    me: SignedIn,
    db: web::Data<Db>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    keep(me, db, None, &sent).await
}

pub(super) async fn save(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    keep(me, db, Some(id.into_inner()), &sent).await
}

async fn keep(
    me: SignedIn,
    db: web::Data<Db>,
    id: Option<i64>,
    sent: &Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    let form = read(sent, id);
    let (typed, actor) = (form.clone(), me.actor.clone());
    let kept = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let (name, steps) = (&typed.name, &typed.steps);
            calling::save_script(conn, now, &actor, typed.id, typed.version, name, steps)
        })
        .await;
    match kept {
        Ok(id) => {
            let flash = Flash::new("good", me.lang().text("settings-script-saved"));
            Ok(redirect_with(&format!("/settings/scripts/{id}"), &flash))
        }
        Err(error) => {
            let refusal = error.of_form()?;
            let page = db
                .read(move |conn| build(conn, &me, form, Some(&refusal)))
                .await?;
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// The steps in the order of their numbers; one without words is gone, and so are branches to it.
fn read(sent: &Pairs, id: Option<i64>) -> ScriptForm {
    let count = sent.all("step_id").count();
    let text = |n: usize, part: &str| {
        sent.get(&format!("{part}_{n}"))
            .unwrap_or_default()
            .to_owned()
    };
    let ids: Vec<String> = sent.all("step_id").map(|id| id.trim().to_owned()).collect();
    let mut steps: Vec<(i64, Step)> = Vec::new();
    for n in 0..count {
        let id = match ids[n].as_str() {
            "" => fresh_id(&ids, &steps),
            id => id.to_owned(),
        };
        let questions = sent
            .all(&format!("question_{n}"))
            .map(str::to_owned)
            .collect();
        let next = (0..BRANCHES)
            .map(|b| Branch {
                when: text(n, &format!("when{b}")),
                step: text(n, &format!("then{b}")),
            })
            .filter(|branch| !branch.step.is_empty())
            .collect();
        let step = Step {
            id,
            title: text(n, "title"),
            say: text(n, "say"),
            questions,
            next,
        };
        if step.say.is_empty() && step.title.is_empty() && step.questions.is_empty() {
            continue;
        }
        steps.push((text(n, "place").parse().unwrap_or(i64::MAX), step));
    }
    steps.sort_by_key(|(place, _)| *place);
    let mut steps: Vec<Step> = steps.into_iter().map(|(_, step)| step).collect();
    let kept: Vec<String> = steps.iter().map(|step| step.id.clone()).collect();
    for step in &mut steps {
        step.next.retain(|branch| kept.contains(&branch.step));
    }
    ScriptForm {
        id,
        version: sent
            .get("version")
            .and_then(|v| v.parse().ok())
            .unwrap_or(0),
        name: sent.get("name").unwrap_or_default().to_owned(),
        steps,
    }
}

fn fresh_id(ids: &[String], steps: &[(i64, Step)]) -> String {
    (1..)
        .map(|n| n.to_string())
        .find(|id| !ids.contains(id) && !steps.iter().any(|(_, step)| step.id == *id))
        .expect("numbers do not end")
}

fn build(
    conn: &mut Conn,
    me: &SignedIn,
    form: ScriptForm,
    refusal: Option<&Refusal>,
) -> AppResult<ScriptPage> {
    let ctx = me.context();
    let (versions, used_by) = match form.id {
        None => (Vec::new(), Vec::new()),
        Some(id) => {
            let used = calling::scripts_in_use(conn)?;
            let names = used.into_iter().filter(|(of, _)| *of == id);
            (
                calling::script_versions(conn, id)?,
                names.map(|(_, name)| name).collect(),
            )
        }
    };
    let mut blocks: Vec<StepBlock> = form
        .steps
        .iter()
        .enumerate()
        .map(|(n, step)| block(&ctx, &form.steps, n, step.clone(), false))
        .collect();
    blocks.push(block(
        &ctx,
        &form.steps,
        form.steps.len(),
        Step::default(),
        true,
    ));
    Ok(ScriptPage {
        tabs: tabs(me, "/settings/scripts"),
        title: if form.id.is_some() {
            form.name.clone()
        } else {
            ctx.t("settings-script-new")
        },
        preview: form
            .steps
            .iter()
            .enumerate()
            .map(|(n, step)| shown(&ctx, &form.steps, n, step))
            .collect(),
        blocks,
        error: refusal.map(|r| problem::in_words(ctx.language, r)),
        versions,
        used_by,
        form,
        ctx,
    })
}
