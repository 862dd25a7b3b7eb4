//! `/settings/scripts`: what agents say and ask, step by step; a plain text is a script of one step.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;

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

/// Branches of a step that the form offers.
const BRANCHES: usize = 3;
/// What a step may ask for, in the order of the form; codes of registry fields.
const QUESTIONS: [&str; 16] = [
    "urgency",
    "needs",
    "need_text",
    "need_users",
    "budget_state",
    "budget_max",
    "decider",
    "decision_process",
    "selection_started",
    "vendors",
    "key_evaluation",
    "present_system",
    "present_system_year",
    "satisfaction",
    "headcount",
    "email",
];
/// Tests that a branch can make.
const TESTS: [&str; 10] = [
    "urgency in M1,M3",
    "urgency in M4_6,M7_12",
    "urgency in GT12,NOPLAN",
    "urgency in UNKNOWN",
    "selection_started = yes",
    "selection_started in no,unknown",
    "budget_state in approved,applying",
    "budget_state in none,unknown",
    "satisfaction in 1,2,3",
    "satisfaction in 4,5",
];

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

/// A step of the form.
struct StepBlock {
    place: usize,
    step: Step,
    is_new: bool,
    questions: Vec<Choice>,
    branches: Vec<BranchBlock>,
}

struct Choice {
    value: String,
    label: String,
    selected: bool,
}

struct BranchBlock {
    tests: Vec<Choice>,
    targets: Vec<Choice>,
}

/// A step as agents see it.
struct Shown {
    place: usize,
    title: String,
    say: String,
    questions: Vec<String>,
    leads: Vec<String>,
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
        Err(error) => match error.refusal().cloned() {
            Some(refusal) if refusal.status == StatusCode::UNPROCESSABLE_ENTITY => {
                let page = db
                    .read(move |conn| build(conn, &me, form, Some(&refusal)))
                    .await?;
                html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
            }
            _ => Err(error),
        },
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
        error: refusal.map(|r| {
            let told = problem::tell(ctx.language, r);
            format!("{} {}", told.text, told.remedy)
        }),
        versions,
        used_by,
        form,
        ctx,
    })
}

fn block(ctx: &PageContext, steps: &[Step], n: usize, step: Step, is_new: bool) -> StepBlock {
    let mut codes: Vec<String> = QUESTIONS.iter().map(|q| (*q).to_owned()).collect();
    codes.extend(
        step.questions
            .iter()
            .filter(|q| !QUESTIONS.contains(&q.as_str()))
            .cloned(),
    );
    let questions = codes.into_iter().map(|code| Choice {
        label: question(ctx, &code),
        selected: step.questions.contains(&code),
        value: code,
    });
    let branches = (0..BRANCHES).map(|b| {
        let branch = step.next.get(b).cloned().unwrap_or_default();
        branch_block(ctx, steps, &branch)
    });
    StepBlock {
        place: n + 1,
        questions: questions.collect(),
        branches: branches.collect(),
        step,
        is_new,
    }
}

fn branch_block(ctx: &PageContext, steps: &[Step], branch: &Branch) -> BranchBlock {
    let mut tests = vec![""];
    tests.extend(TESTS);
    if !tests.contains(&branch.when.as_str()) {
        tests.push(&branch.when);
    }
    let choice = |when: &&str| Choice {
        value: (*when).to_owned(),
        label: test(ctx, when),
        selected: *when == branch.when,
    };
    let targets = steps.iter().enumerate().map(|(n, step)| Choice {
        value: step.id.clone(),
        label: named(ctx, n, step),
        selected: step.id == branch.step,
    });
    BranchBlock {
        tests: tests.iter().map(choice).collect(),
        targets: targets.collect(),
    }
}

/// `2 · 了解现状`.
fn named(ctx: &PageContext, n: usize, step: &Step) -> String {
    let title = if step.title.is_empty() {
        step.say.chars().take(12).collect()
    } else {
        step.title.clone()
    };
    ctx.t2("settings-script-step-named", "n", n + 1, "title", title)
}

/// A test in words; one that somebody sent by the API and the form does not offer is shown as written.
fn test(ctx: &PageContext, when: &str) -> String {
    match TESTS.iter().position(|known| *known == when) {
        _ if when.is_empty() => ctx.t("settings-script-always"),
        Some(n) => ctx.t(&format!("settings-script-test-{n}")),
        None => ctx.t1("settings-script-test-own", "when", when),
    }
}

fn question(ctx: &PageContext, code: &str) -> String {
    if QUESTIONS.contains(&code) {
        ctx.code("settings-script-ask", code)
    } else {
        ctx.t1("settings-script-test-own", "when", code)
    }
}

fn shown(ctx: &PageContext, steps: &[Step], n: usize, step: &Step) -> Shown {
    let leads = step.next.iter().filter_map(|branch| {
        let to = steps.iter().position(|s| s.id == branch.step)?;
        Some(ctx.t2(
            "settings-script-leads",
            "when",
            test(ctx, &branch.when),
            "step",
            named(ctx, to, &steps[to]),
        ))
    });
    Shown {
        place: n + 1,
        title: step.title.clone(),
        say: step.say.clone(),
        questions: step.questions.iter().map(|q| question(ctx, q)).collect(),
        leads: leads.collect(),
    }
}
