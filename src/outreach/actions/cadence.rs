//! The touches that letters are.

use crate::outreach::model::Touched;
use crate::outreach::queries::cadence as queries;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Letters that arrived count against the caps, as calls and visits do. They are no contact by which a grade stays
/// fresh or a company stays with its rep: nobody spoke with anybody, so the last contact of the company stays.
pub fn touched(conn: &mut Conn, touches: &[Touched]) -> AppResult<()> {
    Ok(queries::insert_touches(conn, touches)?)
}
