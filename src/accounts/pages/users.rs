//! The users of the office, for its administrators.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;

use super::login::Nothing;
use super::{Fault, beside};
use crate::accounts::identify::{SignedIn, redirect_with};
use crate::accounts::model::{Account, Role, Roles, Team, TokenRow, User};
use crate::accounts::rules::Verb;
use crate::accounts::rules::credentials::{clean_email, clean_name};
use crate::accounts::{actions, queries};
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::{Form, Pairs};
use crate::platform::http::Site;
use crate::platform::page::{Flash, PageContext, html, html_with};
use crate::platform::peer;

#[derive(Template)]
#[template(path = "accounts/users.html")]
struct UsersPage {
    ctx: PageContext,
    users: Vec<(User, Option<NaiveDateTime>)>,
    teams: Vec<Team>,
    me: i64,
    /// What is wrong with the name of a team.
    fault: Fault,
}

impl UsersPage {
    fn in_team(&self, team: &Team) -> usize {
        let of = |(user, _): &&(User, Option<NaiveDateTime>)| user.team_id == Some(team.id);
        self.users.iter().filter(of).count()
    }
    /// None is the office's own.
    fn team_of(&self, user: &User) -> Option<&str> {
        let team = self.teams.iter().find(|team| user.team_id == Some(team.id));
        team.map(|team| team.name.as_str())
    }
    fn on(&self) -> usize {
        self.users
            .iter()
            .filter(|(u, _)| u.disabled_at.is_none())
            .count()
    }
}

#[derive(Template)]
#[template(path = "accounts/user.html")]
struct UserPage {
    ctx: PageContext,
    fault: Fault,
    /// None while a user is being added.
    user: Option<User>,
    email: String,
    name: String,
    roles: Roles,
    /// None where the office has only its own.
    teams: Vec<Team>,
    team: Option<i64>,
    tokens: Vec<TokenRow>,
    me: i64,
}

impl UserPage {
    fn is_in(&self, team: &Team) -> bool {
        self.team == Some(team.id)
    }
    fn all_roles(&self) -> [Role; 5] {
        Role::ALL
    }
}

/// A one-time link, shown once.
#[derive(Template)]
#[template(path = "accounts/link.html")]
struct LinkPage {
    ctx: PageContext,
    user: User,
    link: String,
    is_new: bool,
}

/// `GET /users`.
pub(super) async fn list(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::EditUsers)?;
    html(&page(&me, &db, Fault::default()).await?)
}

/// The page once more, with what is wrong with the name of a team.
pub(super) async fn team_again(me: &SignedIn, db: &Db, error: AppError) -> AppResult<HttpResponse> {
    let fault = beside(me.lang(), error)?;
    let page = page(me, db, fault).await?;
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn page(me: &SignedIn, db: &Db, fault: Fault) -> AppResult<UsersPage> {
    let (users, teams) = db
        .read(|conn| Ok::<_, AppError>((actions::list_users(conn)?, actions::teams(conn)?)))
        .await?;
    Ok(UsersPage {
        ctx: me.context(),
        users,
        teams,
        me: me.actor.id(),
        fault,
    })
}

/// `GET /users/new`.
pub(super) async fn new(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::EditUsers)?;
    let teams = db.read(actions::teams).await?;
    html(&UserPage {
        teams,
        team: None,
        ctx: me.context(),
        fault: Fault::default(),
        user: None,
        email: String::new(),
        name: String::new(),
        roles: Roles::default(),
        tokens: Vec::new(),
        me: me.actor.id(),
    })
}

fn read(form: &Pairs) -> AppResult<Account> {
    let roles: Roles = form.all("role").filter_map(Role::parse).collect();
    let account = Account {
        email: clean_email(form.get("email").unwrap_or_default())?,
        name: clean_name(form.get("name").unwrap_or_default())?,
        roles,
    };
    if roles == Roles::default() {
        return Err(AppError::invalid("roles_empty", "role"));
    }
    Ok(account)
}

/// The team that the form names; none is the office's own.
fn team(form: &Pairs) -> Option<i64> {
    form.get("team").and_then(|id| id.parse().ok())
}

/// `POST /users`: adds a user and shows the link by which they choose their password.
pub(super) async fn add(
    me: SignedIn,
    request: HttpRequest,
    db: web::Data<Db>,
    site: web::Data<Site>,
    form: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditUsers)?;
    let (actor, team_id) = (me.actor.clone(), team(&form));
    let added = match read(&form) {
        Ok(account) => {
            db.write(move |conn| {
                let now = clock::now(conn)?;
                let id = actions::add_user(conn, now, &actor, &account, None)?;
                actions::put_into_team(conn, now, &actor, id, team_id)?;
                let token = actions::make_reset_link(conn, now, &actor, id)?;
                Ok((queries::user(conn, id)?, token))
            })
            .await
        }
        Err(error) => Err(error),
    };
    match added {
        Ok((user, token)) => html(&LinkPage {
            ctx: me.context(),
            user,
            link: format!("{}/reset/{token}", peer::base(&request, &site)),
            is_new: true,
        }),
        Err(error) => again(&me, None, load_new(&db).await?, &form, error),
    }
}

/// The form again with what is wrong and what was typed.
fn again(
    me: &SignedIn,
    user: Option<User>,
    around: Around,
    form: &Pairs,
    error: AppError,
) -> AppResult<HttpResponse> {
    let page = UserPage {
        ctx: me.context(),
        fault: beside(me.lang(), error)?,
        user,
        email: form.get("email").unwrap_or_default().to_owned(),
        name: form.get("name").unwrap_or_default().to_owned(),
        roles: form.all("role").filter_map(Role::parse).collect(),
        teams: around.teams,
        team: team(form),
        tokens: around.tokens,
        me: me.actor.id(),
    };
    html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// What stands around the form of a user.
struct Around {
    teams: Vec<Team>,
    tokens: Vec<TokenRow>,
}

async fn load(db: &Db, id: i64) -> AppResult<(User, Around)> {
    db.read(move |conn| {
        let around = Around {
            teams: actions::teams(conn)?,
            tokens: queries::tokens_of(conn, id)?,
        };
        Ok((queries::user(conn, id)?, around))
    })
    .await
}

async fn load_new(db: &Db) -> AppResult<Around> {
    Ok(Around {
        teams: db.read(actions::teams).await?,
        tokens: Vec::new(),
    })
}

/// `GET /users/{id}`.
pub(super) async fn edit(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditUsers)?;
    let (user, around) = load(&db, *id).await?;
    html(&UserPage {
        ctx: me.context(),
        fault: Fault::default(),
        email: user.email.clone(),
        name: user.name.clone(),
        roles: Roles(user.roles),
        team: user.team_id,
        user: Some(user),
        teams: around.teams,
        tokens: around.tokens,
        me: me.actor.id(),
    })
}

/// `POST /users/{id}`.
pub(super) async fn save(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditUsers)?;
    let (actor, id, team_id) = (me.actor.clone(), *id, team(&form));
    let saved = match read(&form) {
        Ok(account) => {
            db.write(move |conn| {
                let now = clock::now(conn)?;
                actions::edit_user(conn, now, &actor, id, &account)?;
                actions::put_into_team(conn, now, &actor, id, team_id)
            })
            .await
        }
        Err(error) => Err(error),
    };
    if let Err(error) = saved {
        let (user, around) = load(&db, id).await?;
        return again(&me, Some(user), around, &form, error);
    }
    let text = me.context().t("accounts-saved");
    Ok(redirect_with("/users", &Flash::new("good", text)))
}

/// `POST /users/{id}/on`.
pub(super) async fn switch_on(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    _: Form<Nothing>,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditUsers)?;
    let (actor, id) = (me.actor.clone(), *id);
    let user = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            actions::switch_on(conn, now, &actor, id)
        })
        .await?;
    let text = me.context().t1("accounts-switched-on", "name", user.name);
    Ok(redirect_with("/users", &Flash::new("good", text)))
}

/// `POST /users/{id}/reset`: a one-time link, on the page that answers and nowhere else.
pub(super) async fn reset(
    me: SignedIn,
    request: HttpRequest,
    db: web::Data<Db>,
    site: web::Data<Site>,
    id: web::Path<i64>,
    _: Form<Nothing>,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditUsers)?;
    let (actor, id) = (me.actor.clone(), *id);
    let (user, token) = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let token = actions::make_reset_link(conn, now, &actor, id)?;
            Ok::<_, AppError>((queries::user(conn, id)?, token))
        })
        .await?;
    html(&LinkPage {
        ctx: me.context(),
        user,
        link: format!("{}/reset/{token}", peer::base(&request, &site)),
        is_new: false,
    })
}

/// `POST /users/{id}/tokens/{token}/revoke`.
pub(super) async fn revoke_token(
    me: SignedIn,
    db: web::Data<Db>,
    path: web::Path<(i64, i64)>,
    _: Form<Nothing>,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditUsers)?;
    let (user_id, token_id) = path.into_inner();
    let actor = me.actor.clone();
    db.write(move |conn| {
        let now = clock::now(conn)?;
        actions::revoke_token(conn, now, &actor, user_id, token_id)
    })
    .await?;
    let text = me.context().t("accounts-token-revoked");
    Ok(redirect_with(
        &format!("/users/{user_id}"),
        &Flash::new("good", text),
    ))
}
