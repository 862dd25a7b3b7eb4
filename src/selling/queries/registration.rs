//! SQL of registrations: what protects a company, what a list shows, what stands against one.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Nullable, Text, Timestamp};

use crate::accounts::Whose;
use crate::platform::db::{Conn, Statement, Value};
use crate::schema::{registration, registration_change};
use crate::selling::model::{
    NewRegistration, NewRegistrationChange, Registration, RegistrationChange,
};

pub(in crate::selling) fn insert_registration(
    conn: &mut Conn,
    new: &NewRegistration,
) -> QueryResult<i64> {
    diesel::insert_into(registration::table)
        .values(new)
        .returning(registration::id)
        .get_result(conn)
}

/// One registration.
pub(in crate::selling) fn registration(
    conn: &mut Conn,
    id: i64,
) -> QueryResult<Option<Registration>> {
    registration::table
        .find(id)
        .select(Registration::as_select())
        .first(conn)
        .optional()
}

/// Registrations of a group that protect it on a day.
pub(crate) fn registrations(
    conn: &mut Conn,
    group: &[i64],
    today: NaiveDate,
) -> QueryResult<Vec<Registration>> {
    registration::table
        .filter(registration::company_id.eq_any(group.to_vec()))
        .filter(registration::state.eq("live"))
        .filter(registration::protected_until.ge(today))
        .order(registration::id)
        .select(Registration::as_select())
        .load(conn)
}

/// All registrations of a group, with their changes.
pub(crate) fn registrations_of(
    conn: &mut Conn,
    group: &[i64],
) -> QueryResult<(Vec<Registration>, Vec<RegistrationChange>)> {
    let all: Vec<Registration> = registration::table
        .filter(registration::company_id.eq_any(group.to_vec()))
        .order(registration::id)
        .select(Registration::as_select())
        .load(conn)?;
    let ids: Vec<i64> = all.iter().map(|r| r.id).collect();
    Ok((all, registration_changes(conn, &ids)?))
}

/// The changes of registrations, from the beginning.
pub(crate) fn registration_changes(
    conn: &mut Conn,
    ids: &[i64],
) -> QueryResult<Vec<RegistrationChange>> {
    registration_change::table
        .filter(registration_change::registration_id.eq_any(ids.to_vec()))
        .order(registration_change::id)
        .select(RegistrationChange::as_select())
        .load(conn)
}

/// Writes a change, and how the registration stands after it.
pub(in crate::selling) fn change_registration(
    conn: &mut Conn,
    new: &NewRegistrationChange,
    state: &str,
) -> QueryResult<()> {
    diesel::insert_into(registration_change::table)
        .values(new)
        .execute(conn)?;
    diesel::update(registration::table.find(new.registration_id))
        .set((
            registration::protected_until.eq(new.until),
            registration::state.eq(state),
        ))
        .execute(conn)
        .map(|_| ())
}

/// Ends those whose last day is over; the companies that they protected.
pub(in crate::selling) fn end_registrations(
    conn: &mut Conn,
    today: NaiveDate,
) -> QueryResult<Vec<i64>> {
    let over = registration::table
        .filter(registration::state.eq("live"))
        .filter(registration::protected_until.lt(today));
    let companies: Vec<i64> = over.select(registration::company_id).load(conn)?;
    diesel::update(
        registration::table
            .filter(registration::state.eq("live"))
            .filter(registration::protected_until.lt(today)),
    )
    .set(registration::state.eq("over"))
    .execute(conn)?;
    Ok(companies)
}

/// A registration as the list shows it: id, root, its name and grade, rep, project, last day, state, when, owner.
pub(in crate::selling) type ListRow = (
    i64,
    i64,
    String,
    Option<String>,
    i64,
    String,
    NaiveDate,
    String,
    NaiveDateTime,
    Option<i64>,
);

/// Registrations of these reps: the live ones, what ends first before the rest; or those that ended, the latest first.
pub(in crate::selling) fn registration_list(
    conn: &mut Conn,
    whose: &Whose,
    is_live: bool,
    most: i64,
) -> QueryResult<Vec<ListRow>> {
    let state = if is_live {
        "r.state = 'live'"
    } else {
        "r.state <> 'live'"
    };
    let whose = whose.condition("r.rep_id");
    let order = if is_live {
        "r.protected_until, r.id"
    } else {
        "r.protected_until DESC, r.id DESC"
    };
    Statement::<(
        BigInt,
        BigInt,
        Text,
        Nullable<Text>,
        BigInt,
        Text,
        Date,
        Text,
        Timestamp,
        Nullable<BigInt>,
    )>::built(format!(
        "SELECT r.id, o.id, o.name, o.grade, r.rep_id, r.project, r.protected_until, r.state, r.at, o.owner_id \
         FROM registration r JOIN company c ON c.id = r.company_id JOIN company o ON o.id = c.root_id \
         WHERE {state} AND {whose} ORDER BY {order} LIMIT ?"
    ))
    .bind(most)
    .load(conn)
}

/// Companies that may be the same as one of these, and are another rep's: of which root, that root and its name, whose.
pub(in crate::selling) fn like_ones(
    conn: &mut Conn,
    roots: &[i64],
) -> QueryResult<Vec<(i64, String, i64)>> {
    let side = |mine: &str, other: &str| {
        format!(
            "SELECT m.root_id, o.name, o.owner_id FROM review v JOIN company m ON m.id = v.{mine} \
             JOIN company t ON t.id = v.{other} JOIN company o ON o.id = t.root_id \
             WHERE v.kind = 'company' AND v.like_name AND v.state = 'open' AND m.root_id IN ? AND o.id <> m.root_id AND o.owner_id IS NOT NULL"
        )
    };
    let mut all = Vec::new();
    for (mine, other) in [("a_id", "b_id"), ("b_id", "a_id")] {
        let rows: Vec<(i64, String, i64)> =
            Statement::<(BigInt, Text, BigInt)>::built(side(mine, other))
                .bind(Value::numbers(roots.iter().copied()))
                .load(conn)?;
        all.extend(rows);
    }
    Ok(all)
}

/// Live registrations of these roots: root, registration, rep.
pub(in crate::selling) fn live_of_roots(
    conn: &mut Conn,
    roots: &[i64],
) -> QueryResult<Vec<(i64, i64, i64)>> {
    Statement::<(BigInt, BigInt, BigInt)>::fixed(
        "SELECT c.root_id, r.id, r.rep_id FROM registration r JOIN company c ON c.id = r.company_id \
         WHERE r.state = 'live' AND c.root_id IN ? ORDER BY r.id",
    )
    .bind(Value::numbers(roots.iter().copied()))
    .load(conn)
}
