//! `--now`: sets the clock of an empty or rehearsal database, never that of one in real use.

use chrono::NaiveDateTime;

use crate::accounts;
use crate::platform::clock;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};

/// Sets the clock to `now` (UTC) and lets it run from there.
pub fn set_clock(conn: &mut Conn, now: NaiveDateTime) -> AppResult<()> {
    let reading = clock::read(conn)?;
    if !reading.rehearsal && accounts::has_users(conn)? {
        return Err(AppError::conflict("clock_in_use"));
    }
    clock::set(conn, now, reading.skips_closed_hours)?;
    Ok(())
}
