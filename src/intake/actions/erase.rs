//! Erasing somebody from raw rows: the text of every row that is theirs goes, with the file that it came in.

use super::cleared::{BEFORE_ALL, RawRow, clear_rows};
use crate::intake::model::BatchState;
use crate::intake::queries::{batches, known, upload};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::actions::Traces;

/// Where a walk through all raw rows stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RawPlace {
    /// The batch.
    pub batch_id: i64,
    /// Sheet and first row of the last chunk.
    pub after: (i32, i32),
}

impl RawPlace {
    /// Before everything.
    pub fn first() -> Self {
        Self {
            batch_id: 0,
            after: BEFORE_ALL,
        }
    }
}

/// Takes one step; where to go on, none at the end.
pub fn erase_from_rows(
    conn: &mut Conn,
    traces: &Traces,
    place: RawPlace,
) -> AppResult<Option<RawPlace>> {
    let batch_id = match place.batch_id {
        0 => match batches::next_with_rows(conn, 0)? {
            Some(id) => id,
            None => return Ok(None),
        },
        id => id,
    };
    // Whoever takes rows from a file needs it, and writes more of them: see [`is_import_at_work`].
    let state = batches::batch(conn, batch_id)?.state();
    if matches!(state, BatchState::Queued | BatchState::Running) {
        return behind(conn, batch_id);
    }
    let step = clear_rows(conn, batch_id, place.after, |row| {
        is_theirs(traces, row.place, row.text)
    })?;
    if step.is_changed {
        // The file as it was sent holds the row as well.
        upload::remove(conn, batch_id)?;
    }
    if let Some(after) = step.last {
        return Ok(Some(RawPlace { batch_id, after }));
    }
    behind(conn, batch_id)
}

/// The rows of the next batch.
fn behind(conn: &mut Conn, batch_id: i64) -> AppResult<Option<RawPlace>> {
    let next = batches::next_with_rows(conn, batch_id)?;
    Ok(next.map(|batch_id| RawPlace {
        batch_id,
        ..RawPlace::first()
    }))
}

/// A row is theirs if a record about them came from it, if it holds a number or an address that only they have, or if it
/// names them and a company of theirs: others may be called the same.
fn is_theirs(traces: &Traces, row: (i64, i32, i32), text: &str) -> bool {
    let names_company = || {
        traces
            .company_names
            .iter()
            .any(|name| text.contains(name.as_str()))
    };
    traces.rows.binary_search(&row).is_ok()
        || traces.sought.is_in(text)
        || (traces.sought.is_named_in(text) && names_company())
}

/// A list that came again after somebody on it was erased brings nobody back; its rows about them keep no text either, and
/// its file goes. The import is through.
pub(super) fn forget_repeated(conn: &mut Conn, batch_id: i64) -> AppResult<()> {
    let rows = known::rows_of_erased(conn, batch_id)?;
    if rows.is_empty() {
        return Ok(());
    }
    let is_theirs = |row: RawRow<'_>| {
        let (_, sheet, row_no) = row.place;
        rows.binary_search(&(sheet, row_no)).is_ok()
    };
    let mut after = BEFORE_ALL;
    while let Some(last) = clear_rows(conn, batch_id, after, is_theirs)?.last {
        after = last;
    }
    upload::remove(conn, batch_id)?;
    Ok(())
}

/// Whether an import takes rows from its file: an erasure goes through all rows once more behind it.
pub fn is_import_at_work(conn: &mut Conn) -> AppResult<bool> {
    Ok(!batches::at_work(conn)?.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::cleared::without;
    use super::*;
    use crate::intake::model::{pack, unpack};
    use crate::registry::rules::sought::Sought;

    #[test]
    fn a_row_is_theirs_by_its_record_by_a_value_or_by_name_and_company() {
        let traces = Traces {
            rows: vec![(7, 1, 3)],
            company_names: vec!["苏州宏远机械有限公司".into()],
            sought: Sought {
                names: vec!["陈立群".into()],
                numbers: vec!["+8613905129876".into()],
                ..Sought::default()
            },
            ..Traces::default()
        };
        let texts = [
            (1, "公司,联系人", false),
            (2, "别家,陈立群,", false),
            (3, "什么都可以", true),
            (4, "苏州宏远机械有限公司,陈立群", true),
            (5, "别家,别人,139-0512-9876", true),
        ];
        let lines: Vec<(u64, &str)> = texts.iter().map(|(n, text, _)| (*n, *text)).collect();
        let packed = pack(&lines).expect("lines");
        let found = without((7, 1), &packed, None, |row| {
            is_theirs(&traces, row.place, row.text)
        });
        let (left, _) = found.expect("a chunk").expect("something goes");
        let left: Vec<(u64, String)> = unpack(&left).expect("lines");
        for ((_, text, is_gone), (row, now)) in texts.iter().zip(left) {
            assert_eq!(now.is_empty(), *is_gone, "{row}");
            assert!(*is_gone || now == *text);
        }
    }
}
