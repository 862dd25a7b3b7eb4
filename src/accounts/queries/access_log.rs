//! SQL of the access log's page.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::platform::db::{Conn, MultiBackend};
use crate::schema::{access_log, users};

/// One look at numbers.
#[derive(Debug, Clone, Queryable)]
pub(in crate::accounts) struct AccessRow {
    pub id: i64,
    pub at: NaiveDateTime,
    pub user_id: i64,
    pub verb: String,
    pub object_kind: String,
    pub object_id: Option<i64>,
    pub n: i32,
    pub detail: Option<String>,
    pub name: Option<String>,
}

/// Newest first, before the entry `before`, of one user or of all.
pub(in crate::accounts) fn accesses(
    conn: &mut Conn,
    of_user: Option<i64>,
    before: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<AccessRow>> {
    let mut query = access_log::table
        .left_join(users::table.on(users::id.eq(access_log::user_id)))
        .order(access_log::id.desc())
        .limit(limit)
        .select((
            access_log::id,
            access_log::at,
            access_log::user_id,
            access_log::verb,
            access_log::object_kind,
            access_log::object_id,
            access_log::n,
            access_log::detail,
            users::name.nullable(),
        ))
        .into_boxed::<MultiBackend>();
    if let Some(user_id) = of_user {
        query = query.filter(access_log::user_id.eq(user_id));
    }
    if let Some(id) = before {
        query = query.filter(access_log::id.lt(id));
    }
    query.load(conn)
}
