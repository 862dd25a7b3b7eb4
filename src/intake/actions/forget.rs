//! Raw rows that nobody needs any more: what was rejected or taken back is dropped after half a year. Numbers, outcomes and
//! reasons stay, so that the figures of an import still add up.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};

use crate::intake::Outcome;
use crate::intake::model::{RowOutcome, pack, unpack};
use crate::intake::queries::{batches, raw, upload};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Rows are kept so long after their import ended, or was taken back.
const KEPT: TimeDelta = TimeDelta::days(180);
/// Raw chunks of one transaction.
const CHUNKS: i64 = 20;

/// Takes one step from where the last one ended: `cursor`, empty at first. Answers where to go on; `None` when nothing
/// is overdue.
pub fn forget_rows(conn: &mut Conn, now: NaiveDateTime, cursor: &str) -> AppResult<Option<String>> {
    // Whole days, so that every step of a night means the same.
    let cutoff = (now - KEPT).date().and_time(NaiveTime::MIN);
    let (batch_id, after) = match read(cursor) {
        Some(at) => at,
        None => match batches::with_overdue_rows(conn, cutoff)? {
            Some(batch_id) => (batch_id, (-1, -1)),
            None => return Ok(None),
        },
    };
    let is_undone = batches::batch(conn, batch_id)?
        .undone_at
        .is_some_and(|at| at <= cutoff);
    let mut last = None;
    for (sheet_no, first_row, lines, outcomes) in raw::chunks_after(conn, batch_id, after, CHUNKS)?
    {
        if let Some((lines, outcomes)) = without(&lines, outcomes.as_deref(), is_undone)? {
            raw::replace(conn, (batch_id, sheet_no, first_row), lines, outcomes)?;
        }
        last = Some((sheet_no, first_row));
    }
    Ok(Some(match last {
        Some((sheet_no, first_row)) => format!("{batch_id}.{sheet_no}.{first_row}"),
        None => {
            batches::rows_dropped(conn, batch_id, cutoff)?;
            // The file as it was sent holds them as well, and nobody reads it any more.
            upload::remove(conn, batch_id)?;
            String::new()
        }
    }))
}

fn read(cursor: &str) -> Option<(i64, (i32, i32))> {
    let mut parts = cursor.split('.');
    let batch_id = parts.next()?.parse().ok()?;
    let sheet_no = parts.next()?.parse().ok()?;
    Some((batch_id, (sheet_no, parts.next()?.parse().ok()?)))
}

/// A chunk without the text of its rejected rows, or of all; `None` if it is so already.
fn without(
    lines: &[u8],
    outcomes: Option<&[u8]>,
    all: bool,
) -> AppResult<Option<(Vec<u8>, Vec<u8>)>> {
    let mut lines: Vec<(u64, String)> = unpack(lines)?;
    let mut outcomes: Vec<RowOutcome> = outcomes.map(unpack).transpose()?.unwrap_or_default();
    let mut is_changed = false;
    for ((_, text), row) in lines.iter_mut().zip(&mut outcomes) {
        if !text.is_empty() && (all || row.outcome == Outcome::Rejected) {
            text.clear();
            row.dropped.clear();
            if let Some(reason) = &mut row.reason {
                reason.value = None;
            }
            is_changed = true;
        }
    }
    Ok(match is_changed {
        true => Some((pack(&lines)?, pack(&outcomes)?)),
        false => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{Note, SkipKind};

    fn row(row_no: u64, outcome: Outcome) -> RowOutcome {
        RowOutcome {
            row_no,
            outcome,
            reason: None,
            dropped: Vec::new(),
            notes: vec![Note::Ditto],
        }
    }

    fn texts(packed: &[u8]) -> Vec<String> {
        let lines: Vec<(u64, String)> = unpack(packed).expect("lines");
        lines.into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn the_text_of_a_rejected_row_goes_and_its_outcome_stays() {
        let lines = [(1, "公司"), (2, "青禾机械"), (3, "无人")];
        let rows = [
            row(1, Outcome::Skipped(SkipKind::Header)),
            row(2, Outcome::Valid),
            row(3, Outcome::Rejected),
        ];
        let (lines, outcomes) = (pack(&lines).expect("fine"), pack(&rows).expect("fine"));
        let (left, kept) = without(&lines, Some(&outcomes), false)
            .expect("a chunk")
            .expect("something goes");
        assert_eq!(texts(&left), ["公司", "青禾机械", ""]);
        assert_eq!(unpack::<Vec<RowOutcome>>(&kept).expect("outcomes"), rows);
        assert_eq!(without(&left, Some(&kept), false).expect("a chunk"), None);
        let (left, _) = without(&left, Some(&kept), true)
            .expect("a chunk")
            .expect("the rest goes");
        assert_eq!(texts(&left), ["", "", ""]);
    }

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        assert_eq!(read("7.1.501"), Some((7, (1, 501))));
        assert_eq!(read(""), None);
    }
}
