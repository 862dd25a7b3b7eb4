//! A mailing's letter, sent to oneself: by the page and by programs.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::moves::Nothing;
use crate::accounts::{Actor, ApiUser, SignedIn, Verb, user_by_id};
use crate::outreach::actions::mailing_trial::{Post, TrialMail, language_of_trial, trial_mail};
use crate::outreach::actions::mailings;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::http::Site;
use crate::platform::i18n::Lang;
use crate::platform::idempotency::ApiBody;
use crate::platform::mailer::{Mailer, Posted, keys};
use crate::selling::pages::shown::back;

/// What came of a trial: to whom it went, with which subject, and whether it lies in the folder instead.
struct Tried {
    to: String,
    subject: String,
    is_in_folder: bool,
}

/// Where letters are posted, and what their links begin with.
struct Desk {
    db: web::Data<Db>,
    site: web::Data<Site>,
    mailer: web::Data<Mailer>,
}

impl Desk {
    /// Writes the trial, then posts it outside of every transaction.
    async fn send(&self, actor: Actor, id: i64, lang: Lang) -> AppResult<Tried> {
        let (data, site, mailer) = (self.db.clone(), self.site.clone(), self.mailer.clone());
        let trial = self
            .db
            .read(move |conn| {
                let mailing = mailings::visible_mailing(conn, &actor, id)?;
                let ring = keys::ring(data.data())?;
                let post = Post::of(&ring, &site, &mailer);
                let lang = language_of_trial(conn, &mailing, lang)?;
                let user = user_by_id(conn, actor.id())?;
                trial_mail(conn, post, &mailing, user, lang)
            })
            .await?;
        let (to, subject) = (trial.mail.to.address.clone(), trial.mail.subject.clone());
        let posted = posted(self.mailer.clone(), trial).await?;
        match posted {
            Posted::Written | Posted::Taken(_) => Ok(Tried {
                to,
                subject,
                is_in_folder: matches!(posted, Posted::Written),
            }),
            Posted::Failed(failure) => Err(AppError::conflict("mailing_test_failed")
                .with("to", to)
                .with("why", &failure.reply.text)),
        }
    }
}

/// Posts a trial and waits for what becomes of it.
pub(super) async fn posted(mailer: web::Data<Mailer>, trial: TrialMail) -> AppResult<Posted> {
    let posted = web::block(move || mailer.post(trial.is_rehearsal, &trial.mail))
        .await
        .map_err(|error| anyhow::anyhow!("a trial letter was dropped: {error}"))??;
    Ok(posted)
}

/// `POST /mailings/{id}/test`.
pub(super) async fn page(
    me: SignedIn,
    db: web::Data<Db>,
    site: web::Data<Site>,
    mailer: web::Data<Mailer>,
    id: web::Path<i64>,
    _form: Form<Nothing>,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunMailings)?;
    let (ctx, id) = (me.context(), id.into_inner());
    let desk = Desk { db, site, mailer };
    let sent = desk.send(me.actor.clone(), id, ctx.language).await;
    let told = sent.map(|tried| {
        let key = match tried.is_in_folder {
            true => "letter-test-written",
            false => "letter-test-sent",
        };
        ctx.t1(key, "to", tried.to)
    });
    back(&ctx, &format!("/mailings/{id}"), told)
}

/// In which language; none: that of the user.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::outreach) struct TestForm {
    language: String,
}

/// `POST /api/v1/mailings/{id}/test`.
pub(in crate::outreach) async fn api(
    api: ApiUser,
    db: web::Data<Db>,
    site: web::Data<Site>,
    mailer: web::Data<Mailer>,
    id: web::Path<i64>,
    asked: ApiBody<TestForm>,
) -> AppResult<HttpResponse> {
    api.require(Verb::RunMailings)?;
    let lang = Lang::parse(&asked.body.language).unwrap_or(api.lang);
    let desk = Desk { db, site, mailer };
    let tried = desk.send(api.actor.clone(), *id, lang).await?;
    Ok(HttpResponse::Ok().json(json!({ "to": tried.to, "subject": tried.subject })))
}
