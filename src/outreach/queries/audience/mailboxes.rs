//! Who shares a mailbox, and what news arrived in it.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};

use crate::platform::db::{Conn, Statement, Value, by_keys};

/// The persons to whom mailboxes with these keys belong: key, whose.
pub(in crate::outreach) fn owners_of_mailboxes(
    conn: &mut Conn,
    keys: &[i64],
) -> QueryResult<Vec<(i64, i64)>> {
    by_keys(keys, |part| {
        Statement::<(BigInt, BigInt)>::fixed(
            "SELECT k.value_key, k.owner_id FROM contact_point k WHERE k.value_key IN ? AND k.owner_kind = 2 AND k.kind = 'email'",
        )
        .bind(Value::numbers(part.iter().copied()))
        .load(conn)
    })
}

/// Issues of other mailings that arrived at persons since a day: the mailbox, and when.
pub(in crate::outreach) fn news_by_mailbox(
    conn: &mut Conn,
    persons: &[i64],
    mailing_id: i64,
    since: NaiveDateTime,
) -> QueryResult<Vec<(String, NaiveDateTime)>> {
    by_keys(persons, |part| {
        Statement::<(Text, Timestamp)>::fixed(
            "SELECT d.address, h.at FROM touch h JOIN delivery d ON d.id = h.object_id \
             WHERE h.person_id IN ? AND h.at >= ? AND h.kind = 'news' AND NOT h.incoming \
             AND d.mailing_id <> ? AND d.address IS NOT NULL",
        )
        .bind(Value::numbers(part.iter().copied()))
        .bind(since)
        .bind(mailing_id)
        .load(conn)
    })
}
