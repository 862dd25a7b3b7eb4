//! SQL of what may stop letters that are about to leave.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::platform::db::{Conn, Statement, Value};

/// The latest that was joined; 0 where nothing ever was.
pub(in crate::outreach) fn last_merge(conn: &mut Conn) -> QueryResult<i64> {
    Statement::<BigInt>::fixed("SELECT coalesce(max(id), CAST(0 AS BIGINT)) FROM merge")
        .get_result(conn)
}

/// Where each of these deliveries stands.
pub(in crate::outreach) fn states_of(
    conn: &mut Conn,
    ids: &[i64],
) -> QueryResult<HashMap<i64, String>> {
    let rows: Vec<(i64, String)> =
        Statement::<(BigInt, Text)>::fixed("SELECT id, state FROM delivery WHERE id IN ?")
            .bind(Value::numbers(ids.iter().copied()))
            .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The ids of each of these companies: its own, its root's, and of whatever was merged into that.
pub(in crate::outreach) fn company_groups(
    conn: &mut Conn,
    companies: &[i64],
) -> QueryResult<HashMap<i64, Vec<i64>>> {
    let rows: Vec<(i64, i64)> = Statement::<(BigInt, BigInt)>::fixed(
        "SELECT id, root_id FROM company WHERE id IN ? UNION ALL \
         SELECT c.id, m.id FROM company c JOIN company m ON m.root_id = c.root_id AND m.merged_into IS NOT NULL WHERE c.id IN ?",
    )
    .bind(Value::numbers(companies.iter().copied()))
    .bind(Value::numbers(companies.iter().copied()))
    .load(conn)?;
    let mut groups: HashMap<i64, Vec<i64>> = HashMap::new();
    for (id, member) in rows {
        let group = groups.entry(id).or_insert_with(|| vec![id]);
        if !group.contains(&member) {
            group.push(member);
        }
    }
    Ok(groups)
}

/// No mailing whose audience is just decided counts as approved; how many did.
pub(in crate::outreach) fn approve_none_beforehand(conn: &mut Conn) -> QueryResult<usize> {
    Statement::<()>::fixed(
        "UPDATE mailing SET approved_at = NULL, approved_by = NULL WHERE state = 'planning' AND approved_at IS NOT NULL",
    )
    .execute(conn)
}

/// Greetings whose morning has begun and that would go unasked wait for a person from now on; how many.
pub(in crate::outreach) fn go_only_when_asked(
    conn: &mut Conn,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    Statement::<()>::fixed(
        "UPDATE mailing SET approve_by = send_until WHERE kind = 'greeting' AND state IN ('draft', 'planning', 'planned') AND send_from <= ?",
    )
    .bind(now)
    .execute(conn)
}
