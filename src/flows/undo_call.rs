//! Taking back what a call brought: the queue, the record of its answers, the grade, and what it suppressed.

use actix_web::{HttpResponse, web};
use chrono::NaiveDateTime;
use serde::Deserialize;
use serde_json::json;

use crate::accounts::{Actor, ApiUser, Verb};
use crate::calling::actions::{self, Rulebook, rulebook};
use crate::calling::rules::UndoKind;
use crate::consent;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::idempotency::{Answer, ApiBody, write_once};
use crate::platform::log::{Change, Event, changed, happened};
use crate::qualifying::actions::{grading, look_again};
use crate::registry::actions::withdraw;
use crate::selling;

/// What may come along with an undo.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct UndoForm {
    /// Why; a manager needs one.
    pub reason: Option<String>,
    /// The second yes that a refusal asks for. A program that calls this has decided; pages ask a second time.
    pub confirmed: bool,
}

impl Default for UndoForm {
    fn default() -> Self {
        Self {
            reason: None,
            confirmed: true,
        }
    }
}

/// Takes the result of a call back. The dial still counts.
pub fn undo_call(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    rules: &Rulebook,
    call_id: i64,
    form: &UndoForm,
) -> AppResult<UndoKind> {
    let reason = form.reason.as_deref();
    let undo = actions::undoable(conn, now, actor, rules, call_id, reason, form.confirmed)?;
    let book = selling::actions::book(conn)?;
    selling::actions::withdraw_by_call(conn, now, actor, &book, call_id)?;
    actions::take_back(conn, now, actor, &undo, reason)?;
    let freed = consent::withdraw_by_call(conn, now, actor, call_id, reason.unwrap_or("undo"))?;
    if let Some(record) = undo.result.record_id {
        withdraw(conn, now, actor, record)?;
    }
    for (point, state) in &undo.before.points {
        actions::set_point_state(conn, now, *point, state)?;
    }
    super::suppress::look_again(conn, now, &freed)?;
    if let Some(root) = undo.group.first() {
        actions::rescore_entries(conn, &[*root])?;
        let book = grading(conn)?;
        look_again(conn, now, &book, *root)?;
    }
    let event = Event {
        at: now,
        kind: "call.undone",
        user_id: actor.user_id,
        campaign_id: undo.call.campaign_id,
        company_id: undo.call.company_id,
        object_id: Some(call_id),
        data: Some(json!({ "result": undo.result.id, "kind": undo.kind }).to_string()),
    };
    happened(conn, &event)?;
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb: "undo",
        object_kind: "call",
        object_id: Some(call_id),
        record_id: undo.result.record_id,
        n: 1,
        ..Change::default()
    };
    changed(conn, &change)?;
    Ok(undo.kind)
}

async fn post(
    api: ApiUser,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: ApiBody<UndoForm>,
) -> AppResult<HttpResponse> {
    api.require(Verb::UndoCall)?;
    let id = *id;
    let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
        let rules = rulebook(conn)?;
        let kind = undo_call(conn, now, &api.actor, &rules, id, &asked.body)?;
        Ok(Answer::ok(
            json!({ "call_id": id, "undone": true, "kind": kind }),
        ))
    })
    .await?;
    Ok(answer.into_response())
}

/// Routes of this flow.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/api/v1/calls/{id}/undo", web::post().to(post));
}
