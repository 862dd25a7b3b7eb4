//! A letter as its reader gets it: the same code writes it, for somebody made up or for a real person. It stands in a
//! frame of its own without scripts, forms and pictures, so that nothing in it can reach the page around.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::letter::{again, language, typed, with_kind, with_word};
use super::mailing_test::posted;
use super::shown::{mailbox, sees_mailboxes};
use crate::accounts::{SignedIn, Verb, user_by_id};
use crate::outreach::actions::letter_fields::trial;
use crate::outreach::actions::letters::{self as actions, LetterText};
use crate::outreach::actions::mailing_trial::{Post, letter_mail, written};
use crate::outreach::actions::readers::require_known;
use crate::outreach::rules::letter::{CLIPPED, Written};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::http::Site;
use crate::platform::mailer::{Mailer, Posted, keys};
use crate::platform::page::{PageContext, html};
use crate::platform::problem;

/// What the frame may do: show styles, and be shown by our own pages.
const POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// How it is looked at.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Look {
    r#in: String,
    version: Option<i32>,
    person: i64,
    /// `text`, else the letter.
    view: String,
    /// `dark`, else light.
    theme: String,
    /// `phone`, else a desktop.
    width: String,
}

impl Look {
    /// As somebody gets it on a phone.
    pub(super) fn on_phone(person: i64) -> Self {
        Self {
            person,
            width: "phone".into(),
            ..Self::default()
        }
    }
}

#[derive(Template)]
#[template(path = "outreach/letter_preview.html")]
pub(super) struct PreviewPage {
    ctx: PageContext,
    from: String,
    to: String,
    look: Look,
    written: Option<Written>,
    error: Option<String>,
    size: usize,
}

impl PreviewPage {
    fn is_clipped(&self) -> bool {
        self.size > CLIPPED
    }
    fn kilobytes(&self) -> String {
        format!("{:.1}", self.size as f64 / 1024.0)
    }
    /// The letter in the light that was asked for, whatever the reader's own screen is set to.
    fn shown(&self, written: &Written) -> String {
        let holds = if self.look.theme == "dark" {
            "all"
        } else {
            "not all"
        };
        written.html.replace("(prefers-color-scheme: dark)", holds)
    }
}

/// `GET /letters/{code}/preview`: a saved version.
pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    site: web::Data<Site>,
    mailer: web::Data<Mailer>,
    code: web::Path<String>,
    look: web::Query<Look>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeMailings)?;
    let look = look.into_inner();
    let data = db.clone();
    let page = db
        .read(move |conn| {
            let lang = language(&look.r#in, &me);
            let letter = match look.version {
                Some(version) => actions::letter(conn, &code, lang, version)?,
                None => actions::newest(conn, &code, lang)?,
            };
            require_known(conn, &me.actor, look.person)?;
            let ring = keys::ring(data.data())?;
            build(conn, &me, Post::of(&ring, &site, &mailer), &letter, look)
        })
        .await?;
    framed(&page)
}

/// `POST /letters/{code}/preview`: what stands in the form, saved or not.
pub(super) async fn draft(
    me: SignedIn,
    db: web::Data<Db>,
    site: web::Data<Site>,
    mailer: web::Data<Mailer>,
    code: web::Path<String>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeMailings)?;
    let text = |name: &str| sent.get(name).unwrap_or_default().to_owned();
    let look = Look {
        person: text("person").parse().unwrap_or(0),
        view: text("view"),
        theme: text("theme"),
        width: text("width"),
        ..Look::default()
    };
    let letter = typed(&code, &sent)?;
    let data = db.clone();
    let page = db
        .read(move |conn| {
            let letter = with_kind(conn, letter)?;
            require_known(conn, &me.actor, look.person)?;
            let ring = keys::ring(data.data())?;
            build(conn, &me, Post::of(&ring, &site, &mailer), &letter, look)
        })
        .await?;
    framed(&page)
}

pub(super) fn framed(page: &PreviewPage) -> AppResult<HttpResponse> {
    let mut answer = html(page)?;
    let headers = answer.headers_mut();
    let mut set = |name, value| {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    };
    set("content-security-policy", POLICY);
    set("x-frame-options", "SAMEORIGIN");
    Ok(answer)
}

pub(super) fn build(
    conn: &mut Conn,
    me: &SignedIn,
    post: Post<'_>,
    letter: &LetterText,
    look: Look,
) -> AppResult<PreviewPage> {
    let ctx = me.context();
    let tried = trial(conn, post, letter, look.person)?;
    let written = actions::ready(letter).and_then(|compiled| written(&compiled, &tried));
    let (written, error) = match written {
        Ok(written) => (Some(written), None),
        Err(AppError::Refused(refusal)) => (None, Some(problem::in_words(ctx.language, &refusal))),
        Err(other) => return Err(other),
    };
    let in_full = sees_mailboxes(&me.actor);
    let address = tried.mailbox.map(|address| mailbox(&address, in_full));
    let to: Vec<String> = [tried.to, address].into_iter().flatten().collect();
    Ok(PreviewPage {
        from: tried.from,
        to: to.join(" · "),
        size: written.as_ref().map_or(0, |written| written.html.len()),
        written,
        error,
        look,
        ctx,
    })
}

/// `POST /letters/{code}/test`: what stands in the form, to whoever wrote it.
pub(super) async fn test(
    me: SignedIn,
    db: web::Data<Db>,
    site: web::Data<Site>,
    mailer: web::Data<Mailer>,
    code: web::Path<String>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditLetters)?;
    let letter = typed(&code, &sent)?;
    let person = sent.get("person").and_then(|id| id.parse().ok());
    let person: i64 = person.unwrap_or(0);
    let (data, asked, actor, lang) = (db.clone(), letter.clone(), me.actor.clone(), me.lang());
    let by = mailer.clone();
    let made = db
        .read(move |conn| {
            let user = user_by_id(conn, actor.id())?;
            require_known(conn, &actor, person)?;
            let letter = with_kind(conn, asked)?;
            let ring = keys::ring(data.data())?;
            let post = Post::of(&ring, &site, &by);
            letter_mail(conn, post, &letter, person, user, lang)
        })
        .await;
    let trial = match made {
        Ok(made) => made,
        Err(error) => return again(me, &db, letter, error).await,
    };
    let to = trial.mail.to.address.clone();
    let posted = posted(mailer, trial).await?;
    let (kind, text) = match posted {
        Posted::Written => (
            "good",
            lang.text_with("letter-test-written", &[("to", to.into())]),
        ),
        Posted::Taken(_) => (
            "good",
            lang.text_with("letter-test-sent", &[("to", to.into())]),
        ),
        Posted::Failed(failure) => {
            let why = failure.reply.text.clone();
            let args = [("to", to.into()), ("why", why.into())];
            ("bad", lang.text_with("letter-test-failed", &args))
        }
    };
    with_word(me, &db, letter, kind, text).await
}
