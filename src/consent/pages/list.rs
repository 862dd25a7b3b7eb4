//! `/suppressions`: who must not be reached.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;
use serde::Deserialize;

use super::shown::{self, Numbers, Shown};
use crate::accounts::{Object, SignedIn, Verb, may, user_names};
use crate::consent::actions::entries_named;
use crate::consent::model::{Origin, OriginKind, Scope, Suppression};
use crate::consent::queries::list::{self as queries, ListFilter};
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::log::{Access, accessed};
use crate::platform::page::{PageContext, html};

const PER_PAGE: i64 = 50;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    scope: String,
    origin: String,
    show: String,
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "consent/suppressions.html")]
struct ListPage {
    ctx: PageContext,
    q: String,
    scopes: Vec<Choice>,
    origins: Vec<Choice>,
    ended: bool,
    filtered: bool,
    rows: Vec<Row>,
    total: String,
    shown: String,
    next: Option<String>,
    may_add: bool,
}

struct Choice {
    code: &'static str,
    label: String,
    selected: bool,
}

struct Row {
    id: i64,
    scope: String,
    who: Shown,
    ways: Vec<String>,
    origins: Vec<String>,
    since: NaiveDateTime,
    by: Option<String>,
}

/// The page.
pub async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    asked: web::Query<Asked>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeSuppressions)?;
    let asked = asked.into_inner();
    if !asked.q.trim().is_empty() && asked.before.is_none() {
        log_search(&me, &db, &asked.q).await?;
    }
    let page = db.read(move |conn| build(conn, &me, &asked)).await?;
    html(&page)
}

/// A search by number is kept, without its digits.
async fn log_search(me: &SignedIn, db: &Db, q: &str) -> AppResult<()> {
    let digits = q.chars().filter(char::is_ascii_digit).count();
    if digits < 4 {
        return Ok(());
    }
    let (user_id, at) = (me.actor.id(), me.now);
    db.write(move |conn| {
        let access = Access {
            at,
            user_id,
            verb: "search_number",
            object_kind: "suppression",
            object_id: None,
            n: 1,
            detail: None,
        };
        Ok(accessed(conn, &access)?)
    })
    .await
}

fn build(conn: &mut Conn, me: &SignedIn, asked: &Asked) -> AppResult<ListPage> {
    let lang = me.lang();
    let mut filter = ListFilter {
        scope: Scope::parse(&asked.scope),
        origin: OriginKind::parse(&asked.origin),
        ended: asked.show == "ended",
        ids: None,
        before: asked.before,
    };
    let q = asked.q.trim();
    if !q.is_empty() {
        filter.ids = Some(entries_named(conn, q)?);
    }
    let mut rows = queries::page(conn, &filter, PER_PAGE + 1)?;
    let more = rows.len() as i64 > PER_PAGE;
    rows.truncate(PER_PAGE as usize);
    let next = more.then(|| rows.last().map(|r| r.id)).flatten();
    let total = queries::count_live(conn)?;
    let total = if total > 1_000 {
        "1,000+".to_owned()
    } else {
        total.to_string()
    };
    Ok(ListPage {
        scopes: Scope::ALL
            .into_iter()
            .map(|s| choice(me, "scope", s.code(), filter.scope == Some(s)))
            .collect(),
        origins: OriginKind::ALL
            .into_iter()
            .map(|o| choice(me, "origin", o.code(), filter.origin == Some(o)))
            .collect(),
        ended: filter.ended,
        filtered: filter.scope.is_some() || filter.origin.is_some() || !q.is_empty(),
        shown: lang.text_with("suppression-shown", &[("n", rows.len().into())]),
        rows: to_rows(conn, me, &rows)?,
        total: lang.text_with("suppression-total", &[("n", total.into())]),
        next: next.map(|id| next_href(asked, id)),
        may_add: may(&me.actor, Verb::AddSuppression, Object::Any),
        q: asked.q.clone(),
        ctx: me.context(),
    })
}

fn choice(me: &SignedIn, prefix: &str, code: &'static str, selected: bool) -> Choice {
    Choice {
        code,
        label: me.context().code(prefix, code),
        selected,
    }
}

fn to_rows(conn: &mut Conn, me: &SignedIn, rows: &[Suppression]) -> AppResult<Vec<Row>> {
    let lang = me.lang();
    let ids: Vec<i64> = rows.iter().map(|r| r.id).collect();
    let mut origins: HashMap<i64, Vec<Origin>> = HashMap::new();
    for origin in queries::origins_of(conn, &ids)? {
        origins
            .entry(origin.suppression_id)
            .or_default()
            .push(origin);
    }
    let users: Vec<i64> = origins
        .values()
        .flatten()
        .filter_map(|o| o.actor_id)
        .collect();
    let users = user_names(conn, &users)?;
    let mut who = shown::shown(conn, lang, rows, Numbers::Masked)?;
    Ok(rows
        .iter()
        .map(|row| {
            let all = origins.remove(&row.id).unwrap_or_default();
            let counts = |o: &&Origin| row.ways == 0 || o.withdrawn_at.is_none();
            let mut kinds: Vec<String> = all
                .iter()
                .filter(counts)
                .map(|o| shown::origin(lang, o))
                .collect();
            kinds.dedup();
            let first = all.iter().find(counts);
            Row {
                id: row.id,
                scope: lang.text(&format!("suppression-of-{}", row.scope)),
                who: who.remove(&row.id).unwrap_or_default(),
                ways: shown::ways(lang, row.ways()),
                origins: kinds,
                since: first.map_or(row.created_at, |o| o.said_at),
                by: first.and_then(|o| {
                    let user = o.actor_id.and_then(|id| users.get(&id).cloned());
                    user.or_else(|| shown::themselves(lang, o))
                }),
            }
        })
        .collect())
}

fn next_href(asked: &Asked, before: i64) -> String {
    let encode = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    format!(
        "/suppressions?q={}&scope={}&origin={}&show={}&before={before}",
        encode(&asked.q),
        encode(&asked.scope),
        encode(&asked.origin),
        encode(&asked.show),
    )
}
