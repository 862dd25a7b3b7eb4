//! SQL of the calendars of a campaign in which something is ready: a few of all there are.

use diesel::prelude::*;
use diesel::sql_types::Integer;

use crate::platform::db::{Conn, Statement};

/// SQL: the table `used` of these calendars, for a `WITH RECURSIVE`, with a last row that is none. It asks the index for
/// one after the other, and does not walk through the entries. The campaign is bound twice.
macro_rules! used_calendars {
    () => {
        "used(calendar) AS (SELECT min(e.calendar_id) FROM queue_entry e WHERE e.campaign_id = ? AND e.state = 'ready' AND e.owner_id IS NULL \
         UNION ALL SELECT (SELECT min(e.calendar_id) FROM queue_entry e WHERE e.campaign_id = ? AND e.calendar_id > u.calendar AND e.state = 'ready' \
         AND e.owner_id IS NULL) FROM used u WHERE u.calendar IS NOT NULL)"
    };
}
pub(super) use used_calendars;

/// Calendars of a campaign in which something is ready, open or shut.
pub(in crate::calling) fn calendars_with_ready(
    conn: &mut Conn,
    campaign_id: i64,
) -> QueryResult<Vec<i32>> {
    Statement::<Integer>::fixed(concat!(
        "WITH RECURSIVE ",
        used_calendars!(),
        " SELECT calendar FROM used WHERE calendar IS NOT NULL"
    ))
    .bind(campaign_id)
    .bind(campaign_id)
    .load(conn)
}
