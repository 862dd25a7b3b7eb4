//! A call was dialled and its agent says nothing: the manager gives it to the team, or says what came of it.

use actix_web::{HttpResponse, web};
use chrono::NaiveDateTime;
use serde::Deserialize;

use super::record_call::record_call;
use crate::accounts::{self, Actor, SignedIn, Verb, redirect_with};
use crate::calling::actions::{Rulebook, give_to_team, log_settled, rulebook, waiting_lease};
use crate::calling::model::{CallForm, Lease};
use crate::calling::rules::{Disposition, Input};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::page::Flash;

/// Longest reason.
const LONGEST_REASON: usize = 500;

/// Results that need nothing but a reason, so that somebody who did not make the call can give them.
pub fn results() -> impl Iterator<Item = Disposition> {
    let needs_more = |result: &Disposition| {
        let mut inputs = result.inputs().iter();
        inputs.any(|(input, is_needed)| *is_needed && *input != Input::Reason)
    };
    let all = Disposition::ALL.iter().copied();
    all.filter(move |result| !needs_more(result))
}

/// Writes the result in the name of whoever dialled; the change log names the manager, the note the reason.
pub fn settle(
    conn: &mut Conn,
    now: NaiveDateTime,
    manager: &Actor,
    rules: &Rulebook,
    lease_id: i64,
    said: &ResultForm,
) -> AppResult<Lease> {
    let lease = waiting_lease(conn, manager, lease_id)?;
    let result = Disposition::from_code(&said.disposition)
        .filter(|result| results().any(|known| known == *result))
        .ok_or_else(|| AppError::invalid("disposition_unknown", "disposition"))?;
    let reason = said.reason.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(AppError::invalid("settle_needs_reason", "reason"));
    }
    let form = CallForm {
        lease: Some(lease.token.clone()),
        disposition: result.code().into(),
        reason: Some(reason.to_owned()),
        note: Some(reason.to_owned()),
        ..CallForm::default()
    };
    let agent = accounts::user_by_id(conn, lease.agent_id)?.actor();
    record_call(conn, now, &agent, rules, &form)?;
    log_settled(conn, now, manager, &lease, "settle")?;
    Ok(lease)
}

/// `POST /leases/{id}/team` carries nothing.
#[derive(Debug, Deserialize)]
struct Nothing {}

async fn to_team(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    _: Form<Nothing>,
) -> AppResult<HttpResponse> {
    me.require(Verb::UndoAnyCall)?;
    let (manager, id) = (me.actor.clone(), *id);
    let lease = db
        .write(move |conn| {
            let (now, rules) = (clock::now(conn)?, rulebook(conn)?);
            give_to_team(conn, now, &manager, id, &rules)
        })
        .await?;
    Ok(back(&me, &lease, "control-given"))
}

/// `POST /leases/{id}/outcome`.
#[derive(Debug, Clone, Deserialize)]
pub struct ResultForm {
    #[serde(default)]
    disposition: String,
    #[serde(default)]
    reason: String,
}

async fn outcome(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    said: Form<ResultForm>,
) -> AppResult<HttpResponse> {
    me.require(Verb::UndoAnyCall)?;
    let (manager, id, said) = (me.actor.clone(), *id, said.0);
    let lease = db
        .write(move |conn| {
            let (now, rules) = (clock::now(conn)?, rulebook(conn)?);
            settle(conn, now, &manager, &rules, id, &said)
        })
        .await?;
    Ok(back(&me, &lease, "control-settled"))
}

fn back(me: &SignedIn, lease: &Lease, key: &str) -> HttpResponse {
    let to = format!("/campaigns/{}/queue", lease.campaign_id);
    redirect_with(&to, &Flash::new("good", me.lang().text(key)))
}

/// Routes of this flow.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/leases/{id}/team", web::post().to(to_team))
        .route("/leases/{id}/outcome", web::post().to(outcome));
}
