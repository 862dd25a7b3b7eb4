//! Imports and single leads for programs.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::import_job::rehearse;
use super::import_pages::send::new_batch;
use super::import_pages::upload::{Upload, receive};
use super::receive_file::receive_file;
use super::take_lead::{NewLead, take_lead};
use crate::accounts::{ApiUser, Verb};
use crate::intake::actions as intake;
use crate::intake::model::{Batch, Figures, NewBatch, ReadOptions, StoredPlan};
use crate::intake::{HeaderRow, Mapping, UploadSource};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::Lang;
use crate::platform::idempotency::{Answer, ApiBody, Once, once, write_once};
use crate::platform::jobs;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/api/v1/imports", web::post().to(send))
        .route("/api/v1/imports/{id}", web::get().to(one))
        .route("/api/v1/imports/{id}/undo", web::post().to(undo))
        .route("/api/v1/imports/{id}/cancel", web::post().to(cancel))
        .route("/api/v1/leads", web::post().to(lead));
}

/// `POST /imports`: 202 with the batch; a dry run 200 with the figures of the run that would follow.
async fn send(
    api: ApiUser,
    db: web::Data<Db>,
    request: HttpRequest,
    form: Multipart,
) -> AppResult<HttpResponse> {
    api.require(Verb::Import)?;
    let upload = receive(form, None).await?;
    let new = NewBatch {
        options: options(&upload)?,
        ..new_batch(&upload)?
    };
    let is_dry = matches!(upload.get("dry_run"), Some("1" | "true" | "yes" | "on"));
    let (inner, actor, file) = (db.get_ref().clone(), api.actor.clone(), upload.into_file()?);
    let batch = blocking(move || receive_file(&inner, &actor, new, file)).await?;
    if is_dry {
        return dry_run(&db, batch, api.lang).await;
    }
    let sent = format!("{} {} {:?}", batch.source_id, batch.kind, batch.mapping);
    let asked = Once::of(&request, &[sent.as_bytes(), &batch.file_hash].concat())?;
    let id = batch.id;
    let answer = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let answer = once(conn, api.actor.id(), &asked, now, |conn| {
                intake::queue(conn, now, &api.actor, id)?;
                Ok(Answer::accepted(json!({ "batch_id": id })))
            })?;
            // The first answer to this key belongs to another batch: what came now was the same request again.
            if answer.body["batch_id"] != id {
                intake::discard_draft(conn, id)?;
            }
            Ok::<_, AppError>(answer)
        })
        .await?;
    Ok(answer.into_response())
}

async fn dry_run(db: &Db, batch: Batch, lang: Lang) -> AppResult<HttpResponse> {
    let inner = db.clone();
    let (plan, figures) = blocking(move || {
        let (id, upload) = (batch.id, UploadSource::new(&inner, batch.id)?);
        let source = inner.read_blocking(|conn| intake::batch(conn, id))?.1;
        let told = rehearse(&inner, &upload, batch, source);
        inner.write_blocking(move |conn| intake::discard_draft(conn, id))?;
        told
    })
    .await?;
    let told = json!({ "dry_run": true, "plan": shown_plan(&plan, lang), "figures": figures });
    Ok(HttpResponse::Ok().json(told))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> AppResult<T> + Send + 'static,
) -> AppResult<T> {
    web::block(work)
        .await
        .map_err(|e| AppError::Internal(e.into()))?
}

fn options(upload: &Upload) -> AppResult<ReadOptions> {
    let wrong = |field: &'static str| AppError::invalid("import_option_unreadable", field);
    let named = |name: &str| upload.get(name).filter(|text| *text != "auto");
    let header_row = match named("header_row") {
        None => None,
        Some("none") => Some(HeaderRow::None),
        Some(row) => Some(HeaderRow::At(row.parse().map_err(|_| wrong("header_row"))?)),
    };
    let mapping = named("mapping")
        .map(Mapping::from_json)
        .transpose()
        .map_err(|_| wrong("mapping"))?;
    Ok(ReadOptions {
        encoding: named("encoding").map(str::to_owned),
        delimiter: None,
        sheet: named("sheet").map(|sheet| sheet.to_owned().into()),
        header_row,
        mapping,
        remap: matches!(upload.get("remap"), Some("1" | "true" | "yes" | "on")),
        ..ReadOptions::default()
    })
}

/// How the file was read, as far as a program needs it.
fn shown_plan(stored: &StoredPlan, lang: Lang) -> Value {
    let sheet = stored.plan.as_ref().and_then(|plan| plan.sheets.first());
    json!({
        "encoding": stored.plan.as_ref().map(|plan| plan.reading.encoding.as_str()).filter(|name| !name.is_empty()),
        "header_row": sheet.and_then(|sheet| sheet.header_row),
        "columns": sheet.map(|sheet| {
            let columns = sheet.columns.iter().enumerate();
            columns.map(|(at, field)| json!({ "heading": sheet.headings.get(at), "field": field.code() })).collect::<Vec<_>>()
        }),
        "unreadable": stored.unreadable,
        "refusal": stored.refusal(lang).map(|why| json!({ "title": why.text, "detail": why.remedy })),
    })
}

/// `GET /imports/{id}`: state, progress, figures.
async fn one(api: ApiUser, db: web::Data<Db>, id: web::Path<i64>) -> AppResult<HttpResponse> {
    api.require(Verb::SeeImports)?;
    let body = db.read(move |conn| told(conn, *id, api.lang)).await?;
    Ok(HttpResponse::Ok().json(body))
}

fn told(conn: &mut Conn, id: i64, lang: Lang) -> AppResult<Value> {
    let (batch, source) = intake::batch(conn, id)?;
    let job = batch
        .job_id
        .map(|job| jobs::status(conn, job))
        .transpose()?;
    let figures: Figures = batch.figures();
    Ok(json!({
        "batch_id": batch.id,
        "state": batch.state,
        "kind": batch.kind,
        "file": batch.file_name,
        "source": { "id": source.id, "channel": source.channel, "name": source.name, "legal_ground": source.ground },
        "collected_on": batch.collected_on,
        "correction_of": batch.correction_of,
        "progress": job.map(|job| json!({ "done": job.done, "total": job.total, "error": job.error })),
        "plan": shown_plan(&batch.plan(), lang),
        "figures": figures,
    }))
}

/// `POST /imports/{id}/undo`: 202; the job goes on behind the answer.
async fn undo(
    api: ApiUser,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: ApiBody<Value>,
) -> AppResult<HttpResponse> {
    api.require(Verb::Import)?;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        intake::ask_undo(conn, now, &api.actor, *id)?;
        Ok(Answer::accepted(
            json!({ "batch_id": *id, "state": "undoing" }),
        ))
    })
    .await?;
    Ok(answer.into_response())
}

/// `POST /imports/{id}/cancel`: stops after the present chunk.
async fn cancel(
    api: ApiUser,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: ApiBody<Value>,
) -> AppResult<HttpResponse> {
    api.require(Verb::Import)?;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        intake::ask_cancel(conn, now, &api.actor, *id)?;
        Ok(Answer::accepted(json!({ "batch_id": *id })))
    })
    .await?;
    Ok(answer.into_response())
}

/// `POST /leads`: 201; the very same lead again answers 200 and adds nothing.
async fn lead(api: ApiUser, db: web::Data<Db>, asked: ApiBody<NewLead>) -> AppResult<HttpResponse> {
    api.require(Verb::Import)?;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        let taken = take_lead(conn, now, &api.actor, &asked.body)?;
        let body = json!({
            "record_id": taken.record_id,
            "company_id": taken.company_id,
            "contact_id": taken.contact_id,
            "new_company": taken.is_new_company,
            "known": taken.is_known,
        });
        Ok(if taken.is_known {
            Answer::ok(body)
        } else {
            Answer::created(body)
        })
    })
    .await?;
    Ok(answer.into_response())
}
