//! What an import has met so far, from chunk to chunk.

use std::collections::HashMap;

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
    places: Ids,
    matched: Ids,
    made: Ids,
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
            } else if !self.made.contains(root) {
                self.matched.insert(root);
            }
        }
        // A contact belongs to one company, so that its id says both.
        let place = contact.or(root.map(|root| -root));
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
        figures.companies_new = self.made.len();
        figures.companies_matched = self.matched.len();
    }
}

/// Ids, 64 to a word: those that an import makes follow each other, and a million rows have a million of them.
#[derive(Debug, Default)]
struct Ids {
    words: HashMap<i64, u64>,
}

impl Ids {
    /// True if it was not there before.
    fn insert(&mut self, id: i64) -> bool {
        let (word, bit) = place(id);
        let word = self.words.entry(word).or_default();
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    fn contains(&self, id: i64) -> bool {
        let (word, bit) = place(id);
        self.words.get(&word).is_some_and(|word| word & bit != 0)
    }

    fn len(&self) -> u64 {
        let ones = self.words.values().map(|word| u64::from(word.count_ones()));
        ones.sum()
    }
}

fn place(id: i64) -> (i64, u64) {
    (id.div_euclid(64), 1 << id.rem_euclid(64))
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn an_id_is_new_once() {
        let mut ids = Ids::default();
        for id in [1, -1, 64, 63, i64::MAX, i64::MIN] {
            assert!(!ids.contains(id) && ids.insert(id));
            assert!(ids.contains(id) && !ids.insert(id));
        }
        assert_eq!(ids.len(), 6);
    }
}
