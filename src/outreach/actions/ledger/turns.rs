//! One letter at a time is on its way to a person and into a mailbox, whatever mailings there are: what it leaves of a
//! cap, and of the distance that news keeps, is known once it has arrived.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDateTime, TimeDelta};

use crate::outreach::actions::plan::since_planned;
use crate::outreach::model::Held;
use crate::outreach::queries::{self, Member, UnderWay};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Longer than what was walked waits for its claim: what ended before has arrived before the walk, which saw it.
const A_WALK: TimeDelta = TimeDelta::hours(1);

/// What other mailings have to do with letters that could leave.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// These wait: another letter to the same person or into the same mailbox is under way.
    pub waiting: HashSet<i64>,
    /// These do not go: something arrived since they were walked. JSON `{code, …}` by delivery.
    pub barred: HashMap<i64, String>,
}

/// Looks at letters that could leave once more, where other mailings are on their way as well. Asks nothing of anybody
/// where there is one mailing.
pub(super) fn turns(
    conn: &mut Conn,
    now: NaiveDateTime,
    going: &[&Held],
    members: &[Member],
) -> AppResult<Turns> {
    let mut turns = Turns::default();
    if going.is_empty() {
        return Ok(turns);
    }
    let live = queries::live_mailings(conn, now - A_WALK)?;
    if live.len() < 2 {
        return Ok(turns);
    }
    // Read before what arrived: a letter that arrives in between is seen at one of the two.
    let under_way = queries::under_way(conn, &live)?;
    turns.waiting = wait_for_others(going, &under_way, members);
    let rest: Vec<i64> = going
        .iter()
        .map(|one| one.id)
        .filter(|id| !turns.waiting.contains(id))
        .collect();
    turns.barred = since_planned(conn, now, &rest)?.barred;
    Ok(turns)
}

/// Those to whose person or mailbox a letter of another mailing is under way; of two that could leave now the one goes
/// first that is due first. Two of one mailing are the business of what is promised once.
fn wait_for_others(going: &[&Held], under_way: &[UnderWay], members: &[Member]) -> HashSet<i64> {
    let roots: HashMap<i64, i64> = members.iter().map(|m| (m.id, m.root_id)).collect();
    let root = |person: i64| roots.get(&person).copied().unwrap_or(person);
    let mut persons: HashMap<i64, i64> = HashMap::new();
    let mut mailboxes: HashMap<&str, i64> = HashMap::new();
    for one in under_way {
        persons.insert(root(one.person_id), one.mailing_id);
        mailboxes.insert(&one.address, one.mailing_id);
    }
    let mut in_order = going.to_vec();
    in_order.sort_by_key(|one| (one.due_at, one.id));
    let mut waiting = HashSet::new();
    for one in in_order {
        let person = root(one.person_id);
        let others = [persons.get(&person), mailboxes.get(one.address.as_str())];
        if others.into_iter().flatten().any(|id| *id != one.mailing_id) {
            waiting.insert(one.id);
        } else {
            persons.insert(person, one.mailing_id);
            mailboxes.insert(&one.address, one.mailing_id);
        }
    }
    waiting
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(id: i64, mailing_id: i64, person_id: i64, address: &str) -> Held {
        Held {
            id,
            mailing_id,
            person_id,
            company_id: None,
            owner_id: None,
            address: address.into(),
            domain: String::new(),
            language: None,
            priority: 0,
            due_at: chrono::DateTime::UNIX_EPOCH.naive_utc() + TimeDelta::minutes(100 - id),
            until_at: None,
            attempts: 0,
        }
    }

    #[test]
    fn one_letter_at_a_time_is_under_way_to_a_person_and_a_mailbox() {
        let member = |id, root_id| Member {
            id,
            root_id,
            refused: 0,
        };
        let members = [member(1, 1), member(2, 1), member(3, 3), member(4, 4)];
        let under_way = [UnderWay {
            mailing_id: 7,
            person_id: 2,
            address: "old@a.example".into(),
        }];
        let letters = [
            // Whoever was merged into the same person has one of another mailing, …
            letter(10, 8, 1, "one@a.example"),
            // … of the same mailing, …
            letter(11, 7, 1, "one@a.example"),
            // … or into the same mailbox.
            letter(12, 8, 3, "old@a.example"),
            // Of two that could go now the one does that is due first.
            letter(13, 8, 4, "four@a.example"),
            letter(14, 9, 4, "four@a.example"),
        ];
        let going: Vec<&Held> = letters.iter().collect();
        let waiting = wait_for_others(&going, &under_way, &members);
        assert_eq!(waiting, HashSet::from([10, 12, 13]));
    }
}
