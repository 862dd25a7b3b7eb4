//! What becomes of somebody in the queue who is erased.

use crate::calling::queries;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::rules::hash::hash64;

/// Whether an agent has one of these persons, or one of these numbers, on the line or before them right now.
pub fn is_in_hand(conn: &mut Conn, persons: &[i64], numbers: &[String]) -> AppResult<bool> {
    let keys: Vec<i64> = numbers.iter().map(|number| hash64(number)).collect();
    Ok(!queries::in_hands(conn, persons, &keys)?.is_empty())
}

/// Nobody calls these persons back, and no task waits for them.
pub fn end_agreed(conn: &mut Conn, persons: &[i64]) -> AppResult<()> {
    Ok(queries::end_agreed(conn, persons)?)
}
