//! SQL of notices and of the messages of the webhook.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use crate::platform::db::{Both, Conn, Statement};
use crate::schema::{hook_delivery, notice};
use crate::selling::model::{NewNotice, Notice};

pub(in crate::selling) fn insert_notice(conn: &mut Conn, new: &NewNotice) -> QueryResult<i64> {
    diesel::insert_into(notice::table)
        .values(new)
        .returning(notice::id)
        .get_result(conn)
}

/// What somebody has not put aside, the newest first.
pub(crate) fn unseen(conn: &mut Conn, user_id: i64, most: i64) -> QueryResult<Vec<Notice>> {
    notice::table
        .filter(notice::user_id.eq(user_id))
        .filter(notice::seen_at.is_null())
        .order(notice::id.desc())
        .limit(most)
        .select(Notice::as_select())
        .load(conn)
}

/// Puts all of somebody's notices up to one aside.
pub(in crate::selling) fn put_aside(
    conn: &mut Conn,
    user_id: i64,
    upto: i64,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        notice::table
            .filter(notice::user_id.eq(user_id))
            .filter(notice::id.le(upto))
            .filter(notice::seen_at.is_null()),
    )
    .set(notice::seen_at.eq(Some(now)))
    .execute(conn)
}

/// Whether somebody was told this about a company since a moment.
pub(in crate::selling) fn was_told(
    conn: &mut Conn,
    user_id: i64,
    kind: &str,
    company_id: i64,
    since: NaiveDateTime,
) -> QueryResult<bool> {
    Statement::<Bool>::fixed(
        "SELECT EXISTS (SELECT 1 FROM notice WHERE user_id = ? AND kind = ? AND company_id = ? AND at >= ?)",
    )
    .bind(user_id)
    .bind(kind)
    .bind(company_id)
    .bind(since)
    .get_result(conn)
}

/// One notice.
pub(in crate::selling) fn notice(conn: &mut Conn, id: i64) -> QueryResult<Notice> {
    notice::table
        .find(id)
        .select(Notice::as_select())
        .first(conn)
}

/// A notice to send: id, address, language.
pub(in crate::selling) type Letter = (i64, String, Option<String>);

/// Notices that no mail was written for.
pub(in crate::selling) fn unmailed(conn: &mut Conn, most: i64) -> QueryResult<Vec<Letter>> {
    Statement::<(BigInt, Text, Nullable<Text>)>::fixed(
        "SELECT n.id, u.email, u.language FROM notice n JOIN users u ON u.id = n.user_id WHERE n.mailed_at IS NULL ORDER BY n.id LIMIT ?",
    )
    .bind(most)
    .load(conn)
}

/// Whoever answered an offer, or let it lapse, need not be told of it any more.
pub(in crate::selling) fn offer_is_over(
    conn: &mut Conn,
    user_id: i64,
    handover_id: i64,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        notice::table
            .filter(notice::user_id.eq(user_id))
            .filter(notice::object_id.eq(handover_id))
            .filter(notice::kind.eq_any(["offered", "warned"]))
            .filter(notice::seen_at.is_null()),
    )
    .set(notice::seen_at.eq(Some(now)))
    .execute(conn)
}

pub(in crate::selling) fn set_mailed(
    conn: &mut Conn,
    id: i64,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(notice::table.find(id))
        .set(notice::mailed_at.eq(Some(now)))
        .execute(conn)
}

/// Asks the webhook to carry a notice, once.
pub(in crate::selling) fn insert_delivery(
    conn: &mut Conn,
    notice_id: i64,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    let row = (
        hook_delivery::notice_id.eq(notice_id),
        hook_delivery::state.eq("waiting"),
        hook_delivery::attempts.eq(0),
        hook_delivery::next_at.eq(now),
        hook_delivery::at.eq(now),
    );
    Both(
        diesel::insert_into(hook_delivery::table)
            .values(row)
            .on_conflict_do_nothing(),
    )
    .execute(conn)
}

/// Takes the next message that is due: id, notice, attempts with this one. Nobody else takes the same attempt.
pub(in crate::selling) fn take_delivery(
    conn: &mut Conn,
    now: NaiveDateTime,
) -> QueryResult<Option<(i64, i64, i32)>> {
    let due = hook_delivery::table
        .filter(hook_delivery::state.eq("waiting"))
        .filter(hook_delivery::next_at.le(now))
        .order((hook_delivery::next_at, hook_delivery::id))
        .select((
            hook_delivery::id,
            hook_delivery::notice_id,
            hook_delivery::attempts,
        ))
        .first::<(i64, i64, i32)>(conn)
        .optional()?;
    let Some((id, notice_id, attempts)) = due else {
        return Ok(None);
    };
    let mine = hook_delivery::table
        .find(id)
        .filter(hook_delivery::state.eq("waiting"))
        .filter(hook_delivery::attempts.eq(attempts));
    let taken = diesel::update(mine)
        .set(hook_delivery::attempts.eq(attempts + 1))
        .execute(conn)?;
    Ok((taken == 1).then_some((id, notice_id, attempts + 1)))
}

/// A message that is not settled comes again at this moment.
pub(in crate::selling) fn put_off(
    conn: &mut Conn,
    id: i64,
    again: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(hook_delivery::table.find(id))
        .set(hook_delivery::next_at.eq(again))
        .execute(conn)
}

/// Writes what became of a message.
pub(in crate::selling) fn settle_delivery(
    conn: &mut Conn,
    id: i64,
    state: &str,
    status: Option<i32>,
    answer: &str,
    done_at: Option<NaiveDateTime>,
) -> QueryResult<usize> {
    diesel::update(hook_delivery::table.find(id))
        .set((
            hook_delivery::state.eq(state),
            hook_delivery::status.eq(status),
            hook_delivery::answer.eq(Some(answer)),
            hook_delivery::done_at.eq(done_at),
        ))
        .execute(conn)
}

/// The last messages: when, state, attempts, status, answer.
pub(crate) type DeliveryRow = (NaiveDateTime, String, i32, Option<i32>, Option<String>);

/// The log of the webhook, the newest first.
pub(crate) fn deliveries(conn: &mut Conn, most: i64) -> QueryResult<Vec<DeliveryRow>> {
    hook_delivery::table
        .order(hook_delivery::id.desc())
        .limit(most)
        .select((
            hook_delivery::at,
            hook_delivery::state,
            hook_delivery::attempts,
            hook_delivery::status,
            hook_delivery::answer,
        ))
        .load(conn)
}
