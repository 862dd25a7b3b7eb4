//! Letters of which nobody knows whether they arrived, with what speaks for it, and what is to become of them.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::TimeDelta;

use super::people::{PersonRow, rows};
use super::shown::sees_mailboxes;
use crate::accounts::{SignedIn, Verb};
use crate::outreach::actions::ledger::Decision;
use crate::outreach::actions::mailings;
use crate::outreach::actions::unknown::{may_send_again, settle_unknown, unknown};
use crate::outreach::model::{MailingKind, MailingState};
use crate::outreach::queries;
use crate::outreach::rules::occasions::name_in;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::{PageContext, html};
use crate::selling::pages::shown::back;

/// Letters of one page; settled ones make room for the next.
const PAGE: i64 = 100;
/// An answer or a bounce may come late.
const YOUNG: TimeDelta = TimeDelta::hours(24);

#[derive(Template)]
#[template(path = "outreach/unknown.html")]
struct UnknownPage {
    ctx: PageContext,
    id: i64,
    name: String,
    lead: String,
    young: String,
    rows: Vec<(PersonRow, Vec<String>)>,
    /// How many there are in all.
    total: i64,
    may_run: bool,
    may_send_again: bool,
}

/// `GET /mailings/{id}/unknown`.
pub(super) async fn page(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeMailings)?;
    let id = id.into_inner();
    let page = db.read(move |conn| drawn(conn, &me, id)).await?;
    html(&page)
}

fn drawn(conn: &mut Conn, me: &SignedIn, id: i64) -> AppResult<UnknownPage> {
    let ctx = me.context();
    let mailing = mailings::visible_mailing(conn, &me.actor, id)?;
    let found = unknown(conn, id, PAGE)?;
    let states = queries::domain_states(conn, id)?;
    let taken = |domain: &str| -> i64 {
        let sent = states
            .iter()
            .filter(|(of, state, _)| of == domain && state == "sent");
        sent.map(|(.., n)| n).sum()
    };
    let total = states.iter().filter(|(_, state, _)| state == "unknown");
    let total: i64 = total.map(|(.., n)| n).sum();
    let young = found
        .iter()
        .filter(|d| d.changed_at > ctx.now - YOUNG)
        .count();
    let evidence: Vec<Vec<String>> = found
        .iter()
        .map(|delivery| {
            let domain = delivery.domain.clone().unwrap_or_default();
            let at = ctx.datetime(&delivery.changed_at);
            let tried = ctx.t2("unknown-try", "n", delivery.attempts.max(1), "at", at);
            // Small domains are not counted by themselves, and say nothing.
            let neighbours = match taken(&domain) {
                0 => None,
                n => Some(ctx.t2("unknown-neighbours", "n", n, "domain", domain)),
            };
            std::iter::once(tried).chain(neighbours).collect()
        })
        .collect();
    let rows = rows(conn, &ctx, found, sees_mailboxes(&me.actor))?;
    let rows = rows.into_iter().zip(evidence).collect();
    Ok(UnknownPage {
        id,
        lead: ctx.t(match mailing.kind() {
            MailingKind::Greeting => "unknown-lead-greeting",
            MailingKind::News => "unknown-lead-news",
        }),
        young: match young {
            0 => String::new(),
            n => ctx.t1("unknown-young", "n", n),
        },
        rows,
        total,
        may_run: mailings::may_run(&me.actor, &mailing),
        may_send_again: may_send_again(mailing.kind())
            && mailing.state() != MailingState::Cancelled,
        name: name_in(ctx.language, &mailing),
        ctx,
    })
}

/// `POST /mailings/{id}/unknown`: those that are ticked, or all.
pub(super) async fn settle(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunMailings)?;
    let id = id.into_inner();
    let how = match pairs.get("do") {
        Some("sent") => Decision::CountsAsSent,
        Some("again") => Decision::SendAgain,
        _ => return Err(AppError::bad_request("bad_request")),
    };
    // Whoever ticked some means these, also where the other choice was left as it was.
    let ids: Vec<i64> = pairs
        .all("delivery")
        .filter_map(|id| id.parse().ok())
        .collect();
    let is_all = pairs.get("which") == Some("all");
    let actor = me.actor.clone();
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            if ids.is_empty() && !is_all {
                return Err(AppError::invalid("unknown_none_chosen", "delivery"));
            }
            settle_unknown(conn, now, &actor, id, &ids, how)
        })
        .await;
    let ctx = me.context();
    let told = done.map(|n| {
        let key = match how {
            Decision::CountsAsSent => "unknown-done-sent",
            Decision::SendAgain => "unknown-done-resend",
        };
        ctx.t1(key, "n", n)
    });
    back(&ctx, &format!("/mailings/{id}/unknown"), told)
}
