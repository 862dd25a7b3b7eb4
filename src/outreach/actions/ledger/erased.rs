//! Letters to people who are erased: what waits does not go, and what has gone keeps no address. What lies on a desk leaves
//! it by the refusal that comes with an erasure.

use chrono::NaiveDateTime;
use serde_json::json;

use super::claim::withheld;
use super::once;
use crate::outreach::actions::greetings::BY_OWNER;
use crate::outreach::model::Moved;
use crate::outreach::queries;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Does so for these persons. Says whether a worker still holds a letter, so that this has to be asked again.
pub fn forget_persons(conn: &mut Conn, now: NaiveDateTime, persons: &[i64]) -> AppResult<bool> {
    let refused = json!({ "code": "refused" }).to_string();
    let waiting = queries::waiting_for(conn, persons)?;
    let moves: Vec<Moved> = waiting
        .iter()
        .map(|held| withheld(held, refused.clone()))
        .collect();
    once::give_up(conn, now, &moves)?;
    queries::forget_addresses(conn, persons, BY_OWNER, &refused)?;
    Ok(!queries::held_for(conn, persons)?.is_empty())
}
