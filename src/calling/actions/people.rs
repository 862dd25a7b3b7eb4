//! Small questions and marks that the flows of a call need about companies and persons.

use chrono::NaiveDateTime;

use crate::calling::queries;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::registry::model::PointState;

/// Person and company of a contact, each by its root; 422 if there is no such contact.
pub fn contact_roots(conn: &mut Conn, contact_id: i64) -> AppResult<(i64, Option<i64>)> {
    queries::contact_roots(conn, contact_id)?
        .ok_or_else(|| AppError::invalid("contact_unknown", "contact"))
}

/// The company of a contact.
pub fn company_of_contact(conn: &mut Conn, contact_id: i64) -> AppResult<Option<i64>> {
    Ok(contact_roots(conn, contact_id)?.1)
}

/// Whether a WeChat number of a person is known.
pub fn has_wechat(conn: &mut Conn, person_id: i64) -> AppResult<bool> {
    Ok(queries::has_wechat(conn, person_id)?)
}

/// Until when a company is left in peace.
pub fn rest_of(conn: &mut Conn, root_id: i64) -> AppResult<Option<NaiveDateTime>> {
    Ok(queries::rest_of(conn, root_id)?)
}

/// Leaves a company in peace until a moment; a longer rest stays.
pub fn rest_company(conn: &mut Conn, root_id: i64, until: NaiveDateTime) -> AppResult<()> {
    let longest = rest_of(conn, root_id)?.map_or(until, |had| had.max(until));
    Ok(queries::set_rest(conn, root_id, Some(longest))?)
}

/// Sets the state of a number that no company or contact stands for.
pub fn set_point_state(
    conn: &mut Conn,
    now: NaiveDateTime,
    point_id: i64,
    state: &str,
) -> AppResult<()> {
    crate::registry::actions::set_point_state(conn, now, point_id, PointState::parse(state), None)
}
