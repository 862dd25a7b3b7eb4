//! SQL of hand-overs: the offer, its way, and the promise that a company has one at most.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};

use crate::accounts::Whose;
use crate::platform::db::{Both, Conn, Statement, Value};
use crate::schema::{handover, handover_move, once_key};
use crate::selling::model::{Handover, Move, NewHandover, NewMove};

/// Kind of the rows that keep a second hand-over out.
const ONCE: &str = "handover";
/// Open states.
const OPEN: [&str; 3] = ["offered", "warned", "with_manager"];

/// A hand-over.
pub(crate) fn handover(conn: &mut Conn, id: i64) -> QueryResult<Option<Handover>> {
    handover::table
        .find(id)
        .select(Handover::as_select())
        .get_result(conn)
        .optional()
}

/// Nobody else changes it until the transaction ends.
pub(in crate::selling) fn hold(conn: &mut Conn, id: i64) -> QueryResult<()> {
    if let Conn::Postgres(_) = conn {
        Statement::<BigInt>::fixed("SELECT id FROM handover WHERE id = ? FOR UPDATE")
            .bind(id)
            .execute(conn)?;
    }
    Ok(())
}

/// One action of a rep at a time: limits are counted and used in one go.
pub(in crate::selling) fn hold_user(conn: &mut Conn, id: i64) -> QueryResult<()> {
    if let Conn::Postgres(_) = conn {
        Statement::<BigInt>::fixed("SELECT id FROM users WHERE id = ? FOR UPDATE")
            .bind(id)
            .execute(conn)?;
    }
    Ok(())
}

pub(in crate::selling) fn insert(conn: &mut Conn, new: &NewHandover<'_>) -> QueryResult<i64> {
    diesel::insert_into(handover::table)
        .values(new)
        .returning(handover::id)
        .get_result(conn)
}

pub(in crate::selling) fn update(conn: &mut Conn, to: &Handover) -> QueryResult<()> {
    diesel::update(handover::table.find(to.id))
        .set(to)
        .execute(conn)
        .map(|_| ())
}

pub(in crate::selling) fn insert_move(conn: &mut Conn, new: &NewMove) -> QueryResult<()> {
    diesel::insert_into(handover_move::table)
        .values(new)
        .execute(conn)
        .map(|_| ())
}

/// The way of a hand-over, from its beginning.
pub(crate) fn moves(conn: &mut Conn, id: i64) -> QueryResult<Vec<Move>> {
    handover_move::table
        .filter(handover_move::handover_id.eq(id))
        .order(handover_move::id)
        .select(Move::as_select())
        .load(conn)
}

/// The ways of all hand-overs of a group.
pub(crate) fn moves_of(conn: &mut Conn, group: &[i64]) -> QueryResult<Vec<Move>> {
    handover_move::table
        .inner_join(handover::table.on(handover::id.eq(handover_move::handover_id)))
        .filter(handover::company_id.eq_any(group.to_vec()))
        .order(handover_move::id)
        .select(Move::as_select())
        .load(conn)
}

/// Takes the promise for every id of a group; how many rows were free.
pub(in crate::selling) fn take_once(
    conn: &mut Conn,
    group: &[i64],
    holder: i64,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    let mut ids = group.to_vec();
    ids.sort_unstable();
    let mut taken = 0;
    for id in ids {
        let row = (
            once_key::kind.eq(ONCE),
            once_key::scope.eq(""),
            once_key::subject_id.eq(id),
            once_key::holder_id.eq(holder),
            once_key::at.eq(now),
        );
        taken += Both(
            diesel::insert_into(once_key::table)
                .values(row)
                .on_conflict_do_nothing(),
        )
        .execute(conn)?;
    }
    Ok(taken)
}

/// Lets the promise go.
pub(in crate::selling) fn let_once_go(conn: &mut Conn, holder: i64) -> QueryResult<usize> {
    diesel::delete(
        once_key::table
            .filter(once_key::kind.eq(ONCE))
            .filter(once_key::holder_id.eq(holder)),
    )
    .execute(conn)
}

/// The open hand-over of a group.
pub(crate) fn open_of(conn: &mut Conn, group: &[i64]) -> QueryResult<Option<Handover>> {
    let id: Option<i64> = Statement::<BigInt>::fixed(
        "SELECT id FROM handover WHERE company_id IN ? AND state IN ('offered','warned','with_manager') ORDER BY id LIMIT 1",
    )
    .bind(Value::numbers(group.iter().copied()))
    .get_result(conn)
    .optional()?;
    id.map_or(Ok(None), |id| handover(conn, id))
}

/// Whether somebody sells to a group, or is about to: a hand-over or an opportunity is open, or a registration protects
/// it on a day.
pub(in crate::selling) fn is_sold_to(
    conn: &mut Conn,
    group: &[i64],
    today: NaiveDate,
) -> QueryResult<bool> {
    let ids = Value::numbers(group.iter().copied());
    Statement::<Bool>::fixed(
        "SELECT EXISTS (SELECT 1 FROM handover WHERE company_id IN ? AND state IN ('offered','warned','with_manager')) \
         OR EXISTS (SELECT 1 FROM opportunity WHERE company_id IN ? AND state = 'open') \
         OR EXISTS (SELECT 1 FROM registration WHERE company_id IN ? AND state = 'live' AND protected_until >= ?)",
    )
    .bind(ids.clone())
    .bind(ids.clone())
    .bind(ids)
    .bind(today)
    .get_result(conn)
}

/// Those that a merge parked.
pub(in crate::selling) fn parked_by(conn: &mut Conn, merge_id: i64) -> QueryResult<Vec<Handover>> {
    handover::table
        .filter(handover::parked_for.eq(merge_id))
        .filter(handover::state.eq("parked"))
        .order(handover::id)
        .select(Handover::as_select())
        .load(conn)
}

/// The hand-over that a call opened.
pub(in crate::selling) fn of_call(conn: &mut Conn, call_id: i64) -> QueryResult<Option<Handover>> {
    handover::table
        .filter(handover::call_id.eq(call_id))
        .order(handover::id.desc())
        .select(Handover::as_select())
        .first(conn)
        .optional()
}

/// Those for which a moment has come, the earliest first.
pub(in crate::selling) fn due(
    conn: &mut Conn,
    now: NaiveDateTime,
    most: i64,
) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT id FROM handover WHERE state IN ('offered','warned','with_manager') AND due_at IS NOT NULL \
         AND (due_at <= ? OR (state = 'offered' AND warn_at <= ?)) ORDER BY due_at, id LIMIT ?",
    )
    .bind(now)
    .bind(now)
    .bind(most)
    .load(conn)
}

/// Accepted ones whose customer nobody spoke with in time, and nobody was told yet.
pub(in crate::selling) fn contact_late(
    conn: &mut Conn,
    now: NaiveDateTime,
    most: i64,
) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed(
        "SELECT h.id FROM handover h WHERE h.state = 'accepted' AND h.contacted_at IS NULL AND h.contact_by IS NOT NULL AND h.contact_by <= ? \
         AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.object_id = h.id AND n.kind = 'contact_late') ORDER BY h.contact_by, h.id LIMIT ?",
    )
    .bind(now)
    .bind(most)
    .load(conn)
}

/// A contact of a rep that arrived at these companies counts as the first of an accepted hand-over.
pub(in crate::selling) fn was_contacted(
    conn: &mut Conn,
    group: &[i64],
    rep_id: i64,
    at: NaiveDateTime,
) -> QueryResult<usize> {
    Statement::<()>::fixed(
        "UPDATE handover SET contacted_at = ? WHERE company_id IN ? AND state = 'accepted' AND rep_id = ? AND contacted_at IS NULL",
    )
    .bind(at)
    .bind(Value::numbers(group.iter().copied()))
    .bind(rep_id)
    .execute(conn)
}

/// What a list of hand-overs asks for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Of whom: who has it on offer or accepted it.
    pub whose: Whose,
    /// Only this state; `None`: the open ones.
    pub state: Option<String>,
    /// Ids below this one.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: i64,
}

/// A list, the newest first.
pub(crate) fn list(conn: &mut Conn, asked: &Asked) -> QueryResult<Vec<Handover>> {
    let whose = sql::<Bool>(&asked.whose.condition("handover.rep_id"));
    let mut found = handover::table
        .select(Handover::as_select())
        .filter(whose)
        .into_boxed();
    found = match &asked.state {
        // An offer that lapsed went on; its way still says so.
        Some(state) if state == "lapsed" => found.filter(diesel::dsl::exists(
            handover_move::table
                .filter(handover_move::handover_id.eq(handover::id))
                .filter(handover_move::state.eq("lapsed")),
        )),
        Some(state) => found.filter(handover::state.eq(state.clone())),
        None => found.filter(handover::state.eq_any(OPEN)),
    };
    if let Some(before) = asked.before {
        found = found.filter(handover::id.lt(before));
    }
    found
        .order(handover::id.desc())
        .limit(asked.limit)
        .load(conn)
}

/// What a rep has to do about hand-overs: offers, and accepted ones without a first contact; least time first.
pub(crate) fn of_rep(conn: &mut Conn, rep_id: i64, most: i64) -> QueryResult<Vec<Handover>> {
    let mut found: Vec<Handover> = handover::table
        .filter(handover::rep_id.eq(rep_id))
        .filter(
            handover::state
                .eq_any(["offered", "warned"])
                .or(handover::state
                    .eq("accepted")
                    .and(handover::contacted_at.is_null())
                    .and(handover::contact_by.is_not_null())),
        )
        .limit(most)
        .select(Handover::as_select())
        .load(conn)?;
    found.sort_by_key(|h| {
        (
            if h.state == "accepted" {
                h.contact_by
            } else {
                h.due_at
            },
            h.id,
        )
    });
    Ok(found)
}

/// How many there are of each state.
pub(crate) fn counts(conn: &mut Conn, whose: &Whose) -> QueryResult<Vec<(String, i64)>> {
    let whose = whose.condition("rep_id");
    Statement::<(Text, BigInt)>::built(format!(
        "SELECT state, count(*) FROM handover WHERE {whose} GROUP BY state"
    ))
    .load(conn)
}

/// What the conditions of a hand-over look at: completeness, urgency, bits of needs, channels, grade, state, owner,
/// winners, whether a key contact can be reached.
pub(crate) type ReadyRow = (
    i32,
    Option<String>,
    i64,
    i32,
    Option<String>,
    String,
    Option<i64>,
    String,
    bool,
);

pub(crate) fn ready_row(conn: &mut Conn, root: i64, group: &[i64]) -> QueryResult<ReadyRow> {
    let ids = || Value::numbers(group.iter().copied());
    Statement::<(Integer, Nullable<Text>, BigInt, Integer, Nullable<Text>, Text, Nullable<BigInt>, Text, Bool)>::fixed(
        "SELECT c.completeness, c.urgency, c.needs, c.channels, c.grade, c.state, c.owner_id, c.winners, EXISTS (\
         SELECT 1 FROM contact t JOIN person p ON p.id = t.person_id JOIN person r ON r.id = p.root_id \
         JOIN contact_point n ON (n.owner_kind = 2 AND n.owner_id IN (p.id, r.id)) OR (n.owner_kind = 3 AND n.owner_id = t.id) \
         WHERE t.company_id IN ? AND t.left_at IS NULL AND n.state = 'good' \
         AND ((n.kind IN ('mobile','phone') AND (r.refused & 1) = 0) OR (n.kind = 'email' AND (r.refused & 2) = 0)) \
         AND (t.is_key OR NOT EXISTS (SELECT 1 FROM contact k WHERE k.company_id IN ? AND k.is_key AND k.left_at IS NULL))) \
         FROM company c WHERE c.id = ?",
    )
    .bind(ids())
    .bind(ids())
    .bind(root)
    .get_result(conn)
}

/// What one record said, as JSON.
pub(crate) fn said(conn: &mut Conn, record_id: i64) -> QueryResult<Option<String>> {
    Statement::<Text>::fixed("SELECT said FROM record WHERE id = ?")
        .bind(record_id)
        .get_result(conn)
        .optional()
}

/// Lets the promise of a group go, whoever holds it.
pub(in crate::selling) fn free_once(conn: &mut Conn, group: &[i64]) -> QueryResult<usize> {
    diesel::delete(
        once_key::table
            .filter(once_key::kind.eq(ONCE))
            .filter(once_key::subject_id.eq_any(group.to_vec())),
    )
    .execute(conn)
}

/// Whether one of these companies carries a mark.
pub(in crate::selling) fn has_flag(conn: &mut Conn, ids: &[i64], flag: i32) -> QueryResult<bool> {
    let n = Statement::<BigInt>::fixed(
        "SELECT count(*) FROM company WHERE id IN ? AND (flags & CAST(? AS INTEGER)) <> 0",
    )
    .bind(Value::numbers(ids.iter().copied()))
    .bind(flag)
    .get_result::<i64>(conn)?;
    Ok(n > 0)
}

/// What a merge joined: from, into.
pub(in crate::selling) fn merged(conn: &mut Conn, merge_id: i64) -> QueryResult<(i64, i64)> {
    use crate::schema::merge;
    merge::table
        .find(merge_id)
        .select((merge::from_id, merge::into_id))
        .first(conn)
}

/// Nobody owes these companies a first contact any more.
pub(in crate::selling) fn drop_contact_time(
    conn: &mut Conn,
    group: &[i64],
    rep_id: i64,
) -> QueryResult<usize> {
    diesel::update(
        handover::table
            .filter(handover::company_id.eq_any(group.to_vec()))
            .filter(handover::rep_id.eq(rep_id))
            .filter(handover::state.eq("accepted"))
            .filter(handover::contacted_at.is_null()),
    )
    .set(handover::contact_by.eq(None::<NaiveDateTime>))
    .execute(conn)
}
