//! SQL for what must hold, range by range of ids.

use diesel::prelude::*;

use crate::platform::db::Conn;
use crate::schema::suppression;

pub(in crate::consent) fn last_suppression(conn: &mut Conn) -> QueryResult<i64> {
    let last: Option<i64> = suppression::table
        .select(diesel::dsl::max(suppression::id))
        .first(conn)?;
    Ok(last.unwrap_or(0))
}

/// Id, scope, subject and key of the suppressions of a range.
pub(in crate::consent) fn keys_between(
    conn: &mut Conn,
    (after, to): (i64, i64),
) -> QueryResult<Vec<(i64, String, String, i64)>> {
    suppression::table
        .filter(suppression::id.gt(after).and(suppression::id.le(to)))
        .filter(suppression::hmac.eq(false))
        .select((
            suppression::id,
            suppression::scope,
            suppression::subject,
            suppression::subject_key,
        ))
        .load(conn)
}
