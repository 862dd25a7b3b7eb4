//! Raw rows whose text goes: number and outcome stay, so that the figures of an import still add up.

use crate::intake::model::{RowOutcome, pack, unpack};
use crate::intake::queries::raw;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Raw chunks of one step.
const CHUNKS: i64 = 20;
/// Sheet and first row before every chunk of a batch.
pub(super) const BEFORE_ALL: (i32, i32) = (-1, -1);

/// A raw row that may go.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawRow<'a> {
    /// Batch, sheet, row.
    pub place: (i64, i32, i32),
    /// As it was sent.
    pub text: &'a str,
    /// What became of it, where that is known.
    pub outcome: Option<&'a RowOutcome>,
}

/// One step through the rows of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// Sheet and first row of the last chunk; none where there was none behind.
    pub last: Option<(i32, i32)>,
    /// A text has gone.
    pub is_changed: bool,
}

/// Takes out the text of rows in the next chunks of a batch.
pub(super) fn clear_rows(
    conn: &mut Conn,
    batch_id: i64,
    after: (i32, i32),
    goes: impl Fn(RawRow<'_>) -> bool,
) -> AppResult<Step> {
    let mut step = Step {
        last: None,
        is_changed: false,
    };
    for (sheet, first_row, lines, outcomes) in raw::chunks_after(conn, batch_id, after, CHUNKS)? {
        let sheet_of = (batch_id, sheet);
        if let Some((lines, outcomes)) = without(sheet_of, &lines, outcomes.as_deref(), &goes)? {
            raw::replace(conn, (batch_id, sheet, first_row), lines, outcomes)?;
            step.is_changed = true;
        }
        step.last = Some((sheet, first_row));
    }
    Ok(step)
}

/// A chunk of a sheet without the text of some rows; `None` if there is nothing to take out.
pub(super) fn without(
    (batch_id, sheet): (i64, i32),
    lines: &[u8],
    outcomes: Option<&[u8]>,
    goes: impl Fn(RawRow<'_>) -> bool,
) -> AppResult<Option<(Vec<u8>, Vec<u8>)>> {
    let mut lines: Vec<(u64, String)> = unpack(lines)?;
    let mut outcomes: Vec<RowOutcome> = outcomes.map(unpack).transpose()?.unwrap_or_default();
    let mut is_changed = false;
    for (at, (row_no, text)) in lines.iter_mut().enumerate() {
        let row = RawRow {
            place: (batch_id, sheet, i32::try_from(*row_no).unwrap_or(i32::MAX)),
            text,
            outcome: outcomes.get(at),
        };
        if text.is_empty() || !goes(row) {
            continue;
        }
        text.clear();
        if let Some(outcome) = outcomes.get_mut(at) {
            outcome.dropped.clear();
            if let Some(reason) = &mut outcome.reason {
                reason.value = None;
            }
        }
        is_changed = true;
    }
    Ok(match is_changed {
        true => Some((pack(&lines)?, pack(&outcomes)?)),
        false => None,
    })
}
