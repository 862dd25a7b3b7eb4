//! A record that yields to a better reading or a corrected row.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDateTime;

use super::desk::Desk;
use super::groups::roots_of;
use super::merging::merge_companies;
use super::refold;
use super::removal::tidy_points;
use crate::accounts::Actor;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::queries::{load, records, removal};

/// Marks `old` as replaced by `new` (`(old, new, same row)`), before the new ones are written.
pub fn supersede(conn: &mut Conn, pairs: &[(i64, i64, bool)]) -> AppResult<()> {
    for (old, new, same_row) in pairs {
        removal::supersede(conn, *old, *new, *same_row)?;
    }
    Ok(())
}

/// After the new ones are written: what only the old ones said goes, and a company that only they spoke of joins the
/// one that the correction names. Answers the companies that either spoke of.
pub fn settle_superseded(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    pairs: &[(i64, i64, bool)],
) -> AppResult<Vec<i64>> {
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let mut companies = BTreeSet::new();
    let mut contacts = BTreeSet::new();
    let mut moved = Vec::new();
    for (old, new, _) in pairs {
        let (old, new) = (records::record(conn, *old)?, records::record(conn, *new)?);
        companies.extend(old.company_id.into_iter().chain(new.company_id));
        contacts.extend(old.contact_id.into_iter().chain(new.contact_id));
        if let (Some(from), Some(into)) = (old.company_id, new.company_id) {
            moved.push((from, into, new.batch_id));
        }
    }
    let companies: Vec<i64> = companies.into_iter().collect();
    let contacts: Vec<i64> = contacts.into_iter().collect();
    let gone: HashSet<i64> = pairs.iter().map(|(old, ..)| *old).collect();
    let roots = roots_of(conn, &companies)?;
    tidy_points(conn, &gone, &roots, &contacts)?;
    let mut desk = Desk::new(now);
    refold::companies(conn, &mut desk, &roots)?;
    refold::contacts(conn, &mut desk, &contacts)?;
    desk.write(conn)?;
    for (from, into, batch) in moved {
        let live: Vec<(i64, i64)> = load::roots(conn, &[from, into])?;
        let root = |id: i64| {
            live.iter()
                .find(|(own, _)| *own == id)
                .map_or(id, |(_, root)| *root)
        };
        let (from, into) = (root(from), root(into));
        let group = super::group_of(conn, from)?;
        if from != into && records::of_companies(conn, &group)?.is_empty() {
            let evidence = serde_json::json!({ "correction": batch }).to_string();
            merge_companies(conn, now, actor, from, into, Some(evidence))?;
        }
    }
    Ok(companies)
}
