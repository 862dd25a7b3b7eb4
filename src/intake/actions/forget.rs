//! Raw rows that nobody needs any more: what was rejected or taken back is dropped after half a year. Numbers, outcomes and
//! reasons stay, so that the figures of an import still add up.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};

use super::cleared::{BEFORE_ALL, RawRow, clear_rows};
use crate::intake::Outcome;
use crate::intake::queries::{batches, upload};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Rows are kept so long after their import ended, or was taken back.
const KEPT: TimeDelta = TimeDelta::days(180);

/// Takes one step from where the last one ended: `cursor`, empty at first. Answers where to go on; `None` when nothing
/// is overdue.
pub fn forget_rows(conn: &mut Conn, now: NaiveDateTime, cursor: &str) -> AppResult<Option<String>> {
    // Whole days, so that every step of a night means the same.
    let cutoff = (now - KEPT).date().and_time(NaiveTime::MIN);
    let (batch_id, after) = match read(cursor) {
        Some(at) => at,
        None => match batches::with_overdue_rows(conn, cutoff)? {
            Some(batch_id) => (batch_id, BEFORE_ALL),
            None => return Ok(None),
        },
    };
    let is_undone = batches::batch(conn, batch_id)?
        .undone_at
        .is_some_and(|at| at <= cutoff);
    let step = clear_rows(conn, batch_id, after, overdue(is_undone))?;
    Ok(Some(match step.last {
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

/// Rejected rows go, or all.
fn overdue(all: bool) -> impl Fn(RawRow<'_>) -> bool {
    move |row| {
        row.outcome
            .is_some_and(|one| all || one.outcome == Outcome::Rejected)
    }
}

#[cfg(test)]
mod tests {
    use super::super::cleared::without;
    use super::*;
    use crate::intake::model::{RowOutcome, pack, unpack};
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
        let (left, kept) = without((7, 1), &lines, Some(&outcomes), overdue(false))
            .expect("a chunk")
            .expect("something goes");
        assert_eq!(texts(&left), ["公司", "青禾机械", ""]);
        assert_eq!(unpack::<Vec<RowOutcome>>(&kept).expect("outcomes"), rows);
        assert_eq!(
            without((7, 1), &left, Some(&kept), overdue(false)).expect("a chunk"),
            None
        );
        let (left, _) = without((7, 1), &left, Some(&kept), overdue(true))
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
