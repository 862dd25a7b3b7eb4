//! The strip above the columns: the goals of the day and the call-backs that are due, and the campaigns that wait.

use std::collections::HashMap;

use chrono::{NaiveDateTime, TimeDelta};

use super::view::{Due, Goal};
use crate::calling::actions::{self, Rulebook};
use crate::calling::day;
use crate::calling::model::Callback;
use crate::platform::calendar::zone;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;

/// Minutes ahead from which a call-back is soon.
const SOON: i64 = 15;
/// Call-backs that the strip names.
const NAMED: usize = 3;

/// The start of an office day and of the next one.
pub fn day_of(rules: &Rulebook, now: NaiveDateTime) -> (NaiveDateTime, NaiveDateTime) {
    let office = rules.calendars.office();
    let today = office.date(now);
    let start = zone::day_start(office.zone(), today);
    (
        start,
        zone::day_start(office.zone(), today + TimeDelta::days(1)),
    )
}

/// The goals of an agent's day.
pub fn goals(
    conn: &mut Conn,
    now: NaiveDateTime,
    agent_id: i64,
    rules: &Rulebook,
) -> AppResult<Vec<Goal>> {
    let day = actions::day_figures(conn, now, agent_id, rules)?;
    let targets = rules.calling.targets;
    let goal = |key, done, target: u32, floor: u32| Goal {
        key,
        done,
        target: i64::from(target),
        floor: i64::from(floor),
    };
    Ok(vec![
        goal(
            "screen-goal-dials",
            day.dials,
            targets.dials,
            targets.dials_floor,
        ),
        goal(
            "screen-goal-deciders",
            day.deciders,
            targets.deciders,
            targets.deciders_floor,
        ),
        goal("screen-goal-completed", day.completed, targets.completed, 0),
        goal("screen-goal-qualified", day.qualified, targets.qualified, 0),
    ])
}

/// Names of whoever is called back, by call-back id.
pub fn names_of(
    conn: &mut Conn,
    ctx: &PageContext,
    callbacks: &[Callback],
) -> AppResult<HashMap<i64, String>> {
    let companies: Vec<i64> = callbacks.iter().filter_map(|c| c.company_id).collect();
    let persons: Vec<i64> = callbacks.iter().filter_map(|c| c.person_id).collect();
    let companies: HashMap<i64, String> =
        day::company_names(conn, &companies)?.into_iter().collect();
    let persons: HashMap<i64, Option<String>> =
        day::person_names(conn, &persons)?.into_iter().collect();
    let name = |c: &Callback| {
        let company = c.company_id.and_then(|id| companies.get(&id).cloned());
        let person = || {
            c.person_id
                .and_then(|id| persons.get(&id).cloned().flatten())
        };
        company
            .or_else(person)
            .unwrap_or_else(|| ctx.t("incoming-no-company"))
    };
    Ok(callbacks.iter().map(|c| (c.id, name(c))).collect())
}

/// The call-backs of today, and how many more there are than the strip names.
pub fn callbacks(
    conn: &mut Conn,
    ctx: &PageContext,
    agent_id: i64,
    rules: &Rulebook,
) -> AppResult<(Vec<Due>, usize)> {
    let (_, tomorrow) = day_of(rules, ctx.now);
    let open = day::callbacks_of(conn, agent_id, tomorrow)?;
    let names = names_of(conn, ctx, &open)?;
    let more = open.len().saturating_sub(NAMED);
    let due = open
        .iter()
        .take(NAMED)
        .map(|c| Due {
            time: ctx.time(&c.due_at),
            name: names.get(&c.id).cloned().unwrap_or_default(),
            note: how_soon(ctx, c.due_at).0,
            kind: how_soon(ctx, c.due_at).1,
        })
        .collect();
    Ok((due, more))
}

/// `5分钟后` or `晚了4分钟` with its colour; nothing while it is far.
pub fn how_soon(ctx: &PageContext, due_at: NaiveDateTime) -> (String, &'static str) {
    let minutes = (due_at - ctx.now).num_minutes();
    match minutes {
        ..0 => (ctx.t1("screen-due-late", "n", -minutes), "late"),
        0..=SOON => (ctx.t1("screen-due-in", "n", minutes), "soon"),
        _ => (String::new(), ""),
    }
}
