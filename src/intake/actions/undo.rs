//! Which records go with a batch, and which stay because another import carries the row too.

use std::collections::BTreeSet;

use chrono::NaiveDateTime;

use crate::intake::model::{Batch, Figures};
use crate::intake::queries::{batches, undo};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::model::Record;

/// The next records of a batch, completed to whole companies. `None` when there are no more.
pub struct Going {
    /// Those that go.
    pub records: Vec<Record>,
    /// Where the next chunk begins: after this sheet and row.
    pub after: (i32, i32),
}

/// Looks up the next records of a batch. Those that another live batch carries move there and are not among them.
pub fn next_going(
    conn: &mut Conn,
    batch_id: i64,
    after: (i32, i32),
    limit: i64,
) -> AppResult<Option<Going>> {
    let first = undo::next(conn, batch_id, after, limit)?;
    let Some(last) = first.last() else {
        return Ok(None);
    };
    let after = (last.sheet_no.unwrap_or(0), last.row_no.unwrap_or(0));
    let companies: BTreeSet<i64> = first
        .iter()
        .filter_map(|record| record.company_id)
        .collect();
    let mut records =
        undo::of_companies(conn, batch_id, &companies.into_iter().collect::<Vec<_>>())?;
    records.extend(
        first
            .into_iter()
            .filter(|record| record.company_id.is_none()),
    );
    let ids: Vec<i64> = records.iter().map(|record| record.id).collect();
    let elsewhere = undo::carried_elsewhere(conn, batch_id, &ids)?;
    for record in &records {
        if let Some(place) = elsewhere.get(&record.id) {
            undo::move_to(conn, record.id, *place)?;
        }
    }
    records.retain(|record| !elsewhere.contains_key(&record.id));
    let going: Vec<i64> = records.iter().map(|record| record.id).collect();
    undo::forget_places(conn, &going)?;
    Ok(Some(Going { records, after }))
}

/// The batch is taken back: it carries nothing any more, its raw rows are kept.
pub fn close_undo(
    conn: &mut Conn,
    now: NaiveDateTime,
    batch: &Batch,
    figures: &Figures,
) -> AppResult<()> {
    undo::drop_carried(conn, batch.id)?;
    super::set_figures(conn, batch.id, figures)?;
    batches::count_source(conn, batch.source_id)?;
    batches::undone(conn, batch.id, now)?;
    Ok(())
}

/// An undo that stopped half-way: it may be asked for again, and goes on with what is left.
pub fn reopen_after_undo(conn: &mut Conn, batch_id: i64) -> AppResult<()> {
    batches::set_state(conn, batch_id, &["undoing"], "done")?;
    Ok(())
}
