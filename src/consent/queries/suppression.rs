//! SQL of suppressions.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use diesel::upsert::excluded;

use crate::consent::model::{NewOriginRow, Origin, Subject, Suppression, Ways, Withdrawal};
use crate::platform::db::{Both, Conn, KEYS, Statement, Value};
use crate::schema::{suppression, suppression_origin};

/// The suppression of a subject, made if it is new. Its row stays locked until the transaction ends, so that two
/// origins that come at once are both in the union.
pub(in crate::consent) fn find_or_make(
    conn: &mut Conn,
    subject: &Subject,
    now: NaiveDateTime,
) -> QueryResult<i64> {
    let values = (
        suppression::scope.eq(subject.scope.code()),
        suppression::subject.eq(&subject.value),
        suppression::subject_key.eq(subject.key()),
        suppression::ways.eq(0),
        suppression::hmac.eq(subject.is_erased()),
        suppression::created_at.eq(now),
    );
    Both(
        diesel::insert_into(suppression::table)
            .values(values)
            .on_conflict((suppression::scope, suppression::subject))
            .do_update()
            .set(suppression::subject_key.eq(excluded(suppression::subject_key))),
    )
    .execute(conn)?;
    suppression::table
        .filter(suppression::scope.eq(subject.scope.code()))
        .filter(suppression::subject.eq(&subject.value))
        .select(suppression::id)
        .first(conn)
}

/// Locks a suppression whose origins are about to change.
pub(in crate::consent) fn lock(conn: &mut Conn, id: i64) -> QueryResult<()> {
    diesel::update(suppression::table.find(id))
        .set(suppression::ways.eq(suppression::ways))
        .execute(conn)
        .map(|_| ())
}

pub(in crate::consent) fn insert_origin(
    conn: &mut Conn,
    row: &NewOriginRow<'_>,
) -> QueryResult<i64> {
    diesel::insert_into(suppression_origin::table)
        .values(row)
        .returning(suppression_origin::id)
        .get_result(conn)
}

/// The ways of the live origins that the same call, list or mail has left already.
pub(in crate::consent) fn same_origins(
    conn: &mut Conn,
    row: &NewOriginRow<'_>,
) -> QueryResult<Vec<i32>> {
    if row.call_id.is_none() && row.batch_id.is_none() && row.delivery_id.is_none() {
        return Ok(Vec::new());
    }
    let mut same = suppression_origin::table
        .filter(suppression_origin::suppression_id.eq(row.suppression_id))
        .filter(suppression_origin::kind.eq(row.kind))
        .filter(suppression_origin::withdrawn_at.is_null())
        .into_boxed();
    if let Some(id) = row.call_id {
        same = same.filter(suppression_origin::call_id.eq(id));
    }
    if let Some(id) = row.batch_id {
        same = same.filter(suppression_origin::batch_id.eq(id));
    }
    if let Some(id) = row.delivery_id {
        same = same.filter(suppression_origin::delivery_id.eq(id));
    }
    same.select(suppression_origin::ways).load(conn)
}

/// Writes the union of the live origins; none left = ended.
pub(in crate::consent) fn refresh_ways(conn: &mut Conn, id: i64) -> QueryResult<Ways> {
    let live: Vec<i32> = suppression_origin::table
        .filter(suppression_origin::suppression_id.eq(id))
        .filter(suppression_origin::withdrawn_at.is_null())
        .select(suppression_origin::ways)
        .load(conn)?;
    let union = live.into_iter().fold(0, |all, ways| all | ways);
    diesel::update(suppression::table.find(id))
        .set(suppression::ways.eq(union))
        .execute(conn)?;
    Ok(Ways(union))
}

/// Which live origins are meant.
pub(in crate::consent) enum Live {
    OfCall(i64),
    OfBatch(i64),
    One(i64),
    OfSuppression(i64),
}

/// The suppressions in which these live origins stand, in order of id (locks are taken in it).
pub(in crate::consent) fn suppressions_of(conn: &mut Conn, which: &Live) -> QueryResult<Vec<i64>> {
    live(which)
        .select(suppression_origin::suppression_id)
        .distinct()
        .order(suppression_origin::suppression_id)
        .load(conn)
}

/// The live origins of a subject: id, kind, ways.
pub(in crate::consent) fn live_origins(
    conn: &mut Conn,
    subject: &Subject,
) -> QueryResult<Vec<(i64, String, i32)>> {
    Statement::<(BigInt, Text, Integer)>::fixed(
        "SELECT o.id, o.kind, o.ways FROM suppression s JOIN suppression_origin o ON o.suppression_id = s.id \
         WHERE s.scope = ? AND s.subject = ? AND o.withdrawn_at IS NULL ORDER BY o.id",
    )
    .bind(subject.scope.code())
    .bind(subject.value.as_str())
    .load(conn)
}

type LiveOrigins = suppression_origin::BoxedQuery<'static, crate::platform::db::MultiBackend>;

fn live(which: &Live) -> LiveOrigins {
    let live = suppression_origin::table
        .filter(suppression_origin::withdrawn_at.is_null())
        .into_boxed();
    match which {
        Live::OfCall(id) => live.filter(suppression_origin::call_id.eq(*id)),
        Live::OfBatch(id) => live.filter(suppression_origin::batch_id.eq(*id)),
        Live::One(id) => live.filter(suppression_origin::id.eq(*id)),
        Live::OfSuppression(id) => live.filter(suppression_origin::suppression_id.eq(*id)),
    }
}

/// Ends live origins and says how many.
pub(in crate::consent) fn withdraw(
    conn: &mut Conn,
    which: &Live,
    how: Withdrawal,
    by: Option<i64>,
    reason: &str,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    let ids: Vec<i64> = live(which).select(suppression_origin::id).load(conn)?;
    let mut ended = 0;
    for chunk in ids.chunks(KEYS) {
        ended += diesel::update(
            suppression_origin::table.filter(suppression_origin::id.eq_any(chunk.to_vec())),
        )
        .set((
            suppression_origin::withdrawn_at.eq(Some(now)),
            suppression_origin::withdrawn_by.eq(by),
            suppression_origin::withdrawal.eq(Some(how.code())),
            suppression_origin::reason.eq(Some(reason)),
        ))
        .execute(conn)?;
    }
    Ok(ended)
}

/// The scope of the row by which [`live_by_keys`] says that somebody was erased who refused.
pub(in crate::consent) const ERASED: &str = "erased";

/// Live suppressions by key, and one row more where there are any of people who were erased: those are found by keys of
/// their own, which nobody works out in vain.
pub(in crate::consent) fn live_by_keys(
    conn: &mut Conn,
    keys: &[i64],
) -> QueryResult<Vec<(String, String, i32)>> {
    Statement::<(Text, Text, Integer)>::fixed(
        "SELECT scope, subject, ways FROM suppression WHERE subject_key IN ? AND ways > 0 \
         UNION ALL SELECT 'erased', '', 0 WHERE EXISTS (SELECT 1 FROM suppression WHERE hmac AND ways > 0)",
    )
    .bind(Value::numbers(keys.iter().copied()))
    .load(conn)
}

pub(in crate::consent) fn suppression(conn: &mut Conn, id: i64) -> QueryResult<Suppression> {
    suppression::table
        .find(id)
        .select(Suppression::as_select())
        .first(conn)
}

pub(in crate::consent) fn origin(conn: &mut Conn, id: i64) -> QueryResult<Origin> {
    suppression_origin::table
        .find(id)
        .select(Origin::as_select())
        .first(conn)
}

/// When the latest of the origins that still count was said; none when the suppression has ended.
pub(in crate::consent) fn last_live_origin(
    conn: &mut Conn,
    id: i64,
) -> QueryResult<Option<NaiveDateTime>> {
    live(&Live::OfSuppression(id))
        .select(suppression_origin::said_at)
        .order(suppression_origin::said_at.desc())
        .first(conn)
        .optional()
}
