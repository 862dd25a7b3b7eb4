//! The list of companies: ids out of the covering index first, rows after.

use std::collections::HashMap;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use crate::accounts::{Actor, Role};
use crate::platform::db::{Conn, Statement, Value};
use crate::registry::filter::Criteria;
use crate::schema::{tag, users};

/// An agent sees whom they called within so many days.
const CALLED_DAYS: i64 = 30;
/// Totals stop here.
pub(crate) const TOTAL_STOPS_AT: usize = 1_000;

/// Which roots an actor sees by the same rule as `accounts::may`; `None`: every one.
pub(crate) fn visible_to(
    conn: &mut Conn,
    actor: &Actor,
    now: NaiveDateTime,
) -> QueryResult<Option<Criteria>> {
    if actor.roles.has_any(&[Role::Manager, Role::Marketing]) {
        return Ok(None);
    }
    let (mut parts, mut values) = (vec!["1 = 0"], Vec::new());
    if actor.roles.has_any(&[Role::Agent, Role::Rep]) {
        parts.push("c.id IN ?");
        values.push(Value::numbers(worked_with(conn, actor, now)?));
    }
    if actor.roles.has(Role::Rep) {
        parts.push("c.owner_id = ?");
        values.push(Value::from(actor.id()));
        parts.push("((c.facets >> 3) & 7) = 1");
    }
    let text = format!("({})", parts.join(" OR "));
    Ok(Some(Criteria { text, values }))
}

/// Roots that a user leased, called, has an appointment with, or added by hand.
fn worked_with(conn: &mut Conn, actor: &Actor, now: NaiveDateTime) -> QueryResult<Vec<i64>> {
    let me = actor.id();
    let called = if actor.roles.has(Role::Agent) {
        now - TimeDelta::days(CALLED_DAYS)
    } else {
        now + TimeDelta::days(1)
    };
    let found: Vec<(i64,)> = Statement::<(BigInt,)>::fixed(
        "SELECT DISTINCT m.root_id FROM company m WHERE m.id IN (\
         SELECT k.company_id FROM call k WHERE k.agent_id = ? AND k.dialled_at >= ? AND k.company_id IS NOT NULL \
         UNION SELECT l.company_id FROM lease l WHERE l.agent_id = ? AND l.state IN ('preview','dialled','needs_outcome') AND l.company_id IS NOT NULL \
         UNION SELECT b.company_id FROM callback b WHERE b.owner_id = ? AND b.state = 'open' AND b.company_id IS NOT NULL \
         UNION SELECT t.company_id FROM task t WHERE t.user_id = ? AND t.state = 'open' AND t.company_id IS NOT NULL \
         UNION SELECT g.object_id FROM change_log g WHERE g.object_kind = 'company' AND g.verb = 'create' AND g.actor_id = ?)",
    )
    .bind(me)
    .bind(called)
    .bind(me)
    .bind(me)
    .bind(me)
    .bind(me)
    .load(conn)?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Best score first, then the latest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor {
    pub score: i32,
    pub id: i64,
}

/// `(id, score)` of roots that fit all criteria, from the cursor on.
pub(crate) fn ids(
    conn: &mut Conn,
    criteria: &[Criteria],
    after: Option<Cursor>,
    limit: usize,
) -> QueryResult<Vec<(i64, i32)>> {
    let mut text = String::from("SELECT c.id, c.score FROM company c WHERE c.merged_into IS NULL");
    let mut values = Vec::new();
    for one in criteria {
        text.push_str(" AND ");
        text.push_str(&one.text);
        values.extend(one.values.iter().cloned());
    }
    if let Some(cursor) = after {
        text.push_str(" AND (c.score < ? OR (c.score = ? AND c.id < ?))");
        values.extend([
            Value::from(cursor.score),
            Value::from(cursor.score),
            Value::from(cursor.id),
        ]);
    }
    text.push_str(&format!(" ORDER BY c.score DESC, c.id DESC LIMIT {limit}"));
    Statement::<(BigInt, Integer)>::built(text)
        .bind_all(values)
        .load(conn)
}

/// Which of these fit the criteria.
pub(crate) fn among(conn: &mut Conn, ids: &[i64], criteria: &Criteria) -> QueryResult<Vec<i64>> {
    let found: Vec<(i64,)> = Statement::<(BigInt,)>::built(format!(
        "SELECT c.id FROM company c WHERE c.id IN ? AND {}",
        criteria.text
    ))
    .bind(Value::numbers(ids.iter().copied()))
    .bind_all(criteria.values.iter().cloned())
    .load(conn)?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Names of users.
pub(crate) fn user_names(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, String>> {
    let found: Vec<(i64, String)> = users::table
        .filter(users::id.eq_any(ids.to_vec()))
        .select((users::id, users::name))
        .load(conn)?;
    Ok(found.into_iter().collect())
}

/// Who may own companies, for the filter.
pub(crate) fn owners(conn: &mut Conn) -> QueryResult<Vec<(i64, String)>> {
    Statement::<(BigInt, Text)>::fixed(
        "SELECT u.id, u.name FROM users u WHERE (u.roles & 16) <> 0 AND u.disabled_at IS NULL ORDER BY u.name",
    )
    .load(conn)
}

/// Sources by name, the latest first.
pub(crate) fn sources(conn: &mut Conn) -> QueryResult<Vec<(i64, String)>> {
    Statement::<(BigInt, Text)>::fixed(
        "SELECT s.id, s.name FROM source s ORDER BY s.id DESC LIMIT 200",
    )
    .load(conn)
}

/// Labels of the office: id, name in Chinese, name in English.
pub(crate) fn tags(conn: &mut Conn) -> QueryResult<Vec<(i64, String, Option<String>)>> {
    tag::table
        .select((tag::id, tag::name_zh, tag::name_en))
        .order(tag::name_zh)
        .limit(200)
        .load(conn)
}
