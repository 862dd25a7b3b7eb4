//! `/cards/{id}/letter`: a card as a customer of the rep gets it, before the rep says a word about it.

use actix_web::{HttpResponse, web};

use super::cards::AFTERWARDS;
use super::letter::language;
use super::letter_preview::{Look, PreviewPage, build, framed};
use crate::accounts::{SignedIn, Verb};
use crate::outreach::actions::greetings::greeting_book;
use crate::outreach::actions::letters;
use crate::outreach::actions::mailing_trial::Post;
use crate::outreach::queries;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::http::Site;
use crate::platform::mailer::{Mailer, keys};

/// `GET /cards/{id}/letter`, in a frame of the page of cards.
pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    site: web::Data<Site>,
    mailer: web::Data<Mailer>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::ApproveCards)?;
    let id = id.into_inner();
    let data = db.clone();
    let page = db
        .read(move |conn| {
            let ring = keys::ring(data.data())?;
            drawn(conn, &me, Post::of(&ring, &site, &mailer), id)
        })
        .await?;
    framed(&page)
}

fn drawn(conn: &mut Conn, me: &SignedIn, post: Post<'_>, id: i64) -> AppResult<PreviewPage> {
    let since = greeting_book(conn)?.today(me.context().now) - AFTERWARDS;
    let mine = queries::mailings_with_cards(conn, me.actor.id(), since)?;
    let mailing = mine.into_iter().find(|mailing| mailing.id == id);
    let mailing = mailing.ok_or_else(AppError::not_found)?;
    let reader = queries::card_reader(conn, id, me.actor.id())?;
    let (person, code) = reader.ok_or_else(AppError::not_found)?;
    let lang = language(&code.unwrap_or_default(), me);
    let letter = letters::of_mailing(conn, &mailing, lang)?;
    build(conn, me, post, &letter, Look::on_phone(person))
}
