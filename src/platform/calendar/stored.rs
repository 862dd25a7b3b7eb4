//! The calendars as this office has set them: its place (kind `office`) and its hours and years (kind `calendar`).

use chrono::NaiveDateTime;

use super::{CalendarSettings, Calendars, Country};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::office::Office;
use crate::platform::settings;

/// Every calendar under the newest settings.
pub fn calendars(conn: &mut Conn) -> AppResult<Calendars> {
    let office = settings::load::<Office>(conn)?.value;
    let edited = settings::load::<CalendarSettings>(conn)?.value;
    Ok(Calendars::new(&office, &edited))
}

/// Years whose holidays the office will need within weeks and nobody has entered: every page that plans calls says so
/// (key `calendar-missing-year`, with the country's name and the year).
pub fn missing_years(conn: &mut Conn, now: NaiveDateTime) -> AppResult<Vec<(Country, i32)>> {
    let calendars = calendars(conn)?;
    let office = calendars.office_id();
    Ok(calendars.missing_years([office], now).into_iter().collect())
}
