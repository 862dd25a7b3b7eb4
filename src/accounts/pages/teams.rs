//! Teams on the page of users: made and renamed there; a user's own page says in which one they are.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::users;
use crate::accounts::actions;
use crate::accounts::identify::{SignedIn, redirect_with};
use crate::accounts::rules::Verb;
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::form::Form;
use crate::platform::page::Flash;

/// `POST /teams` and `POST /teams/{id}`.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    name: String,
}

/// `POST /teams`: one more team.
pub(super) async fn add(
    me: SignedIn,
    db: web::Data<Db>,
    form: Form<Named>,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditUsers)?;
    let (actor, name) = (me.actor.clone(), form.0.name);
    let added = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            actions::add_team(conn, now, &actor, &name)
        })
        .await;
    match added {
        Ok(_) => Ok(back(&me, "accounts-team-added")),
        Err(error) => users::team_again(&me, &db, error).await,
    }
}

/// `POST /teams/{id}`: another name.
pub(super) async fn rename(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<Named>,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditUsers)?;
    let (actor, id, name) = (me.actor.clone(), *id, form.0.name);
    let renamed = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            actions::rename_team(conn, now, &actor, id, &name)
        })
        .await;
    match renamed {
        Ok(()) => Ok(back(&me, "accounts-saved")),
        Err(error) => users::team_again(&me, &db, error).await,
    }
}

fn back(me: &SignedIn, key: &str) -> HttpResponse {
    redirect_with("/users", &Flash::new("good", me.lang().text(key)))
}
