//! Whose numbers people write without a country code in this office.

use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::office;
use crate::registry::rules::phone::Home;

/// The country of the office, as the settings name it.
pub fn home(conn: &mut Conn) -> AppResult<Home> {
    Ok(Home::of(&office::load(conn)?.country))
}
