//! `/suppressions/{id}`: every origin, who wrote it down, and the ways to take it back.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;

use super::shown::{self, Numbers, Shown};
use crate::accounts::{Object, SignedIn, Verb, may, user_names};
use crate::consent::model::{Origin, Scope};
use crate::consent::queries::{list as queries, suppression};
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::form::Pairs;
use crate::platform::log::{Access, accessed};
use crate::platform::page::{PageContext, html};

#[derive(Template)]
#[template(path = "consent/suppression.html")]
struct DetailPage {
    ctx: PageContext,
    id: i64,
    scope: String,
    who: Shown,
    can_reveal: bool,
    ways: Vec<String>,
    ended: bool,
    since: NaiveDateTime,
    origins: Vec<OriginView>,
    may_lift: bool,
}

struct OriginView {
    id: i64,
    kind: String,
    ways: String,
    said_at: NaiveDateTime,
    by: Option<String>,
    note: Option<String>,
    batch: Option<(i64, String)>,
    ended: Option<EndView>,
}

struct EndView {
    how: String,
    at: NaiveDateTime,
    by: Option<String>,
    reason: Option<String>,
}

/// The page, with numbers and mailboxes masked.
pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeSuppressions)?;
    let id = id.into_inner();
    let page = db
        .read(move |conn| build(conn, &me, id, Numbers::Masked))
        .await?;
    html(&page)
}

/// The page with number or mailbox in full; who looked is kept.
pub(super) async fn reveal(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    _checked: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeSuppressions)?;
    let id = id.into_inner();
    let page = db
        .write(move |conn| {
            let access = Access {
                at: me.now,
                user_id: me.actor.id(),
                verb: "unmask",
                object_kind: "suppression",
                object_id: Some(id),
                n: 1,
                detail: None,
            };
            accessed(conn, &access)?;
            build(conn, &me, id, Numbers::InFull)
        })
        .await?;
    html(&page)
}

fn build(conn: &mut Conn, me: &SignedIn, id: i64, numbers: Numbers) -> AppResult<DetailPage> {
    let lang = me.lang();
    let row = suppression::suppression(conn, id)?;
    let who = shown::shown(conn, lang, std::slice::from_ref(&row), numbers)?
        .remove(&id)
        .unwrap_or_default();
    let origins = queries::origins_of(conn, &[id])?;
    let users: Vec<i64> = origins
        .iter()
        .flat_map(|o| [o.actor_id, o.withdrawn_by])
        .flatten()
        .collect();
    let users = user_names(conn, &users)?;
    let batches: Vec<i64> = origins.iter().filter_map(|o| o.batch_id).collect();
    let batches = queries::batch_names(conn, &batches)?;
    let name = |id: Option<i64>| id.and_then(|id| users.get(&id).cloned());
    let view = |o: &Origin| OriginView {
        id: o.id,
        kind: shown::origin(lang, o),
        ways: shown::ways(lang, crate::consent::Ways(o.ways)).join(" · "),
        said_at: o.said_at,
        by: name(o.actor_id).or_else(|| shown::themselves(lang, o)),
        note: o.note.clone(),
        batch: o
            .batch_id
            .and_then(|id| batches.get(&id).map(|file| (id, file.clone()))),
        ended: o.withdrawn_at.map(|at| EndView {
            how: me.context().code(
                "suppression-ended",
                o.withdrawal.as_deref().unwrap_or("slip"),
            ),
            at,
            by: name(o.withdrawn_by),
            reason: o.reason.clone(),
        }),
    };
    let mut views: Vec<OriginView> = origins.iter().map(view).collect();
    views.reverse();
    Ok(DetailPage {
        id,
        scope: lang.text(&format!("suppression-of-{}", row.scope)),
        can_reveal: [Scope::Number.code(), Scope::Email.code()].contains(&row.scope.as_str())
            && !row.hmac
            && numbers == Numbers::Masked,
        who,
        ways: shown::ways(lang, row.ways()),
        ended: row.ways == 0,
        since: origins.first().map_or(row.created_at, |o| o.said_at),
        origins: views,
        may_lift: may(&me.actor, Verb::LiftSuppression, Object::Any),
        ctx: me.context(),
    })
}
