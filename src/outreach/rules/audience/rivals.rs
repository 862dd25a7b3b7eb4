//! One letter a mailbox, and one letter to two who may be the same: the lowest id of the best grade gets it.

use std::collections::{BTreeMap, BTreeSet};

use crate::qualifying::Grade;

/// Who gets the letter instead of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// This person, who has the same mailbox.
    SameMailbox(i64),
    /// This person, of whom nobody has decided yet whether they are the same.
    MaybeSame(i64),
}

/// Somebody who would get a letter if there were nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person_id: i64,
    /// The grade of their company.
    pub grade: Grade,
    /// Their mailbox.
    pub mailbox: String,
}

/// Who of the candidates stands back for whom. `alike` are pairs that may be one person. The answer depends on nothing
/// but the candidates, as long as everybody who shares a mailbox or a doubt with one of them is among them.
pub fn holders(candidates: &[Candidate], alike: &[(i64, i64)]) -> BTreeMap<i64, Holder> {
    let mut in_order: Vec<&Candidate> = candidates.iter().collect();
    in_order.sort_by_key(|one| (one.grade, one.person_id));
    let mut twins: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for (a, b) in alike {
        twins.entry(*a).or_default().insert(*b);
        twins.entry(*b).or_default().insert(*a);
    }
    let mut mailboxes: BTreeMap<&str, i64> = BTreeMap::new();
    let mut getting: Vec<i64> = Vec::new();
    let mut standing_back = BTreeMap::new();
    for one in in_order {
        let twin = twins
            .get(&one.person_id)
            .and_then(|twins| getting.iter().find(|first| twins.contains(*first)));
        if let Some(first) = mailboxes.get(one.mailbox.as_str()) {
            standing_back.insert(one.person_id, Holder::SameMailbox(*first));
        } else if let Some(twin) = twin {
            standing_back.insert(one.person_id, Holder::MaybeSame(*twin));
        } else {
            mailboxes.insert(&one.mailbox, one.person_id);
            getting.push(one.person_id);
        }
    }
    standing_back
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_a_mailbox_goes_to_the_lowest_id_of_the_best_grade() {
        let one = |person_id, grade, mailbox: &str| Candidate {
            person_id,
            grade,
            mailbox: mailbox.into(),
        };
        let same = |id| Some(Holder::SameMailbox(id));
        let candidates = [
            one(1, Grade::D, "info@a.example"),
            one(2, Grade::B, "info@a.example"),
            one(3, Grade::B, "info@a.example"),
            one(4, Grade::C, "four@a.example"),
            one(5, Grade::C, "five@a.example"),
            one(6, Grade::B, "six@a.example"),
        ];
        let found = holders(&candidates, &[(4, 5), (5, 6)]);
        for (person, holder) in [
            (1, same(2)),
            (2, None),
            (3, same(2)),
            // 6 is the best of the three who may be one; 4 is only like 5, who stands back already.
            (4, None),
            (5, Some(Holder::MaybeSame(6))),
            (6, None),
        ] {
            assert_eq!(found.get(&person).copied(), holder, "{person}");
        }
        let mut turned = candidates.to_vec();
        turned.reverse();
        assert_eq!(holders(&turned, &[(6, 5), (5, 4)]), found);
    }
}
