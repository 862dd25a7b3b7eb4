//! SQL of what is promised once.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::platform::db::{Conn, Statement, Value, in_few_sizes, values_of};

/// A promise that somebody gets something once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::outreach) struct Once {
    pub kind: &'static str,
    pub scope: String,
    pub subject_id: i64,
    pub holder_id: i64,
    pub at: NaiveDateTime,
}

/// Takes the promises that are free, in the order of their keys; how many were.
pub(in crate::outreach) fn take_once(conn: &mut Conn, rows: &[Once]) -> QueryResult<usize> {
    let mut taken = 0;
    for alike in rows
        .chunk_by(|one, next| (one.kind, &one.scope, one.at) == (next.kind, &next.scope, next.at))
    {
        for part in in_few_sizes(alike) {
            taken += write_once(conn, part)?;
        }
    }
    Ok(taken)
}

/// Promises of one kind and scope.
fn write_once(conn: &mut Conn, part: &[Once]) -> QueryResult<usize> {
    let Some(first) = part.first() else {
        return Ok(0);
    };
    let rows = values_of("(?, ?)", part.len());
    // SQLite would read ON CONFLICT as part of a join without the condition.
    let text = format!(
        "INSERT OR FAIL INTO once_key (kind, scope, at, subject_id, holder_id) SELECT ?, ?, ?, v.column1, v.column2 FROM ({rows}) AS v \
         WHERE TRUE ON CONFLICT DO NOTHING"
    );
    let mut statement = Statement::<()>::one_of_few(text)
        .bind(first.kind)
        .bind(first.scope.as_str())
        .bind(first.at);
    for one in part {
        statement = statement.bind(one.subject_id).bind(one.holder_id);
    }
    statement.execute(conn)
}

/// Who holds the promises to these persons: kind, scope, person, delivery.
pub(in crate::outreach) fn holders(
    conn: &mut Conn,
    scopes: &[String],
    persons: &[i64],
) -> QueryResult<Vec<(String, String, i64, i64)>> {
    Statement::<(Text, Text, BigInt, BigInt)>::fixed(
        "SELECT kind, scope, subject_id, holder_id FROM once_key WHERE kind IN ('greeting', 'mailing') AND scope IN ? AND subject_id IN ?",
    )
    .bind(Value::codes(scopes))
    .bind(Value::numbers(persons.iter().copied()))
    .load(conn)
}

/// What the mailing of a delivery greets.
pub(in crate::outreach) fn occasion_of(
    conn: &mut Conn,
    delivery_id: i64,
) -> QueryResult<Option<String>> {
    let found: Option<Option<String>> = Statement::<Nullable<Text>>::fixed(
        "SELECT m.occasion FROM delivery d JOIN mailing m ON m.id = d.mailing_id WHERE d.id = ?",
    )
    .bind(delivery_id)
    .get_result(conn)
    .optional()?;
    Ok(found.flatten())
}

/// Gives back what a delivery took that does not go.
pub(in crate::outreach) fn let_once_go(conn: &mut Conn, holders: &[i64]) -> QueryResult<usize> {
    Statement::<()>::fixed(
        "DELETE FROM once_key WHERE kind IN ('greeting', 'mailing') AND holder_id IN ?",
    )
    .bind(Value::numbers(holders.iter().copied()))
    .execute(conn)
}
