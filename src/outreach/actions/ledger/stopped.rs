//! What was said since a worker took its letters: whoever refused, or turned out to be somebody who has one, gets none.

use std::collections::{BTreeSet, HashMap};

use serde_json::json;

use super::claim::on_their_way;
use super::recheck::recheck;
use crate::consent;
use crate::outreach::model::{DeliveryState, Held};
use crate::outreach::queries::{self, Member};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// The latest word that may stop letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Heard {
    refusal: i64,
    merge: i64,
}

/// What has been said so far.
pub fn heard(conn: &mut Conn) -> AppResult<Heard> {
    Ok(Heard {
        refusal: consent::last_refusal(conn)?,
        merge: queries::last_merge(conn)?,
    })
}

/// Who of those that a worker holds must not get the letter any more, with the reason, by delivery. Writes nothing.
pub fn stopped(conn: &mut Conn, held: &[Held]) -> AppResult<HashMap<i64, String>> {
    let mailings = on_their_way(conn)?;
    let persons: Vec<i64> = held.iter().map(|one| one.person_id).collect();
    let members = queries::members(conn, &persons)?;
    let mut reasons = recheck(conn, held, &members, &mailings)?;
    for (id, reason) in joined(conn, held, &members)? {
        reasons.entry(id).or_insert(reason);
    }
    Ok(reasons)
}

/// Two letters of one mailing to what is one person by now: the first of them goes, unless the other has gone.
fn joined(conn: &mut Conn, held: &[Held], members: &[Member]) -> AppResult<HashMap<i64, String>> {
    let mut groups: HashMap<i64, Vec<i64>> = HashMap::new();
    for member in members {
        groups.entry(member.root_id).or_default().push(member.id);
    }
    groups.retain(|_, ids| ids.len() > 1);
    let root_of: HashMap<i64, i64> = members.iter().map(|m| (m.id, m.root_id)).collect();
    let group = |one: &Held| groups.get(root_of.get(&one.person_id)?);
    let several: Vec<(&Held, &Vec<i64>)> = held
        .iter()
        .filter_map(|one| Some((one, group(one)?)))
        .collect();
    if several.is_empty() {
        return Ok(HashMap::new());
    }
    let scopes: BTreeSet<String> = several
        .iter()
        .map(|(one, _)| one.mailing_id.to_string())
        .collect();
    let scopes: Vec<String> = scopes.into_iter().collect();
    let persons: Vec<i64> = several.iter().flat_map(|(_, ids)| *ids).copied().collect();
    let promised: HashMap<(String, i64), i64> = queries::holders(conn, &scopes, &persons)?
        .into_iter()
        .filter(|(kind, ..)| kind == "mailing")
        .map(|(_, scope, person, holder)| ((scope, person), holder))
        .collect();
    let holders: Vec<i64> = promised.values().copied().collect();
    let states = queries::states_of(conn, &holders)?;
    let mut reasons = HashMap::new();
    for (one, ids) in several {
        let scope = one.mailing_id.to_string();
        let mut others = ids
            .iter()
            .filter_map(|id| promised.get(&(scope.clone(), *id)).copied());
        let before = others.find(|other| {
            let state = states.get(other).map_or("", String::as_str);
            *other != one.id && goes_before(*other, state, one.id)
        });
        if let Some(other) = before {
            let reason = json!({ "code": "has_letter", "delivery_id": other });
            reasons.insert(one.id, reason.to_string());
        }
    }
    Ok(reasons)
}

fn goes_before(other: i64, state: &str, own: i64) -> bool {
    use DeliveryState::{Claimed, OnWire, Queued, Sent, Unknown};
    match DeliveryState::from_code(state) {
        Some(Sent | Unknown) => true,
        Some(Queued | Claimed | OnWire) => other < own,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_letters_to_one_person_one_goes() {
        for (other, state, own, goes) in [
            (9, "sent", 5, true),
            (9, "unknown", 5, true),
            (5, "claimed", 9, true),
            (9, "claimed", 5, false),
            (5, "queued", 9, true),
            (5, "failed", 9, false),
            (5, "cancelled", 9, false),
        ] {
            assert_eq!(
                goes_before(other, state, own),
                goes,
                "{other} {state} {own}"
            );
        }
    }
}
