//! What happens to sources and batches, inside the caller's transaction.

mod cleared;
mod corrections;
mod erase;
mod forget;
mod report;
mod rows;
mod undo;

pub use corrections::{NewRow, OldRow, rows_corrected_by};
pub use erase::{RawPlace, erase_from_rows, is_import_at_work};
pub use forget::forget_rows;
pub use report::{ReportedRow, phones_of, report_after};
pub use rows::{
    CarriedRow, Taken, carry, fail_unreadable, finish_batch, known_rows, log_chunk,
    placed_by_batch, set_figures, start_rows, write_rows,
};
pub use undo::{Going, close_undo, next_going, reopen_after_undo};

use std::io::Write;

use chrono::{NaiveDate, NaiveDateTime};
use flate2::Compression;
use flate2::write::DeflateEncoder;

use crate::accounts::Actor;
use crate::consent::actions::sources::source_changed;
use crate::intake::model::{
    Batch, BatchState, NewBatch, NewSource, ReadOptions, Source, StoredPlan,
};
use crate::intake::queries::{batches, upload};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::jobs;
use crate::platform::log::{Change, changed};
use crate::platform::office::Office;
use crate::platform::settings;
use crate::registry::rules::fold::source_rank;
use crate::registry::rules::phone::Home;

/// Largest piece of an upload.
pub const PIECE: usize = 1 << 20;
/// The job that takes the rows of a batch.
pub const IMPORT_JOB: &str = "import";
/// The job that takes a batch back.
pub const UNDO_JOB: &str = "undo_import";

/// What an import or undo job works on.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub struct BatchJob {
    /// The batch.
    pub batch_id: i64,
}

/// The source of this channel and name, made where it is new. What was unknown about it is filled in.
pub fn find_or_make_source(
    conn: &mut Conn,
    now: NaiveDateTime,
    new: &NewSource,
    kind: &str,
    collected_on: NaiveDate,
) -> AppResult<Source> {
    if !Source::CHANNELS.contains(&new.channel.as_str()) {
        return Err(AppError::invalid("channel_unknown", "channel"));
    }
    if new.name.trim().is_empty() {
        return Err(AppError::invalid("source_needs_name", "source"));
    }
    let currency = match (&new.currency, new.cost_minor) {
        (None, Some(_)) => Some(settings::load::<Office>(conn)?.value.currency),
        (currency, _) => currency.clone(),
    };
    let filled = NewSource {
        currency,
        name: new.name.trim().to_owned(),
        ..new.clone()
    };
    let rank = source_rank(kind, &filled.channel, filled.ground.as_deref());
    batches::make_source(conn, now, &filled, kind, rank, collected_on)?;
    let mut source = batches::source_named(conn, &filled.channel, &filled.name)?
        .ok_or_else(AppError::not_found)?;
    if source.kind != kind {
        return Err(AppError::conflict("source_of_another_kind")
            .with("kind", &source.kind)
            .with("field", "source"));
    }
    let before = (
        source.ground.clone(),
        source.cost_minor,
        source.currency.clone(),
    );
    source.ground = source.ground.take().or_else(|| filled.ground.clone());
    source.cost_minor = filled.cost_minor.or(source.cost_minor);
    source.currency = filled.currency.clone().or_else(|| source.currency.take());
    if before
        != (
            source.ground.clone(),
            source.cost_minor,
            source.currency.clone(),
        )
    {
        source.rank = source_rank(kind, &source.channel, source.ground.as_deref());
        let cost = (source.cost_minor, source.currency.as_deref());
        batches::set_source(conn, source.id, source.ground.as_deref(), source.rank, cost)?;
        if before.0 != source.ground {
            source_changed(conn, now, source.id, None, None)?;
        }
    }
    Ok(source)
}

/// Opens an import: its source, its plan, no rows yet.
pub fn open_batch(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    new: &NewBatch,
) -> AppResult<Batch> {
    let office = settings::load::<Office>(conn)?.value;
    let today = now.and_utc().with_timezone(&office.tz()).date_naive();
    let collected_on = new
        .collected_on
        .or(new.source.collected_on)
        .unwrap_or(today);
    let source = find_or_make_source(conn, now, &new.source, new.kind.code(), collected_on)?;
    if let Some(corrected) = new.correction_of {
        let batch = batches::batch(conn, corrected)?;
        if batch.source_id != source.id {
            return Err(AppError::conflict("correction_of_another_source").with("batch", corrected));
        }
        if !batch.state().is_live() {
            return Err(AppError::conflict("correction_of_undone").with("batch", corrected));
        }
    }
    let plan = StoredPlan {
        options: ReadOptions {
            home: Home::of(&office.country),
            ..new.options.clone()
        },
        ..StoredPlan::default()
    };
    let row = batches::BatchRow {
        source_id: source.id,
        kind: new.kind.code(),
        file_name: &new.file_name,
        file_hash: Vec::new(),
        state: BatchState::Draft.code(),
        mapping: Some(serde_json::to_string(&plan)?),
        collected_on: Some(collected_on),
        correction_of: new.correction_of,
        actor_id: actor.user_id,
        started_at: now,
    };
    Ok(batches::insert_batch(conn, &row)?)
}

/// Deflates one piece of an upload, outside of any transaction.
pub fn deflate(bytes: &[u8]) -> AppResult<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).map_err(anyhow::Error::from)?;
    Ok(encoder.finish().map_err(anyhow::Error::from)?)
}

/// Stores a deflated piece of at most [`PIECE`] bytes, numbered from 0.
pub fn add_piece(
    conn: &mut Conn,
    batch_id: i64,
    no: i32,
    bytes: usize,
    body: Vec<u8>,
) -> AppResult<()> {
    upload::insert(
        conn,
        batch_id,
        no,
        i32::try_from(bytes).unwrap_or(i32::MAX),
        body,
    )?;
    Ok(())
}

/// The upload is complete; `hash` is that of the whole file.
pub fn close_upload(conn: &mut Conn, batch_id: i64, hash: Vec<u8>) -> AppResult<()> {
    batches::set_hash(conn, batch_id, hash)?;
    Ok(())
}

/// A batch with its source.
pub fn batch(conn: &mut Conn, batch_id: i64) -> AppResult<(Batch, Source)> {
    let batch = batches::batch(conn, batch_id)?;
    let source = batches::source(conn, batch.source_id)?;
    Ok((batch, source))
}

/// The source of this channel and name, if there is one.
pub fn known_source(conn: &mut Conn, channel: &str, name: &str) -> AppResult<Option<Source>> {
    Ok(batches::source_named(conn, channel, name)?)
}

/// The newest imports, older than `before` where given.
pub fn newest(conn: &mut Conn, before: Option<i64>, limit: i64) -> AppResult<Vec<(Batch, Source)>> {
    Ok(batches::batches(conn, before, limit)?)
}

/// Earlier imports of the same bytes into the same source that still count.
pub fn same_file(conn: &mut Conn, batch: &Batch) -> AppResult<Vec<i64>> {
    Ok(batches::same_file(
        conn,
        batch.source_id,
        &batch.file_hash,
        batch.id,
    )?)
}

/// Changes how a draft is read.
pub fn set_plan(conn: &mut Conn, batch_id: i64, plan: &StoredPlan) -> AppResult<()> {
    batches::set_plan(conn, batch_id, &serde_json::to_string(plan)?)?;
    Ok(())
}

/// A draft is confirmed: its job is asked for. Answers the job.
pub fn queue(conn: &mut Conn, now: NaiveDateTime, actor: &Actor, batch_id: i64) -> AppResult<i64> {
    if batches::set_state(conn, batch_id, &["draft"], "queued")? == 0 {
        return Err(AppError::conflict("batch_not_draft"));
    }
    let key = batch_id.to_string();
    let job = jobs::enqueue(
        conn,
        now,
        IMPORT_JOB,
        &BatchJob { batch_id },
        Some(&key),
        actor.user_id,
    )?;
    batches::set_job(conn, batch_id, job)?;
    log(conn, now, actor, "import", batch_id)?;
    Ok(job)
}

/// Forgets a draft as if it had never been sent.
pub fn discard_draft(conn: &mut Conn, batch_id: i64) -> AppResult<()> {
    upload::remove(conn, batch_id)?;
    batches::remove_draft(conn, batch_id)?;
    Ok(())
}

/// Asks a running import to stop after its present chunk. A draft is cancelled at once.
pub fn ask_cancel(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    batch_id: i64,
) -> AppResult<()> {
    let batch = batches::batch(conn, batch_id)?;
    match (batch.state(), batch.job_id) {
        (BatchState::Draft, _) => {
            upload::remove(conn, batch_id)?;
            batches::finish(conn, batch_id, "cancelled", now)?;
        }
        (BatchState::Queued | BatchState::Running, Some(job)) => jobs::ask_cancel(conn, job)?,
        _ => return Err(AppError::conflict("batch_settled")),
    }
    log(conn, now, actor, "cancel_import", batch_id)
}

/// Asks for an import to be taken back. Answers the job.
pub fn ask_undo(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    batch_id: i64,
) -> AppResult<i64> {
    let batch = batches::batch(conn, batch_id)?;
    if batch.state() == BatchState::Undoing
        && let Some(job) = batch.job_id
    {
        return Ok(job);
    }
    if batch.state() == BatchState::Undone {
        return Err(AppError::conflict("batch_undone"));
    }
    if !batch.state().may_be_undone() {
        return Err(AppError::conflict("batch_running"));
    }
    batches::set_state(conn, batch_id, &["done", "failed", "cancelled"], "undoing")?;
    let key = batch_id.to_string();
    let job = jobs::enqueue(
        conn,
        now,
        UNDO_JOB,
        &BatchJob { batch_id },
        Some(&key),
        actor.user_id,
    )?;
    batches::set_job(conn, batch_id, job)?;
    log(conn, now, actor, "undo_import", batch_id)?;
    Ok(job)
}

fn log(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    verb: &str,
    batch_id: i64,
) -> AppResult<()> {
    changed(
        conn,
        &Change {
            at: now,
            actor_id: actor.user_id,
            verb,
            object_kind: "batch",
            object_id: Some(batch_id),
            batch_id: Some(batch_id),
            n: 1,
            ..Change::default()
        },
    )?;
    Ok(())
}
