//! An older copy of the data was put in the place of a newer one: whoever was erased meanwhile is erased in it as well.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDateTime;

use super::{erase_as, job, locked};
use crate::accounts::Actor;
use crate::consent::Erasure;
use crate::consent::erased::{
    NewErasure, erased_among, erasures, forget_check_values, note_erasure, persons_with,
};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::actions::{self as registry, Traces};

/// Erases whom these erasures mean and this database still knows; how many persons. Ids mean somebody only where they come
/// from the same office's data, `knows_ids`; otherwise the check values say who it is.
pub fn erase_again(
    conn: &mut Conn,
    now: NaiveDateTime,
    later: &[Erasure],
    knows_ids: bool,
) -> AppResult<usize> {
    let known: HashSet<_> = erasures(conn)?.iter().map(word).collect();
    let new = later.iter().filter(|one| !known.contains(&word(one)));
    let new: Vec<&Erasure> = new.collect();
    if new.is_empty() {
        return Ok(0);
    }
    locked(conn)?;
    forget_check_values(conn, &new)?;
    let (with, mut again) = (persons_with(conn, &new)?, 0);
    for erasure in new {
        let found = erasure.subjects().filter_map(|value| with.get(&value));
        let mut persons: BTreeSet<i64> = found.flatten().copied().collect();
        if knows_ids {
            persons.extend(&erasure.persons);
        }
        again += one_again(conn, now, erasure, persons, knows_ids)?;
    }
    job::ask(conn, now, None)?;
    Ok(again)
}

/// By what an erasure is recognised in every copy: the moment it was asked for, since another copy gives its id to another
/// one.
fn word(erasure: &Erasure) -> (NaiveDateTime, String) {
    (erasure.asked_at, erasure.ground.clone())
}

fn one_again(
    conn: &mut Conn,
    now: NaiveDateTime,
    erasure: &Erasure,
    persons: BTreeSet<i64>,
    knows_ids: bool,
) -> AppResult<usize> {
    let (system, mut done) = (Actor::system(), BTreeSet::new());
    for person in persons {
        if done.contains(&person) || !erased_among(conn, &[person])?.is_empty() {
            continue;
        }
        let Some(traces) = known_traces(conn, person)? else {
            continue;
        };
        let own = Erasure {
            persons: traces.persons.clone(),
            ..erasure.clone()
        };
        erase_as(conn, now, &system, &traces, &own)?;
        done.extend(traces.persons);
    }
    if done.is_empty() {
        // Nobody of them is here; whoever comes with such a number is known to have refused all the same.
        let here = Erasure {
            persons: match knows_ids {
                true => registry::persons_here(conn, &erasure.persons)?,
                false => Vec::new(),
            },
            ..erasure.clone()
        };
        let nothing = serde_json::to_string(&Traces::default())?;
        let new = NewErasure {
            erasure: &here,
            own: &[],
            sought: &nothing,
        };
        note_erasure(conn, now, &system, &new)?;
    }
    Ok(done.len())
}

/// Where somebody is known from; none where they are not here.
fn known_traces(conn: &mut Conn, person: i64) -> AppResult<Option<Traces>> {
    if registry::persons_here(conn, &[person])?.is_empty() {
        return Ok(None);
    }
    registry::traces_of(conn, person).map(Some)
}
