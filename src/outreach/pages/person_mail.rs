//! What a person was sent and was not, and why.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::people::{PersonRow, name_erased, rows};
use super::shown::sees_mailboxes;
use crate::accounts::{SignedIn, Verb};
use crate::consent::{Way, Ways};
use crate::outreach::actions::mailings::known_mailings;
use crate::outreach::actions::readers::require_known;
use crate::outreach::queries;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::page::{PageContext, html};

const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "outreach/person_mail.html")]
struct PersonMailPage {
    ctx: PageContext,
    person: String,
    /// What they want no more of.
    refused: Option<String>,
    rows: Vec<(Named, PersonRow)>,
    next: Option<String>,
    shown: String,
}

/// A mailing as whoever looks may know it.
struct Named {
    name: String,
    /// Its page, for whoever may open it.
    href: Option<String>,
}

/// Where the list goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Before {
    before: Option<i64>,
}

/// `GET /persons/{id}/mail`.
pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: web::Query<Before>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeMailings)?;
    let id = id.into_inner();
    let page = db
        .read(move |conn| drawn(conn, &me, id, asked.before))
        .await?;
    html(&page)
}

fn drawn(
    conn: &mut Conn,
    me: &SignedIn,
    id: i64,
    before: Option<i64>,
) -> AppResult<PersonMailPage> {
    let ctx = me.context();
    let mut names = queries::person_names(conn, &[id])?;
    name_erased(conn, &ctx, &mut names)?;
    let (root, name) = names.get(&id).cloned().ok_or_else(AppError::not_found)?;
    require_known(conn, &me.actor, root)?;
    let mut found = queries::mail_of_persons(conn, &[root], before, PAGE + 1)?;
    let is_more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let next = found
        .last()
        .filter(|_| is_more)
        .map(|last| format!("/persons/{root}/mail?before={}", last.id));
    let ids: Vec<i64> = found.iter().map(|d| d.mailing_id).collect();
    let mailings = known_mailings(conn, &me.actor, ctx.language, &ids)?;
    let rows = rows(conn, &ctx, found, sees_mailboxes(&me.actor))?;
    let named = |(row, id): (PersonRow, i64)| {
        let known = mailings.get(&id).cloned().unwrap_or_default();
        let mailing = Named {
            name: known.name.unwrap_or_else(|| ctx.t("mail-of-others")),
            href: known.is_readable.then(|| format!("/mailings/{id}")),
        };
        (mailing, row)
    };
    let rows: Vec<_> = rows.into_iter().zip(ids).map(named).collect();
    Ok(PersonMailPage {
        person: name.unwrap_or_else(|| ctx.t("mail-person-unnamed")),
        refused: refused(conn, &ctx, root)?,
        shown: ctx.t1("mail-shown", "n", rows.len()),
        rows,
        next,
        ctx,
    })
}

/// What they want no more of, in words: letters that wait are stopped only when their moment comes, and stand here
/// until then.
fn refused(conn: &mut Conn, ctx: &PageContext, root: i64) -> AppResult<Option<String>> {
    let members = queries::members(conn, &[root])?;
    let ways: Ways = members.iter().map(|member| Ways(member.refused)).collect();
    let key = match (ways.has(Way::Greeting), ways.has(Way::News)) {
        (true, true) => "mail-history-refused",
        (true, false) => "mail-history-refused-greetings",
        (false, true) => "mail-history-refused-news",
        (false, false) => return Ok(None),
    };
    Ok(Some(ctx.t(key)))
}
