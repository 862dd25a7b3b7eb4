//! Records that stood together only by evidence that is gone are matched again.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;

use super::desk::Desk;
use super::refold::Read;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::queries::draw::draw;
use crate::registry::queries::{load, merges, records};
use crate::registry::rules::placing::CompanyKeys;

/// Of each root: list records that no longer have anything in common with the oldest one leave for the company they
/// are like, or for one of their own. Records of people stay where they are.
pub(crate) fn part_strangers(
    conn: &mut Conn,
    now: NaiveDateTime,
    roots: &[i64],
    gone: &HashSet<i64>,
) -> AppResult<()> {
    if gone.is_empty() {
        return Ok(());
    }
    let mut by_root: HashMap<i64, Vec<Read>> = HashMap::new();
    // Merged groups were joined by a person, whose judgement needs no keys.
    let merged: HashSet<i64> = load::merged_members(conn, roots)?
        .into_iter()
        .map(|(_, root)| root)
        .collect();
    let single: Vec<i64> = roots
        .iter()
        .copied()
        .filter(|root| !merged.contains(root))
        .collect();
    for ranked in records::of_companies(conn, &single)? {
        let read = Read::new(&ranked);
        if let Some(root) = read.company_id {
            by_root.entry(root).or_default().push(read);
        }
    }
    let mut strangers = Vec::new();
    for root in single {
        if let Some(reads) = by_root.remove(&root) {
            strangers.extend(strangers_of(root, reads));
        }
    }
    for group in strangers {
        move_group(conn, now, group)?;
    }
    Ok(())
}

struct Stranger {
    root: i64,
    keys: CompanyKeys,
    reads: Vec<Read>,
}

/// Groups of records by keys that agree; the group of the oldest record (and of everything typed by hand) stays.
fn strangers_of(root: i64, reads: Vec<Read>) -> Vec<Stranger> {
    let mut groups: Vec<(Vec<CompanyKeys>, Vec<Read>)> = Vec::new();
    for read in reads {
        let keys = CompanyKeys::of(&read.said);
        let is_at_home = read.is_first_hand() || keys.is_none();
        let like = keys.as_ref().and_then(|keys| {
            groups
                .iter()
                .position(|(own, _)| own.iter().any(|k| k.same(keys).is_some()))
        });
        let at = like.or((is_at_home && !groups.is_empty()).then_some(0));
        match at {
            Some(at) => {
                groups[at].0.extend(keys);
                groups[at].1.push(read);
            }
            None => groups.push((keys.into_iter().collect(), vec![read])),
        }
    }
    let strangers = groups.into_iter().skip(1);
    strangers
        .filter_map(|(keys, reads)| {
            Some(Stranger {
                root,
                keys: keys.into_iter().next()?,
                reads,
            })
        })
        .collect()
}

fn move_group(conn: &mut Conn, now: NaiveDateTime, group: Stranger) -> AppResult<()> {
    let mut desk = Desk::new(now);
    let known = super::create::like(conn, &mut desk, &group.keys)?;
    let target = match known.into_iter().find(|id| *id != group.root) {
        Some(id) => id,
        None => {
            let id = draw(conn, "company", 1)?[0];
            desk.add_company(id, None);
            desk.write(conn)?;
            id
        }
    };
    let ids: HashSet<i64> = group.reads.iter().map(|read| read.id).collect();
    for read in &group.reads {
        merges::move_record(conn, read.id, target)?;
        merges::move_points(conn, read.id, group.root, target)?;
    }
    let contacts: HashSet<i64> = group
        .reads
        .iter()
        .filter_map(|read| read.contact_id)
        .collect();
    for contact in contacts {
        let all = records::of_contacts(conn, &[contact])?;
        if all.iter().all(|ranked| ids.contains(&ranked.record.id)) {
            merges::move_contact(conn, contact, target)?;
        }
    }
    let mut desk = Desk::new(now);
    super::refold::companies(conn, &mut desk, &[target])?;
    desk.write(conn)?;
    Ok(())
}
