//! `/companies/{id}/records/{record}`: the row a value came from, verbatim, and why it stands here.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::facts::label;
use crate::accounts::{Object, SignedIn, Verb, may};
use crate::flows::company_access;
use crate::intake::model::unpack;
use crate::intake::readable;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::page::{PageContext, html};
use crate::registry::actions::group_of;
use crate::registry::model::{FieldShape, Record};
use crate::registry::pages::shown;
use crate::registry::queries::{load, page as queries, records};

#[derive(Template)]
#[template(path = "registry/record.html")]
struct RecordPage {
    ctx: PageContext,
    company: i64,
    name: String,
    kind: String,
    source: Option<String>,
    channel: Option<String>,
    file: Option<String>,
    batch: Option<i64>,
    sheet: Option<i32>,
    row: Option<i32>,
    by: Option<String>,
    said_at: chrono::NaiveDateTime,
    collected_on: Option<chrono::NaiveDate>,
    placed: String,
    voided: bool,
    raw: Option<String>,
    raw_hidden: bool,
    said: Vec<(String, String)>,
}

/// The page.
pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    ids: web::Path<(i64, i64)>,
) -> AppResult<HttpResponse> {
    me.require(Verb::FindCompanies)?;
    let (id, record) = ids.into_inner();
    let page = db.read(move |conn| build(conn, &me, id, record)).await?;
    html(&page)
}

fn build(conn: &mut Conn, me: &SignedIn, id: i64, record_id: i64) -> AppResult<RecordPage> {
    let (root, access) = company_access::open(conn, &me.actor, id, Verb::SeeCompany, me.now)?;
    let record = records::record(conn, record_id)?;
    if !record
        .company_id
        .is_some_and(|at| group_of(conn, root).is_ok_and(|group| group.contains(&at)))
    {
        return Err(AppError::not_found());
    }
    let ctx = me.context();
    let company = load::company(conn, root)?;
    let in_full = may(&me.actor, Verb::SeeImports, Object::Any)
        || may(&me.actor, Verb::SeeNumbers, Object::Company(access));
    let raw = raw_row(conn, &record)?;
    let (_, source, channel, file, by) = queries::origins(conn, &[record_id])?
        .pop()
        .ok_or_else(AppError::not_found)?;
    Ok(RecordPage {
        company: root,
        name: company.name,
        kind: ctx.code("company-record", &record.kind),
        source,
        channel: channel.map(|code| ctx.code("channel", &code)),
        file,
        batch: record.batch_id,
        sheet: record.sheet_no,
        row: record.row_no,
        by,
        said_at: record.said_at,
        collected_on: record.collected_on,
        placed: ctx.code(
            "company-placed",
            record.placed_by.as_deref().unwrap_or("hand"),
        ),
        voided: !record.is_live(),
        raw_hidden: raw.is_some() && !in_full,
        raw: raw.filter(|_| in_full),
        said: said(&ctx, &record, in_full),
        ctx,
    })
}

/// The line as it came.
fn raw_row(conn: &mut Conn, record: &Record) -> AppResult<Option<String>> {
    let (Some(batch), Some(row)) = (record.batch_id, record.row_no) else {
        return Ok(None);
    };
    let sheet = record.sheet_no.unwrap_or(1);
    let Some((_, _, bytes, _)) = crate::intake::queries::raw::chunk_with(conn, batch, sheet, row)?
    else {
        return Ok(None);
    };
    let lines: Vec<(u64, String)> = unpack(&bytes)?;
    Ok(lines
        .into_iter()
        .find(|(no, _)| i32::try_from(*no) == Ok(row))
        .map(|(_, text)| readable(&text)))
}

fn said(ctx: &PageContext, record: &Record, in_full: bool) -> Vec<(String, String)> {
    let said = record.said();
    said.0
        .iter()
        .map(|(field, one)| {
            let hidden = field.shape() == FieldShape::Set && !in_full;
            let text = if hidden {
                ctx.t("company-masked")
            } else {
                shown::value(ctx, *field, &one.value, "CNY")
            };
            (label(ctx, *field), text)
        })
        .collect()
}
