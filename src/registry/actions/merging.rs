//! Joining two companies, and parting them again. Persons of both sides that are the same are joined along.
//!
//! What is open on both sides (leases, queue entries) is settled by the flow that calls this.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;

use super::desk::Desk;
use super::groups::{group_of, root_of};
use super::refold::{self, Read};
use crate::accounts::Actor;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};
use crate::registry::model::{Merge, Owner, RecordKind};
use crate::registry::queries::merges::{self, NewMerge};
use crate::registry::queries::{load, lock, records};
use crate::registry::rules::placing::CompanyKeys;
use crate::registry::search;

/// Joins `from` to `into` (both read through their roots). Answers the merge, which is what an undo takes.
pub fn merge_companies(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    from: i64,
    into: i64,
    evidence: Option<String>,
) -> AppResult<i64> {
    lock::exclusive(conn)?;
    lock::registry(conn)?;
    let (from, into) = (root_of(conn, from)?, root_of(conn, into)?);
    if from == into {
        return Err(AppError::conflict("already_merged"));
    }
    lock::companies(conn, &[from, into])?;
    let group = group_of(conn, from)?;
    merges::link_company(conn, from, Some(into), &group, into)?;
    merges::mark_merged(conn, into)?;
    let new = NewMerge {
        kind: "company",
        from_id: from,
        into_id: into,
        parent_id: None,
        evidence,
        actor_id: actor.user_id,
        at: now,
    };
    let merge = merges::insert(conn, &new)?;
    let persons = merge_persons(conn, now, actor, &merge, &group)?;
    let mut desk = Desk::new(now);
    refold::companies(conn, &mut desk, &[into])?;
    refold::persons(conn, &mut desk, &persons)?;
    desk.mark(&[into]);
    desk.write(conn)?;
    search::changed(conn, &[from], now)?;
    note(conn, now, actor, "merge", into, &group)?;
    Ok(merge.id)
}

/// Joins the persons of the new members to the same persons of the group: one name, and one mobile or mail.
fn merge_persons(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    parent: &Merge,
    joined: &[i64],
) -> AppResult<Vec<i64>> {
    let mut desk = Desk::new(now);
    desk.load_companies(conn, &[parent.into_id])?;
    let joined: HashSet<i64> = joined.iter().copied().collect();
    let is_joined = |company: Option<i64>| company.is_some_and(|id| joined.contains(&id));
    let (theirs, ours): (Vec<_>, Vec<_>) = desk
        .contacts
        .values()
        .partition(|c| is_joined(c.row.company_id));
    let mut by_point: HashMap<(i64, i64), i64> = HashMap::new();
    for person in ours.iter().map(|contact| contact.person) {
        for key in person_keys(&desk, person) {
            by_point.entry(key).or_insert(person);
        }
    }
    let mut pairs: Vec<(i64, i64)> = Vec::new();
    for person in theirs.iter().map(|contact| contact.person) {
        let same = person_keys(&desk, person)
            .into_iter()
            .filter_map(|key| by_point.get(&key))
            .min();
        if let Some(same) =
            same.filter(|same| **same != person && !pairs.iter().any(|(from, _)| *from == person))
        {
            pairs.push((person, *same));
        }
    }
    let mut persons = Vec::new();
    for (from, into) in pairs {
        let mut group: Vec<i64> = merges::person_links(conn, from)?
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        group.push(from);
        merges::link_person(conn, from, Some(into), &group, into)?;
        let new = NewMerge {
            kind: "person",
            from_id: from,
            into_id: into,
            parent_id: Some(parent.id),
            evidence: None,
            actor_id: actor.user_id,
            at: now,
        };
        merges::insert(conn, &new)?;
        persons.push(into);
    }
    persons.sort_unstable();
    persons.dedup();
    Ok(persons)
}

/// Name with each own mobile and mail.
fn person_keys(desk: &Desk, person: i64) -> Vec<(i64, i64)> {
    let Some(name) = desk
        .persons
        .get(&person)
        .and_then(|draft| draft.row.name_key)
    else {
        return Vec::new();
    };
    let points = desk
        .points
        .get(&Owner::Person(person))
        .map(Vec::as_slice)
        .unwrap_or_default();
    points
        .iter()
        .filter(|p| matches!(p.kind, "mobile" | "email"))
        .map(|p| (name, p.key))
        .collect()
}

/// What parting did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmerged {
    /// Answers for itself again.
    pub from_id: i64,
    /// What it was joined to.
    pub into_id: i64,
    /// Records since the merge that went with it.
    pub moved: Vec<i64>,
    /// Records since the merge that stayed with the other: somebody may want to look.
    pub stayed: Vec<i64>,
}

/// Parts what a merge joined. Everything written before stands where it stood; list records that came in since are
/// matched again, calls and edits go with their contact.
pub fn unmerge(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    merge_id: i64,
) -> AppResult<Unmerged> {
    lock::exclusive(conn)?;
    lock::registry(conn)?;
    let merge = merges::merge(conn, merge_id)?;
    if merge.kind != "company" {
        return Err(AppError::not_found());
    }
    if merge.undone_at.is_some() {
        return Err(AppError::conflict("merge_undone"));
    }
    let from = merge.from_id;
    let root = root_of(conn, from)?;
    lock::companies(conn, &[from, root])?;
    let group = under(from, &merges::links(conn, root)?);
    merges::link_company(conn, from, None, &group, from)?;
    merges::set_undone(conn, merge.id, now)?;
    let mut persons = Vec::new();
    for child in merges::children(conn, merge.id)? {
        persons.extend(part_persons(conn, now, &child)?);
    }
    let (moved, stayed) = rematch(conn, &merge, root, &group)?;
    let mut desk = Desk::new(now);
    refold::companies(conn, &mut desk, &[from, root])?;
    refold::persons(conn, &mut desk, &persons)?;
    desk.mark(&[from, root]);
    desk.write(conn)?;
    note(conn, now, actor, "unmerge", root, &group)?;
    Ok(Unmerged {
        from_id: from,
        into_id: root,
        moved,
        stayed,
    })
}

fn part_persons(conn: &mut Conn, now: NaiveDateTime, merge: &Merge) -> AppResult<Vec<i64>> {
    let root = load::persons(conn, &[merge.from_id])?
        .first()
        .map_or(merge.into_id, |person| person.root_id);
    let group = under(merge.from_id, &merges::person_links(conn, root)?);
    merges::link_person(conn, merge.from_id, None, &group, merge.from_id)?;
    merges::set_undone(conn, merge.id, now)?;
    Ok(vec![merge.from_id, root])
}

/// `id` and everything that was joined to it, directly or not.
fn under(id: i64, links: &[(i64, Option<i64>)]) -> Vec<i64> {
    let mut group = vec![id];
    let mut next = 0;
    while let Some(parent) = group.get(next).copied() {
        let below = links
            .iter()
            .filter(|(id, above)| *above == Some(parent) && !group.contains(id));
        let below: Vec<i64> = below.map(|(id, _)| *id).collect();
        group.extend(below);
        next += 1;
    }
    group
}

/// Where the records go that came to the common root since the merge.
fn rematch(
    conn: &mut Conn,
    merge: &Merge,
    root: i64,
    group: &[i64],
) -> AppResult<(Vec<i64>, Vec<i64>)> {
    let all = records::of_companies(conn, &[root])?;
    let (since, before): (Vec<_>, Vec<_>) = all
        .iter()
        .partition(|ranked| ranked.record.said_at >= merge.at);
    if since.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let keys_of = |own: Vec<CompanyKeys>| {
        move |keys: &CompanyKeys| own.iter().any(|k| k.same(keys).is_some())
    };
    let theirs = records::of_companies(conn, group)?;
    let is_theirs = keys_of(
        theirs
            .iter()
            .filter_map(|ranked| CompanyKeys::of(&ranked.record.said()))
            .collect(),
    );
    let is_ours = keys_of(
        before
            .iter()
            .filter_map(|ranked| CompanyKeys::of(&ranked.record.said()))
            .collect(),
    );
    let their_contacts: HashSet<i64> = load::contacts_of_companies(conn, group)?
        .iter()
        .map(|c| c.id)
        .collect();
    let (mut moved, mut stayed) = (Vec::new(), Vec::new());
    for ranked in since {
        let read = Read::new(ranked);
        let first_hand =
            RecordKind::parse(&ranked.record.kind).is_some_and(RecordKind::is_first_hand);
        let goes = match (first_hand, read.contact_id, CompanyKeys::of(&read.said)) {
            (true, contact, _) => contact.is_some_and(|id| their_contacts.contains(&id)),
            (false, _, Some(keys)) => is_theirs(&keys) && !is_ours(&keys),
            (false, contact, None) => contact.is_some_and(|id| their_contacts.contains(&id)),
        };
        if goes {
            moved.push(read)
        } else {
            stayed.push(read.id)
        }
    }
    for read in &moved {
        merges::move_record(conn, read.id, merge.from_id)?;
        merges::move_points(conn, read.id, root, merge.from_id)?;
    }
    move_contacts(conn, &moved, merge, root)?;
    Ok((moved.iter().map(|read| read.id).collect(), stayed))
}

/// Contacts that only moved records speak of move along.
fn move_contacts(conn: &mut Conn, moved: &[Read], merge: &Merge, root: i64) -> AppResult<()> {
    let ids: HashSet<i64> = moved.iter().map(|read| read.id).collect();
    let contacts: HashSet<i64> = moved.iter().filter_map(|read| read.contact_id).collect();
    for contact in load::contacts(conn, &contacts.into_iter().collect::<Vec<_>>())? {
        let all = records::of_contacts(conn, &[contact.id])?;
        if contact.company_id == Some(root)
            && all.iter().all(|ranked| ids.contains(&ranked.record.id))
        {
            merges::move_contact(conn, contact.id, merge.from_id)?;
        }
    }
    Ok(())
}

fn note(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    verb: &str,
    root: i64,
    group: &[i64],
) -> AppResult<()> {
    let ids: Vec<String> = group.iter().map(i64::to_string).collect();
    changed(
        conn,
        &Change {
            at: now,
            actor_id: actor.user_id,
            verb,
            object_kind: "company",
            object_id: Some(root),
            fields: Some(ids.join(",")),
            n: i32::try_from(group.len()).unwrap_or(i32::MAX),
            ..Change::default()
        },
    )?;
    Ok(())
}
