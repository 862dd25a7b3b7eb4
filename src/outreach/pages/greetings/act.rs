//! What somebody does with a greeting: has its mailing made, approves it, calls it off.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::super::moves::act;
use super::{address, key, read_key};
use crate::accounts::SignedIn;
use crate::outreach::actions::{greetings, mailings};
use crate::outreach::model::MailingEdit;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;

/// Which greeting.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Which {
    o: String,
}

impl Which {
    /// Back to the greeting somebody came from.
    fn page(&self) -> String {
        read_key(&self.o).map_or_else(
            || "/greetings".into(),
            |(code, on)| address(&key(&code, on)),
        )
    }
}

/// `POST /greetings/make`: the mailing is made before its time.
pub(super) async fn make(
    me: SignedIn,
    db: web::Data<Db>,
    form: Form<Which>,
) -> AppResult<HttpResponse> {
    let wanted = read_key(&form.o);
    act(me, db, form.page(), move |conn, now, actor| {
        let (code, on) = wanted.ok_or_else(|| AppError::invalid("greeting_unknown", "occasion"))?;
        let unchanged = MailingEdit::default();
        greetings::make_by_hand(conn, now, actor, &code, Some(on), &unchanged)?;
        Ok("greeting-done-made")
    })
    .await
}

/// `POST /greetings/{id}/approve`.
pub(super) async fn approve(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<Which>,
) -> AppResult<HttpResponse> {
    act(me, db, form.page(), move |conn, now, actor| {
        mailings::approve(conn, now, actor, *id)?;
        Ok("greeting-done-approved")
    })
    .await
}

/// `POST /greetings/{id}/cancel`.
pub(super) async fn cancel(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<Which>,
) -> AppResult<HttpResponse> {
    act(me, db, form.page(), move |conn, now, actor| {
        let started = mailings::visible_mailing(conn, actor, *id)?.started_at;
        mailings::cancel(conn, now, actor, *id)?;
        // Of one that has begun some have got it.
        Ok(match started {
            Some(_) => "mailing-done-cancel",
            None => "greeting-done-cancelled",
        })
    })
    .await
}
