//! SQL of deliveries as pages and programs list them. What moves one stands in `delivery`.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};

use crate::outreach::model::Delivery;
use crate::platform::db::{Conn, Statement, Value, among};
use crate::schema::delivery;

/// Which deliveries of a mailing, and how many of them.
#[derive(Debug, Clone, Default)]
pub(in crate::outreach) struct AskedDeliveries {
    pub mailing_id: i64,
    /// A state; `deferred` are those that wait for another try.
    pub state: Option<String>,
    /// Code of the reason.
    pub reason: Option<String>,
    /// Domain of the address.
    pub domain: Option<String>,
    /// Behind this one: an id where a state is asked, a person otherwise, as [`place`] says.
    pub after: i64,
    pub limit: i64,
}

/// Where a list that asked like this goes on behind a delivery.
pub(in crate::outreach) fn place(asked: &AskedDeliveries, last: &Delivery) -> i64 {
    match asked.state {
        Some(_) => last.id,
        None => last.person_id,
    }
}

/// A page of deliveries. Each order is that of an index: by id within a state, by person over all of them.
pub(in crate::outreach) fn deliveries(
    conn: &mut Conn,
    asked: &AskedDeliveries,
) -> QueryResult<Vec<Delivery>> {
    let mut found = delivery::table
        .filter(delivery::mailing_id.eq(asked.mailing_id))
        .select(Delivery::as_select())
        .limit(asked.limit)
        .into_boxed();
    found = match asked.state.as_deref() {
        None => found
            .filter(delivery::person_id.gt(asked.after))
            .order(delivery::person_id),
        Some("deferred") => found
            .filter(delivery::state.eq("queued"))
            .filter(delivery::attempts.gt(0))
            .filter(delivery::id.gt(asked.after))
            .order(delivery::id),
        Some(state) => found
            .filter(delivery::state.eq(state.to_owned()))
            .filter(delivery::id.gt(asked.after))
            .order(delivery::id),
    };
    if let Some(code) = &asked.reason {
        // Where the code stands first, a further one in it is that of the reason before.
        let leads = delivery::reason.like(format!("{{\"code\":\"{code}\"%"));
        let stands = delivery::reason.like(format!("%\"code\":\"{code}\"%"));
        let led_by_another_field = delivery::reason.not_like("{\"code\":%");
        found = found.filter(leads.or(stands.and(led_by_another_field)));
    }
    if let Some(domain) = &asked.domain {
        found = found.filter(delivery::domain.eq(domain));
    }
    found.load(conn)
}

/// Persons or companies as they are today: id as written, root, the root's name.
pub(in crate::outreach) type Names = HashMap<i64, (i64, Option<String>)>;

/// Names of persons.
pub(in crate::outreach) fn person_names(conn: &mut Conn, ids: &[i64]) -> QueryResult<Names> {
    let found: Vec<(i64, i64, Option<String>)> = Statement::<(BigInt, BigInt, Nullable<Text>)>::fixed(
        "SELECT p.id, r.id, coalesce(r.name, r.name_en) FROM person p JOIN person r ON r.id = p.root_id WHERE p.id IN ?",
    )
    .bind(Value::numbers(ids.iter().copied()))
    .load(conn)?;
    Ok(found
        .into_iter()
        .map(|(id, root, name)| (id, (root, name)))
        .collect())
}

/// Names of companies.
pub(in crate::outreach) fn company_names(conn: &mut Conn, ids: &[i64]) -> QueryResult<Names> {
    let found: Vec<(i64, i64, String)> = Statement::<(BigInt, BigInt, Text)>::fixed(
        "SELECT c.id, r.id, r.name FROM company c JOIN company r ON r.id = c.root_id WHERE c.id IN ?",
    )
    .bind(Value::numbers(ids.iter().copied()))
    .load(conn)?;
    Ok(found
        .into_iter()
        .map(|(id, root, name)| (id, (root, Some(name))))
        .collect())
}

/// Deliveries of a mailing by domain and state.
pub(in crate::outreach) fn domain_states(
    conn: &mut Conn,
    mailing_id: i64,
) -> QueryResult<Vec<(String, String, i64)>> {
    Statement::<(Text, Text, BigInt)>::fixed(
        "SELECT domain, state, CAST(sum(n) AS BIGINT) FROM delivery_figure WHERE mailing_id = ? \
         AND state <> 'left_out' GROUP BY domain, state HAVING sum(n) <> 0",
    )
    .bind(mailing_id)
    .load(conn)
}

/// Letters that wait for another try, by domain.
pub(in crate::outreach) fn deferred(
    conn: &mut Conn,
    mailing_id: i64,
) -> QueryResult<Vec<(Option<String>, i64)>> {
    Statement::<(Nullable<Text>, BigInt)>::fixed(
        "SELECT domain, count(*) FROM delivery WHERE mailing_id = ? AND state = 'queued' AND attempts > 0 GROUP BY domain",
    )
    .bind(mailing_id)
    .load(conn)
}

/// When the first of the letters that wait may go.
pub(in crate::outreach) fn next_due(
    conn: &mut Conn,
    mailing_id: i64,
) -> QueryResult<Option<NaiveDateTime>> {
    Statement::<Nullable<Timestamp>>::fixed(
        "SELECT min(due_at) FROM delivery WHERE mailing_id = ? AND state = 'queued'",
    )
    .bind(mailing_id)
    .get_result(conn)
}

/// How a domain takes mail.
#[derive(Debug, Clone, Queryable)]
pub(in crate::outreach) struct LaneLine {
    pub domain: String,
    pub width: i32,
    pub per_minute: Option<i32>,
    pub paused_until: Option<NaiveDateTime>,
    pub why: Option<String>,
}

/// The lanes of domains.
pub(in crate::outreach) fn lanes_of(
    conn: &mut Conn,
    domains: &[String],
) -> QueryResult<Vec<LaneLine>> {
    Statement::<(
        Text,
        Integer,
        Nullable<Integer>,
        Nullable<Timestamp>,
        Nullable<Text>,
    )>::fixed("SELECT domain, width, per_minute, paused_until, why FROM lane WHERE domain IN ?")
    .bind(Value::codes(domains))
    .load(conn)
}

/// What persons were sent and were not, the newest first; whatever was merged into them counts as theirs.
pub(in crate::outreach) fn mail_of_persons(
    conn: &mut Conn,
    roots: &[i64],
    before: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<Delivery>> {
    let ids: Vec<i64> = Statement::<BigInt>::fixed(
        "SELECT id FROM person WHERE id IN ? UNION SELECT id FROM person WHERE root_id IN ? AND merged_into IS NOT NULL",
    )
    .bind(Value::numbers(roots.iter().copied()))
    .bind(Value::numbers(roots.iter().copied()))
    .load(conn)?;
    delivery::table
        .filter(among(delivery::person_id, &ids))
        .filter(delivery::id.lt(before.unwrap_or(i64::MAX)))
        .order(delivery::id.desc())
        .limit(limit)
        .select(Delivery::as_select())
        .load(conn)
}

/// The persons who are contacts of these companies.
pub(in crate::outreach) fn persons_of_companies(
    conn: &mut Conn,
    companies: &[i64],
) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT DISTINCT p.root_id FROM contact c JOIN person p ON p.id = c.person_id WHERE c.company_id IN ?",
    )
    .bind(Value::numbers(companies.iter().copied()))
    .load(conn)
}

/// What happened to a mailing: verb, who, when, the newest first.
pub(in crate::outreach) fn mailing_log(
    conn: &mut Conn,
    mailing_id: i64,
    limit: i64,
) -> QueryResult<Vec<(String, Option<i64>, NaiveDateTime)>> {
    use crate::schema::change_log as l;
    l::table
        .filter(l::object_kind.eq("mailing"))
        .filter(l::object_id.eq(mailing_id))
        .order(l::id.desc())
        .limit(limit)
        .select((l::verb, l::actor_id, l::at))
        .load(conn)
}

/// Gives letters that wait until another moment to be taken.
pub(in crate::outreach) fn prolong(
    conn: &mut Conn,
    ids: &[i64],
    until_at: NaiveDateTime,
) -> QueryResult<()> {
    Statement::<()>::fixed("UPDATE delivery SET until_at = ? WHERE id IN ? AND state = 'queued'")
        .bind(until_at)
        .bind(Value::numbers(ids.iter().copied()))
        .execute(conn)
        .map(|_| ())
}
