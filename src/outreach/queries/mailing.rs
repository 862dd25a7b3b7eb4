//! SQL of mailings.

use std::collections::HashSet;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};

use crate::outreach::model::{Mailing, NewMailing, OccasionDay};
use crate::platform::db::{Conn, Statement, Value, among};
use crate::schema::mailing;

pub(in crate::outreach) fn insert_mailing(
    conn: &mut Conn,
    new: &NewMailing<'_>,
) -> QueryResult<i64> {
    diesel::insert_into(mailing::table)
        .values(new)
        .returning(mailing::id)
        .get_result(conn)
}

pub(in crate::outreach) fn mailing_by_id(conn: &mut Conn, id: i64) -> QueryResult<Option<Mailing>> {
    mailing::table
        .find(id)
        .select(Mailing::as_select())
        .get_result(conn)
        .optional()
}

/// The mailing, held until the transaction ends: of two moves the later one sees what the first one did.
pub(in crate::outreach) fn hold_mailing(conn: &mut Conn, id: i64) -> QueryResult<Option<Mailing>> {
    Statement::<BigInt>::fixed("SELECT id FROM mailing WHERE id = ? FOR UPDATE")
        .bind(id)
        .load::<i64>(conn)?;
    mailing_by_id(conn, id)
}

/// The live mailing of an occasion: of its year, and of its day, since a year has many birthdays.
pub(in crate::outreach) fn mailing_of_occasion(
    conn: &mut Conn,
    occasion: &OccasionDay,
) -> QueryResult<Option<Mailing>> {
    mailing::table
        .filter(mailing::occasion.eq(&occasion.code))
        .filter(mailing::year.eq(occasion.year))
        .filter(mailing::occasion_on.eq(occasion.on))
        .filter(mailing::state.ne("cancelled"))
        .select(Mailing::as_select())
        .get_result(conn)
        .optional()
}

/// The mailings of which teams: of all, or of one (none: of the office itself).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::outreach) enum Teams {
    All,
    One(Option<i64>),
}

/// Mailings, the newest first: those in one of these states (none given: in any), those older than `before`.
pub(in crate::outreach) fn mailings(
    conn: &mut Conn,
    teams: Teams,
    states: &[&str],
    before: Option<i64>,
    limit: i64,
) -> QueryResult<Vec<Mailing>> {
    let mut found = mailing::table
        .order(mailing::id.desc())
        .limit(limit)
        .select(Mailing::as_select())
        .into_boxed();
    found = match teams {
        Teams::All => found,
        Teams::One(Some(team)) => found.filter(mailing::team_id.eq(team)),
        Teams::One(None) => found.filter(mailing::team_id.is_null()),
    };
    if !states.is_empty() {
        found = found.filter(mailing::state.eq_any(states.to_vec()));
    }
    if let Some(before) = before {
        found = found.filter(mailing::id.lt(before));
    }
    found.load(conn)
}

/// Writes every part of a mailing that can change.
pub(in crate::outreach) fn update_mailing(conn: &mut Conn, to: &Mailing) -> QueryResult<()> {
    diesel::update(mailing::table.find(to.id))
        .set((
            (
                mailing::name.eq(&to.name),
                mailing::letter_code.eq(&to.letter_code),
                mailing::letter_versions.eq(&to.letter_versions),
                mailing::audience.eq(&to.audience),
                mailing::rule_versions.eq(&to.rule_versions),
                mailing::audience_hash.eq(&to.audience_hash),
                mailing::figures.eq(&to.figures),
                mailing::state.eq(&to.state),
            ),
            (
                mailing::send_from.eq(to.send_from),
                mailing::send_until.eq(to.send_until),
                mailing::approve_by.eq(to.approve_by),
                mailing::approved_by.eq(to.approved_by),
                mailing::approved_at.eq(to.approved_at),
                mailing::pause_reason.eq(&to.pause_reason),
                mailing::job_id.eq(to.job_id),
                mailing::changed_at.eq(to.changed_at),
                mailing::started_at.eq(to.started_at),
                mailing::ended_at.eq(to.ended_at),
            ),
        ))
        .execute(conn)
        .map(|_| ())
}

pub(in crate::outreach) fn mailings_called(
    conn: &mut Conn,
    ids: &[i64],
) -> QueryResult<Vec<Mailing>> {
    mailing::table
        .filter(among(mailing::id, ids))
        .select(Mailing::as_select())
        .load(conn)
}

/// Those of these mailings to which a person gave another moment.
pub(in crate::outreach) fn moved_by_hand(
    conn: &mut Conn,
    mailings: &[i64],
) -> QueryResult<HashSet<i64>> {
    let ids: Vec<i64> = Statement::<BigInt>::fixed(
        "SELECT DISTINCT object_id FROM change_log WHERE object_kind = 'mailing' AND object_id IN ? AND verb = 'schedule' AND actor_id IS NOT NULL",
    )
    .bind(Value::numbers(mailings.iter().copied()))
    .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// Approved mailings whose moment has come.
pub(in crate::outreach) fn due_mailings(
    conn: &mut Conn,
    now: NaiveDateTime,
) -> QueryResult<Vec<i64>> {
    mailing::table
        .filter(mailing::state.eq("scheduled"))
        .filter(mailing::send_from.le(now))
        .order(mailing::id)
        .select(mailing::id)
        .load(conn)
}

/// Deliveries of mailings by state, from the figures that are kept beside them.
pub(in crate::outreach) fn delivery_states(
    conn: &mut Conn,
    mailings: &[i64],
) -> QueryResult<Vec<(i64, String, i64)>> {
    Statement::<(BigInt, Text, BigInt)>::fixed(
        "SELECT mailing_id, state, CAST(sum(n) AS BIGINT) FROM delivery_figure WHERE mailing_id IN ? \
         GROUP BY mailing_id, state HAVING sum(n) <> 0",
    )
    .bind(Value::numbers(mailings.iter().copied()))
    .load(conn)
}

/// The moments for which letters wait.
pub(in crate::outreach) fn moments(
    conn: &mut Conn,
    mailing_id: i64,
) -> QueryResult<Vec<NaiveDateTime>> {
    Statement::<Timestamp>::fixed(
        "SELECT DISTINCT due_at FROM delivery WHERE mailing_id = ? AND state = 'queued' AND due_at IS NOT NULL",
    )
    .bind(mailing_id)
    .load(conn)
}

/// Gives the letters that wait for one moment another one.
pub(in crate::outreach) fn move_moment(
    conn: &mut Conn,
    mailing_id: i64,
    was: NaiveDateTime,
    due_at: NaiveDateTime,
    until_at: NaiveDateTime,
) -> QueryResult<()> {
    Statement::<()>::fixed(
        "UPDATE delivery SET due_at = ?, until_at = ? WHERE mailing_id = ? AND state = 'queued' AND due_at = ?",
    )
    .bind(due_at)
    .bind(until_at)
    .bind(mailing_id)
    .bind(was)
    .execute(conn)
    .map(|_| ())
}

/// Mailings that go out, or will by themselves.
pub(in crate::outreach) fn running_mailings(conn: &mut Conn) -> QueryResult<Vec<i64>> {
    mailing::table
        .filter(mailing::state.eq_any(["scheduled", "sending"]))
        .order(mailing::id)
        .select(mailing::id)
        .load(conn)
}

/// Approved mailings that have not begun and leave somebody out who was to get this one on the same morning.
pub(in crate::outreach) fn stood_back_for(
    conn: &mut Conn,
    mailing_id: i64,
    now: NaiveDateTime,
) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT DISTINCT d.mailing_id FROM delivery o JOIN delivery d ON d.person_id = o.person_id JOIN mailing m ON m.id = d.mailing_id \
         WHERE o.mailing_id = ? AND o.state = 'queued' AND d.state = 'left_out' AND d.reason LIKE '%\"code\":\"same_morning\"%' \
         AND m.state = 'scheduled' AND m.send_from > ? ORDER BY d.mailing_id",
    )
    .bind(mailing_id)
    .bind(now)
    .load(conn)
}
