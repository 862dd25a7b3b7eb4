//! The first run: whoever can read the server's console makes the administrator.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::login::{open, set};
use super::{Fault, beside};
use crate::accounts::gate::Gate;
use crate::accounts::identify::{Visitor, redirect_with, session_cookie};
use crate::accounts::model::{Account, Roles};
use crate::accounts::rules::credentials::{check_password, clean_email, clean_name};
use crate::accounts::{actions, password};
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::page::{Flash, PageContext, html, html_with, see_other};
use crate::platform::{clock, peer};

#[derive(Template)]
#[template(path = "accounts/first_run.html")]
struct FirstRunPage {
    ctx: PageContext,
    fault: Fault,
    code: String,
    name: String,
    email: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FirstRunForm {
    code: String,
    name: String,
    email: String,
    password: String,
}

/// `GET /first-run`.
pub(super) async fn show(
    visitor: Visitor,
    db: web::Data<Db>,
    gate: web::Data<Gate>,
) -> AppResult<HttpResponse> {
    if gate.has_users(&db).await? {
        return Ok(see_other("/login"));
    }
    let form = FirstRunForm::default();
    html(&page(visitor.context, form, Fault::default()))
}

fn page(ctx: PageContext, form: FirstRunForm, fault: Fault) -> FirstRunPage {
    FirstRunPage {
        ctx,
        fault,
        code: form.code,
        name: form.name,
        email: form.email,
    }
}

/// `POST /first-run`.
pub(super) async fn make(
    visitor: Visitor,
    request: HttpRequest,
    db: web::Data<Db>,
    gate: web::Data<Gate>,
    form: Form<FirstRunForm>,
) -> AppResult<HttpResponse> {
    gate.try_first_code(peer::address(&request))?;
    let language = visitor.context.language;
    let account = match read(&form) {
        Ok(account) => account,
        Err(error) => return again(visitor.context, form.0, error),
    };
    let (code, hash) = (
        form.code.clone(),
        password::hash(form.password.clone()).await?,
    );
    let made = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            actions::make_administrator(conn, now, &code, &account, &hash, language.code())
        })
        .await;
    let user = match made {
        Ok(user) => user,
        Err(error) => return again(visitor.context, form.0, error),
    };
    let text = visitor
        .context
        .t1("accounts-welcome", "name", user.name.clone());
    let cookie = open(&request, &db, user).await?;
    let mut answer = redirect_with("/", &Flash::new("good", text));
    set(&mut answer, &session_cookie(&request, cookie));
    Ok(answer)
}

fn read(form: &FirstRunForm) -> AppResult<Account> {
    let email = clean_email(&form.email)?;
    check_password(&form.password, &email)?;
    Ok(Account {
        name: clean_name(&form.name)?,
        email,
        roles: Roles::all(),
    })
}

fn again(ctx: PageContext, form: FirstRunForm, error: AppError) -> AppResult<HttpResponse> {
    let fault = beside(ctx.language, error)?;
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &page(ctx, form, fault))
}
