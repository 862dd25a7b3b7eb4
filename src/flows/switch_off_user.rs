//! A user is switched off: log-ins, tokens and links end at once, and what the user held goes back.

use actix_web::{HttpResponse, web};
use chrono::NaiveDateTime;
use serde::Deserialize;

use crate::accounts::{self, Actor, SignedIn, User, Verb, redirect_with};
use crate::calling::actions::{hand_over_to_team, rulebook};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::form::Form;
use crate::platform::page::Flash;
use crate::selling::actions::{book, leave_all};

/// Switches a user off, in the caller's transaction.
pub fn switch_off_user(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    user_id: i64,
) -> AppResult<User> {
    let user = accounts::switch_off(conn, now, actor, user_id)?;
    let rules = rulebook(conn)?;
    hand_over_to_team(conn, now, user_id, &rules)?;
    let book = book(conn)?;
    leave_all(conn, now, actor, &book, (user_id, &user.name))?;
    Ok(user)
}

#[derive(Debug, Deserialize)]
struct Nothing {}

/// `POST /users/{id}/off`.
async fn post(
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
            switch_off_user(conn, now, &actor, id)
        })
        .await?;
    let text = me.context().t1("accounts-switched-off", "name", user.name);
    Ok(redirect_with("/users", &Flash::new("good", text)))
}

/// Routes of this flow.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/users/{id}/off", web::post().to(post));
}
