//! SQL of what other areas do to the queue.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::calling::model::QueueEntry;
use crate::platform::db::{Conn, Statement, Value};
use crate::schema::queue_entry;

/// Every id that answers as one of these roots, the roots too.
pub(in crate::calling) fn groups(conn: &mut Conn, roots: &[i64]) -> QueryResult<Vec<i64>> {
    let ids = Value::numbers(roots.iter().copied());
    Statement::<BigInt>::fixed(
        "SELECT id FROM company WHERE id IN ? UNION SELECT id FROM company WHERE root_id IN ? AND merged_into IS NOT NULL ORDER BY 1",
    )
    .bind(ids.clone())
    .bind(ids)
    .load(conn)
}

/// Lets an entry yield to another of the same company, until the merge is undone. Its state is kept in `bar`.
pub(in crate::calling) fn park(
    conn: &mut Conn,
    entry_id: i64,
    merge_id: i64,
    now: NaiveDateTime,
) -> QueryResult<()> {
    Statement::<()>::fixed(
        "UPDATE queue_entry SET state = 'parked', bar = CASE WHEN bar IS NULL THEN state ELSE state || ' ' || bar END, parked_for = ?, changed_at = ? WHERE id = ?",
    )
    .bind(merge_id)
    .bind(now)
    .bind(entry_id)
    .execute(conn)
    .map(|_| ())
}

pub(in crate::calling) fn parked_by(
    conn: &mut Conn,
    merge_id: i64,
) -> QueryResult<Vec<QueueEntry>> {
    queue_entry::table
        .filter(queue_entry::parked_for.eq(merge_id))
        .filter(queue_entry::state.eq("parked"))
        .select(QueueEntry::as_select())
        .load(conn)
}

/// What was parked for a merge is as it was before.
pub(in crate::calling) fn unpark(
    conn: &mut Conn,
    merge_id: i64,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    let parked = parked_by(conn, merge_id)?;
    let n = parked.len();
    for mut entry in parked {
        let was = entry.bar.take().unwrap_or_else(|| "ready".into());
        let (state, bar) = was
            .split_once(' ')
            .map_or((was.as_str(), None), |(s, b)| (s, Some(b)));
        entry.state = state.to_owned();
        entry.bar = bar.map(str::to_owned);
        entry.parked_for = None;
        entry.changed_at = now;
        super::update_entry(conn, &entry)?;
    }
    Statement::<()>::fixed("UPDATE callback SET state = 'open' WHERE state = ?")
        .bind(parked_state(merge_id))
        .execute(conn)?;
    Ok(n)
}

fn parked_state(merge_id: i64) -> String {
    format!("parked:{merge_id}")
}

/// Of call-backs that are open on both sides of a merge the later ones are parked.
pub(in crate::calling) fn park_callbacks(
    conn: &mut Conn,
    from_group: &[i64],
    into_group: &[i64],
    merge_id: i64,
) -> QueryResult<()> {
    use crate::schema::callback as c;
    let open = |conn: &mut Conn, group: &[i64]| {
        c::table
            .filter(c::company_id.eq_any(group.to_vec()))
            .filter(c::state.eq("open"))
            .order(c::due_at)
            .select((c::id, c::due_at))
            .load::<(i64, NaiveDateTime)>(conn)
    };
    let (ours, theirs) = (open(conn, into_group)?, open(conn, from_group)?);
    let (Some(our_first), Some(their_first)) = (ours.first(), theirs.first()) else {
        return Ok(());
    };
    let later: Vec<i64> = if their_first.1 < our_first.1 {
        &ours
    } else {
        &theirs
    }
    .iter()
    .map(|(id, _)| *id)
    .collect();
    diesel::update(c::table.filter(c::id.eq_any(later)))
        .set(c::state.eq(parked_state(merge_id)))
        .execute(conn)
        .map(|_| ())
}

/// Call-backs whose owner is late fall to the team: the call-back and its entry.
pub(in crate::calling) fn late_callbacks(
    conn: &mut Conn,
    now: NaiveDateTime,
) -> QueryResult<Vec<(i64, Option<i64>)>> {
    use crate::schema::callback as c;
    c::table
        .filter(c::state.eq("open"))
        .filter(c::due_at.le(now))
        .filter(c::fallback_at.le(now))
        .filter(c::owner_id.is_not_null())
        .order(c::due_at)
        .limit(200)
        .select((c::id, c::entry_id))
        .load(conn)
}

/// The call-back is anybody's, and so is its entry unless somebody has it in hand.
pub(in crate::calling) fn callback_to_team(
    conn: &mut Conn,
    callback_id: i64,
    entry_id: Option<i64>,
    now: NaiveDateTime,
) -> QueryResult<()> {
    use crate::schema::callback as c;
    diesel::update(c::table.find(callback_id).filter(c::state.eq("open")))
        .set(c::owner_id.eq(None::<i64>))
        .execute(conn)?;
    if let Some(entry_id) = entry_id {
        Statement::<()>::fixed(
            "UPDATE queue_entry SET owner_id = NULL, class = 1, changed_at = ? WHERE id = ? AND class = 0 AND state IN ('ready','waiting')",
        )
        .bind(now)
        .bind(entry_id)
        .execute(conn)?;
    }
    Ok(())
}

/// Open call-backs of a user: id and entry.
pub(in crate::calling) fn callbacks_of_user(
    conn: &mut Conn,
    user_id: i64,
) -> QueryResult<Vec<(i64, Option<i64>)>> {
    use crate::schema::callback as c;
    c::table
        .filter(c::owner_id.eq(user_id))
        .filter(c::state.eq("open"))
        .select((c::id, c::entry_id))
        .load(conn)
}

/// Entries and tasks that were kept for a user are anybody's.
pub(in crate::calling) fn free_entries_and_tasks(
    conn: &mut Conn,
    user_id: i64,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    let entries = Statement::<()>::fixed(
        "UPDATE queue_entry SET owner_id = NULL, changed_at = ? WHERE owner_id = ? AND state IN ('ready','waiting','barred')",
    )
    .bind(now)
    .bind(user_id)
    .execute(conn)?;
    let tasks = Statement::<()>::fixed(
        "UPDATE task SET user_id = NULL WHERE user_id = ? AND state = 'open'",
    )
    .bind(user_id)
    .execute(conn)?;
    Ok(entries + tasks)
}

/// Event leads whose first hours have passed are as fresh as any other.
pub(in crate::calling) fn cool_event_leads(
    conn: &mut Conn,
    campaign_id: i64,
    cutoff: NaiveDateTime,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    Statement::<()>::fixed(
        "UPDATE queue_entry SET class = CASE WHEN attempts > 0 THEN 4 ELSE 5 END, changed_at = ? \
         WHERE campaign_id = ? AND class = 2 AND state IN ('ready','waiting') AND NOT EXISTS \
         (SELECT 1 FROM company o JOIN company m ON m.root_id = o.root_id JOIN record r ON r.company_id = m.id \
         JOIN source s ON s.id = r.source_id WHERE o.id = queue_entry.company_id AND s.channel = 'EXPO' AND r.said_at >= ?)",
    )
    .bind(now)
    .bind(campaign_id)
    .bind(cutoff)
    .execute(conn)
}

/// Ids of running campaigns.
pub(in crate::calling) fn running_campaigns(conn: &mut Conn) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed("SELECT id FROM campaign WHERE state = 'running' ORDER BY id")
        .load(conn)
}

/// A person's WeChat number, if one is known.
pub(in crate::calling) fn has_wechat(conn: &mut Conn, person_id: i64) -> QueryResult<bool> {
    let n: i64 = Statement::<BigInt>::fixed(
        "SELECT count(*) FROM person WHERE id = ? AND wechat IS NOT NULL",
    )
    .bind(person_id)
    .get_result(conn)?;
    Ok(n > 0)
}

/// Whether a lease, a waiting entry or a call-back has come to its time.
pub(in crate::calling) fn is_anything_due(
    conn: &mut Conn,
    now: NaiveDateTime,
) -> QueryResult<bool> {
    Statement::<diesel::sql_types::Bool>::fixed(
        "SELECT EXISTS (SELECT 1 FROM lease WHERE state IN ('preview','dialled','needs_outcome') AND expires_at <= ?) \
         OR EXISTS (SELECT 1 FROM queue_entry WHERE state = 'waiting' AND due_at <= ?) \
         OR EXISTS (SELECT 1 FROM callback WHERE state = 'open' AND due_at <= ? AND fallback_at <= ? AND owner_id IS NOT NULL)",
    )
    .bind(now)
    .bind(now)
    .bind(now)
    .bind(now)
    .get_result(conn)
}
