//! What a chunk of rows leaves behind beside its records: raw lines, outcomes, figures.

use std::collections::HashMap;

use chrono::NaiveDateTime;

use super::erase::forget_repeated;
use crate::intake::RawRow;
use crate::intake::model::{Figures, RowOutcome, StoredPlan, pack};
use crate::intake::queries::{batches, known, raw};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::log::{Change, changed};

pub use crate::intake::queries::known::{Carried as CarriedRow, KnownRow, Placed};

/// Lines in a raw chunk.
const LINES: usize = 500;

/// A row that was read, with what became of it.
#[derive(Debug)]
pub struct Taken<'a> {
    /// As it came.
    pub raw: &'a RawRow,
    /// What became of it.
    pub outcome: RowOutcome,
}

/// Keeps lines and outcomes, compressed, 500 together.
pub fn write_rows(conn: &mut Conn, batch_id: i64, rows: &[Taken<'_>]) -> AppResult<()> {
    let mut chunks = Vec::new();
    for sheet in rows.chunk_by(|a, b| a.raw.sheet_no == b.raw.sheet_no) {
        for part in sheet.chunks(LINES) {
            let lines: Vec<(u64, &str)> = part
                .iter()
                .map(|row| (row.raw.row_no, row.raw.raw.as_str()))
                .collect();
            let outcomes: Vec<&RowOutcome> = part.iter().map(|row| &row.outcome).collect();
            chunks.push(raw::RawChunk {
                batch_id,
                sheet_no: small(u64::from(part[0].raw.sheet_no)),
                first_row: small(part[0].raw.row_no),
                rows: small(part.len() as u64),
                raw: pack(&lines)?,
                outcomes: Some(pack(&outcomes)?),
            });
        }
    }
    raw::insert(conn, &chunks)?;
    Ok(())
}

fn small(n: u64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// The records with these row keys.
pub fn known_rows(
    conn: &mut Conn,
    keys: &[(i64, i64)],
) -> AppResult<HashMap<(i64, i64), KnownRow>> {
    Ok(known::rows(conn, keys)?)
}

/// Rows of earlier imports gain this batch.
pub fn carry(conn: &mut Conn, rows: &[CarriedRow]) -> AppResult<()> {
    known::carry(conn, rows)?;
    Ok(())
}

/// Root, contact and evidence of everything a batch carries.
pub fn placed_by_batch(conn: &mut Conn, batch_id: i64) -> AppResult<Vec<Placed>> {
    Ok(known::placed_by_batch(conn, batch_id)?)
}

/// Stores the figures of a batch.
pub fn set_figures(conn: &mut Conn, batch_id: i64, figures: &Figures) -> AppResult<()> {
    batches::set_figures(conn, batch_id, &serde_json::to_string(figures)?)?;
    Ok(())
}

/// One change-log entry for a chunk: which batch, how many records, never a value.
pub fn log_chunk(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor_id: Option<i64>,
    batch_id: i64,
    n: usize,
) -> AppResult<()> {
    changed(
        conn,
        &Change {
            at: now,
            actor_id,
            verb: "import_rows",
            object_kind: "batch",
            object_id: Some(batch_id),
            batch_id: Some(batch_id),
            n: small(n as u64),
            ..Change::default()
        },
    )?;
    Ok(())
}

/// The file was looked at: its plan is kept, and rows begin.
pub fn start_rows(conn: &mut Conn, batch_id: i64, plan: &StoredPlan) -> AppResult<()> {
    batches::set_plan(conn, batch_id, &serde_json::to_string(plan)?)?;
    batches::set_state(conn, batch_id, &["queued", "running"], "running")?;
    Ok(())
}

/// The file cannot be read: refused as a whole, with one line that says why.
pub fn fail_unreadable(
    conn: &mut Conn,
    now: NaiveDateTime,
    batch_id: i64,
    plan: &StoredPlan,
    outcome: RowOutcome,
    figures: &Figures,
) -> AppResult<()> {
    let raw_row = RawRow::default();
    write_rows(
        conn,
        batch_id,
        &[Taken {
            raw: &raw_row,
            outcome,
        }],
    )?;
    batches::set_plan(conn, batch_id, &serde_json::to_string(plan)?)?;
    set_figures(conn, batch_id, figures)?;
    batches::finish(conn, batch_id, "failed", now)?;
    Ok(())
}

/// All rows are taken (or the import was stopped): figures, state, and the count of its source.
pub fn finish_batch(
    conn: &mut Conn,
    now: NaiveDateTime,
    batch: &crate::intake::model::Batch,
    state: &str,
    mut figures: Figures,
) -> AppResult<()> {
    if let Some(corrected) = batch.correction_of {
        figures.rows_gone =
            u64::try_from(batches::rows_gone(conn, corrected, batch.id)?).unwrap_or(0);
    }
    set_figures(conn, batch.id, &figures)?;
    batches::count_source(conn, batch.source_id)?;
    batches::finish(conn, batch.id, state, now)?;
    forget_repeated(conn, batch.id)
}
