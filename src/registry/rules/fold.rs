//! Which of several values is shown: a pure, order-independent fold of records by the value policy.
//!
//! Every value a record says is a claim. Claims of a field are ordered: rank (1 typed by a person who asked or
//! checked … 6 bought list), then for key items certainty less one step per 180 days, then the newer date, then
//! the later edit or the earlier row. The greatest claim is shown. So a new record is only compared with the winners.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::registry::model::{Field, FieldShape, Part, RecordKind, Said};

/// Certainty loses one step in this many seconds.
const STEP_SECONDS: i64 = 180 * 86_400;

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

/// One value's standing against the others of its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Claim {
    record: i64,
    rank: i32,
    certainty: Option<u8>,
    at: NaiveDateTime,
    empty: bool,
}

impl Claim {
    /// Linear in time, so the order of two claims does not depend on the day of the comparison.
    fn sureness(&self) -> i64 {
        self.certainty.map_or(0, |c| {
            i64::from(c) * STEP_SECONDS + self.at.and_utc().timestamp()
        })
    }
    fn order(&self, other: &Self) -> Ordering {
        other
            .rank
            .cmp(&self.rank)
            .then(self.sureness().cmp(&other.sureness()))
            .then(self.at.cmp(&other.at))
            .then_with(|| {
                // Of two edits in one instant the later counts; of two rows of one day the first stays, so that a
                // long list does not rewrite its own companies row by row.
                let later = self.record.cmp(&other.record);
                if self.rank == 1 {
                    later
                } else {
                    later.reverse()
                }
            })
    }
    fn beats(&self, other: &Self) -> bool {
        self.order(other) == Ordering::Greater
    }
}

/// The winning records of a company, person or contact, grouped by record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Winners(Vec<Winner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Winner {
    claim: Claim,
    /// Field, and whether it says *empty*.
    fields: BTreeMap<Field, bool>,
}

#[derive(Serialize, Deserialize)]
struct StoredWinner {
    record: i64,
    rank: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    certainty: Option<u8>,
    date: String,
    fields: String,
}

impl Winners {
    /// As stored in the column `winners`.
    pub fn to_json(&self) -> String {
        let stored = self.0.iter().map(|winner| StoredWinner {
            record: winner.claim.record,
            rank: winner.claim.rank,
            certainty: winner.claim.certainty,
            date: short(winner.claim.at),
            fields: winner
                .fields
                .iter()
                .map(|(field, empty)| format!("{}{}", if *empty { "-" } else { "" }, field.code()))
                .collect::<Vec<_>>()
                .join(" "),
        });
        serde_json::to_string(&stored.collect::<Vec<_>>()).expect("plain values are JSON")
    }

    /// From the column.
    pub fn from_json(text: &str) -> Self {
        let stored: Vec<StoredWinner> = serde_json::from_str(text).unwrap_or_default();
        Self(
            stored
                .into_iter()
                .filter_map(|winner| {
                    let at = long(&winner.date)?;
                    let fields = winner.fields.split(' ').filter_map(|code| {
                        let bare = code.trim_start_matches('-');
                        Some((Field::from_code(bare)?, bare.len() < code.len()))
                    });
                    let claim = Claim {
                        record: winner.record,
                        rank: winner.rank,
                        certainty: winner.certainty,
                        at,
                        empty: false,
                    };
                    Some(Winner {
                        claim,
                        fields: fields.collect(),
                    })
                })
                .collect(),
        )
    }

    /// The record a shown value comes from.
    pub fn record_of(&self, field: Field) -> Option<i64> {
        self.claim_of(field).map(|claim| claim.record)
    }

    /// A value is shown for this field.
    pub fn shows(&self, field: Field) -> bool {
        self.claim_of(field).is_some_and(|claim| !claim.empty)
    }

    /// Every record that shows something.
    pub fn records(&self) -> Vec<i64> {
        let mut ids: Vec<i64> = self.0.iter().map(|winner| winner.claim.record).collect();
        ids.dedup();
        ids
    }

    fn claim_of(&self, field: Field) -> Option<Claim> {
        self.0.iter().find_map(|winner| {
            winner.fields.get(&field).map(|empty| Claim {
                empty: *empty,
                ..winner.claim
            })
        })
    }

    fn set(&mut self, field: Field, claim: Claim) {
        for winner in &mut self.0 {
            winner.fields.remove(&field);
        }
        self.0.retain(|winner| !winner.fields.is_empty());
        let key = (claim.record, claim.certainty);
        match self
            .0
            .binary_search_by_key(&key, |w| (w.claim.record, w.claim.certainty))
        {
            Ok(at) => {
                self.0[at].fields.insert(field, claim.empty);
            }
            Err(at) => {
                let fields = BTreeMap::from([(field, claim.empty)]);
                self.0.insert(
                    at,
                    Winner {
                        claim: Claim {
                            empty: false,
                            ..claim
                        },
                        fields,
                    },
                );
            }
        }
    }
}

fn short(at: NaiveDateTime) -> String {
    if at.time() == NaiveTime::MIN {
        at.date().to_string()
    } else {
        at.format("%Y-%m-%dT%H:%M:%S%.f").to_string()
    }
}

fn long(text: &str) -> Option<NaiveDateTime> {
    text.parse::<NaiveDate>()
        .map(|day| day.and_time(NaiveTime::MIN))
        .or_else(|_| text.parse())
        .ok()
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

/// Why a value is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LostBecause {
    /// The shown one comes from a better kind of source.
    LowerRank,
    /// Whoever said the shown one was surer, age considered.
    LessCertain,
    /// The shown list is newer.
    OlderDate,
    /// Somebody typed another value later.
    OlderEdit,
    /// Another row of the same day said it first.
    SameDay,
    /// It says the same as the shown one.
    Agrees,
}

/// One claim of a field, for the page that explains a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The record.
    pub record: i64,
    /// The value; `null` = empty on purpose.
    pub value: Value,
    /// Its rank.
    pub rank: i32,
    /// Its certainty, for key items.
    pub certainty: Option<u8>,
    /// When it was said.
    pub at: NaiveDateTime,
}

/// A field's shown value with all others that lost.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The field.
    pub field: Field,
    /// What is shown.
    pub shown: Told,
    /// What lost, best first, and why.
    pub lost: Vec<(Told, LostBecause)>,
}

/// Explains every folded field of a part: shown value, losers, reasons.
pub fn explain<'a>(
    records: impl IntoIterator<Item = FoldRecord<'a>>,
    part: Part,
) -> Vec<Explained> {
    let mut claims: BTreeMap<Field, Vec<(Claim, &'a Value)>> = BTreeMap::new();
    for record in records {
        for (field, value) in record.folded(part) {
            claims
                .entry(field)
                .or_default()
                .push((record.claim(field), value));
        }
    }
    let explained = claims.into_iter().filter_map(|(field, mut of_field)| {
        of_field.sort_by(|a, b| b.0.order(&a.0));
        let mut told = of_field.into_iter();
        let (best, value) = told.next()?;
        let lost =
            told.map(|(claim, other)| (tell(&claim, other), because(&claim, other, &best, value)));
        Some(Explained {
            field,
            shown: tell(&best, value),
            lost: lost.collect(),
        })
    });
    explained.collect()
}

fn tell(claim: &Claim, value: &Value) -> Told {
    Told {
        record: claim.record,
        value: value.clone(),
        rank: claim.rank,
        certainty: claim.certainty,
        at: claim.at,
    }
}

fn because(lost: &Claim, lost_value: &Value, best: &Claim, value: &Value) -> LostBecause {
    if lost_value == value {
        LostBecause::Agrees
    } else if lost.rank != best.rank {
        LostBecause::LowerRank
    } else if lost.certainty != best.certainty && lost.at >= best.at {
        LostBecause::LessCertain
    } else if best.rank == 1 {
        LostBecause::OlderEdit
    } else if lost.at == best.at {
        LostBecause::SameDay
    } else {
        LostBecause::OlderDate
    }
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;
