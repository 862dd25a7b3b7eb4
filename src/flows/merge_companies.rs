//! Joining two companies by hand, and parting them again.

use std::collections::HashSet;

use chrono::NaiveDateTime;

use crate::accounts::{Actor, Verb, company_of, may, require};
use crate::calling;
use crate::consent;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::registry;
use crate::registry::actions::Unmerged;
use crate::registry::queries::{load, merges, page as queries};
use crate::selling;

/// Refuses whoever may decide about neither of two companies: a manager may where one of them is of the own team, or
/// nobody's.
pub fn require_one(conn: &mut Conn, actor: &Actor, one: i64, other: i64) -> AppResult<()> {
    let mut sides = Vec::new();
    for id in [one, other] {
        let owner = load::company(conn, id)?.owner_id;
        sides.push(company_of(conn, owner)?);
    }
    let verb = Verb::MergeCompanies;
    match sides.iter().find(|side| may(actor, verb, **side)) {
        Some(_) => Ok(()),
        None => require(actor, verb, sides[0]),
    }
}

/// Joins `from` to `into`. Two agents who have them on the line are named, and nothing is joined.
pub fn merge(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    from: i64,
    into: i64,
    evidence: Option<String>,
) -> AppResult<i64> {
    registry::lock::exclusive(conn)?;
    let (mut holders, mut groups) = (Vec::new(), Vec::new());
    let one = registry::actions::root_of(conn, from)?;
    let other = registry::actions::root_of(conn, into)?;
    require_one(conn, actor, one, other)?;
    for root in [one, other] {
        let group = registry::actions::group_of(conn, root)?;
        holders.push(queries::lease_holders(conn, &group)?);
        groups.push(group);
    }
    if holders.iter().all(|one| !one.is_empty()) {
        let name = |at: usize| holders[at].first().map_or("", |(_, name)| name.as_str());
        return Err(AppError::conflict("merge_two_leases")
            .with("one", name(0))
            .with("other", name(1)));
    }
    let merge_id = registry::actions::merge_companies(conn, now, actor, from, into, evidence)?;
    consent::refresh_companies(conn, &groups.concat())?;
    calling::actions::park_for_merge(conn, now, &groups[0], &groups[1], merge_id)?;
    let book = selling::actions::book(conn)?;
    let both = (&groups[0][..], &groups[1][..]);
    selling::actions::after_merge(conn, now, actor, &book, both, merge_id)?;
    calling::actions::follow_companies(conn, now, &[into])?;
    super::contradictions::after_change(conn, now, into)?;
    Ok(merge_id)
}

/// Parts what a merge joined.
pub fn unmerge(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    merge_id: i64,
) -> AppResult<Unmerged> {
    let from = merges::merge(conn, merge_id)?.from_id;
    let root = registry::actions::root_of(conn, from)?;
    require_one(conn, actor, from, root)?;
    let parted = registry::actions::unmerge(conn, now, actor, merge_id)?;
    consent::refresh_companies(conn, &[parted.from_id, parted.into_id])?;
    calling::actions::unpark_after_merge(conn, now, merge_id)?;
    let book = selling::actions::book(conn)?;
    selling::actions::after_unmerge(conn, now, actor, &book, merge_id)?;
    calling::actions::follow_companies(conn, now, &[parted.from_id, parted.into_id])?;
    for id in [parted.from_id, parted.into_id] {
        super::contradictions::after_change(conn, now, id)?;
    }
    Ok(parted)
}

/// Different valid credit codes, which are the strongest sign of two companies.
pub fn codes_differ(codes: &[Option<String>]) -> bool {
    codes.iter().flatten().collect::<HashSet<_>>().len() > 1
}
