//! What is looked at once more when a delivery is claimed: a refusal of a second ago counts.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::json;

use crate::consent::{Scope, Subject, Way, Ways, suppressed_ways};
use crate::outreach::model::{Delivery, Held, Mailing, MailingKind};
use crate::outreach::queries::{self, Member};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Which letters that wait do not go any more, with the reason, by delivery: the next claim finds the same. A refusal that
/// is taken back meanwhile as a slip lets them go. Writes nothing.
pub fn will_be_withheld(
    conn: &mut Conn,
    deliveries: &[Delivery],
) -> AppResult<HashMap<i64, String>> {
    let waiting: Vec<Held> = deliveries.iter().filter_map(Held::waiting).collect();
    if waiting.is_empty() {
        return Ok(HashMap::new());
    }
    let mailings: BTreeSet<i64> = waiting.iter().map(|one| one.mailing_id).collect();
    let mailings: Vec<i64> = mailings.into_iter().collect();
    let mailings = queries::mailings_called(conn, &mailings)?.into_iter();
    let mailings = mailings.map(|mailing| (mailing.id, mailing)).collect();
    let persons: Vec<i64> = waiting.iter().map(|one| one.person_id).collect();
    let members = queries::members(conn, &persons)?;
    recheck(conn, &waiting, &members, &mailings)
}

/// Who must not be written to any more, with the reason, by delivery.
pub(super) fn recheck(
    conn: &mut Conn,
    held: &[Held],
    members: &[Member],
    mailings: &HashMap<i64, Mailing>,
) -> AppResult<HashMap<i64, String>> {
    let mut reasons = HashMap::new();
    if held.is_empty() {
        return Ok(reasons);
    }
    let roots: HashMap<i64, i64> = members.iter().map(|m| (m.id, m.root_id)).collect();
    let mut refused: HashMap<i64, Ways> = HashMap::new();
    for member in members {
        let ways = refused.entry(member.root_id).or_default();
        *ways = ways.union(Ways(member.refused));
    }
    let companies: Vec<i64> = held.iter().filter_map(|one| one.company_id).collect();
    let groups = queries::company_groups(conn, &companies)?;
    let subjects: HashMap<i64, Vec<Subject>> = held
        .iter()
        .map(|one| (one.id, subjects_of(one, &groups)))
        .collect();
    let asked: HashSet<&Subject> = subjects.values().flatten().collect();
    let asked: Vec<Subject> = asked.into_iter().cloned().collect();
    let silenced = suppressed_ways(conn, &asked)?;
    for one in held {
        let way = way_of(mailings.get(&one.mailing_id));
        let root = roots.get(&one.person_id);
        if root.is_some_and(|root| refused[root].has(way)) {
            reasons.insert(one.id, json!({ "code": "refused" }).to_string());
            continue;
        }
        let by = subjects[&one.id]
            .iter()
            .find(|subject| silenced.get(*subject).is_some_and(|ways| ways.has(way)));
        if let Some(subject) = by {
            let reason = json!({ "code": "silenced", "scope": subject.scope.code() });
            reasons.insert(one.id, reason.to_string());
        }
    }
    Ok(reasons)
}

/// Somebody may want greetings and no news, or the other way round.
fn way_of(mailing: Option<&Mailing>) -> Way {
    match mailing.and_then(|mailing| MailingKind::from_code(&mailing.kind)) {
        Some(MailingKind::Greeting) => Way::Greeting,
        Some(MailingKind::News) => Way::News,
        None => Way::Mail,
    }
}

/// Everything by which mail to this address may be unwanted. A company counts with every id of its group, since a refusal
/// keeps the id that it was written with; a person counts by their own mark (see `members`).
fn subjects_of(held: &Held, groups: &HashMap<i64, Vec<i64>>) -> Vec<Subject> {
    let mut subjects = vec![Subject::email(&held.address), Subject::domain(&held.domain)];
    let group = held.company_id.and_then(|id| groups.get(&id));
    subjects.extend(group.into_iter().flatten().copied().map(Subject::company));
    debug_assert!(
        subjects
            .iter()
            .all(|subject| subject.scope != Scope::Person)
    );
    subjects
}
