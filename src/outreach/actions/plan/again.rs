//! Whoever was in when a mailing was planned, and is not any more by what happened since: looked at when the letter is
//! about to leave, by the same function that decided. Only those around whom something has happened are looked at again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDateTime;

use super::chunk::verdicts;
use super::terms::Terms;
use crate::outreach::queries::audience::{self as audience, Who};
use crate::outreach::queries::{self, PlannedDelivery};
use crate::outreach::rules::audience::{Reason, Verdict};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Why these deliveries must not go any more, JSON by delivery.
pub fn barred_since(
    conn: &mut Conn,
    now: NaiveDateTime,
    deliveries: &[i64],
) -> AppResult<HashMap<i64, String>> {
    let mut by_mailing: BTreeMap<i64, Vec<PlannedDelivery>> = BTreeMap::new();
    for one in queries::planned(conn, deliveries)? {
        by_mailing.entry(one.mailing_id).or_default().push(one);
    }
    let mut barred = HashMap::new();
    for (mailing_id, planned) in by_mailing {
        let troubled = around(conn, &planned)?;
        if troubled.is_empty() {
            continue;
        }
        let terms = Terms::of_id(conn, now, mailing_id)?;
        let ids: Vec<i64> = troubled.into_iter().collect();
        for decided in verdicts(conn, &terms, Who::Ids(&ids))? {
            let Verdict::Out(reason) = decided.verdict else {
                continue;
            };
            if !came_since(&reason) {
                continue;
            }
            let theirs = planned
                .iter()
                .filter(|one| one.person_id == decided.person_id);
            barred.extend(theirs.map(|one| (one.id, reason.to_json())));
        }
    }
    Ok(barred)
}

/// Persons who were touched since their mailing was made, or at whose company something is open.
fn around(conn: &mut Conn, planned: &[PlannedDelivery]) -> AppResult<BTreeSet<i64>> {
    let Some(since) = planned.iter().map(|one| one.made_at).min() else {
        return Ok(BTreeSet::new());
    };
    let persons: Vec<i64> = planned.iter().map(|one| one.person_id).collect();
    let companies: Vec<i64> = planned.iter().filter_map(|one| one.company_id).collect();
    let touched = queries::touched_since(conn, &persons, &companies, since)?;
    let mut open: BTreeSet<i64> = audience::complaints(conn)?.into_iter().collect();
    open.extend(audience::quotations(conn, &companies)?);
    let is_troubled = |one: &&PlannedDelivery| {
        touched.contains(&(Some(one.person_id), None))
            || one
                .company_id
                .is_some_and(|id| open.contains(&id) || touched.contains(&(None, Some(id))))
    };
    let troubled = planned.iter().filter(is_troubled);
    Ok(troubled.map(|one| one.person_id).collect())
}

/// What may have come since: everything else was weighed, and is the planner's business.
fn came_since(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::Refused
            | Reason::Silenced { .. }
            | Reason::Complaint
            | Reason::Quotation
            | Reason::Capped { .. }
            | Reason::NewsTooSoon { .. }
            | Reason::BadAddress { .. }
    )
}
