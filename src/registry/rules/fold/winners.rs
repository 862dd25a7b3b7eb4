//! Which record each shown value comes from, as kept in the column `winners`.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};

use super::claim::Claim;
use crate::registry::model::Field;

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

    pub(super) fn claim_of(&self, field: Field) -> Option<Claim> {
        self.0.iter().find_map(|winner| {
            winner.fields.get(&field).map(|empty| Claim {
                empty: *empty,
                ..winner.claim
            })
        })
    }

    pub(super) fn set(&mut self, field: Field, claim: Claim) {
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
