//! Companies where nobody is to be visited: a refusal closes the ways it names, and visits are one of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::consent::{Subject, Way, Ways, suppressed_ways};
use crate::outreach::queries::cadence as queries;
use crate::platform::db::{Conn, KEYS};
use crate::platform::error::AppResult;

/// The roots among these that nobody visits: the company wants none, or everybody who is known there. `root_of` holds
/// each with whatever was merged into it, since a refusal keeps the id that it was written with.
pub(super) fn not_to_visit(
    conn: &mut Conn,
    root_of: &BTreeMap<i64, i64>,
) -> AppResult<BTreeSet<i64>> {
    let members: Vec<i64> = root_of.keys().copied().collect();
    let mut closed: BTreeSet<i64> = BTreeSet::new();
    for part in members.chunks(KEYS) {
        let companies: Vec<Subject> = part.iter().map(|id| Subject::company(*id)).collect();
        let silenced = suppressed_ways(conn, &companies)?;
        let silent = silenced
            .into_iter()
            .filter(|(_, ways)| ways.has(Way::Other));
        let ids = silent.filter_map(|(company, _)| company.id());
        closed.extend(ids.filter_map(|id| root_of.get(&id).copied()));
    }
    let mut is_anybody_open: BTreeMap<i64, bool> = BTreeMap::new();
    for (company, refused) in queries::refusals_at(conn, &members)? {
        if let Some(root) = root_of.get(&company) {
            *is_anybody_open.entry(*root).or_default() |= !Ways(refused).has(Way::Other);
        }
    }
    let nobody = is_anybody_open.into_iter().filter(|(_, is_open)| !is_open);
    closed.extend(nobody.map(|(root, _)| root));
    Ok(closed)
}
