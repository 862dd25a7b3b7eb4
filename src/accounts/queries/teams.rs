//! SQL of teams and who is in them.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use crate::accounts::model::Team;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::schema::{team, users};

/// Every team by name.
pub(in crate::accounts) fn teams(conn: &mut Conn) -> QueryResult<Vec<Team>> {
    team::table
        .order((team::name, team::id))
        .select(Team::as_select())
        .load(conn)
}

pub(in crate::accounts) fn insert_team(
    conn: &mut Conn,
    name: &str,
    now: NaiveDateTime,
) -> AppResult<i64> {
    let made = diesel::insert_into(team::table)
        .values((team::name.eq(name), team::created_at.eq(now)))
        .returning(team::id)
        .get_result(conn);
    one_name(made)
}

pub(in crate::accounts) fn rename_team(conn: &mut Conn, id: i64, name: &str) -> AppResult<usize> {
    let renamed = diesel::update(team::table.find(id))
        .set(team::name.eq(name))
        .execute(conn);
    one_name(renamed)
}

/// One name, one team: the unique key says so.
fn one_name<T>(result: QueryResult<T>) -> AppResult<T> {
    result.map_err(|error| match error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            AppError::invalid("team_taken", "name")
        }
        other => other.into(),
    })
}

/// Puts a user into a team, or into none.
pub(in crate::accounts) fn put_into_team(
    conn: &mut Conn,
    user_id: i64,
    team_id: Option<i64>,
) -> QueryResult<()> {
    diesel::update(users::table.find(user_id))
        .set(users::team_id.eq(team_id))
        .execute(conn)
        .map(|_| ())
}
