//! Rows that tests of mailings begin with.

use canvass::platform::db::Conn;
use canvass::schema::mailing;
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// A mailing of which nothing matters but its id.
pub fn a_mailing(conn: &mut Conn, now: NaiveDateTime) -> QueryResult<i64> {
    diesel::insert_into(mailing::table)
        .values((
            mailing::kind.eq("greeting"),
            mailing::name.eq("中秋2026"),
            mailing::letter_code.eq("mid_autumn"),
            mailing::letter_versions.eq("{}"),
            mailing::audience.eq("{}"),
            mailing::rule_versions.eq("{}"),
            mailing::state.eq("sending"),
            mailing::created_at.eq(now),
            mailing::changed_at.eq(now),
        ))
        .returning(mailing::id)
        .get_result(conn)
}
