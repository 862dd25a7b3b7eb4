//! SQL of a rep's day: agenda, promises, what was done in a month.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::platform::db::{Both, Conn, Statement};
use crate::schema::{appointment, feed_token, touch, users};
use crate::selling::model::{Appointment, NewAppointment};

pub(in crate::selling) fn insert_appointment(
    conn: &mut Conn,
    new: &NewAppointment,
) -> QueryResult<i64> {
    diesel::insert_into(appointment::table)
        .values(new)
        .returning(appointment::id)
        .get_result(conn)
}

pub(crate) fn appointment(conn: &mut Conn, id: i64) -> QueryResult<Option<Appointment>> {
    appointment::table
        .find(id)
        .select(Appointment::as_select())
        .first(conn)
        .optional()
}

pub(in crate::selling) fn settle_appointment(
    conn: &mut Conn,
    id: i64,
    state: &str,
    now: NaiveDateTime,
) -> QueryResult<usize> {
    diesel::update(
        appointment::table
            .find(id)
            .filter(appointment::state.eq("open")),
    )
    .set((
        appointment::state.eq(state),
        appointment::settled_at.eq(Some(now)),
    ))
    .execute(conn)
}

/// Appointments of somebody that begin within a time, cancelled ones left out.
pub(crate) fn agenda(
    conn: &mut Conn,
    user_id: i64,
    from: NaiveDateTime,
    to: NaiveDateTime,
) -> QueryResult<Vec<Appointment>> {
    appointment::table
        .filter(appointment::user_id.eq(user_id))
        .filter(appointment::begins_at.ge(from))
        .filter(appointment::begins_at.lt(to))
        .filter(appointment::state.ne("cancelled"))
        .order((appointment::begins_at, appointment::id))
        .select(Appointment::as_select())
        .load(conn)
}

/// The hash under which somebody's agenda can be read by a calendar program; a new one ends the old.
pub(in crate::selling) fn set_feed_token(
    conn: &mut Conn,
    user_id: i64,
    hash: &[u8],
    now: NaiveDateTime,
) -> QueryResult<()> {
    let row = (
        feed_token::user_id.eq(user_id),
        feed_token::token_hash.eq(hash),
        feed_token::at.eq(now),
    );
    Both(
        diesel::insert_into(feed_token::table)
            .values(row)
            .on_conflict(feed_token::user_id)
            .do_update()
            .set((feed_token::token_hash.eq(hash), feed_token::at.eq(now))),
    )
    .execute(conn)
    .map(|_| ())
}

/// Whose agenda a token opens: id and name, unless switched off.
pub(crate) fn user_of_feed(conn: &mut Conn, hash: &[u8]) -> QueryResult<Option<(i64, String)>> {
    feed_token::table
        .inner_join(users::table.on(users::id.eq(feed_token::user_id)))
        .filter(feed_token::token_hash.eq(hash))
        .filter(users::disabled_at.is_null())
        .select((users::id, users::name))
        .first(conn)
        .optional()
}

/// A contact of one's own with a company arrived: a call that reached, a visit.
#[derive(Debug, Insertable)]
#[diesel(table_name = touch, treat_none_as_default_value = false)]
pub(in crate::selling) struct NewTouch {
    pub company_id: Option<i64>,
    pub kind: String,
    pub incoming: bool,
    pub at: NaiveDateTime,
    pub actor_id: Option<i64>,
    pub result: Option<String>,
}

pub(in crate::selling) fn insert_touch(conn: &mut Conn, new: &NewTouch) -> QueryResult<i64> {
    diesel::insert_into(touch::table)
        .values(new)
        .returning(touch::id)
        .get_result(conn)
}

/// A contact arrived at a root.
pub(in crate::selling) fn set_last_touch(
    conn: &mut Conn,
    root: i64,
    at: NaiveDateTime,
) -> QueryResult<()> {
    Statement::<()>::fixed(
        "UPDATE company SET last_touch_at = ? WHERE id = ? AND (last_touch_at IS NULL OR last_touch_at < ?)",
    )
    .bind(at)
    .bind(root)
    .bind(at)
    .execute(conn)
    .map(|_| ())
}

/// Contacts with a group that a rep noted outside of every queue: when, which kind, who, what was said.
pub(crate) fn noted(
    conn: &mut Conn,
    group: &[i64],
) -> QueryResult<Vec<(NaiveDateTime, String, Option<i64>, Option<String>)>> {
    touch::table
        .filter(touch::company_id.eq_any(group.to_vec()))
        .filter(touch::call_id.is_null())
        .filter(touch::kind.eq_any(["visit", "call"]))
        .order(touch::id)
        .select((touch::at, touch::kind, touch::actor_id, touch::result))
        .load(conn)
}

/// Companies that somebody spoke with or visited in a time, by grade and kind of touch.
pub(crate) fn touched(
    conn: &mut Conn,
    user_id: i64,
    from: NaiveDateTime,
    to: NaiveDateTime,
) -> QueryResult<Vec<(Option<String>, String, i64)>> {
    Statement::<(Nullable<Text>, Text, BigInt)>::fixed(
        "SELECT r.grade, t.kind, count(DISTINCT r.id) FROM touch t JOIN company c ON c.id = t.company_id JOIN company r ON r.id = c.root_id \
         WHERE t.actor_id = ? AND t.at >= ? AND t.at < ? GROUP BY r.grade, t.kind",
    )
    .bind(user_id)
    .bind(from)
    .bind(to)
    .load(conn)
}

/// Companies whose first visit a rep made in a time.
pub(crate) fn opened(
    conn: &mut Conn,
    user_id: i64,
    from: NaiveDateTime,
    to: NaiveDateTime,
) -> QueryResult<i64> {
    Statement::<BigInt>::fixed(
        "SELECT count(*) FROM stage_change s JOIN opportunity o ON o.id = s.opportunity_id \
         WHERE s.stage = 'first_visit' AND o.rep_id = ? AND s.at >= ? AND s.at < ?",
    )
    .bind(user_id)
    .bind(from)
    .bind(to)
    .get_result(conn)
}

/// Minutes of appointments inside the house that took place in a time.
pub(crate) fn inside_minutes(
    conn: &mut Conn,
    user_id: i64,
    from: NaiveDateTime,
    to: NaiveDateTime,
) -> QueryResult<i64> {
    let minutes: Option<i64> = appointment::table
        .filter(appointment::user_id.eq(user_id))
        .filter(appointment::company_id.is_null())
        .filter(appointment::state.eq("done"))
        .filter(appointment::begins_at.ge(from))
        .filter(appointment::begins_at.lt(to))
        .select(diesel::dsl::sum(appointment::minutes))
        .first(conn)?;
    Ok(minutes.unwrap_or(0))
}
