//! In whose hand a company is: owner and marks of a root, and the state that follows. Who decides that, and the log of it,
//! is the business of whoever calls this.

use chrono::NaiveDateTime;

use super::groups::rescore;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::model::flags;
use crate::registry::queries::write;

/// A rep has it.
pub fn give_to(conn: &mut Conn, now: NaiveDateTime, root: i64, rep_id: i64) -> AppResult<()> {
    write::set_owner(conn, root, Some(rep_id))?;
    mark(conn, now, root, flags::RELEASED, false)
}

/// Nobody has it; whether it is in the pool is said apart.
pub fn take_away(conn: &mut Conn, now: NaiveDateTime, root: i64, to_pool: bool) -> AppResult<()> {
    write::set_owner(conn, root, None)?;
    mark(conn, now, root, flags::RELEASED, to_pool)
}

/// Sets or clears one of the marks that stay however the records fold, and computes the state anew.
pub fn mark(
    conn: &mut Conn,
    now: NaiveDateTime,
    root: i64,
    flag: i32,
    is_set: bool,
) -> AppResult<()> {
    write::set_flag(conn, root, flag & flags::KEPT, is_set)?;
    // That somebody sells to a company decides nothing else of it.
    if flag == flags::OPEN_OPPORTUNITY {
        return Ok(());
    }
    rescore(conn, now, &[root])
}
