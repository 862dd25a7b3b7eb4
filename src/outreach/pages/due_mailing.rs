//! `POST /due/mailing`: an issue of news for some of those who are due, to be written next.

use actix_web::{HttpResponse, web};

use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::outreach::actions::{mailings, news};
use crate::outreach::model::{Audience, MailingInput, MailingKind};
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::Flash;
use crate::qualifying::Grade;
use crate::selling::pages::shown::back;

/// Most companies of one form: a page of the list has fewer.
const MOST: usize = 500;

/// Makes the mailing and goes on to its text.
pub(super) async fn make(me: SignedIn, db: web::Data<Db>, pairs: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::RunMailings)?;
    let companies: Vec<i64> = pairs
        .all("company")
        .filter_map(|id| id.parse().ok())
        .collect();
    if companies.is_empty() || companies.len() > MOST {
        return Err(AppError::invalid("due_nobody_chosen", "company"));
    }
    let ctx = me.context();
    let unnamed = ctx.t1("due-mailing-name", "day", ctx.date_of(&ctx.now));
    let title = pairs.get("title").map_or(unnamed, str::to_owned);
    let actor = me.actor.clone();
    let made = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let team_id = mailings::team_of_maker(&actor);
            let issue_id = news::make_issue(conn, now, &actor, team_id, &title)?;
            let new = MailingInput {
                kind: MailingKind::News,
                occasion: None,
                issue_id: Some(issue_id),
                team_id,
                name: title.clone(),
                letter_code: MailingKind::News.code().to_owned(),
                audience: Audience {
                    grades: vec![Grade::B, Grade::C, Grade::D],
                    companies,
                    ..Audience::default()
                },
                window: None,
                approve_by: None,
            };
            mailings::create(conn, now, &actor, &new)
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
