//! The hub: a card for each rule set this person may change, and what needs attention.

use actix_web::{HttpResponse, web};
use askama::Template;

use super::calendar::country_name;
use super::{Tab, tabs};
use crate::accounts::{Object, SignedIn, Verb, may};
use crate::platform::calendar::stored;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::page::{PageContext, html};

#[derive(Template)]
#[template(path = "settings/hub.html")]
struct HubPage {
    ctx: PageContext,
    cards: Vec<Tab>,
    missing: Vec<(String, i32)>,
    may_office: bool,
    may_users: bool,
}

pub(super) async fn show(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    let cards = tabs(&me, "");
    if cards.is_empty() {
        return Err(AppError::forbidden());
    }
    let (now, lang) = (me.now, me.lang());
    let (country, years) = db
        .read(move |conn| {
            let name = country_name(lang, stored::calendars(conn)?.office());
            Ok::<_, AppError>((name, stored::missing_years(conn, now)?))
        })
        .await?;
    let missing = years
        .into_iter()
        .map(|(_, year)| (country.clone(), year))
        .collect();
    html(&HubPage {
        cards,
        missing,
        may_office: may(&me.actor, Verb::EditOffice, Object::Any),
        may_users: may(&me.actor, Verb::EditUsers, Object::Any),
        ctx: me.context(),
    })
}
