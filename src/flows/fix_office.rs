//! Start-up: the office becomes what the environment says, and what is queued by its zone goes along, as after the same
//! change on the settings page.

use crate::calling::actions::follow_office;
use crate::platform::clock;
use crate::platform::config::OfficeConfig;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::office;

/// Fixes the office, in the caller's transaction.
pub fn fix_office(conn: &mut Conn, fixed: &OfficeConfig) -> AppResult<()> {
    let now = clock::now(conn)?;
    if let Some((was, is)) = office::fix(conn, now, fixed)? {
        follow_office(conn, now, &was, &is)?;
    }
    Ok(())
}
