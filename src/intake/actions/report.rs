//! The rows of a batch with what became of them, chunk by chunk.

use std::collections::HashMap;

use crate::intake::model::{RowOutcome, unpack};
use crate::intake::queries::raw;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::model::{Field, Said, SaidPoint};

/// A row as it came, what became of it, and where its record stands now.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedRow {
    /// Sheet, from 1.
    pub sheet_no: i32,
    /// The line or cells, verbatim.
    pub raw: String,
    /// What became of it.
    pub outcome: RowOutcome,
    /// Root of its company.
    pub company: Option<i64>,
    /// Root of its person.
    pub person: Option<i64>,
    /// What its record said.
    pub said: Option<Said>,
}

impl ReportedRow {
    /// `valid`, `rejected`, `skipped`.
    pub fn outcome_code(&self) -> &'static str {
        match self.outcome.outcome {
            crate::intake::Outcome::Valid => "valid",
            crate::intake::Outcome::Rejected => "rejected",
            crate::intake::Outcome::Skipped(_) => "skipped",
        }
    }
    /// Its text was dropped, because nobody needs it any more.
    pub fn is_forgotten(&self) -> bool {
        let has_text = matches!(self.outcome_code(), "valid" | "rejected");
        has_text && self.outcome.row_no > 0 && self.raw.is_empty()
    }
    /// The numbers its record said, with extensions, each once.
    pub fn phones(&self) -> Vec<String> {
        self.said.as_ref().map(phones_of).unwrap_or_default()
    }
}

/// The numbers of a record, with extensions; a switchboard is not named beside its own extension.
pub fn phones_of(said: &Said) -> Vec<String> {
    let numbers = [Field::Mobile, Field::DeskPhone, Field::Phone];
    let mut found: Vec<(String, String)> = Vec::new();
    for point in SaidPoint::of(said)
        .into_iter()
        .filter(|point| numbers.contains(&point.field))
    {
        if !found.iter().any(|(value, _)| *value == point.value) {
            let full = point.ext.as_ref().map_or_else(
                || point.value.clone(),
                |ext| format!("{};ext={ext}", point.value),
            );
            found.push((point.value, full));
        }
    }
    found.into_iter().map(|(_, full)| full).collect()
}

/// The rows of one raw chunk after `(sheet, first row of the chunk before)`, with the position to go on from.
/// `None` at the end.
#[allow(clippy::type_complexity)] // rows and where to go on
pub fn report_after(
    conn: &mut Conn,
    batch_id: i64,
    after: (i32, i32),
) -> AppResult<Option<((i32, i32), Vec<ReportedRow>)>> {
    let Some((sheet_no, first_row, packed, outcomes)) =
        raw::chunks_after(conn, batch_id, after, 1)?
            .into_iter()
            .next()
    else {
        return Ok(None);
    };
    let lines: Vec<(u64, String)> = unpack(&packed)?;
    let outcomes: Vec<RowOutcome> = outcomes
        .map(|packed| unpack(&packed))
        .transpose()?
        .unwrap_or_default();
    let last = lines.last().map_or(first_row, |(row, _)| {
        i32::try_from(*row).unwrap_or(i32::MAX)
    });
    let placed = raw::placed(conn, batch_id, sheet_no, (first_row, last))?;
    let mut placed: HashMap<i32, raw::Placed> = placed
        .into_iter()
        .map(|placed| (placed.0, placed))
        .collect();
    let rows = lines
        .into_iter()
        .zip(outcomes)
        .map(|((row_no, raw), outcome)| {
            let place = i32::try_from(row_no)
                .ok()
                .and_then(|row| placed.remove(&row));
            let (company, person, said) = match place {
                Some((_, company, person, said)) => (company, person, Some(Said::from_json(&said))),
                None => (None, None, None),
            };
            ReportedRow {
                sheet_no,
                raw,
                outcome,
                company,
                person,
                said,
            }
        });
    Ok(Some(((sheet_no, first_row), rows.collect())))
}
