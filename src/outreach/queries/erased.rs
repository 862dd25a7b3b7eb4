//! SQL of letters to people who are erased.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::claim::HeldRow;
use crate::outreach::model::Held;
use crate::platform::db::{Conn, Statement, Value};

/// What waits for these persons, for this transaction alone.
pub(in crate::outreach) fn waiting_for(conn: &mut Conn, persons: &[i64]) -> QueryResult<Vec<Held>> {
    Statement::<HeldRow>::fixed(
        "SELECT id, mailing_id, person_id, company_id, owner_id, address, domain, language, priority, due_at, until_at, attempts \
         FROM delivery WHERE person_id IN ? AND state = 'queued' ORDER BY id FOR UPDATE",
    )
    .bind(Value::numbers(persons.iter().copied()))
    .load(conn)
}

/// Takes the address and what servers answered out of letters to these persons, unless a worker holds them, and the word
/// of a rep that could put one back. What nobody knows of keeps a place for its address, which is read there.
pub(in crate::outreach) fn forget_addresses(
    conn: &mut Conn,
    persons: &[i64],
    by_owner: &str,
    refused: &str,
) -> QueryResult<()> {
    let persons = || Value::numbers(persons.iter().copied());
    Statement::<()>::fixed(
        "UPDATE delivery SET address = CASE WHEN state = 'unknown' THEN '' END, smtp_text = NULL \
         WHERE person_id IN ? AND state NOT IN ('queued','claimed','on_wire')",
    )
    .bind(persons())
    .execute(conn)?;
    Statement::<()>::fixed(
        "UPDATE delivery SET reason = ? WHERE person_id IN ? AND state = 'left_out' AND reason LIKE ?",
    )
    .bind(refused)
    .bind(persons())
    .bind(format!("%\"{by_owner}\"%"))
    .execute(conn)?;
    Statement::<()>::fixed("DELETE FROM mailing_word WHERE person_id IN ?")
        .bind(persons())
        .execute(conn)
        .map(|_| ())
}

/// Letters to these persons that a worker holds.
pub(in crate::outreach) fn held_for(conn: &mut Conn, persons: &[i64]) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT id FROM delivery WHERE person_id IN ? AND state IN ('claimed','on_wire')",
    )
    .bind(Value::numbers(persons.iter().copied()))
    .load(conn)
}
