//! The list of imports, one import with its progress and rows, taking it back.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::view::{Issue, RowShown, issues, row};
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::flows::samples;
use crate::intake::actions as intake;
use crate::intake::model::{Batch, BatchState, Figures, Source};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::jobs::{self, Status};
use crate::platform::page::{Flash, PageContext, html, see_other};
use crate::platform::problem::Told;
use crate::registry::queries::load;

const PAGE: i64 = 30;
/// Rows of one page of the report.
const ROWS: usize = 100;
/// Rejected rows that one page looks through before it offers to go on.
const CHUNKS: usize = 40;

#[derive(Template)]
#[template(path = "intake/list.html")]
struct ListPage {
    ctx: PageContext,
    batches: Vec<Line>,
    next: Option<String>,
    has_samples: bool,
}

/// An import as the list shows it.
struct Line {
    batch: Batch,
    source: Source,
    figures: Figures,
    /// Why nothing of the file was taken.
    refusal: Option<Told>,
}

#[derive(Deserialize)]
pub(super) struct Before {
    before: Option<i64>,
}

/// `GET /imports`.
pub(super) async fn list(
    me: SignedIn,
    db: web::Data<Db>,
    query: web::Query<Before>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeImports)?;
    let before = query.before;
    let (found, samples) = db
        .read(move |conn| {
            let found = intake::newest(conn, before, PAGE + 1)?;
            Ok::<_, AppError>((found, samples::present(conn)?))
        })
        .await?;
    let more = found.len() as i64 > PAGE;
    let batches: Vec<_> = found
        .into_iter()
        .take(PAGE as usize)
        .map(|(batch, source)| Line {
            figures: batch.figures(),
            refusal: batch.plan().refusal(me.lang()),
            batch,
            source,
        })
        .collect();
    let next = batches
        .last()
        .filter(|_| more)
        .map(|line| format!("/imports?before={}", line.batch.id));
    html(&ListPage {
        ctx: me.context(),
        batches,
        next,
        has_samples: !samples.batches.is_empty(),
    })
}

/// An import, its source, its figures, its job.
struct Seen {
    batch: Batch,
    source: Source,
    figures: Figures,
    job: Option<Status>,
}

fn see(conn: &mut Conn, id: i64) -> AppResult<Seen> {
    let (batch, source) = intake::batch(conn, id)?;
    let job = batch
        .job_id
        .map(|job| jobs::status(conn, job))
        .transpose()?;
    let figures = batch.figures();
    Ok(Seen {
        batch,
        source,
        figures,
        job,
    })
}

#[derive(Template)]
#[template(path = "intake/show.html")]
struct ShowPage {
    ctx: PageContext,
    seen: Seen,
    issues: Vec<Issue>,
    /// Why nothing of the file was taken.
    refusal: Option<Told>,
}

#[derive(Template)]
#[template(path = "intake/progress.html")]
struct ProgressPart {
    ctx: PageContext,
    seen: Seen,
}

impl ShowPage {
    fn rows_href(&self) -> String {
        format!("/imports/{}/rows?outcome=", self.seen.batch.id)
    }
}

/// What a moving import shows.
trait Moving {
    fn seen(&self) -> &Seen;
    fn is_moving(&self) -> bool {
        matches!(
            self.seen().batch.state(),
            BatchState::Queued | BatchState::Running | BatchState::Undoing
        )
    }
    fn done(&self) -> i64 {
        self.seen().job.as_ref().map_or(0, |j| j.done)
    }
    fn total(&self) -> i64 {
        self.seen()
            .job
            .as_ref()
            .and_then(|j| j.total)
            .unwrap_or(0)
            .max(self.done())
    }
}
impl Moving for ShowPage {
    fn seen(&self) -> &Seen {
        &self.seen
    }
}
impl Moving for ProgressPart {
    fn seen(&self) -> &Seen {
        &self.seen
    }
}

/// `GET /imports/{id}`: a draft goes to its step, anything else shows what came of it.
pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeImports)?;
    let id = *id;
    let seen = db.read(move |conn| see(conn, id)).await?;
    if seen.batch.state() == BatchState::Draft {
        return Ok(see_other(&format!("/imports/{id}/columns")));
    }
    let issues = issues(&seen.figures, &[]);
    let refusal = seen.batch.plan().refusal(me.lang());
    html(&ShowPage {
        ctx: me.context(),
        seen,
        issues,
        refusal,
    })
}

/// `GET /imports/{id}/progress`: the moving part alone.
pub(super) async fn progress(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeImports)?;
    let id = *id;
    let seen = db.read(move |conn| see(conn, id)).await?;
    let part = ProgressPart {
        ctx: me.context(),
        seen,
    };
    if part.is_moving() {
        html(&part)
    } else {
        // Nothing to put in its place: the page is opened anew, with its figures.
        Ok(HttpResponse::NoContent().finish())
    }
}

#[derive(Template)]
#[template(path = "intake/rows.html")]
struct RowsPage {
    ctx: PageContext,
    batch: Batch,
    rows: Vec<RowShown>,
    outcome: String,
    reason: String,
    next: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Which {
    outcome: String,
    reason: String,
    sheet: i32,
    after: i32,
}

/// `GET /imports/{id}/rows`: rows as they came, what became of each, and what to do.
pub(super) async fn rows(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    which: web::Query<Which>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeImports)?;
    let (id, which, ctx) = (*id, which.into_inner(), me.context());
    let wanted = which.outcome.clone();
    let reason = which.reason.clone();
    let start = (which.sheet, which.after);
    let (batch, found, names, at) = db
        .read(move |conn| {
            let (batch, _) = intake::batch(conn, id)?;
            let (mut position, mut found, mut looked) = (start, Vec::new(), 0);
            let mut at_end = false;
            while found.len() < ROWS && looked < CHUNKS {
                let Some((next, rows)) = intake::report_after(conn, id, position)? else {
                    at_end = true;
                    break;
                };
                (position, looked) = (next, looked + 1);
                found.extend(rows.into_iter().filter(|r| {
                    let fits = wanted.is_empty() || r.outcome_code() == wanted;
                    let because = r
                        .outcome
                        .reason
                        .as_ref()
                        .map(|x| x.code.code())
                        .unwrap_or_default();
                    fits && (reason.is_empty() || because == reason)
                }));
            }
            let ids: Vec<i64> = found.iter().filter_map(|row| row.company).collect();
            let names = names_of(conn, &ids)?;
            Ok::<_, AppError>((batch, found, names, (!at_end).then_some(position)))
        })
        .await?;
    let next = at.map(|(sheet, after)| {
        format!(
            "/imports/{id}/rows?outcome={}&reason={}&sheet={sheet}&after={after}",
            which.outcome, which.reason
        )
    });
    let rows = found.iter().map(|r| row(&ctx, r, &names)).collect();
    html(&RowsPage {
        ctx,
        batch,
        rows,
        outcome: which.outcome,
        reason: which.reason,
        next,
    })
}

fn names_of(conn: &mut Conn, ids: &[i64]) -> AppResult<HashMap<i64, String>> {
    let companies = load::companies(conn, ids)?;
    Ok(companies
        .into_iter()
        .map(|one| (one.id, one.name))
        .collect())
}

/// `GET /imports/{id}/rejected.csv`: the rejected rows with reason and remedy, to be mended and sent again as a
/// correction.
pub(super) async fn rejected(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeImports)?;
    let (id, ctx) = (*id, me.context());
    let found = db
        .read(move |conn| {
            let (mut position, mut found) = ((0, 0), Vec::new());
            while let Some((next, rows)) = intake::report_after(conn, id, position)? {
                position = next;
                found.extend(rows.into_iter().filter(|r| r.outcome_code() == "rejected"));
            }
            Ok::<_, AppError>(found)
        })
        .await?;
    let mut out = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    let head = [
        "imports-csv-row",
        "imports-csv-reason",
        "imports-csv-remedy",
        "imports-csv-raw",
    ]
    .map(|key| ctx.t(key));
    out.write_record(&head).map_err(anyhow::Error::from)?;
    for r in &found {
        let shown = row(&ctx, r, &HashMap::new());
        let fields = [
            shown.row_no.to_string(),
            shown.reason.unwrap_or_default(),
            shown.remedy.unwrap_or_default(),
            plain(&shown.raw),
        ];
        out.write_record(&fields).map_err(anyhow::Error::from)?;
    }
    let body = out.into_inner().map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok(download(&format!("rejected-{id}.csv"), body))
}

/// A cell that a spreadsheet would run as a formula is led by an apostrophe.
fn plain(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// `GET /imports/template.csv`: headings that are recognised, with one row as an example.
pub(super) async fn template(me: SignedIn) -> AppResult<HttpResponse> {
    me.require(Verb::Import)?;
    let ctx = me.context();
    let body = format!(
        "\u{feff}{}\r\n{}\r\n",
        ctx.t("imports-template-headings"),
        ctx.t("imports-template-example")
    );
    Ok(download("canvass-template.csv", body.into_bytes()))
}

fn download(name: &str, body: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            "Content-Disposition",
            format!("attachment; filename=\"{name}\""),
        ))
        .body(body)
}

/// `POST /imports/{id}/cancel`.
pub(super) async fn cancel(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    _form: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::Import)?;
    let (id, actor) = (*id, me.actor.clone());
    let was_draft = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let (batch, _) = intake::batch(conn, id)?;
            intake::ask_cancel(conn, now, &actor, id)?;
            Ok::<_, AppError>(batch.state() == BatchState::Draft)
        })
        .await?;
    let (to, key) = if was_draft {
        ("/imports".to_owned(), "imports-discarded")
    } else {
        (format!("/imports/{id}"), "imports-cancelling")
    };
    Ok(redirect_with(&to, &Flash::new("info", me.context().t(key))))
}

/// `POST /imports/{id}/undo`.
pub(super) async fn undo(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    _form: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::Import)?;
    let (id, actor) = (*id, me.actor.clone());
    db.write(move |conn| {
        let now = clock::now(conn)?;
        intake::ask_undo(conn, now, &actor, id)
    })
    .await?;
    Ok(redirect_with(
        &format!("/imports/{id}"),
        &Flash::new("info", me.context().t("imports-undoing")),
    ))
}
