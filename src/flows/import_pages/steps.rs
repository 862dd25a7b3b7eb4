//! The steps of an import behind the file: columns, check, confirm. Nothing is written to the registry before the last.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::view::{Issue, issues, why};
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::flows::import_job::rehearse;
use crate::flows::receive_file::confirm as confirm_batch;
use crate::intake::actions as intake;
use crate::intake::columns::FIELDS;
use crate::intake::model::{Batch, BatchState, Figures, ReadOptions, Source, StoredPlan};
use crate::intake::{
    ColumnUse, Field, HeaderRow, Inspection, Mapping, Outcome, SheetChoice, UploadSource, inspect,
};
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::{Flash, PageContext, html, see_other};
use crate::platform::problem::Told;

/// Encodings a person may switch to.
const ENCODINGS: [&str; 5] = ["utf-8", "gb18030", "big5", "windows-1252", "utf-16le"];
/// Rows of the preview table.
const SHOWN: usize = 12;

/// A draft with its source; none where the import has begun.
async fn draft(db: &Db, id: i64) -> AppResult<Option<(Batch, Source)>> {
    let found = db.read(move |conn| intake::batch(conn, id)).await?;
    Ok(Some(found).filter(|(batch, _)| batch.state() == BatchState::Draft))
}

/// An import that has begun has no steps any more: its own page says how far it is.
fn begun(me: &SignedIn, id: i64) -> HttpResponse {
    let flash = Flash::new("info", me.context().t("imports-begun"));
    redirect_with(&format!("/imports/{id}"), &flash)
}

#[derive(Template)]
#[template(path = "intake/columns.html")]
struct ColumnsPage {
    ctx: PageContext,
    batch: Batch,
    found: Inspection,
    fields: Vec<&'static str>,
    encodings: [&'static str; 5],
    encoding: String,
    header_row: String,
    /// How a person asked to read it; what they left alone is found out.
    chosen: ReadOptions,
    shown: usize,
}

impl ColumnsPage {
    fn reason(&self, column: &crate::intake::ColumnFound) -> String {
        why(&self.ctx, &column.guess.reason)
    }
    fn header_at(&self, row: &u64) -> bool {
        self.chosen.header_row == Some(HeaderRow::At(*row))
    }
    fn unsure(&self, column: &crate::intake::ColumnFound) -> bool {
        column.guess.confidence < 60 && column.guess.field != Field::Ignore
    }
}

#[derive(Template)]
#[template(path = "intake/refused.html")]
struct RefusedPage {
    ctx: PageContext,
    batch: Batch,
    why: Told,
}

/// `GET /imports/{id}/columns`: what each column means, and why.
pub(super) async fn columns(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::Import)?;
    let Some((batch, source)) = draft(&db, *id).await? else {
        return Ok(begun(&me, *id));
    };
    let (db, look_at, channel) = (db.get_ref().clone(), batch.clone(), source.channel.clone());
    let looked = web::block(move || {
        let upload = UploadSource::new(&db, look_at.id)?;
        let options = look_at
            .plan()
            .options
            .to_options(look_at.kind().rows(&channel));
        Ok::<_, AppError>(inspect(&upload, &look_at.file_name, &options))
    })
    .await
    .map_err(|e| AppError::Internal(e.into()))??;
    let ctx = me.context();
    match looked {
        Err(unreadable) => {
            let why = unreadable.told(ctx.language);
            html(&RefusedPage { ctx, batch, why })
        }
        Ok(found) => {
            let encoding = found
                .encoding
                .as_ref()
                .map(|e| e.name.clone())
                .unwrap_or_default();
            let header_row = found
                .header_row
                .map_or_else(|| "none".to_owned(), |row| row.to_string());
            let fields = FIELDS.iter().map(|(_, code)| *code).collect();
            html(&ColumnsPage {
                ctx,
                chosen: batch.plan().options,
                batch,
                found,
                fields,
                encodings: ENCODINGS,
                encoding,
                header_row,
                shown: SHOWN,
            })
        }
    }
}

/// `POST /imports/{id}/columns`: keeps the corrections and goes on to the check.
pub(super) async fn correct_columns(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::Import)?;
    let Some((batch, _)) = draft(&db, *id).await? else {
        return Ok(begun(&me, *id));
    };
    let mut stored = batch.plan();
    let looks_again = form.get("again").is_some();
    stored.options = options(&form, looks_again, &stored.options);
    stored.plan = None;
    let batch_id = batch.id;
    db.write(move |conn| intake::set_plan(conn, batch_id, &stored))
        .await?;
    let next = if looks_again { "columns" } else { "check" };
    Ok(see_other(&format!("/imports/{batch_id}/{next}")))
}

fn options(form: &Pairs, looks_again: bool, before: &ReadOptions) -> ReadOptions {
    let chosen = |(name, code): &(String, String)| {
        let index = name.strip_prefix("column_")?.parse().ok()?;
        let field = FIELDS
            .iter()
            .find(|(_, c)| *c == code.trim())
            .map(|(f, _)| *f)?;
        Some(ColumnUse {
            index: Some(index),
            heading: None,
            field,
        })
    };
    let columns: Vec<ColumnUse> = form.0.iter().filter_map(chosen).collect();
    let header_row = match form.get("header_row") {
        None | Some("auto") => None,
        Some("none") => Some(HeaderRow::None),
        Some(row) => row.parse().ok().map(HeaderRow::At),
    };
    let sheet = form.get("sheet").map(|s| SheetChoice::from(s.to_owned()));
    ReadOptions {
        encoding: form
            .get("encoding")
            .filter(|e| *e != "auto")
            .map(str::to_owned),
        delimiter: before.delimiter,
        sheet: sheet.or_else(|| before.sheet.clone()),
        header_row,
        // Read another way, the columns are guessed anew.
        mapping: (!looks_again && !columns.is_empty()).then(|| Mapping {
            columns,
            ..Mapping::default()
        }),
        remap: before.remap,
        home: before.home,
    }
}

#[derive(Template)]
#[template(path = "intake/check.html")]
struct CheckPage {
    ctx: PageContext,
    batch: Batch,
    source: Source,
    figures: Figures,
    issues: Vec<Issue>,
    same_file: Vec<i64>,
    is_confirm: bool,
}

impl CheckPage {
    fn share(&self, part: &u64) -> u64 {
        part * 100 / self.figures.rows_total.max(1)
    }
    fn fresh(&self) -> u64 {
        self.figures
            .rows_valid
            .saturating_sub(self.figures.rows_known)
    }
}

async fn checked(me: &SignedIn, db: &Db, id: i64, is_confirm: bool) -> AppResult<HttpResponse> {
    let Some((batch, source)) = draft(db, id).await? else {
        return Ok(begun(me, id));
    };
    let (inner, of, from) = (db.clone(), batch.clone(), source.clone());
    let (stored, figures, examples, same_file) = web::block(move || rehearsed(&inner, of, from))
        .await
        .map_err(|e| AppError::Internal(e.into()))??;
    let ctx = me.context();
    if let Some(why) = stored.refusal(ctx.language) {
        return html(&RefusedPage { ctx, batch, why });
    }
    let issues = issues(&figures, &examples);
    html(&CheckPage {
        ctx,
        batch,
        source,
        figures,
        issues,
        same_file,
        is_confirm,
    })
}

type Rehearsed = (StoredPlan, Figures, Vec<(String, u64, String)>, Vec<i64>);

fn rehearsed(db: &Db, batch: Batch, source: Source) -> AppResult<Rehearsed> {
    let upload = UploadSource::new(db, batch.id)?;
    let options = batch
        .plan()
        .options
        .to_options(batch.kind().rows(&source.channel));
    let examples = match inspect(&upload, &batch.file_name, &options) {
        Ok(found) => found
            .rows
            .iter()
            .filter(|(_, result)| result.outcome == Outcome::Rejected)
            .filter_map(|(raw, result)| {
                Some((
                    result.reason.as_ref()?.code.code().to_owned(),
                    result.row_no,
                    raw.raw.clone(),
                ))
            })
            .collect(),
        Err(_) => Vec::new(),
    };
    let same = batch.clone();
    let same_file = db.read_blocking(move |conn| intake::same_file(conn, &same))?;
    let (stored, figures) = rehearse(db, &upload, batch, source)?;
    Ok((stored, figures, examples, same_file))
}

/// `GET /imports/{id}/check`: what would become of every row.
pub(super) async fn check(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::Import)?;
    checked(&me, &db, *id, false).await
}

/// `GET /imports/{id}/confirm`: the plan in figures, and the button.
pub(super) async fn confirm(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::Import)?;
    checked(&me, &db, *id, true).await
}

/// `POST /imports/{id}/confirm`: the import begins.
pub(super) async fn run(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    _form: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::Import)?;
    let (inner, actor, id) = (db.get_ref().clone(), me.actor.clone(), *id);
    web::block(move || confirm_batch(&inner, &actor, id))
        .await
        .map_err(|e| AppError::Internal(e.into()))??;
    let flash = Flash::new("info", me.context().t("imports-started"));
    Ok(redirect_with(&format!("/imports/{id}"), &flash))
}
