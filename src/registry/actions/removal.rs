//! Records that go: their points, contacts, persons and companies go with them unless somebody else speaks of them or
//! somebody worked on them.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::NaiveDateTime;

use super::desk::Desk;
use super::merging::unmerge;
use super::refold::{self, Read};
use crate::accounts::Actor;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::model::{ContactPoint, Owner, Record, SaidPoint, flags};
use crate::registry::queries::{load, merges, records, removal};
use crate::registry::search;

/// What became of a chunk of records that were to go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removed {
    /// Records that went.
    pub records: usize,
    /// Companies that went.
    pub companies: Vec<i64>,
    /// Companies that were kept because somebody had worked on them.
    pub kept: Vec<i64>,
    /// Roots that were folded anew.
    pub refolded: Vec<i64>,
    /// Persons whose records changed.
    pub persons: Vec<i64>,
}

/// Takes records back. They belong to whole companies: every record of the batch that speaks of one is among them.
pub fn remove_records(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    source_id: i64,
    going: Vec<Record>,
) -> AppResult<Removed> {
    let ids: Vec<i64> = going
        .iter()
        .filter_map(|record| record.company_id)
        .collect();
    let root_of: HashMap<i64, i64> = load::roots(conn, &ids)?.into_iter().collect();
    let (going, kept) = without_worked_on(conn, going, &root_of)?;
    let gone: HashSet<i64> = going.iter().map(|record| record.id).collect();
    let mut roots: BTreeSet<i64> = going
        .iter()
        .filter_map(|r| r.company_id.and_then(|id| root_of.get(&id)))
        .copied()
        .collect();
    let mut contacts: BTreeSet<i64> = going
        .iter()
        .filter_map(|record| record.contact_id)
        .collect();
    let restored = restore_superseded(
        conn,
        now,
        actor,
        source_id,
        &gone,
        &mut roots,
        &mut contacts,
    )?;
    let roots: Vec<i64> = roots.into_iter().collect();
    let contacts: Vec<i64> = contacts.into_iter().collect();
    let gone_ids: Vec<i64> = gone.iter().copied().collect();
    let mut group = load::merged_members(conn, &roots)?
        .into_iter()
        .map(|(id, _)| id)
        .collect::<Vec<_>>();
    group.extend(&roots);
    removal::delete_records(conn, &gone_ids)?;
    tidy_points(conn, &gone, &roots, &contacts)?;
    let (contacts, persons) = drop_contacts(conn, &contacts)?;
    let companies = drop_companies(conn, &group)?;
    let refolded: Vec<i64> = roots
        .into_iter()
        .filter(|root| !companies.contains(root))
        .collect();
    super::split::part_strangers(conn, now, &refolded, &gone)?;
    let mut desk = Desk::new(now);
    refold::companies(conn, &mut desk, &refolded)?;
    refold::contacts(conn, &mut desk, &contacts)?;
    for id in restored {
        let record = records::record(conn, id)?;
        let root = record
            .company_id
            .map(|id| super::root_of(conn, id))
            .transpose()?;
        desk.name_points(root, record.contact_id, id, &record.said());
    }
    desk.write(conn)?;
    search::changed(conn, &companies, now)?;
    removal::mark_kept(conn, &kept, flags::KEPT_AT_UNDO)?;
    Ok(Removed {
        records: gone.len(),
        companies,
        kept,
        refolded,
        persons,
    })
}

/// Records of companies and contacts that would be left without any list row, though somebody worked on them, stay.
fn without_worked_on(
    conn: &mut Conn,
    going: Vec<Record>,
    root_of: &HashMap<i64, i64>,
) -> AppResult<(Vec<Record>, Vec<i64>)> {
    let ids: HashSet<i64> = going.iter().map(|record| record.id).collect();
    let roots: BTreeSet<i64> = root_of.values().copied().collect();
    let roots: Vec<i64> = roots.into_iter().collect();
    let mut group_root: HashMap<i64, i64> =
        load::merged_members(conn, &roots)?.into_iter().collect();
    group_root.extend(roots.iter().map(|root| (*root, *root)));
    let members: Vec<i64> = group_root.keys().copied().collect();
    let busy = removal::worked_on_companies(conn, &members)?;
    let busy: BTreeSet<i64> = busy
        .iter()
        .filter_map(|id| group_root.get(id))
        .copied()
        .collect();
    let busy_ids: Vec<i64> = members
        .iter()
        .copied()
        .filter(|id| group_root.get(id).is_some_and(|r| busy.contains(r)))
        .collect();
    // Made by another list or by hand: the company stays anyway, and only these records go.
    let others = records::of_companies(conn, &busy_ids)?;
    let has_others: HashSet<i64> = others
        .iter()
        .filter(|ranked| !ids.contains(&ranked.record.id))
        .filter(|ranked| {
            ranked.record.batch_id.is_some()
                || matches!(
                    ranked.record.kind.as_str(),
                    "hand" | "lead" | "registration"
                )
        })
        .filter_map(|ranked| {
            ranked
                .record
                .company_id
                .and_then(|id| group_root.get(&id))
                .copied()
        })
        .collect();
    let kept: Vec<i64> = busy
        .into_iter()
        .filter(|root| !has_others.contains(root))
        .collect();
    let contacts: BTreeSet<i64> = going
        .iter()
        .filter_map(|record| record.contact_id)
        .collect();
    let contacts: Vec<i64> = contacts.into_iter().collect();
    let busy_contacts = removal::worked_on_contacts(conn, &contacts)?;
    let with_others = contacts_with_others(conn, &busy_contacts, &ids)?;
    let stays = |record: &Record| {
        let root = record.company_id.and_then(|id| group_root.get(&id));
        let by_company = root.is_some_and(|root| kept.contains(root));
        let by_contact = record
            .contact_id
            .is_some_and(|id| busy_contacts.contains(&id) && !with_others.contains(&id));
        by_company || by_contact
    };
    let (staying, going): (Vec<Record>, Vec<Record>) = going.into_iter().partition(stays);
    let mut kept: BTreeSet<i64> = kept.into_iter().collect();
    kept.extend(
        staying
            .iter()
            .filter_map(|r| r.company_id.and_then(|id| group_root.get(&id)))
            .copied(),
    );
    Ok((going, kept.into_iter().collect()))
}

fn contacts_with_others(
    conn: &mut Conn,
    contacts: &HashSet<i64>,
    going: &HashSet<i64>,
) -> AppResult<HashSet<i64>> {
    let contacts: Vec<i64> = contacts.iter().copied().collect();
    let all = records::of_contacts(conn, &contacts)?;
    let others = all
        .iter()
        .filter(|ranked| !going.contains(&ranked.record.id) && ranked.record.batch_id.is_some());
    Ok(others
        .filter_map(|ranked| ranked.record.contact_id)
        .collect())
}

/// What the records that go had replaced counts again.
#[allow(clippy::too_many_arguments)] // one step of a removal
fn restore_superseded(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    source_id: i64,
    gone: &HashSet<i64>,
    roots: &mut BTreeSet<i64>,
    contacts: &mut BTreeSet<i64>,
) -> AppResult<Vec<i64>> {
    let by: Vec<i64> = gone.iter().copied().collect();
    let replaced = removal::superseded_by(conn, source_id, &by)?;
    if replaced.is_empty() {
        return Ok(Vec::new());
    }
    let keys = removal::row_keys(conn, &replaced.iter().map(|old| old.by).collect::<Vec<_>>())?;
    for old in &replaced {
        let key = keys
            .iter()
            .find(|(id, ..)| *id == old.by)
            .and_then(|(_, key, check)| key.zip(*check));
        let key = key.filter(|_| !old.has_key);
        if key.is_some() {
            removal::supersede(conn, old.by, old.id, true)?;
        }
        removal::restore(conn, old.id, key)?;
        contacts.extend(old.contact_id);
        if let Some(company) = old.company_id {
            for merge in merges::corrections_from(conn, company)? {
                unmerge(conn, now, actor, merge)?;
            }
            roots.extend(
                load::roots(conn, &[company])?
                    .into_iter()
                    .map(|(_, root)| root),
            );
        }
    }
    Ok(replaced.iter().map(|old| old.id).collect())
}

/// Contacts without a record go, and persons who are nobody's contact then. Answers the contacts and persons that stay.
fn drop_contacts(conn: &mut Conn, contacts: &[i64]) -> AppResult<(Vec<i64>, Vec<i64>)> {
    let spoken_of = removal::contacts_with_records(conn, contacts)?;
    let persons: BTreeSet<i64> = load::contacts(conn, contacts)?
        .into_iter()
        .map(|contact| contact.person_id)
        .collect();
    let persons: Vec<i64> = persons.into_iter().collect();
    let (stay, go): (Vec<i64>, Vec<i64>) = contacts.iter().partition(|id| spoken_of.contains(id));
    removal::delete_contacts(conn, &go)?;
    let needed = removal::persons_with_contacts(conn, &persons)?;
    let (persons, gone): (Vec<i64>, Vec<i64>) =
        persons.into_iter().partition(|id| needed.contains(id));
    removal::delete_persons(conn, &gone)?;
    Ok((stay, persons))
}

/// Companies without a record or contact go. Answers them.
fn drop_companies(conn: &mut Conn, group: &[i64]) -> AppResult<Vec<i64>> {
    let spoken_of = removal::companies_with_records(conn, group)?;
    let free: Vec<i64> = group
        .iter()
        .copied()
        .filter(|id| !spoken_of.contains(id))
        .collect();
    let busy = removal::worked_on_companies(conn, &free)?;
    let go: Vec<i64> = free.into_iter().filter(|id| !busy.contains(id)).collect();
    removal::delete_companies(conn, &go)?;
    Ok(go)
}

/// Points that only records that are gone had named go; the others are put down to who names them still.
pub(crate) fn tidy_points(
    conn: &mut Conn,
    gone: &HashSet<i64>,
    roots: &[i64],
    contacts: &[i64],
) -> AppResult<()> {
    let mut root_of: HashMap<i64, i64> = load::merged_members(conn, roots)?.into_iter().collect();
    root_of.extend(roots.iter().map(|root| (*root, *root)));
    let companies: Vec<i64> = root_of.keys().copied().collect();
    let own = load::contacts(conn, contacts)?;
    let persons: BTreeSet<i64> = own.iter().map(|contact| contact.person_id).collect();
    let person_rows = load::persons(conn, &persons.into_iter().collect::<Vec<_>>())?;
    let person_roots: BTreeSet<i64> = person_rows.iter().map(|person| person.root_id).collect();
    let person_roots: Vec<i64> = person_roots.into_iter().collect();
    let mut person_root: HashMap<i64, i64> = load::merged_persons(conn, &person_roots)?
        .into_iter()
        .collect();
    person_root.extend(person_roots.iter().map(|root| (*root, *root)));
    let persons: Vec<i64> = person_root.keys().copied().collect();
    let all_contacts = load::contacts_of_persons(conn, &persons)?;
    let person_of: HashMap<i64, i64> = all_contacts
        .iter()
        .map(|contact| (contact.id, contact.person_id))
        .collect();
    let contact_ids: Vec<i64> = person_of.keys().copied().collect();
    let mut points = load::points_of(conn, 1, &companies)?;
    points.extend(load::points_of(conn, 2, &persons)?);
    points.extend(load::points_of(conn, 3, &contact_ids)?);
    points.retain(|point| point.record_id.is_some_and(|id| gone.contains(&id)));
    if points.is_empty() {
        return Ok(());
    }
    let by_root = |point: &ContactPoint| match point.owner() {
        Owner::Company(id) => (1, root_of.get(&id).copied().unwrap_or(id)),
        Owner::Person(id) => (2, person_root.get(&id).copied().unwrap_or(id)),
        Owner::Contact(id) => (3, id),
    };
    let mut named: HashMap<(i32, i64, i64), i64> = HashMap::new();
    let mut all = records::of_companies(conn, &companies)?;
    all.extend(records::of_contacts(conn, &contact_ids)?);
    for read in all
        .iter()
        .map(Read::new)
        .filter(|read| !gone.contains(&read.id))
    {
        let company = read.company_id.and_then(|id| root_of.get(&id)).copied();
        let contact = read
            .contact_id
            .and_then(|id| Some((person_root.get(person_of.get(&id)?).copied()?, id)));
        for point in SaidPoint::of(&read.said) {
            if let Some(owner) = point.owner(company, contact) {
                named
                    .entry((owner.kind(), owner.id(), point.key()))
                    .or_insert(read.id);
            }
        }
    }
    let mut nameless = Vec::new();
    for point in points {
        let (kind, id) = by_root(&point);
        match named.get(&(kind, id, point.value_key)) {
            Some(record) => {
                records::set_point_record(conn, point.id, *record)?;
            }
            None => nameless.push(point.id),
        }
    }
    removal::delete_points(conn, &nameless)?;
    Ok(())
}
