//! `POST /api/v1/companies/{id}/grade`: a person sets a grade outside a call.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::company_access::access_to;
use crate::accounts::{ApiUser, Object, Verb, require};
use crate::calling::actions::follow_companies;
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::idempotency::{Answer, ApiBody, once};
use crate::platform::settings;
use crate::qualifying::actions::{grading, set_grade_by_hand};
use crate::qualifying::{Grade, ReasonList, Reasons};
use crate::registry::actions::root_of;

#[derive(Debug, Deserialize)]
struct GradeForm {
    grade: String,
    #[serde(default)]
    reason: String,
}

async fn post(
    api: ApiUser,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: ApiBody<GradeForm>,
) -> AppResult<HttpResponse> {
    let id = *id;
    let answer = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let access = access_to(conn, &api.actor, id, now)?;
            require(&api.actor, Verb::EditCompany, Object::Company(access))?;
            once(conn, api.actor.id(), &asked.once, now, |conn| {
                let book = grading(conn)?;
                let root = root_of(conn, id)?;
                let form = &asked.body;
                settings::load::<Reasons>(conn)?
                    .value
                    .check(ReasonList::Grade, &form.reason, "reason")?;
                let done = set_grade_by_hand(conn, now, &api.actor, &book, root, &form.grade, &form.reason)?;
                follow_companies(conn, now, &[id])?;
                let code = |grade: Option<Grade>| grade.map(Grade::code);
                Ok(Answer::ok(json!({ "before": code(done.before), "after": code(done.after), "proposed": code(done.proposed) })))
            })
        })
        .await?;
    Ok(answer.into_response())
}

/// Routes of this flow.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/api/v1/companies/{id}/grade", web::post().to(post));
}
