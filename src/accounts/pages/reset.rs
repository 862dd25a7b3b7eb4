//! The page behind a one-time link: sets a password, and logs in.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::login::{open, set as set_cookie};
use super::{Fault, beside};
use crate::accounts::gate::Gate;
use crate::accounts::identify::{Visitor, redirect_with, session_cookie};
use crate::accounts::rules::credentials::check_password;
use crate::accounts::{actions, password};
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::page::{Flash, PageContext, html, html_with};
use crate::platform::{clock, peer};

#[derive(Template)]
#[template(path = "accounts/reset.html")]
struct ResetPage {
    ctx: PageContext,
    fault: Fault,
    token: String,
    name: String,
    email: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct ResetForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    again: String,
}

/// `GET /reset/{token}`: looking uses nothing up, mail scanners open links, too.
pub(super) async fn show(
    visitor: Visitor,
    db: web::Data<Db>,
    token: web::Path<String>,
) -> AppResult<HttpResponse> {
    let page = page(visitor.context, &db, token.into_inner(), Fault::default()).await?;
    html(&page)
}

async fn page(ctx: PageContext, db: &Db, token: String, fault: Fault) -> AppResult<ResetPage> {
    let asked = token.clone();
    let user = db
        .read(move |conn| {
            let now = clock::now(conn)?;
            actions::reset_is_open(conn, now, &asked)
        })
        .await?;
    Ok(ResetPage {
        ctx,
        fault,
        token,
        name: user.name,
        email: user.email,
    })
}

/// `POST /reset/{token}`.
pub(super) async fn set(
    visitor: Visitor,
    request: HttpRequest,
    db: web::Data<Db>,
    gate: web::Data<Gate>,
    token: web::Path<String>,
    form: Form<ResetForm>,
) -> AppResult<HttpResponse> {
    gate.knock(peer::address(&request))?;
    let token = token.into_inner();
    let shown = page(
        visitor.context.clone(),
        &db,
        token.clone(),
        Fault::default(),
    )
    .await?;
    if let Err(error) = check(&form, &shown.email) {
        let fault = beside(visitor.context.language, error)?;
        return html_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &ResetPage { fault, ..shown },
        );
    }
    let hash = password::hash(form.0.password).await?;
    let user = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            actions::spend_reset(conn, now, &token, &hash)
        })
        .await?;
    gate.welcome(&user.email);
    let text = visitor.context.t("accounts-password-set");
    let cookie = open(&request, &db, user).await?;
    let mut answer = redirect_with("/", &Flash::new("good", text));
    set_cookie(&mut answer, &session_cookie(&request, cookie));
    Ok(answer)
}

fn check(form: &ResetForm, email: &str) -> AppResult<()> {
    check_password(&form.password, email)?;
    if form.password != form.again {
        return Err(AppError::invalid("password_differs", "again"));
    }
    Ok(())
}
