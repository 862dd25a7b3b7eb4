//! `POST /due/mailing`: an issue of news for some of those who are due, to be written next.

use actix_web::{HttpResponse, web};

use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::outreach::actions::news_mailing::{NewNews, make_news, usual_audience};
use crate::outreach::model::Audience;
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::Flash;
use crate::selling::pages::shown::back;

/// Most companies of one form: a page of the list has fewer.
const MOST: usize = 500;

/// The companies that were ticked.
pub(crate) fn chosen(pairs: &Pairs) -> AppResult<Vec<i64>> {
    let chosen: Vec<i64> = pairs
        .all("company")
        .filter_map(|id| id.parse().ok())
        .collect();
    if chosen.is_empty() || chosen.len() > MOST {
        return Err(AppError::invalid("due_nobody_chosen", "company"));
    }
    Ok(chosen)
}

/// Makes the mailing and goes on to its text.
pub(super) async fn make(me: SignedIn, db: web::Data<Db>, pairs: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::RunMailings)?;
    let ctx = me.context();
    let companies = match chosen(&pairs) {
        Ok(companies) => companies,
        Err(nobody) => return back(&ctx, "/due", Err(nobody)),
    };
    let unnamed = ctx.t1("due-mailing-name", "day", ctx.date_of(&ctx.now));
    let title = pairs.get("title").map_or(unnamed, str::to_owned);
    let actor = me.actor.clone();
    let made = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let new = NewNews {
                title,
                audience: Some(Audience {
                    companies,
                    ..usual_audience()
                }),
                ..NewNews::default()
            };
            make_news(conn, now, &actor, new)
        })
        .await;
    match made {
        Ok(id) => {
            let flash = Flash::new("good", ctx.t("due-mailing-made"));
            Ok(redirect_with(&format!("/mailings/{id}/edit"), &flash))
        }
        Err(error) => back(&ctx, "/due", Err(error)),
    }
}
