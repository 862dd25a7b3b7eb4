//! Roots, groups, and the standing that is cached on a root.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime};

use super::desk::Desk;
use super::refold as fold;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::registry::queries::{load, lock, write};

/// The company that answers for this one.
pub fn root_of(conn: &mut Conn, id: i64) -> AppResult<i64> {
    let found = load::roots(conn, &[id])?;
    found
        .first()
        .map(|(_, root)| *root)
        .ok_or_else(AppError::not_found)
}

/// The companies that answer for these, in order and each once.
pub(super) fn roots_of(conn: &mut Conn, ids: &[i64]) -> AppResult<Vec<i64>> {
    let found = load::roots(conn, ids)?;
    let roots: BTreeSet<i64> = found.into_iter().map(|(_, root)| root).collect();
    Ok(roots.into_iter().collect())
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

/// Folds these companies and persons anew from all their records: what their lists are worth has changed.
pub fn refold(
    conn: &mut Conn,
    now: NaiveDateTime,
    companies: &[i64],
    persons: &[i64],
) -> AppResult<()> {
    lock::registry(conn)?;
    let roots = roots_of(conn, companies)?;
    let persons: BTreeSet<i64> = load::persons(conn, persons)?
        .into_iter()
        .map(|person| person.root_id)
        .collect();
    let mut desk = Desk::new(now);
    fold::companies(conn, &mut desk, &roots)?;
    fold::persons(conn, &mut desk, &Vec::from_iter(persons))?;
    desk.write(conn)?;
    Ok(())
}

/// Roots whose score changes by time alone, and whose day has come.
pub fn due_for_rescore(conn: &mut Conn, today: NaiveDate, limit: i64) -> AppResult<Vec<i64>> {
    Ok(load::due_for_rescore(conn, today, limit)?)
}

/// The persons behind contacts: `(contact, person)`.
pub fn persons_of_contacts(conn: &mut Conn, contacts: &[i64]) -> AppResult<Vec<(i64, i64)>> {
    let found = load::contacts(conn, contacts)?;
    Ok(found
        .into_iter()
        .map(|contact| (contact.id, contact.person_id))
        .collect())
}

/// Records of a source that were dated with it carry its new date; those with a date of their own keep it.
pub fn redate(
    conn: &mut Conn,
    source_id: i64,
    (after, upto): (i64, i64),
    (was, is): (Option<NaiveDate>, Option<NaiveDate>),
) -> AppResult<()> {
    Ok(write::redate(conn, source_id, (after, upto), (was, is))?)
}
