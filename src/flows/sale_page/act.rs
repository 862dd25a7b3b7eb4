//! What one does with a company that one sells to: stages, contacts, appointments, registrations, letting it go.

use actix_web::{HttpResponse, web};
use chrono::NaiveDateTime;

use crate::accounts::{SignedIn, Verb};
use crate::flows::{company_access, contradictions};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::registry::actions::group_of;
use crate::selling::actions::{self, book};
use crate::selling::pages::shown::back;
use crate::selling::rules::stages::Stage;
use crate::selling::sale as queries;

/// Does one thing with a company that somebody sells to, and goes back to its sale.
async fn act(
    me: SignedIn,
    db: web::Data<Db>,
    id: i64,
    text: &'static str,
    work: impl FnOnce(&mut Conn, NaiveDateTime, &SignedIn, i64) -> AppResult<()> + Send + 'static,
) -> AppResult<HttpResponse> {
    me.require(Verb::Sell)?;
    let ctx = me.context();
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let (root, _) = company_access::open(conn, &me.actor, id, Verb::Sell, now)?;
            work(conn, now, &me, root)?;
            contradictions::after_change(conn, now, root)
        })
        .await;
    let to = format!("/companies/{id}/sale");
    back(&ctx, &to, done.map(|()| ctx.t(text)))
}

/// `POST /companies/{id}/sale`: a stage of the open opportunity is entered, the sale is lost, or another one begins.
pub(super) async fn move_on(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    act(me, db, *id, "sale-done", move |conn, now, me, root| {
        if sent.get("stage") == Some(Stage::Listed.code()) {
            let book = book(conn)?;
            return actions::begin_sale(conn, now, &me.actor, &book, root);
        }
        let group = group_of(conn, root)?;
        let open = queries::opportunities(conn, &group)?;
        let open = open.into_iter().find(|o| o.is_open());
        let open = open.ok_or_else(|| AppError::conflict("opportunity_closed"))?;
        let book = book(conn)?;
        let code = sent.get("stage").unwrap_or_default();
        if code == "lost" {
            let lost = (
                sent.get("reason").unwrap_or_default(),
                sent.get("competitor").unwrap_or_default(),
            );
            actions::lose_sale(conn, now, &me.actor, &book, open.id, lost)?;
            return Ok(());
        }
        let stage =
            Stage::from_code(code).ok_or_else(|| AppError::invalid("stage_unknown", "stage"))?;
        let answers = sent.0.iter().cloned().collect();
        actions::enter_stage(conn, now, &me.actor, &book, open.id, (stage, &answers))?;
        Ok(())
    })
    .await
}

/// `POST /companies/{id}/registration`.
pub(super) async fn register(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    act(
        me,
        db,
        *id,
        "sale-done-registered",
        move |conn, now, me, root| {
            let book = book(conn)?;
            let project = sent.get("project").unwrap_or_default();
            actions::register(conn, now, &me.actor, &book, root, project)?;
            Ok(())
        },
    )
    .await
}

/// `POST /companies/{id}/contact`: a visit or a call outside of every queue.
pub(super) async fn met(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    act(me, db, *id, "sale-done-met", move |conn, now, me, root| {
        let kind = match sent.get("kind") {
            Some("call") => "call",
            _ => "visit",
        };
        actions::met(conn, now, &me.actor, root, kind, sent.get("note"))
    })
    .await
}

/// `POST /companies/{id}/release`: into the pool, with a reason.
pub(super) async fn release(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::Sell)?;
    let (ctx, id) = (me.context(), *id);
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let (root, _) = company_access::open(conn, &me.actor, id, Verb::Sell, now)?;
            let book = book(conn)?;
            let reason = sent.get("reason").unwrap_or_default();
            actions::release(conn, now, &me.actor, &book, root, reason)
        })
        .await;
    let to = match done.is_ok() {
        true => "/".to_owned(),
        false => format!("/companies/{id}/sale"),
    };
    let text = ctx.t("sale-done-released");
    back(&ctx, &to, done.map(|()| text))
}
