//! Which of several values is shown: a pure, order-independent fold of records by the value policy.
//!
//! Every value a record says is a claim. Claims of a field are ordered: rank (1 typed by a person who asked or
//! checked … 6 bought list), then for key items certainty less one step per 180 days, then the newer date, then
//! the later edit or the earlier row. The greatest claim is shown. So a new record is only compared with the winners.

mod claim;
mod explain;
mod winners;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde_json::Value;

pub use explain::{Explained, LostBecause, Told, explain};
pub use winners::Winners;

use crate::registry::model::{Field, FieldShape, Part, RecordKind, Said};
use claim::Claim;

/// A record as the fold sees it.
#[derive(Debug, Clone, Copy)]
pub struct FoldRecord<'a> {
    /// Its id.
    pub id: i64,
    /// 1 (typed by a person) to 6 (bought list).
    pub rank: i32,
    /// When it was said; of a list, the day it was made.
    pub at: NaiveDateTime,
    /// How sure a key item is that says nothing about it.
    pub certainty: u8,
    /// What it said.
    pub said: &'a Said,
}

impl<'a> FoldRecord<'a> {
    /// A record of `kind`, of a list of rank `source_rank` made on `collected_on`.
    pub fn new(
        id: i64,
        kind: RecordKind,
        source_rank: i32,
        collected_on: Option<NaiveDate>,
        said_at: NaiveDateTime,
        said: &'a Said,
    ) -> Self {
        let first_hand = kind.is_first_hand();
        let listed = collected_on.map_or(said_at, |day| day.and_time(NaiveTime::MIN));
        let certainty = match kind {
            RecordKind::Edit | RecordKind::Visit => 3,
            RecordKind::Row => 1,
            _ => 2,
        };
        Self {
            id,
            rank: if first_hand { 1 } else { source_rank.max(2) },
            at: if first_hand { said_at } else { listed },
            certainty,
            said,
        }
    }

    fn claim(&self, field: Field) -> Claim {
        let said = self.said.0.get(&field);
        let certainty = (field.shape() == FieldShape::KeyItem)
            .then(|| said.and_then(|s| s.certainty).unwrap_or(self.certainty));
        let empty = said.is_none_or(|s| s.value.is_null());
        Claim {
            record: self.id,
            rank: self.rank,
            certainty,
            at: self.at,
            empty,
        }
    }

    fn folded(&self, part: Part) -> impl Iterator<Item = (Field, &'a Value)> {
        let spoken = self
            .said
            .0
            .iter()
            .map(|(field, said)| (*field, &said.value));
        spoken.filter(move |(field, _)| field.is_folded() && field.part() == part)
    }
}

/// The rank of a list, by its kind, ground and channel.
pub fn source_rank(kind: &str, channel: &str, ground: Option<&str>) -> i32 {
    match (kind, ground) {
        ("customers", _) => 2,
        (_, Some("consent" | "contract" | "inquiry")) => 3,
        (_, Some("card_exchange")) => 4,
        (_, Some("referral")) => 5,
        _ if matches!(channel, "DIST" | "GOV") => 5,
        _ => 6,
    }
}

/// Grounds, the strongest first: of several lists the best one counts.
const GROUNDS: [&str; 6] = [
    "consent",
    "contract",
    "inquiry",
    "card_exchange",
    "referral",
    "public_source",
];

/// Whether a list's ground is better than the one a person has.
pub fn is_better_ground(new: &str, had: Option<&str>) -> bool {
    let place = |ground: &str| {
        GROUNDS
            .iter()
            .position(|known| *known == ground)
            .unwrap_or(GROUNDS.len())
    };
    had.is_none_or(|had| place(new) < place(had))
}

/// Compares one more record with the winners. Answers the values that are shown from now on.
pub fn fold_in<'a>(
    winners: &mut Winners,
    record: &FoldRecord<'a>,
    part: Part,
) -> Vec<(Field, &'a Value)> {
    let mut won = Vec::new();
    for (field, value) in record.folded(part) {
        let claim = record.claim(field);
        if winners
            .claim_of(field)
            .is_none_or(|shown| claim.beats(&shown))
        {
            winners.set(field, claim);
            won.push((field, value));
        }
    }
    won
}

/// Shown values with their winners; *empty* is shown as absent.
pub type Shown = BTreeMap<Field, Value>;

/// The fold of all records.
pub fn fold<'a>(records: impl IntoIterator<Item = FoldRecord<'a>>, part: Part) -> (Winners, Shown) {
    let mut best: BTreeMap<Field, (Claim, &'a Value)> = BTreeMap::new();
    for record in records {
        for (field, value) in record.folded(part) {
            let claim = record.claim(field);
            match best.get(&field) {
                Some((shown, _)) if !claim.beats(shown) => {}
                _ => {
                    best.insert(field, (claim, value));
                }
            }
        }
    }
    let mut winners = Winners::default();
    let mut shown = Shown::new();
    for (field, (claim, value)) in best {
        winners.set(field, claim);
        if !value.is_null() {
            shown.insert(field, value.clone());
        }
    }
    (winners, shown)
}

#[cfg(test)]
mod tests;
