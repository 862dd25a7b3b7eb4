//! Roots, groups, and the standing that is cached on a root.

use chrono::NaiveDateTime;

use super::desk::Desk;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::registry::queries::load;

/// The company that answers for this one.
pub fn root_of(conn: &mut Conn, id: i64) -> AppResult<i64> {
    let found = load::roots(conn, &[id])?;
    found
        .first()
        .map(|(_, root)| *root)
        .ok_or_else(AppError::not_found)
}

/// Every id that answers as this root, the root first: what was written before a merge keeps its id.
pub fn group_of(conn: &mut Conn, root: i64) -> AppResult<Vec<i64>> {
    let mut members: Vec<i64> = load::merged_members(conn, &[root])?
        .into_iter()
        .map(|(id, _)| id)
        .collect();
    members.sort_unstable();
    members.insert(0, root);
    Ok(members)
}

/// Computes completeness, what is missing, score, flags, channels and state of these roots anew, and notes their
/// search rows as behind.
pub fn rescore(conn: &mut Conn, now: NaiveDateTime, roots: &[i64]) -> AppResult<()> {
    for part in roots.chunks(2_000) {
        let mut desk = Desk::new(now);
        desk.load_companies(conn, part)?;
        desk.mark(part);
        desk.write(conn)?;
    }
    Ok(())
}
