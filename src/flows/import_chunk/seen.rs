//! What an import has met so far, from chunk to chunk.

use std::collections::{HashMap, HashSet};

use crate::intake::actions as intake;
use crate::intake::jobs::ReadRow;
use crate::intake::model::{Batch, Figures};
use crate::intake::{Outcome, ReasonCode};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::rules::placing::PlacedBy;

/// What an import has met so far. It is rebuilt from the database when an import is taken up again.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Contact of every valid row, or its company where it names nobody: the same again is a duplicate.
    places: HashSet<Place>,
    matched: HashSet<i64>,
    made: HashSet<i64>,
    /// The figures so far.
    pub figures: Figures,
}

impl Seen {
    /// What the batch has placed so far.
    pub fn of_batch(conn: &mut Conn, batch: &Batch) -> AppResult<Self> {
        let mut seen = Self {
            figures: batch.figures(),
            ..Self::default()
        };
        for (root, contact, placed_by) in intake::placed_by_batch(conn, batch.id)? {
            seen.note(
                root,
                contact,
                placed_by.as_deref() == Some(PlacedBy::New.code()),
            );
        }
        Ok(seen)
    }

    /// Notes where a row went. True if an earlier row of the file went to the same company and person.
    pub(super) fn note(&mut self, root: Option<i64>, contact: Option<i64>, is_new: bool) -> bool {
        if let Some(root) = root {
            if is_new {
                self.made.insert(root);
            } else if !self.made.contains(&root) {
                self.matched.insert(root);
            }
        }
        let place = contact.map(Place::contact).or(root.map(Place::company));
        place.is_some_and(|place| !self.places.insert(place))
    }

    /// Adds the rows of a chunk to the figures.
    pub(super) fn count(&mut self, rows: &[ReadRow], reasons: &HashMap<usize, ReasonCode>) {
        let figures = &mut self.figures;
        for (at, row) in rows.iter().enumerate() {
            match row.result.outcome {
                Outcome::Skipped(_) => figures.rows_skipped += 1,
                Outcome::Valid => {
                    figures.rows_total += 1;
                    figures.rows_valid += 1;
                    if let Some(code) = reasons.get(&at) {
                        *figures.reasons.entry(code.code().into()).or_default() += 1;
                    }
                }
                Outcome::Rejected => {
                    figures.rows_total += 1;
                    figures.rows_rejected += 1;
                    if let Some(reason) = &row.result.reason {
                        *figures
                            .reasons
                            .entry(reason.code.code().into())
                            .or_default() += 1;
                    }
                }
            }
        }
        figures.companies_new = self.made.len() as u64;
        figures.companies_matched = self.matched.len() as u64;
    }
}

/// Where a row went, in 8 bytes: a million rows have a million of them. A contact belongs to one company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Place(i64);

impl Place {
    fn contact(id: i64) -> Self {
        Self(id)
    }
    fn company(id: i64) -> Self {
        Self(-id)
    }
}
