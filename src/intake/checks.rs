//! What must always hold of imports, their rows and their files.

use std::collections::{BTreeSet, HashMap};

use super::Outcome;
use super::model::{BatchState, Figures, RowOutcome, unpack};
use super::queries::{invariants as queries, raw};
use crate::platform::check::{Broken, Depth, Invariant};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Invariants of this area.
pub const INVARIANTS: &[Invariant] = &[
    Invariant::work("intake.row_has_record", rows_and_records),
    Invariant::query(
        "intake.row_placed_once",
        "SELECT 'batch ' || batch_id || ' row ' || row_no FROM record WHERE batch_id IS NOT NULL \
         GROUP BY batch_id, sheet_no, row_no HAVING count(*) > 1 \
         UNION ALL SELECT 'batch ' || o.batch_id || ' row ' || o.row_no FROM record_batch o \
         JOIN record r ON r.batch_id = o.batch_id AND r.sheet_no = o.sheet_no AND r.row_no = o.row_no",
    ),
    Invariant::work("intake.figures_add_up", wrong_figures),
    Invariant::query(
        "intake.record_source",
        "SELECT 'record ' || r.id FROM record r JOIN batch b ON b.id = r.batch_id WHERE r.source_id IS NULL OR r.source_id <> b.source_id \
         UNION ALL SELECT 'record ' || r.id FROM record_batch o JOIN batch b ON b.id = o.batch_id JOIN record r ON r.id = o.record_id \
         WHERE r.source_id IS NULL OR r.source_id <> b.source_id",
    ),
    Invariant::query(
        "intake.undone_is_gone",
        "SELECT 'record ' || r.id FROM batch b JOIN record r ON r.batch_id = b.id WHERE b.state = 'undone' \
         AND NOT EXISTS (SELECT 1 FROM company c JOIN company h ON h.id = c.root_id WHERE c.id = r.company_id AND ((c.flags | h.flags) & 64) <> 0) \
         AND NOT EXISTS (SELECT 1 FROM call k WHERE k.contact_id = r.contact_id) \
         AND NOT EXISTS (SELECT 1 FROM record x WHERE x.contact_id = r.contact_id AND x.batch_id IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM contact t JOIN touch u ON u.person_id = t.person_id WHERE t.id = r.contact_id) \
         AND NOT EXISTS (SELECT 1 FROM contact t JOIN lease l ON l.person_id = t.person_id WHERE t.id = r.contact_id) \
         AND NOT EXISTS (SELECT 1 FROM contact t JOIN consent n ON n.person_id = t.person_id WHERE t.id = r.contact_id) \
         AND NOT EXISTS (SELECT 1 FROM contact t JOIN person p ON p.id = t.person_id WHERE t.id = r.contact_id AND (p.refused <> 0 OR p.merged_into IS NOT NULL))",
    ),
    Invariant::query(
        "intake.undone_carries_nothing",
        "SELECT 'batch ' || b.id || ' row ' || o.row_no FROM batch b JOIN record_batch o ON o.batch_id = b.id WHERE b.state = 'undone' \
         UNION ALL SELECT 'suppression ' || o.suppression_id FROM batch b JOIN suppression_origin o ON o.batch_id = b.id \
         WHERE b.state = 'undone' AND o.withdrawn_at IS NULL",
    ),
    Invariant::query(
        "intake.working_has_job",
        "SELECT 'batch ' || b.id FROM batch b WHERE b.state IN ('queued','running','undoing') AND NOT EXISTS \
         (SELECT 1 FROM job j WHERE j.id = b.job_id AND j.state IN ('queued','running'))",
    ),
    Invariant::query(
        "intake.settled_has_time",
        "SELECT 'batch ' || id FROM batch WHERE (state IN ('done','failed','cancelled') AND finished_at IS NULL) \
         OR (state = 'undone') <> (undone_at IS NOT NULL)",
    ),
    Invariant::query(
        "intake.upload_whole",
        "SELECT 'batch ' || b.id FROM batch b WHERE b.state IN ('queued','running') AND NOT EXISTS \
         (SELECT 1 FROM upload_chunk u WHERE u.batch_id = b.id AND u.no = 0) \
         UNION ALL SELECT 'batch ' || batch_id FROM upload_chunk GROUP BY batch_id HAVING min(no) <> 0 OR max(no) <> count(*) - 1",
    ),
    Invariant::query(
        "intake.correction_same_source",
        "SELECT 'batch ' || b.id FROM batch b LEFT JOIN batch c ON c.id = b.correction_of \
         WHERE b.correction_of IS NOT NULL AND (c.source_id IS NULL OR c.source_id <> b.source_id)",
    ),
];

/// Kept lines without an outcome, and valid rows of a live import that not exactly one record carries.
fn rows_and_records(conn: &mut Conn, depth: Depth) -> AppResult<Broken> {
    let mut broken = Broken::default();
    for (batch_id, state) in queries::states(conn)? {
        let is_live = BatchState::parse(&state).is_live();
        for (sheet, first_row) in queries::chunks_of(conn, batch_id, depth)? {
            let Some((_, _, lines, outcomes)) = raw::chunk_with(conn, batch_id, sheet, first_row)?
            else {
                continue;
            };
            let lines: Vec<(u64, String)> = unpack(&lines).unwrap_or_default();
            let outcomes: Vec<RowOutcome> = outcomes
                .and_then(|packed| unpack(&packed).ok())
                .unwrap_or_default();
            let numbers = lines.iter().map(|(no, _)| *no);
            if !numbers.eq(outcomes.iter().map(|row| row.row_no)) {
                broken.add(|| format!("batch {batch_id} rows from {first_row}"));
                continue;
            }
            if is_live {
                for row in rows_unlike(conn, batch_id, sheet, &outcomes)? {
                    broken.add(|| format!("batch {batch_id} row {row}"));
                }
            }
        }
    }
    Ok(broken)
}

/// Rows that are valid but have no record, or have one but are not valid.
fn rows_unlike(
    conn: &mut Conn,
    batch_id: i64,
    sheet: i32,
    outcomes: &[RowOutcome],
) -> AppResult<Vec<i32>> {
    let number = |row: &RowOutcome| i32::try_from(row.row_no).unwrap_or(i32::MAX);
    let valid = outcomes.iter().filter(|row| row.outcome == Outcome::Valid);
    let valid: BTreeSet<i32> = valid.map(number).collect();
    let (Some(first), Some(last)) = (outcomes.first(), outcomes.last()) else {
        return Ok(Vec::new());
    };
    let placed = raw::placed(conn, batch_id, sheet, (number(first), number(last)))?;
    let placed: BTreeSet<i32> = placed.into_iter().map(|(row, ..)| row).collect();
    Ok(valid.symmetric_difference(&placed).copied().collect())
}

/// Imports whose figures are not those of their rows.
fn wrong_figures(conn: &mut Conn, _depth: Depth) -> AppResult<Broken> {
    let lines: HashMap<i64, i64> = queries::lines(conn)?.into_iter().collect();
    let records: HashMap<i64, i64> = queries::rows_placed(conn)?.into_iter().collect();
    let mut broken = Broken::default();
    for (id, state, figures) in queries::figures(conn)? {
        let figures: Figures = figures
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        let of =
            |all: &HashMap<i64, i64>| all.get(&id).map_or(0, |n| u64::try_from(*n).unwrap_or(0));
        let refused = figures.reasons.iter();
        let refused = refused.filter(|(code, _)| *code != "duplicate_in_file");
        let is_live = BatchState::parse(&state).is_live();
        let adds_up = figures.rows_total == figures.rows_valid + figures.rows_rejected
            && figures.rows_rejected == refused.map(|(_, n)| n).sum::<u64>()
            && figures.rows_total + figures.rows_skipped == of(&lines)
            && (!is_live || figures.rows_valid == of(&records));
        if !adds_up {
            broken.add(|| {
                format!(
                    "batch {id}: {} lines, {} valid, {} rejected, {} skipped, {} records",
                    of(&lines),
                    figures.rows_valid,
                    figures.rows_rejected,
                    figures.rows_skipped,
                    of(&records)
                )
            });
        }
    }
    Ok(broken)
}
