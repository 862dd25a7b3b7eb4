//! SQL of people who are erased: whether somebody has them on the line, and what was agreed with them.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::platform::db::{Conn, Statement, Value};

/// Agents who have one of these persons, or one of these numbers, in their hands.
pub(in crate::calling) fn in_hands(
    conn: &mut Conn,
    persons: &[i64],
    number_keys: &[i64],
) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT agent_id FROM lease WHERE state IN ('preview','dialled','needs_outcome') AND (person_id IN ? OR number_key IN ?)",
    )
    .bind(Value::numbers(persons.iter().copied()))
    .bind(Value::numbers(number_keys.iter().copied()))
    .load(conn)
}

/// Call-backs that were agreed with these persons are over, and what was to be done for them is not.
pub(in crate::calling) fn end_agreed(conn: &mut Conn, persons: &[i64]) -> QueryResult<()> {
    Statement::<()>::fixed(
        "UPDATE callback SET state = 'done' WHERE person_id IN ? AND state = 'open'",
    )
    .bind(Value::numbers(persons.iter().copied()))
    .execute(conn)?;
    Statement::<()>::fixed(
        "UPDATE task SET state = 'undone' WHERE person_id IN ? AND state = 'open'",
    )
    .bind(Value::numbers(persons.iter().copied()))
    .execute(conn)
    .map(|_| ())
}
