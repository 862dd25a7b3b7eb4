//! SQL for what must hold.

use diesel::prelude::*;

use crate::platform::db::Conn;
use crate::schema::users;

/// Every log-in address.
pub(in crate::accounts) fn emails(conn: &mut Conn) -> QueryResult<Vec<String>> {
    users::table
        .select(users::email)
        .order(users::email)
        .load(conn)
}
