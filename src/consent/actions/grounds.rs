//! Grounds of persons and the standing of companies: caches that follow records, consents and suppressions.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDateTime;

use super::suppress::suppressed_ways;
use crate::accounts::Actor;
use crate::consent::model::{Scope, Subject, Way, Ways};
use crate::consent::queries::grounds as queries;
use crate::consent::rules::Ground;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::log::{Change, changed};
use crate::registry::rules::hash::hash64;

/// Bits of `company.flags`: it has a good number, one with a ground, it is suppressed for calls.
const HAS_NUMBER: i32 = 1;
const HAS_GROUND: i32 = 2;
const SUPPRESSED: i32 = 4;

const COMPANY: i32 = 1;
const PERSON: i32 = 2;

/// A person's ground, the record that gave it, and the bits of what was refused.
pub(in crate::consent) type Standing = (Option<Ground>, Option<i64>, i32);

/// Writes what is known of each person's ground and refusals again: the best ground of the sources of live records
/// and of own consents, ended by a refusal of every way. Persons of one group share it. Call it after records of
/// persons came, went or moved, and [`refresh_standing`] for their companies.
pub fn refresh_grounds(conn: &mut Conn, person_ids: &[i64]) -> AppResult<()> {
    for ((ground, record, ways), ids) in grounds_that_differ(conn, person_ids)? {
        queries::set_person(conn, &ids, ground.map(Ground::code), record, ways)?;
    }
    Ok(())
}

/// What the groups of these persons should have, for those who have something else.
pub(in crate::consent) fn grounds_that_differ(
    conn: &mut Conn,
    person_ids: &[i64],
) -> AppResult<BTreeMap<Standing, Vec<i64>>> {
    let rows = queries::persons_of_groups(conn, person_ids)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
    let root_of: HashMap<i64, i64> = rows.iter().map(|row| (row.0, row.1)).collect();
    let mut best: HashMap<i64, (Ground, Option<i64>)> = HashMap::new();
    let mut offer = |person: i64, code: &str, record: Option<i64>| {
        if let (Some(root), Some(ground)) = (root_of.get(&person), Ground::from_code(code)) {
            let new = (ground, record);
            best.entry(*root)
                .and_modify(|had| *had = (*had).min(new))
                .or_insert(new);
        }
    };
    for (person, record, ground) in queries::grounds_of_records(conn, &ids)? {
        offer(person, &ground, Some(record));
    }
    for (person, ground, record) in queries::own_consents(conn, &ids)? {
        offer(person, &ground, record);
    }
    let subjects: Vec<Subject> = ids.iter().map(|id| Subject::person(*id)).collect();
    let mut refused: HashMap<i64, Ways> = HashMap::new();
    for (subject, ways) in suppressed_ways(conn, &subjects)? {
        if let Some(root) = subject.id().and_then(|id| root_of.get(&id)) {
            let all = refused.entry(*root).or_default();
            *all = all.union(ways);
        }
    }
    let mut changes: BTreeMap<Standing, Vec<i64>> = BTreeMap::new();
    for (id, root, had_ground, had_record, had_refused) in rows {
        let ways = refused.get(&root).copied().unwrap_or_default();
        let found = best.get(&root).filter(|_| !ways.holds(Ways::ALL));
        let (ground, record) = found.map_or((None, None), |(g, r)| (Some(*g), *r));
        if had_ground.as_deref() != ground.map(Ground::code)
            || had_record != record
            || had_refused != ways.0
        {
            changes
                .entry((ground, record, ways.0))
                .or_default()
                .push(id);
        }
    }
    Ok(changes)
}

/// Writes again, for the roots of these companies, the two bits of `company.flags` that rest on consent: whether a
/// number of theirs has a ground, and whether the company is suppressed for calls. The other bits stay.
pub fn refresh_standing(conn: &mut Conn, company_ids: &[i64]) -> AppResult<()> {
    let root_of = queries::groups_of_companies(conn, company_ids)?;
    let members: Vec<i64> = root_of.keys().copied().collect();
    let root = |id: i64| root_of.get(&id).copied();
    let subjects: Vec<Subject> = members.iter().map(|id| Subject::company(*id)).collect();
    let silent: HashSet<i64> = suppressed_ways(conn, &subjects)?
        .into_iter()
        .filter(|(_, ways)| ways.has(Way::Call))
        .filter_map(|(subject, _)| subject.id().and_then(root))
        .collect();
    let has_ground: HashSet<i64> = queries::companies_with_ground(conn, &members)?
        .into_iter()
        .chain(queries::companies_with_consent(conn, &members)?)
        .filter_map(root)
        .collect();
    let roots: HashSet<i64> = root_of.values().copied().collect();
    let roots: Vec<i64> = roots.into_iter().collect();
    let mut changes: BTreeMap<i32, Vec<i64>> = BTreeMap::new();
    for (root, flags) in queries::flags_of(conn, &roots)? {
        let reachable = flags & HAS_NUMBER != 0;
        let bits = if reachable && has_ground.contains(&root) {
            HAS_GROUND
        } else {
            0
        } | if silent.contains(&root) {
            SUPPRESSED
        } else {
            0
        };
        if flags & (HAS_GROUND | SUPPRESSED) != bits {
            changes.entry(bits).or_default().push(root);
        }
    }
    for (bits, roots) in changes {
        queries::set_standing(conn, &roots, bits)?;
    }
    Ok(())
}

/// Writes the grounds of everybody at these companies again, and their standing: after records moved between them.
pub fn refresh_companies(conn: &mut Conn, company_ids: &[i64]) -> AppResult<()> {
    let members: Vec<i64> = queries::groups_of_companies(conn, company_ids)?
        .into_keys()
        .collect();
    let persons = queries::persons_at(conn, &members)?;
    refresh_grounds(conn, &persons)?;
    refresh_standing(conn, company_ids)
}

/// Follows a change of suppressions: refusals and grounds of the persons, then the standing of every company around.
pub(super) fn refresh_around(conn: &mut Conn, subjects: &[Subject]) -> AppResult<()> {
    let persons: Vec<i64> = subjects
        .iter()
        .filter(|s| s.scope == Scope::Person)
        .filter_map(Subject::id)
        .collect();
    if !persons.is_empty() {
        refresh_grounds(conn, &persons)?;
    }
    let companies = companies_around(conn, subjects)?;
    if companies.is_empty() {
        return Ok(());
    }
    refresh_standing(conn, &companies)
}

/// The companies that a suppression of these subjects silences wholly or in part: whose queue entries must be looked
/// at again.
pub fn companies_around(conn: &mut Conn, subjects: &[Subject]) -> AppResult<Vec<i64>> {
    let (mut persons, mut companies, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    for subject in subjects {
        match subject.scope {
            Scope::Person => persons.extend(subject.id()),
            Scope::Company => companies.extend(subject.id()),
            Scope::Number => keys.push(hash64(&subject.value)),
            Scope::Email | Scope::Domain => {}
        }
    }
    let group: Vec<i64> = queries::persons_of_groups(conn, &persons)?
        .into_iter()
        .map(|row| row.0)
        .collect();
    companies.extend(queries::companies_of_persons(conn, &group)?);
    companies.extend(companies_of_numbers(conn, &keys)?);
    let roots: BTreeSet<i64> = queries::groups_of_companies(conn, &companies)?
        .into_values()
        .collect();
    Ok(roots.into_iter().collect())
}

fn companies_of_numbers(conn: &mut Conn, keys: &[i64]) -> AppResult<Vec<i64>> {
    let (mut companies, mut persons, mut contacts) = (Vec::new(), Vec::new(), Vec::new());
    for (kind, id) in queries::owners_of_values(conn, keys)? {
        match kind {
            COMPANY => companies.push(id),
            PERSON => persons.push(id),
            _ => contacts.push(id),
        }
    }
    if !persons.is_empty() {
        companies.extend(queries::companies_of_persons(conn, &persons)?);
    }
    if !contacts.is_empty() {
        companies.extend(queries::companies_of_contacts(conn, &contacts)?);
    }
    Ok(companies)
}

/// Keeps a person's own yes, with its words (or their version) and its date.
#[allow(clippy::too_many_arguments)] // what a consent consists of
pub fn add_consent(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    person_id: i64,
    ground: Ground,
    text: Option<&str>,
    said_at: NaiveDateTime,
    record_id: Option<i64>,
) -> AppResult<i64> {
    let id = queries::insert_consent(conn, person_id, ground.code(), text, said_at, record_id)?;
    let subject = Subject::person(person_id);
    refresh_around(conn, std::slice::from_ref(&subject))?;
    changed(
        conn,
        &Change {
            at: now,
            actor_id: actor.user_id,
            verb: "consent",
            object_kind: "person",
            object_id: Some(person_id),
            record_id,
            n: 1,
            ..Change::default()
        },
    )?;
    Ok(id)
}
