//! What somebody does with a greeting: has its mailing made, approves it, calls it off.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::chosen::address;
use super::read_key;
use crate::accounts::{SignedIn, Verb};
use crate::outreach::actions::{greetings, mailings};
use crate::outreach::model::MailingEdit;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::selling::pages::shown::back;

/// Which greeting.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Which {
    o: String,
}

impl Which {
    /// Back to the greeting somebody came from.
    fn page(&self) -> String {
        read_key(&self.o).map_or_else(|| "/greetings".into(), |(code, on)| address(&code, on))
    }
}

/// `POST /greetings/make`: the mailing is made before its time.
pub(super) async fn make(
    me: SignedIn,
    db: web::Data<Db>,
    form: Form<Which>,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunMailings)?;
    let (ctx, page) = (me.context(), form.page());
    let wanted = read_key(&form.o);
    let done = db
        .write(move |conn| {
            let (code, on) =
                wanted.ok_or_else(|| AppError::invalid("greeting_unknown", "occasion"))?;
            let now = clock::now(conn)?;
            greetings::make_by_hand(
                conn,
                now,
                &me.actor,
                &code,
                Some(on),
                &MailingEdit::default(),
            )
        })
        .await;
    let text = ctx.t("greeting-done-made");
    back(&ctx, &page, done.map(|_| text))
}

/// `POST /greetings/{id}/approve`.
pub(super) async fn approve(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<Which>,
) -> AppResult<HttpResponse> {
    act(
        me,
        db,
        *id,
        form,
        "greeting-done-approved",
        mailings::approve,
    )
    .await
}

/// `POST /greetings/{id}/cancel`.
pub(super) async fn cancel(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<Which>,
) -> AppResult<HttpResponse> {
    act(
        me,
        db,
        *id,
        form,
        "greeting-done-cancelled",
        mailings::cancel,
    )
    .await
}

type Act = fn(&mut Conn, chrono::NaiveDateTime, &crate::accounts::Actor, i64) -> AppResult<()>;

async fn act(
    me: SignedIn,
    db: web::Data<Db>,
    id: i64,
    form: Form<Which>,
    said: &'static str,
    act: Act,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunMailings)?;
    let (ctx, page) = (me.context(), form.page());
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            act(conn, now, &me.actor, id)
        })
        .await;
    let text = ctx.t(said);
    back(&ctx, &page, done.map(|()| text))
}
