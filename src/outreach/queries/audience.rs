//! What decides about a person and a letter, read for thousands of persons by the same dozen statements.
//!
//! A chunk is a range of ids, which an index walks, or a list of them. Everything that was noted of a person who was
//! merged away since counts for the person that answers for them.

mod around;
mod mailboxes;
mod persons;
mod write;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::platform::db::{Conn, Statement, Value};

pub(in crate::outreach) use around::{
    complaints, other_greetings, own_mails, quotations, waiting_mails, with_anybody,
};
pub(in crate::outreach) use mailboxes::{news_by_mailbox, owners_of_mailboxes};
pub(in crate::outreach) use persons::{
    CompanyRow, PersonRow, Persons, companies, contacts, mailboxes, persons, touches,
};
pub(in crate::outreach) use write::{forget_deliveries, insert_deliveries};

/// Which ids: those of a range, or these.
#[derive(Debug, Clone, Copy)]
pub(in crate::outreach) enum Who<'a> {
    /// Above the first, up to the second.
    Range(i64, i64),
    /// These.
    Ids(&'a [i64]),
}

impl Who<'_> {
    /// The condition on a column.
    fn is(self, column: &str) -> String {
        match self {
            Self::Range(..) => format!("{column} > ? AND {column} <= ?"),
            Self::Ids(_) => format!("{column} IN ?"),
        }
    }

    /// Its values.
    fn values(self) -> Vec<Value> {
        match self {
            Self::Range(after, upto) => vec![Value::from(after), Value::from(upto)],
            Self::Ids(ids) => vec![Value::numbers(ids.iter().copied())],
        }
    }
}

/// Where a chunk of about so many ids behind one ends; none behind the last person.
pub(in crate::outreach) fn end_of_chunk(
    conn: &mut Conn,
    after: i64,
    size: i64,
) -> QueryResult<Option<i64>> {
    // A limit in the text: a bound one makes SQLite prepare the statement anew.
    let text = format!(
        "SELECT max(t.id) FROM (SELECT id FROM person WHERE id > ? ORDER BY id LIMIT {size}) AS t"
    );
    Statement::<diesel::sql_types::Nullable<BigInt>>::built(text)
        .bind(after)
        .get_result(conn)
}

/// The next persons, by rising id, who work at one of these companies or their members.
pub(in crate::outreach) fn persons_at(
    conn: &mut Conn,
    companies: &[i64],
    after: i64,
    size: i64,
) -> QueryResult<Vec<i64>> {
    let text = format!(
        "SELECT DISTINCT p.root_id FROM contact t JOIN person p ON p.id = t.person_id \
         WHERE t.company_id IN ? AND t.left_at IS NULL AND p.root_id > ? ORDER BY p.root_id LIMIT {size}"
    );
    Statement::<BigInt>::built(text)
        .bind(Value::numbers(companies.iter().copied()))
        .bind(after)
        .load(conn)
}

/// The highest person id: how far a walk goes.
pub(in crate::outreach) fn last_person(conn: &mut Conn) -> QueryResult<i64> {
    Statement::<BigInt>::fixed("SELECT coalesce(max(id), CAST(0 AS BIGINT)) FROM person")
        .get_result(conn)
}

/// Pairs that may be one human being, with one of these persons in each.
pub(in crate::outreach) fn alike(conn: &mut Conn, who: Who<'_>) -> QueryResult<Vec<(i64, i64)>> {
    let text = format!(
        "SELECT r.a_id, r.b_id FROM review r WHERE r.state = 'open' AND {} AND r.kind = 'person' AND r.like_name \
         UNION SELECT r.a_id, r.b_id FROM review r WHERE r.state = 'open' AND {} AND r.kind = 'person' AND r.like_name",
        who.is("r.a_id"),
        who.is("r.b_id"),
    );
    Statement::<(BigInt, BigInt)>::built(text)
        .bind_all(who.values())
        .bind_all(who.values())
        .load(conn)
}
