//! Whoever was in when a mailing was planned, and is not any more by what happened since: looked at when the letter is
//! about to leave, by the same function that decided. Only those around whom something has happened are looked at again;
//! persons and companies count with everything that was merged into them, or that they were merged into.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDateTime;
use serde_json::json;

use super::chunk::{Decided, verdicts};
use super::mailboxes::last_news;
use super::terms::Terms;
use crate::outreach::actions::greetings::BY_OWNER;
use crate::outreach::model::{ApprovalState, MailingKind};
use crate::outreach::queries::audience::{self as audience, Who};
use crate::outreach::queries::{self, PlannedDelivery};
use crate::outreach::rules::audience::{Reason, Verdict};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::queries::load;

/// What has become of deliveries since they were planned, by delivery.
#[derive(Debug, Clone, Default)]
pub struct Since {
    /// Why they must not go any more: JSON `{code, …}`.
    pub barred: HashMap<i64, String>,
    /// Whom they are for by now.
    pub whose: HashMap<i64, Whose>,
}

/// Who answers for the receiver of a delivery, and whose customer that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whose {
    /// The person's root.
    pub person_id: i64,
    /// The company's root.
    pub company_id: Option<i64>,
    /// Its rep.
    pub owner_id: Option<i64>,
}

/// Looks at deliveries again that are about to leave.
pub fn since_planned(conn: &mut Conn, now: NaiveDateTime, deliveries: &[i64]) -> AppResult<Since> {
    let mut since = Since::default();
    let mut by_mailing: BTreeMap<i64, Vec<PlannedDelivery>> = BTreeMap::new();
    for one in queries::planned(conn, deliveries)? {
        let whose = Whose {
            person_id: one.person_root,
            company_id: one.company_root,
            owner_id: one.owner_now,
        };
        since.whose.insert(one.id, whose);
        by_mailing.entry(one.mailing_id).or_default().push(one);
    }
    for (mailing_id, planned) in by_mailing {
        bar(conn, now, mailing_id, &planned, &mut since.barred)?;
    }
    Ok(since)
}

/// Why those of one mailing must not go any more.
fn bar(
    conn: &mut Conn,
    now: NaiveDateTime,
    mailing_id: i64,
    planned: &[PlannedDelivery],
    barred: &mut HashMap<i64, String>,
) -> AppResult<()> {
    let troubled = around(conn, planned)?;
    if troubled.is_empty() {
        return Ok(());
    }
    let terms = Terms::of_id(conn, now, mailing_id)?;
    let ids: Vec<i64> = troubled.keys().copied().collect();
    for decided in verdicts(conn, &terms, Who::Ids(&ids))? {
        let is_joined = troubled.get(&decided.person_id).copied().unwrap_or(false);
        let theirs = planned
            .iter()
            .filter(|one| one.person_root == decided.person_id);
        for one in theirs {
            if let Some(reason) = why_not(conn, one, &decided, is_joined)? {
                barred.insert(one.id, reason);
            }
        }
    }
    Ok(())
}

/// Who was touched since their mailing was made, in whose mailbox news arrived for another, at whose company something is
/// open, whose customer is another rep's, and around whom somebody merged or parted what is one: the person that answers
/// for them, and whether it is the last.
fn around(conn: &mut Conn, planned: &[PlannedDelivery]) -> AppResult<BTreeMap<i64, bool>> {
    let Some(since) = planned.iter().map(|one| one.made_at).min() else {
        return Ok(BTreeMap::new());
    };
    let persons: Vec<i64> = planned.iter().map(|one| one.person_root).collect();
    let companies: Vec<i64> = planned.iter().filter_map(|one| one.company_root).collect();
    let mut joined = (HashSet::new(), HashSet::new());
    for (kind, id) in queries::joined_since(conn, &persons, &companies, since)? {
        match kind.as_str() {
            "person" => joined.0.insert(id),
            _ => joined.1.insert(id),
        };
    }
    let person_of = with_members(&persons, load::merged_persons(conn, &persons)?);
    let company_of = with_members(&companies, load::merged_members(conn, &companies)?);
    let ids = |of: &HashMap<i64, i64>| -> Vec<i64> { of.keys().copied().collect() };
    let (person_ids, company_ids) = (ids(&person_of), ids(&company_of));
    let (mut at_person, mut at_company) = joined.clone();
    at_company.extend(audience::complaints(conn)?);
    let quoted = audience::quotations(conn, &company_ids)?;
    at_company.extend(quoted.iter().filter_map(|id| company_of.get(id)));
    for (person, company) in queries::touched_since(conn, &person_ids, &company_ids, since)? {
        at_person.extend(person.and_then(|id| person_of.get(&id)));
        at_company.extend(company.and_then(|id| company_of.get(&id)));
    }
    at_person.extend(news_in_their_mailbox(conn, planned, since)?);
    let is_in = |(persons, companies): (&HashSet<i64>, &HashSet<i64>), one: &PlannedDelivery| {
        let company = one.company_root;
        persons.contains(&one.person_root) || company.is_some_and(|id| companies.contains(&id))
    };
    let mut troubled = BTreeMap::new();
    for one in planned {
        let is_joined = one.was_merged_away() || is_in((&joined.0, &joined.1), one);
        if is_joined || one.was_handed_on() || is_in((&at_person, &at_company), one) {
            *troubled.entry(one.person_root).or_default() |= is_joined;
        }
    }
    Ok(troubled)
}

/// In whose mailbox an issue of news arrived since, for whomever of those who share it.
fn news_in_their_mailbox(
    conn: &mut Conn,
    planned: &[PlannedDelivery],
    since: NaiveDateTime,
) -> AppResult<Vec<i64>> {
    let is_news = |one: &&PlannedDelivery| one.kind == MailingKind::News.code();
    let by_mailbox: Vec<(&str, &PlannedDelivery)> = planned
        .iter()
        .filter(is_news)
        .filter_map(|one| Some((one.address.as_deref()?, one)))
        .collect();
    let Some((_, first)) = by_mailbox.first() else {
        return Ok(Vec::new());
    };
    let mailboxes: Vec<&str> = by_mailbox.iter().map(|(mailbox, _)| *mailbox).collect();
    let arrived = last_news(conn, &mailboxes, first.mailing_id, since)?;
    let reached = by_mailbox
        .iter()
        .filter(|(it, _)| arrived.contains_key(*it));
    Ok(reached.map(|(_, one)| one.person_root).collect())
}

/// The root of each of these and of whatever was merged into them.
fn with_members(roots: &[i64], merged: Vec<(i64, i64)>) -> HashMap<i64, i64> {
    roots.iter().map(|id| (*id, *id)).chain(merged).collect()
}

/// Why a letter must not go any more, as it is stored; none where it may.
fn why_not(
    conn: &mut Conn,
    planned: &PlannedDelivery,
    decided: &Decided,
    is_joined: bool,
) -> AppResult<Option<String>> {
    match &decided.verdict {
        Verdict::Out(reason) if came_since(reason) || (is_joined && came_by_joining(reason)) => {
            Ok(Some(reason.to_json()))
        }
        Verdict::Out(_) => Ok(None),
        Verdict::In(_) if is_joined || planned.was_handed_on() => said_no(conn, planned, decided),
        Verdict::In(_) => Ok(None),
    }
}

/// The customer is another rep's by now, who wants no card of this mailing to go.
fn said_no(
    conn: &mut Conn,
    planned: &PlannedDelivery,
    decided: &Decided,
) -> AppResult<Option<String>> {
    let Some(owner) = decided.owner_id.filter(|id| planned.owner_id != Some(*id)) else {
        return Ok(None);
    };
    let no = ApprovalState::Declined.code();
    let answers = queries::answers(conn, planned.mailing_id)?;
    let is_no = answers
        .iter()
        .any(|(user, said)| (*user, said.as_str()) == (owner, no));
    Ok(is_no.then(|| json!({ "code": BY_OWNER, "owner_id": owner }).to_string()))
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

/// What a merge may have brought along: somebody works at a company of another grade than the one that was weighed.
fn came_by_joining(reason: &Reason) -> bool {
    matches!(
        reason,
        Reason::OtherGrade { .. } | Reason::GreatOnly { .. } | Reason::ByHand { .. }
    )
}
