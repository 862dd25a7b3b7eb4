//! SQL over the texts of any table.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use super::places::{Place, ValuePlace};
use crate::platform::db::{Conn, Statement, Value};
use crate::registry::actions::Traces;

/// Id, text, whether the row speaks of the person.
pub(super) type Found = (i64, String, i32);

/// The last id of a table.
pub(super) fn last_id(conn: &mut Conn, table: &str) -> QueryResult<i64> {
    Statement::<BigInt>::built(format!(
        "SELECT coalesce(max(id), CAST(0 AS BIGINT)) FROM {table}"
    ))
    .get_result(conn)
}

/// The texts of one column within a range of ids.
pub(super) fn texts(
    conn: &mut Conn,
    place: &Place,
    column: &str,
    traces: &Traces,
    (after, to): (i64, i64),
) -> QueryResult<Vec<Found>> {
    let (speaks, values) = condition(place.speaks, traces);
    let text = format!(
        "SELECT t.id, t.{column}, CASE WHEN {speaks} THEN 1 ELSE 0 END FROM {} t WHERE t.id > ? AND t.id <= ? AND t.{column} IS NOT NULL",
        place.table
    );
    Statement::<(BigInt, Text, Integer)>::built(text)
        .bind_all(values)
        .bind(after)
        .bind(to)
        .load(conn)
}

/// Writes a text.
pub(super) fn set_text(
    conn: &mut Conn,
    place: &Place,
    column: &str,
    id: i64,
    text: &str,
) -> QueryResult<()> {
    Statement::<()>::built(format!(
        "UPDATE {} SET {column} = ? WHERE id = ?",
        place.table
    ))
    .bind(text)
    .bind(id)
    .execute(conn)
    .map(|_| ())
}

/// Takes values out of columns that hold nothing else: those that are theirs alone wherever they stand, the others where a
/// row speaks of them.
pub(super) fn forget_values(
    conn: &mut Conn,
    place: &ValuePlace,
    traces: &Traces,
    (after, to): (i64, i64),
) -> QueryResult<()> {
    let ValuePlace {
        table,
        column,
        set,
        but,
        ..
    } = place;
    let (speaks, values) = condition(place.speaks, traces);
    let alone = traces.sought.numbers.iter().chain(&traces.sought.mails);
    let text = format!(
        "UPDATE {table} AS t SET {set} WHERE t.id > ? AND t.id <= ? AND {column} IS NOT NULL AND NOT ({but}) \
         AND ({column} IN ? OR ({column} IN ? AND {speaks}))"
    );
    Statement::<()>::built(text)
        .bind(after)
        .bind(to)
        .bind(Value::codes(alone))
        .bind(Value::codes(traces.shared.iter().chain(&traces.common)))
        .bind_all(values)
        .execute(conn)
        .map(|_| ())
}

/// A condition with a `?` for each `@c` and `@p`, and the lists that stand there.
fn condition(speaks: &str, traces: &Traces) -> (String, Vec<Value>) {
    let mut values = Vec::new();
    for (at, _) in speaks.match_indices('@') {
        let ids = match &speaks[at..at + 2] {
            "@c" => &traces.companies,
            _ => &traces.persons,
        };
        values.push(Value::numbers(ids.iter().copied()));
    }
    (speaks.replace("@c", "?").replace("@p", "?"), values)
}

/// What was typed and not saved: user, key, text, whether it is about one of these companies.
pub(super) type Draft = (i64, String, String, i32);

/// Every draft.
pub(super) fn drafts(conn: &mut Conn, traces: &Traces) -> QueryResult<Vec<Draft>> {
    Statement::<(BigInt, Text, Text, Integer)>::fixed(
        "SELECT d.user_id, d.object_key, d.body, CASE WHEN EXISTS (SELECT 1 FROM lease l WHERE l.agent_id = d.user_id \
         AND l.state IN ('preview','dialled','needs_outcome') AND (l.company_id IN ? OR l.person_id IN ?)) THEN 1 ELSE 0 END FROM draft d",
    )
    .bind(Value::numbers(traces.companies.iter().copied()))
    .bind(Value::numbers(traces.persons.iter().copied()))
    .load(conn)
}

/// Writes a draft.
pub(super) fn set_draft(conn: &mut Conn, user_id: i64, key: &str, body: &str) -> QueryResult<()> {
    Statement::<()>::fixed("UPDATE draft SET body = ? WHERE user_id = ? AND object_key = ?")
        .bind(body)
        .bind(user_id)
        .bind(key)
        .execute(conn)
        .map(|_| ())
}

/// Answers that are kept for programs: user, key, text. A part of them, behind a key.
pub(super) fn answers(
    conn: &mut Conn,
    (user_id, key): (i64, &str),
    limit: i64,
) -> QueryResult<Vec<(i64, String, String)>> {
    Statement::<(BigInt, Text, Text)>::fixed(
        "SELECT user_id, idem_key, body FROM answer WHERE user_id > ? OR (user_id = ? AND idem_key > ?) ORDER BY user_id, idem_key LIMIT ?",
    )
    .bind(user_id)
    .bind(user_id)
    .bind(key)
    .bind(limit)
    .load(conn)
}

/// Writes an answer.
pub(super) fn set_answer(conn: &mut Conn, user_id: i64, key: &str, body: &str) -> QueryResult<()> {
    Statement::<()>::fixed("UPDATE answer SET body = ? WHERE user_id = ? AND idem_key = ?")
        .bind(body)
        .bind(user_id)
        .bind(key)
        .execute(conn)
        .map(|_| ())
}
