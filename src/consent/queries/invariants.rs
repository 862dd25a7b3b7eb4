//! SQL for what must hold, range by range of ids.

use diesel::prelude::*;

use crate::platform::check::{Ids, stretches};
use crate::platform::db::Conn;
use crate::schema::suppression;

/// Where suppressions have ids.
pub(in crate::consent) fn suppression_ids(conn: &mut Conn) -> QueryResult<Vec<Ids>> {
    stretches(conn, "suppression")
}

/// Id, scope, subject and key of the suppressions of a range.
pub(in crate::consent) fn keys_between(
    conn: &mut Conn,
    (after, to): Ids,
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
