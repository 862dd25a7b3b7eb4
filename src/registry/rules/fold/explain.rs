//! Why a value is shown, and why the others are not.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use serde::Serialize;
use serde_json::Value;

use super::FoldRecord;
use super::claim::Claim;
use crate::registry::model::{Field, Part};

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
