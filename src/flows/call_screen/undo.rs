//! `POST /calls/{id}/undo`: takes a result back, from the toast, the own history, or by a manager. Where a second yes or
//! a reason is needed, a page asks for it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::callee;
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::calling::{actions, screen};
use crate::flows::undo_call::{UndoForm, undo_call};
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::{self, Flash, PageContext};
use crate::platform::problem;

#[derive(Template)]
#[template(path = "calling/undo.html")]
struct AskAgain {
    ctx: PageContext,
    id: i64,
    back: String,
    text: String,
    remedy: String,
    wants_reason: bool,
    reason: String,
}

/// Takes the result of a call back.
pub async fn undo(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::UndoCall)?;
    let (actor, ctx, id) = (me.actor.clone(), me.context(), id.into_inner());
    let form = UndoForm {
        reason: pairs.get("reason").map(str::to_owned),
        confirmed: pairs.get("sure").is_some(),
    };
    let back = pairs
        .get("back")
        .filter(|to| to.starts_with('/') && !to.starts_with("//"));
    let home = if me.require(Verb::Call).is_ok() {
        "/call"
    } else {
        "/"
    };
    let back = back.unwrap_or(home).to_owned();
    let undone = {
        let (ctx, form) = (ctx.clone(), form.clone());
        db.write(move |conn| {
            let now = clock::now(conn)?;
            let rules = actions::rulebook(conn)?;
            undo_call(conn, now, &actor, &rules, id, &form)?;
            let (company, person) = screen::whom(conn, id)?;
            callee::name_of(conn, &ctx, company, person)
        })
        .await
    };
    match undone {
        Ok(name) => Ok(redirect_with(
            &back,
            &Flash::new("good", ctx.t1("screen-undone", "name", name)),
        )),
        Err(AppError::Refused(refusal))
            if ["undo_not_confirmed", "undo_needs_reason"].contains(&refusal.code) =>
        {
            let told = problem::tell(me.lang(), &refusal);
            let page = AskAgain {
                ctx,
                id,
                back,
                text: told.text,
                remedy: told.remedy,
                wants_reason: refusal.code == "undo_needs_reason",
                reason: form.reason.unwrap_or_default(),
            };
            page::html_with(StatusCode::CONFLICT, &page)
        }
        Err(error) => Err(error),
    }
}
