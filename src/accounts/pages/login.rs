//! Log-in and log-out.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::Fault;
use crate::accounts::gate::Gate;
use crate::accounts::identify::{
    SignedIn, Visitor, cookie_of, no_session_cookie, redirect_with, session_cookie,
};
use crate::accounts::model::User;
use crate::accounts::rules::next_page;
use crate::accounts::{actions, password, queries};
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::page::{Flash, PageContext, html, html_with, see_other};
use crate::platform::{clock, peer};

/// From so few attempts left on, the page says how many.
const TELL_FROM: u32 = 5;

#[derive(Template)]
#[template(path = "accounts/login.html")]
struct LoginPage {
    ctx: PageContext,
    error: Option<String>,
    email: String,
    next: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Query {
    #[serde(default)]
    next: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct LoginForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `GET /login`.
pub(super) async fn show(visitor: Visitor, query: web::Query<Query>) -> AppResult<HttpResponse> {
    let next = next_page(&query.next);
    if visitor.is_signed_in {
        return Ok(see_other(next));
    }
    html(&LoginPage {
        next: next.to_owned(),
        ctx: visitor.context,
        error: None,
        email: String::new(),
    })
}

/// `POST /login`: a wrong address and a wrong password look alike and take as long.
pub(super) async fn log_in(
    visitor: Visitor,
    request: HttpRequest,
    db: web::Data<Db>,
    gate: web::Data<Gate>,
    form: Form<LoginForm>,
) -> AppResult<HttpResponse> {
    let address = peer::address(&request);
    let left = match gate.log_in(address, &form.email) {
        Ok(left) => left,
        Err(refused) => return again(visitor.context, form.0, refused),
    };
    let email = form.email.trim().to_lowercase();
    let user = db
        .read(move |conn| Ok::<_, AppError>(queries::user_by_email(conn, &email)?))
        .await?;
    let stored = user.as_ref().and_then(|u| u.password_hash.clone());
    let fits = password::matches(form.password.clone(), stored).await?;
    let Some(user) = user.filter(|_| fits) else {
        tracing::warn!(%address, "log-in refused: wrong address or password");
        return again(visitor.context, form.0, wrong(left));
    };
    if user.disabled_at.is_some() {
        let off = AppError::refuse(StatusCode::FORBIDDEN, "account_off");
        return again(visitor.context, form.0, off);
    }
    gate.welcome(&user.email);
    let cookie = open(&request, &db, user).await?;
    let mut answer = see_other(next_page(&form.next));
    set(&mut answer, &session_cookie(&request, cookie));
    Ok(answer)
}

fn wrong(left: u32) -> AppError {
    let code = match left {
        0 => "login_wrong_last",
        1..=TELL_FROM => "login_wrong_few",
        _ => "login_wrong",
    };
    AppError::refuse(StatusCode::UNPROCESSABLE_ENTITY, code).with("left", left)
}

/// The page again, with what was wrong and the address that was typed.
fn again(ctx: PageContext, form: LoginForm, error: AppError) -> AppResult<HttpResponse> {
    let Some(refusal) = error.refusal() else {
        return Err(error);
    };
    let (status, wait) = (
        refusal.status,
        refusal.args.iter().find(|a| a.0 == "seconds"),
    );
    let page = LoginPage {
        error: Some(Fault::new(ctx.language, refusal).text),
        email: form.email,
        next: next_page(&form.next).to_owned(),
        ctx,
    };
    let mut answer = html_with(status, &page)?;
    if let Some(seconds) = wait.and_then(|(_, s)| s.parse::<u32>().ok()) {
        answer.headers_mut().insert(
            actix_web::http::header::RETRY_AFTER,
            actix_web::http::header::HeaderValue::from(seconds),
        );
    }
    Ok(answer)
}

/// Opens a session with new keys; the one that the browser may still carry ends.
pub(super) async fn open(request: &HttpRequest, db: &Db, user: User) -> AppResult<String> {
    let old = cookie_of(request);
    db.write(move |conn| {
        let now = clock::now(conn)?;
        if let Some(old) = old {
            actions::close_session(conn, &old)?;
        }
        actions::open_session(conn, now, &user)
    })
    .await
}

/// Adds a cookie to an answer.
pub(super) fn set(answer: &mut HttpResponse, cookie: &actix_web::cookie::Cookie<'_>) {
    if let Err(why) = answer.add_cookie(cookie) {
        tracing::error!("a cookie could not be set: {why}");
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// `POST /logout`.
pub(super) async fn log_out(
    me: SignedIn,
    request: HttpRequest,
    db: web::Data<Db>,
    _: Form<Nothing>,
) -> AppResult<HttpResponse> {
    if let Some(cookie) = cookie_of(&request) {
        db.write(move |conn| actions::close_session(conn, &cookie))
            .await?;
    }
    let text = me.context().t("accounts-logged-out");
    let mut answer = redirect_with("/login", &Flash::new("good", text));
    set(&mut answer, &no_session_cookie());
    Ok(answer)
}
