//! Teams on the page of users: made and renamed there; a user's own page says in which one they are.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

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
    db.write(move |conn| {
        let now = clock::now(conn)?;
        actions::add_team(conn, now, &actor, &name)
    })
    .await?;
    Ok(back(&me, "accounts-team-added"))
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
    db.write(move |conn| {
        let now = clock::now(conn)?;
        actions::rename_team(conn, now, &actor, id, &name)
    })
    .await?;
    Ok(back(&me, "accounts-saved"))
}

fn back(me: &SignedIn, key: &str) -> HttpResponse {
    redirect_with("/users", &Flash::new("good", me.lang().text(key)))
}
