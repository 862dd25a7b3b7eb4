//! The own call history: what was said, what comes next, and taking a result back.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{DateTime, NaiveDateTime};
use serde::Deserialize;

use crate::accounts::{Actor, SignedIn, Verb};
use crate::calling::day::{self, NewestResult, OwnCall};
use crate::platform::calendar::zone;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::page::{self, PageContext};

/// Calls of a page.
const PAGE: i64 = 50;

/// A call as it is shown to whoever made it.
pub struct CallView {
    /// Id.
    pub id: i64,
    /// Company, else person.
    pub name: String,
    /// Who was spoken with.
    pub person: String,
    /// The company's page.
    pub href: Option<String>,
    /// When.
    pub at: String,
    /// How it ended.
    pub result: String,
    /// What was noted.
    pub note: String,
    /// When again.
    pub next: String,
    /// Taken back.
    pub is_undone: bool,
    /// Can be taken back by its agent.
    pub may_undo: bool,
}

#[derive(Template)]
#[template(path = "today/calls.html")]
struct CallsPage {
    ctx: PageContext,
    calls: Vec<CallView>,
    next_href: Option<String>,
    shown: String,
}

/// Where a page begins: `<microseconds>.<id>` of the last call before it.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    before: String,
}

/// The page.
pub async fn page(
    me: SignedIn,
    db: web::Data<Db>,
    asked: web::Query<Asked>,
) -> AppResult<HttpResponse> {
    me.require(Verb::RecordCall)?;
    let (actor, ctx) = (me.actor.clone(), me.context());
    let before = cursor(&asked.before);
    let page = db
        .read(move |conn| {
            let mut found = day::own_calls(conn, actor.id(), before, PAGE + 1)?;
            let has_more = found.len() > PAGE as usize;
            found.truncate(PAGE as usize);
            let last = found.last().map(|call| (call.at, call.id));
            let next = last.filter(|_| has_more);
            let calls = views(conn, &ctx, found)?;
            Ok::<_, AppError>(CallsPage {
                shown: ctx.t1("today-history-shown", "n", calls.len()),
                next_href: next.map(|(at, id)| {
                    format!("/calls?before={}.{id}", at.and_utc().timestamp_micros())
                }),
                calls,
                ctx,
            })
        })
        .await?;
    page::html(&page)
}

fn cursor(text: &str) -> Option<(NaiveDateTime, i64)> {
    let (at, id) = text.split_once('.')?;
    let at = DateTime::from_timestamp_micros(at.parse().ok()?)?;
    Some((at.naive_utc(), id.parse().ok()?))
}

/// The latest calls of a person.
pub fn latest(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
    n: i64,
) -> AppResult<Vec<CallView>> {
    let found = day::own_calls(conn, actor.id(), None, n)?;
    views(conn, ctx, found)
}

fn views(conn: &mut Conn, ctx: &PageContext, calls: Vec<OwnCall>) -> AppResult<Vec<CallView>> {
    let ids: Vec<i64> = calls.iter().map(|call| call.id).collect();
    let results: HashMap<i64, NewestResult> = day::newest_results(conn, &ids)?
        .into_iter()
        .map(|result| (result.call_id, result))
        .collect();
    Ok(calls
        .into_iter()
        .map(|call| view(ctx, results.get(&call.id), call))
        .collect())
}

fn view(ctx: &PageContext, result: Option<&NewestResult>, call: OwnCall) -> CallView {
    let today = zone::local_date(ctx.zone, ctx.now);
    let is_today = |at: NaiveDateTime| zone::local_date(ctx.zone, at) == today;
    let is_undone = result.is_some_and(|r| r.undone_at.is_some());
    let said = match result.and_then(|r| r.disposition.as_deref()) {
        Some(code) => ctx.code("disposition", code),
        None => ctx.t("today-call-no-result"),
    };
    let incoming = if call.direction == "in" {
        format!("{} · ", ctx.t("today-call-incoming"))
    } else {
        String::new()
    };
    let next = result
        .filter(|_| !is_undone)
        .and_then(|r| r.next_attempt_at);
    CallView {
        id: call.id,
        name: call
            .company
            .clone()
            .or_else(|| call.person.clone())
            .unwrap_or_else(|| ctx.t("incoming-no-company")),
        person: match &call.company {
            Some(_) => call.person.unwrap_or_default(),
            None => String::new(),
        },
        href: call.company_id.map(|id| format!("/companies/{id}")),
        at: if is_today(call.at) {
            ctx.time(&call.at)
        } else {
            ctx.datetime(&call.at)
        },
        result: format!("{incoming}{said}"),
        note: result.and_then(|r| r.note.clone()).unwrap_or_default(),
        next: next.map(|at| ctx.datetime(&at)).unwrap_or_default(),
        is_undone,
        may_undo: result.is_some_and(|r| r.undone_at.is_none() && is_today(r.at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        let at: NaiveDateTime = "2026-09-24T02:00:00.000001".parse().expect("an instant");
        let text = format!("{}.7", at.and_utc().timestamp_micros());
        assert_eq!(cursor(&text), Some((at, 7)));
        assert_eq!(cursor("x"), None);
    }
}
