//! Tasks: what calls left to do, each with its company, finished with a note.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::accounts::{Actor, Role, SignedIn, redirect_with};
use crate::calling::model::Task;
use crate::calling::{actions, day};
use crate::platform::calendar::zone;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::i18n::Lang;
use crate::platform::page::{Flash, PageContext};

/// Tasks that are shown.
const MOST: i64 = 50;

/// A task as it is shown.
pub struct TaskView {
    /// Id.
    pub id: i64,
    /// What to do.
    pub title: String,
    /// With whom.
    pub name: String,
    /// The company's page.
    pub href: Option<String>,
    /// What was said, and by whom it was left.
    pub text: String,
    /// Until when.
    pub due: String,
    /// Colour of that.
    pub kind: &'static str,
}

/// Whether a person has tasks at all.
pub fn has_tasks(actor: &Actor) -> bool {
    actor
        .roles
        .has_any(&[Role::Agent, Role::Rep, Role::Manager, Role::Marketing])
}

/// Whether the team's tasks are theirs, too.
fn sees_team(actor: &Actor) -> bool {
    actor
        .roles
        .has_any(&[Role::Manager, Role::Marketing, Role::Agent])
}

/// The open tasks of a person.
pub fn open(conn: &mut Conn, ctx: &PageContext, actor: &Actor) -> AppResult<Vec<TaskView>> {
    let tasks = day::tasks_of(
        conn,
        actor.id(),
        sees_team(actor).then_some(actor.team_id),
        MOST,
    )?;
    let companies: Vec<i64> = tasks.iter().filter_map(|t| t.company_id).collect();
    let persons: Vec<i64> = tasks.iter().filter_map(|t| t.person_id).collect();
    let companies: HashMap<i64, String> =
        day::company_names(conn, &companies)?.into_iter().collect();
    let persons: HashMap<i64, Option<String>> =
        day::person_names(conn, &persons)?.into_iter().collect();
    let view = |task: Task| {
        let company = task.company_id.and_then(|id| companies.get(&id).cloned());
        let person = task
            .person_id
            .and_then(|id| persons.get(&id).cloned().flatten());
        let (due, kind) = due(ctx, &task);
        TaskView {
            id: task.id,
            title: title(ctx, &task.kind),
            href: task.company_id.map(|id| format!("/companies/{id}")),
            text: [company.as_ref().and(person.clone()), Some(said(&task))]
                .into_iter()
                .flatten()
                .filter(|t| !t.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            name: company.or(person).unwrap_or_default(),
            due,
            kind,
        }
    };
    Ok(tasks.into_iter().map(view).collect())
}

/// What a kind of task is called; one that is newer than this page is followed up.
fn title(ctx: &PageContext, kind: &str) -> String {
    let key = format!("task-kind-{}", kind.replace('_', "-"));
    match Lang::Zh.knows(&key) {
        true => ctx.t(&key),
        false => ctx.t("task-kind-other"),
    }
}

/// The note that came with a task.
fn said(task: &Task) -> String {
    let body: Value = task
        .body
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    ["note", "need", "reason", "text"]
        .iter()
        .find_map(|name| body[*name].as_str().filter(|t| !t.is_empty()))
        .or_else(|| body.as_str())
        .unwrap_or_default()
        .to_owned()
}

fn due(ctx: &PageContext, task: &Task) -> (String, &'static str) {
    let Some(at) = task.due_at else {
        return (String::new(), "");
    };
    let days = (zone::local_date(ctx.zone, at) - zone::local_date(ctx.zone, ctx.now)).num_days();
    match days {
        ..0 => (ctx.t1("today-task-late", "n", -days), "bad"),
        0 => (ctx.t1("today-task-today", "at", ctx.time(&at)), "warn"),
        _ => (ctx.t1("today-task-by", "day", ctx.date_of(&at)), ""),
    }
}

/// `POST /tasks/{id}/finish`.
#[derive(Debug, Deserialize)]
pub struct FinishForm {
    #[serde(default)]
    note: String,
}

/// Finishes a task of one's own, or of the team.
pub async fn finish(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<FinishForm>,
) -> AppResult<HttpResponse> {
    let (actor, ctx, id) = (me.actor.clone(), me.context(), id.into_inner());
    let note = form.note.trim().to_owned();
    let title = {
        let ctx = ctx.clone();
        db.write(move |conn| {
            let now = clock::now(conn)?;
            let task = day::task_by_id(conn, id)?.ok_or_else(AppError::not_found)?;
            actions::finish_task(conn, now, &actor, id)?;
            if !note.is_empty() {
                day::keep_task_body(conn, id, &with_note(&task, &note))?;
            }
            Ok::<_, AppError>(title(&ctx, &task.kind))
        })
        .await?
    };
    let text = ctx.t1("today-task-finished", "title", title);
    Ok(redirect_with("/", &Flash::new("good", text)))
}

/// What was said about a task, with how it went.
fn with_note(task: &Task, note: &str) -> String {
    let stored = task
        .body
        .as_deref()
        .and_then(|text| serde_json::from_str::<Value>(text).ok());
    let mut body = match stored {
        Some(Value::Object(fields)) => Value::Object(fields),
        Some(Value::String(text)) => json!({ "text": text }),
        _ => json!({}),
    };
    body["done_note"] = json!(note);
    body.to_string()
}
