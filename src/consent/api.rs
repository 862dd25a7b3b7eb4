//! `GET /api/v1/suppressions`; adding one goes through `flows`, since queues follow.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::model::{Origin, OriginKind, Scope, Suppression};
use super::queries::list::{self as queries, ListFilter};
use crate::accounts::{ApiUser, Verb};
use crate::consent::actions::entries_named;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::log::{Access, accessed};

const LIMIT: i64 = 50;
const MOST: i64 = 500;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
    scope: String,
    origin: String,
    ended: bool,
    cursor: Option<i64>,
    limit: Option<i64>,
}

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/api/v1/suppressions", web::get().to(list));
}

/// A page of the list with numbers in full, which is kept in the access log.
async fn list(
    api: ApiUser,
    db: web::Data<Db>,
    asked: web::Query<Asked>,
) -> AppResult<HttpResponse> {
    api.require(Verb::SeeSuppressions)?;
    let asked = asked.into_inner();
    let body = db
        .write(move |conn| {
            let (rows, next) = page(conn, &asked)?;
            let access = Access {
                at: api.now,
                user_id: api.actor.id(),
                verb: "export",
                object_kind: "suppression",
                object_id: None,
                n: rows.len() as i32,
                detail: None,
            };
            accessed(conn, &access)?;
            Ok::<_, crate::platform::error::AppError>(json!({ "items": rows, "next_cursor": next }))
        })
        .await?;
    Ok(HttpResponse::Ok().json(body))
}

fn page(conn: &mut Conn, asked: &Asked) -> AppResult<(Vec<Value>, Option<String>)> {
    let limit = asked.limit.unwrap_or(LIMIT).clamp(1, MOST);
    let q = asked.q.trim();
    let ids = match q {
        "" => None,
        q => Some(entries_named(conn, q)?),
    };
    let filter = ListFilter {
        scope: Scope::parse(&asked.scope),
        origin: OriginKind::parse(&asked.origin),
        ended: asked.ended,
        ids,
        before: asked.cursor,
    };
    let mut rows = queries::page(conn, &filter, limit + 1)?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = more
        .then(|| rows.last().map(|r| r.id.to_string()))
        .flatten();
    let all: Vec<i64> = rows.iter().map(|r| r.id).collect();
    let origins = queries::origins_of(conn, &all)?;
    Ok((
        rows.iter().map(|row| to_json(row, &origins)).collect(),
        next,
    ))
}

/// A suppression as programs read it.
pub(super) fn to_json(row: &Suppression, origins: &[Origin]) -> Value {
    let origins: Vec<Value> = origins
        .iter()
        .filter(|o| o.suppression_id == row.id)
        .map(|o| {
            json!({
                "id": o.id, "kind": o.kind, "ways": super::Ways(o.ways).codes(), "said_at": utc(o.said_at),
                "call_id": o.call_id, "batch_id": o.batch_id, "note": o.note,
                "withdrawn_at": o.withdrawn_at.map(utc), "withdrawal": o.withdrawal, "reason": o.reason,
            })
        })
        .collect();
    json!({
        "id": row.id, "scope": row.scope, "subject": if row.hmac { Value::Null } else { json!(row.subject) },
        "ways": row.ways().codes(), "created_at": utc(row.created_at), "origins": origins,
    })
}

fn utc(at: chrono::NaiveDateTime) -> String {
    at.and_utc()
        .to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// One suppression as JSON, after it was changed.
pub fn suppression_json(conn: &mut Conn, id: i64) -> AppResult<Value> {
    let row = super::queries::suppression::suppression(conn, id)?;
    let origins = queries::origins_of(conn, &[id])?;
    Ok(to_json(&row, &origins))
}
