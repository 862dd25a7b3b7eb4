//! One's own account: name, password, language and look, where one is logged in, API tokens.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::login::{Nothing, set};
use super::{Fault, beside};
use crate::accounts::gate::Gate;
use crate::accounts::identify::{
    SignedIn, cookie_of, no_session_cookie, redirect_with, session_cookie,
};
use crate::accounts::model::{SessionRow, TokenRow, User};
use crate::accounts::rules::credentials::{check_password, clean_name, clean_phone};
use crate::accounts::{actions, password, queries};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::i18n::Lang;
use crate::platform::page::{Flash, PageContext, html_with};
use crate::platform::{clock, peer, secret};

#[derive(Template)]
#[template(path = "accounts/account.html")]
struct AccountPage {
    ctx: PageContext,
    fault: Fault,
    user: User,
    sessions: Vec<SessionRow>,
    here: Vec<u8>,
    tokens: Vec<TokenRow>,
    new_token: Option<String>,
    token_name: String,
}

impl AccountPage {
    fn is_here(&self, session: &SessionRow) -> bool {
        session.token_hash == self.here
    }
    fn language(&self) -> &str {
        self.user.language.as_deref().unwrap_or_default()
    }
    fn phone(&self) -> &str {
        self.user.phone.as_deref().unwrap_or_default()
    }
    fn theme(&self) -> &str {
        self.user.theme.as_deref().unwrap_or_default()
    }
}

/// What a form of the page leaves to say.
#[derive(Default)]
struct Said {
    fault: Fault,
    new_token: Option<String>,
    token_name: String,
}

async fn page(
    me: &SignedIn,
    request: &HttpRequest,
    db: &Db,
    said: Said,
) -> AppResult<HttpResponse> {
    let (id, now) = (me.actor.id(), me.now);
    let (user, sessions, tokens) = db
        .read(move |conn| {
            let user = queries::user(conn, id)?;
            let sessions = queries::sessions_of(conn, id, user.auth_epoch, now)?;
            let tokens = queries::tokens_of(conn, id)?;
            Ok::<_, AppError>((user, sessions, tokens))
        })
        .await?;
    let status = match said.fault.any() {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let here = cookie_of(request).map(|cookie| secret::hash(&cookie));
    let page = AccountPage {
        ctx: me.context(),
        fault: said.fault,
        user,
        sessions,
        here: here.unwrap_or_default(),
        tokens,
        new_token: said.new_token,
        token_name: said.token_name,
    };
    html_with(status, &page)
}

/// The page again with what is wrong, or back to it with a good word.
async fn answer(
    me: &SignedIn,
    request: &HttpRequest,
    db: &Db,
    done: AppResult<()>,
    good: &str,
) -> AppResult<HttpResponse> {
    match done {
        Ok(()) => Ok(back(me, good)),
        Err(error) => {
            let fault = beside(me.lang(), error)?;
            page(
                me,
                request,
                db,
                Said {
                    fault,
                    ..Said::default()
                },
            )
            .await
        }
    }
}

fn back(me: &SignedIn, key: &str) -> HttpResponse {
    redirect_with("/account", &Flash::new("good", me.context().t(key)))
}

/// `GET /account`.
pub(super) async fn show(
    me: SignedIn,
    request: HttpRequest,
    db: web::Data<Db>,
) -> AppResult<HttpResponse> {
    page(&me, &request, &db, Said::default()).await
}

#[derive(Debug, Deserialize)]
pub(super) struct NameForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
}

/// `POST /account`: one's own name and number.
pub(super) async fn rename(
    me: SignedIn,
    request: HttpRequest,
    db: web::Data<Db>,
    form: Form<NameForm>,
) -> AppResult<HttpResponse> {
    let cleaned = clean_name(&form.name).and_then(|name| Ok((name, clean_phone(&form.phone)?)));
    let done = match cleaned {
        Ok((name, phone)) => {
            let actor = me.actor.clone();
            write(&db, move |conn| {
                let now = clock::now(conn)?;
                actions::rename(conn, now, &actor, &name, phone.as_deref())
            })
            .await
        }
        Err(error) => Err(error),
    };
    answer(&me, &request, &db, done, "accounts-saved").await
}

async fn write(
    db: &Db,
    work: impl FnOnce(&mut Conn) -> AppResult<()> + Send + 'static,
) -> AppResult<()> {
    db.write(work).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PasswordForm {
    old: String,
    password: String,
    again: String,
}

/// `POST /account/password`: every other session ends, this one goes on with new keys.
pub(super) async fn change_password(
    me: SignedIn,
    request: HttpRequest,
    db: web::Data<Db>,
    gate: web::Data<Gate>,
    form: Form<PasswordForm>,
) -> AppResult<HttpResponse> {
    let id = me.actor.id();
    let user = db
        .read(move |conn| Ok::<_, AppError>(queries::user(conn, id)?))
        .await?;
    gate.log_in(peer::address(&request), &user.email)?;
    if let Err(error) = check(&form, &user).await {
        return answer(&me, &request, &db, Err(error), "").await;
    }
    gate.welcome(&user.email);
    let hash = password::hash(form.0.password).await?;
    let actor = me.actor.clone();
    let cookie = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            actions::change_password(conn, now, &actor, id, &hash)?;
            actions::renew(conn, now, id)
        })
        .await?;
    let mut answer = back(&me, "accounts-password-changed");
    set(&mut answer, &session_cookie(&request, cookie));
    Ok(answer)
}

async fn check(form: &PasswordForm, user: &User) -> AppResult<()> {
    let fits = password::matches(form.old.clone(), user.password_hash.clone()).await?;
    if !fits {
        return Err(AppError::invalid("password_old_wrong", "old"));
    }
    check_password(&form.password, &user.email)?;
    if form.password != form.again {
        return Err(AppError::invalid("password_differs", "again"));
    }
    Ok(())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LookForm {
    language: String,
    theme: String,
}

/// `POST /account/look`: language and theme; empty follows browser and system.
pub(super) async fn set_look(
    me: SignedIn,
    db: web::Data<Db>,
    form: Form<LookForm>,
) -> AppResult<HttpResponse> {
    let id = me.actor.id();
    let language = Lang::parse(&form.language);
    let theme = ["light", "dark"].into_iter().find(|t| *t == form.theme);
    db.write(move |conn| {
        queries::set_look(conn, id, language.map(Lang::code), theme).map_err(AppError::from)
    })
    .await?;
    let text = language.unwrap_or(me.lang()).text("accounts-saved");
    Ok(redirect_with("/account", &Flash::new("good", text)))
}

/// `POST /account/sessions/end`: logs out everywhere, here too.
pub(super) async fn end_sessions(
    me: SignedIn,
    db: web::Data<Db>,
    _: Form<Nothing>,
) -> AppResult<HttpResponse> {
    let id = me.actor.id();
    db.write(move |conn| actions::end_everywhere(conn, id))
        .await?;
    let text = me.context().t("accounts-logged-out-everywhere");
    let mut answer = redirect_with("/login", &Flash::new("good", text));
    set(&mut answer, &no_session_cookie());
    Ok(answer)
}

#[derive(Debug, Deserialize)]
pub(super) struct TokenForm {
    #[serde(default)]
    token_name: String,
}

/// `POST /account/tokens`: the token stands on the page that answers, and nowhere else ever.
pub(super) async fn make_token(
    me: SignedIn,
    request: HttpRequest,
    db: web::Data<Db>,
    form: Form<TokenForm>,
) -> AppResult<HttpResponse> {
    let (actor, name) = (me.actor.clone(), form.token_name.clone());
    let made = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            actions::make_token(conn, now, &actor, actor.id(), &name)
        })
        .await;
    let said = match made {
        Ok(token) => Said {
            new_token: Some(token),
            ..Said::default()
        },
        Err(error) => Said {
            fault: beside(me.lang(), error)?,
            token_name: form.0.token_name,
            ..Said::default()
        },
    };
    page(&me, &request, &db, said).await
}

/// `POST /account/tokens/{id}/revoke`.
pub(super) async fn revoke_token(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    _: Form<Nothing>,
) -> AppResult<HttpResponse> {
    let (actor, id) = (me.actor.clone(), *id);
    db.write(move |conn| {
        let now = clock::now(conn)?;
        actions::revoke_token(conn, now, &actor, actor.id(), id)
    })
    .await?;
    Ok(back(&me, "accounts-token-revoked"))
}
