//! The rows of an upload as a stream that can be taken up again where it stopped.

use super::decode::source::ByteSource;
use super::{
    Carry, Ordinals, Outcome, Plan, RawRow, RowReader, RowResult, Unreadable, evaluate, row_key,
};
use crate::platform::error::AppResult;

/// A row with what became of it.
#[derive(Debug, Clone)]
pub struct ReadRow {
    /// As it came.
    pub raw: RawRow,
    /// What becomes of it.
    pub result: RowResult,
    /// What makes it the same row when the list comes again; valid rows only.
    pub key: Option<(i64, i64)>,
}

/// Reads, judges and numbers rows in the order of the file.
pub struct RowStream {
    reader: RowReader,
    plan: Plan,
    source_id: i64,
    carry: Carry,
    ordinals: Ordinals,
    /// Rows read so far, skipped ones too.
    pub consumed: u64,
}

impl RowStream {
    /// Starts at the first row.
    pub fn open(list: &dyn ByteSource, plan: Plan, source_id: i64) -> Result<Self, Unreadable> {
        let reader = RowReader::open(list, &plan.reading)?;
        Ok(Self {
            reader,
            plan,
            source_id,
            carry: Carry::default(),
            ordinals: Ordinals::default(),
            consumed: 0,
        })
    }

    /// Goes over rows that an earlier run has taken.
    pub fn skip_to(&mut self, consumed: u64) -> AppResult<()> {
        while self.consumed < consumed {
            if self.next_row()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// The next rows, at most `limit`; fewer only at the end.
    pub fn next_rows(&mut self, limit: usize) -> AppResult<Vec<ReadRow>> {
        let mut rows = Vec::with_capacity(limit.min(5_000));
        while rows.len() < limit {
            let Some(row) = self.next_row()? else { break };
            rows.push(row);
        }
        Ok(rows)
    }

    fn next_row(&mut self) -> AppResult<Option<ReadRow>> {
        let Some(raw) = self.reader.next() else {
            return Ok(None);
        };
        let raw = raw.map_err(anyhow::Error::from)?;
        self.consumed += 1;
        let result = evaluate(&raw, &self.plan, &mut self.carry);
        let is_data = !matches!(result.outcome, Outcome::Skipped(_));
        let key = is_data.then(|| {
            let headings = self
                .plan
                .sheet(raw.sheet_no)
                .map(|sheet| sheet.headings.as_slice())
                .unwrap_or_default();
            let ordinal = self.ordinals.next(&raw, headings);
            row_key(self.source_id, &raw, headings, ordinal)
        });
        let key = key.filter(|_| result.outcome == Outcome::Valid);
        Ok(Some(ReadRow { raw, result, key }))
    }
}
