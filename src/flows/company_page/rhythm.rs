//! How a company stands by the rhythm of its grade: what is due next, how much of the cap is used; and a complaint, while
//! which nothing is sent.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::accounts::{SignedIn, Verb};
use crate::flows::company_access;
use crate::outreach::actions::standing::{self, NextTouch, standing};
use crate::outreach::pages::shown::{cap, due};
use crate::outreach::rules::cadence::Method;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::page::PageContext;
use crate::registry::model::Company;
use crate::registry::queries::load;
use crate::selling::pages::shown::back;

/// The card.
pub(super) struct Rhythm {
    /// What is due next: what it is, since when, colour and words of when.
    pub lines: Vec<(String, String, &'static str, String)>,
    /// How much of the cap is used, and whether that is all of it.
    pub used: String,
    pub is_full: bool,
    /// Which greetings and how much news.
    pub letters: String,
    pub has_complaint: bool,
}

/// The card of a company; none where it has no grade.
pub(super) fn rhythm(
    conn: &mut Conn,
    ctx: &PageContext,
    company: &Company,
    group: &[i64],
) -> AppResult<Option<Rhythm>> {
    let Some(found) = standing(conn, ctx.now, company, group)? else {
        return Ok(None);
    };
    let news = match found.cadence.news_days {
        None => ctx.t("rhythm-news-none"),
        Some(days) => ctx.t1("rhythm-news", "days", days),
    };
    let greetings = ctx.t(found.cadence.greetings.key());
    Ok(Some(Rhythm {
        lines: found.next.iter().map(|next| line(ctx, next)).collect(),
        used: cap(ctx, &found.used),
        is_full: found.used.is_full(),
        letters: ctx.t2("rhythm-letters", "greetings", greetings, "news", news),
        has_complaint: found.has_complaint,
    }))
}

fn line(ctx: &PageContext, next: &NextTouch) -> (String, String, &'static str, String) {
    let what = match next.method {
        Method::Call => ctx.t1("rhythm-call", "days", next.every),
        Method::Visit => ctx.t1("rhythm-visit", "days", next.every),
    };
    let last = match next.last_at {
        Some(at) => ctx.t1("rhythm-last", "day", ctx.date_of(&at)),
        None => ctx.t("rhythm-never"),
    };
    let (kind, due) = due(ctx, next.late, next.on);
    (what, last, kind, due)
}

#[derive(Debug, Deserialize)]
pub(super) struct Complaint {
    #[serde(default)]
    text: String,
}

/// `POST /companies/{id}/complaint`.
pub(super) async fn complain(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<Complaint>,
) -> AppResult<HttpResponse> {
    let (ctx, id) = (me.context(), id.into_inner());
    let text = form.text.clone();
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let (root, access) = company_access::open(conn, &me.actor, id, Verb::SeeCompany, now)?;
            let company = load::company(conn, root)?;
            let team = access.owner_team_id.or(me.actor.team_id);
            standing::complain(conn, now, &me.actor, &company, team, &text)?;
            Ok::<_, AppError>(root)
        })
        .await;
    let said = ctx.t("rhythm-complaint-noted");
    back(&ctx, &format!("/companies/{id}"), done.map(|_| said))
}
