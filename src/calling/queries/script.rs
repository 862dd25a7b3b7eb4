//! SQL of scripts beyond their newest versions: who wrote which version, and which campaigns use them.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::platform::db::Conn;
use crate::schema::{campaign, script, users};

/// The last versions of a script, newest first: version, who, when.
pub(in crate::calling) fn versions(
    conn: &mut Conn,
    id: i64,
) -> QueryResult<Vec<(i32, Option<String>, NaiveDateTime)>> {
    script::table
        .left_join(users::table.on(script::actor_id.eq(users::id.nullable())))
        .filter(script::id.eq(id))
        .order(script::version.desc())
        .limit(10)
        .select((script::version, users::name.nullable(), script::at))
        .load(conn)
}

/// Campaigns that are not closed, by the script they use: script, name.
pub(in crate::calling) fn used_by(conn: &mut Conn) -> QueryResult<Vec<(i64, String)>> {
    campaign::table
        .filter(campaign::script_id.is_not_null())
        .filter(campaign::state.ne("closed"))
        .order(campaign::id.desc())
        .select((campaign::script_id.assume_not_null(), campaign::name))
        .load(conn)
}

/// Open campaigns of a script go on with this version.
pub(in crate::calling) fn follow(conn: &mut Conn, id: i64, version: i32) -> QueryResult<usize> {
    diesel::update(
        campaign::table
            .filter(campaign::script_id.eq(id))
            .filter(campaign::state.ne("closed")),
    )
    .set(campaign::script_version.eq(Some(version)))
    .execute(conn)
}
