//! `/companies`: the list by score, searched and filtered, as far as each role sees it.

use std::collections::HashSet;

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;

use super::filters::{Asked, Chip, Pick, picks};
use super::shown;
use crate::accounts::{Actor, SignedIn, Verb, user_names};
use crate::platform::db::{Conn, Db, Value};
use crate::platform::error::AppResult;
use crate::platform::log::{Access, accessed};
use crate::platform::office;
use crate::platform::page::{PageContext, html};
use crate::registry::filter::Criteria;
use crate::registry::model::Company;
use crate::registry::queries::list::{
    self as queries, Cursor, TOTAL_STOPS_AT, WALK, WALK_ELSEWHERE, Way,
};
use crate::registry::queries::load;
use crate::registry::rules::completeness::colour;
use crate::registry::search;

const PER_PAGE: usize = 50;
/// So many hits of a search are looked at.
const HITS: i64 = 1_000;

#[derive(Template)]
#[template(path = "registry/companies.html")]
struct ListPage {
    ctx: PageContext,
    q: String,
    picks: Vec<Pick>,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    total: String,
    shown: String,
    next: Option<String>,
    /// Where the search goes on that stopped after a part of the list.
    search_on: Option<String>,
    is_asked: bool,
    may_add: bool,
    /// Whether calls outside the queue may be recorded.
    may_call: bool,
    may_import: bool,
}

struct Row {
    id: i64,
    may_open: bool,
    may_edit: bool,
    name: String,
    place: String,
    industry: String,
    size: String,
    grade: String,
    state: String,
    urgency: String,
    completeness: i32,
    bar: &'static str,
    last_touch: Option<NaiveDateTime>,
    owner: String,
}

/// The page.
pub async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    query: web::Query<Vec<(String, String)>>,
) -> AppResult<HttpResponse> {
    me.require(Verb::FindCompanies)?;
    let asked = Asked::read(query.into_inner());
    if asked.get("cursor").is_none() {
        log_number_search(
            &db,
            me.actor.id(),
            me.now,
            asked.get("q").unwrap_or_default(),
        )
        .await?;
    }
    let page = db.read(move |conn| build(conn, &me, &asked)).await?;
    html(&page)
}

/// A search by number is kept, without its digits.
pub(crate) async fn log_number_search(
    db: &Db,
    user_id: i64,
    at: NaiveDateTime,
    q: &str,
) -> AppResult<()> {
    if crate::registry::rules::phone::digits_query(q).is_none() {
        return Ok(());
    }
    db.write(move |conn| {
        let access = Access {
            at,
            user_id,
            verb: "search_number",
            object_kind: "company",
            object_id: None,
            n: 1,
            detail: None,
        };
        Ok(accessed(conn, &access)?)
    })
    .await
}

/// A page of the list for pages and programs.
pub(crate) struct Found {
    pub companies: Vec<Company>,
    /// Those that the actor may open.
    pub open: HashSet<i64>,
    /// Counted up to [`TOTAL_STOPS_AT`]; unknown behind the first page.
    pub total: Option<usize>,
    pub next: Option<String>,
    /// Only so many entries of the list were looked through; there may be more behind them.
    pub stopped_after: Option<usize>,
}

/// Finds by text and filter. Without a text one sees one's own list; by name or number everybody can be found.
pub(crate) fn find(
    conn: &mut Conn,
    actor: &Actor,
    now: NaiveDateTime,
    asked: &Asked,
    limit: usize,
) -> AppResult<Found> {
    let filter = asked.filter();
    let mut criteria = vec![filter.criteria(now, office::load(conn)?.tz())?];
    let visible = queries::visible_to(conn, actor, now)?;
    let mut ways = vec![Way {
        who: Criteria::everybody(),
        walk: Some(WALK),
    }];
    let is_search = asked.get("q").is_some();
    match (asked.get("q"), &visible) {
        (Some(q), _) => {
            ways[0].walk = None;
            criteria.push(Criteria {
                text: "c.id IN ?".to_owned(),
                values: vec![Value::numbers(search::find(conn, q, HITS)?)],
            });
        }
        (None, Some(visible)) => ways.clone_from(visible),
        (None, None) => {}
    }
    if ways.iter().any(|way| way.walk.is_some()) {
        let narrow = queries::narrow(conn, filter.leads())?;
        for way in &mut ways {
            way.walk = match way.walk {
                Some(_) if narrow.is_some() => None,
                Some(_) if filter.looks_elsewhere() => Some(WALK_ELSEWHERE),
                walk => walk,
            };
        }
        criteria.extend(narrow);
    }
    let cursor = asked.get("cursor").and_then(read_cursor);
    // Of the hits of a search all are asked for: for a few of them PostgreSQL would walk the list and look for each.
    let wanted = if cursor.is_none() || is_search {
        TOTAL_STOPS_AT + 1
    } else {
        limit + 1
    };
    let mut part = queries::part(conn, &ways, &criteria, cursor, wanted.max(limit + 1))?;
    let total = cursor.is_none().then_some(part.roots.len());
    let more = part.roots.len() > limit;
    part.roots.truncate(limit);
    let last = if more {
        part.roots.last().copied()
    } else {
        part.stopped_at
    };
    let ids: Vec<i64> = part.roots.iter().map(|root| root.id).collect();
    let open = match (&visible, is_search) {
        (Some(visible), true) => queries::among(conn, &ids, visible)?.into_iter().collect(),
        _ => ids.iter().copied().collect(),
    };
    let mut companies = load::companies(conn, &ids)?;
    companies.sort_by_key(|company| ids.iter().position(|id| *id == company.id));
    Ok(Found {
        companies,
        open,
        total,
        next: last.map(|at| format!("{}.{}", at.score, at.id)),
        stopped_after: part
            .stopped_at
            .filter(|_| !more)
            .and_then(|_| ways.iter().find_map(|way| way.walk)),
    })
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let (score, id) = text.split_once('.')?;
    Some(Cursor {
        score: score.parse().ok()?,
        id: id.parse().ok()?,
    })
}

fn build(conn: &mut Conn, me: &SignedIn, asked: &Asked) -> AppResult<ListPage> {
    let ctx = me.context();
    let found = find(conn, &me.actor, me.now, asked, PER_PAGE)?;
    let owners: Vec<i64> = found.companies.iter().filter_map(|c| c.owner_id).collect();
    let owners = user_names(conn, &owners)?;
    let rows: Vec<Row> = found
        .companies
        .iter()
        .map(|company| {
            let owner = company.owner_id.and_then(|id| owners.get(&id).cloned());
            row(&ctx, company, found.open.contains(&company.id), owner)
        })
        .collect();
    let picks = picks(conn, &ctx)?;
    let total = match (found.stopped_after, found.total) {
        (Some(walk), _) => ctx.t1("company-walked", "n", ctx.number(walk)),
        (None, Some(n)) if n > TOTAL_STOPS_AT => ctx.t1("company-total", "n", "1,000+"),
        (None, Some(n)) => ctx.t1("company-total", "n", n),
        (None, None) => String::new(),
    };
    Ok(ListPage {
        q: asked.get("q").unwrap_or_default().to_owned(),
        chips: asked.chips(&ctx, &picks),
        picks,
        shown: ctx.t1("company-shown", "n", rows.len()),
        rows,
        total,
        search_on: found
            .next
            .as_deref()
            .filter(|_| found.stopped_after.is_some())
            .map(|cursor| asked.after(cursor)),
        next: found
            .next
            .filter(|_| found.stopped_after.is_none())
            .map(|cursor| asked.after(&cursor)),
        is_asked: !asked.pairs.is_empty(),
        may_add: me.require(Verb::AddCompany).is_ok(),
        may_call: me.require(Verb::RecordCall).is_ok(),
        may_import: me.require(Verb::Import).is_ok(),
        ctx,
    })
}

fn row(ctx: &PageContext, company: &Company, may_open: bool, owner: Option<String>) -> Row {
    Row {
        id: company.id,
        may_open,
        may_edit: may_open,
        name: company.name.clone(),
        place: company
            .region
            .as_deref()
            .map_or_else(String::new, |code| shown::place(ctx.language, code)),
        industry: company.industry.as_deref().map_or_else(
            || "–".to_owned(),
            |code| shown::industry_name(ctx.language, code),
        ),
        size: shown::size(company.size_class).unwrap_or_else(|| "–".to_owned()),
        grade: company.grade.clone().unwrap_or_default(),
        state: company.state.clone(),
        urgency: company
            .urgency
            .as_deref()
            .map_or_else(|| "–".to_owned(), |code| ctx.code("urgency", code)),
        completeness: company.completeness,
        bar: colour(company.completeness),
        last_touch: company.last_touch_at,
        owner: owner.unwrap_or_else(|| "–".to_owned()),
    }
}
