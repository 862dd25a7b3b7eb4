//! `canvass bench import`: a list of leads through upload, reading, placing and writing, exactly as an import does it.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use super::measure::{Times, forget_peak, peak_mb, rounded};
use super::scratch::Scratch;
use super::synthetic::{Lead, mixed};
use super::{Report, import_floor, shares};
use crate::accounts::Actor;
use crate::commands::follow::{index_search, run_to_its_end};
use crate::flows::receive_file::{confirm, receive_file};
use crate::intake::actions as intake;
use crate::intake::jobs::RowStream;
use crate::intake::model::{BatchKind, NewBatch, NewSource, ReadOptions};
use crate::intake::{FileSource, Plan, RowReader};
use crate::platform::db::Db;
use crate::registry::rules::phone::{PhoneContext, read_phones};

/// Leads unless somebody says otherwise.
pub(super) const ROWS: u64 = 100_000;
/// Leads of one company.
const LEADS: u64 = 4;
/// Rows that are read ahead at a time in the passes that only read.
const AHEAD: usize = 2_000;

pub(super) fn run(url: Option<&str>, rows: u64) -> anyhow::Result<Report> {
    let scratch = Scratch::new(url, "import")?;
    let list = scratch.folder().join("leads.csv");
    write_list(&list, rows)?;
    let db = scratch.open()?;
    forget_peak();
    shares::taken();
    let (plan, took) = import(&db, &list)?;
    let (peak, spent) = (peak_mb(), shares::taken());
    let searching = Instant::now();
    index_search(&db)?;
    let searching = searching.elapsed();
    drop(db);
    let floor = import_floor::run(url, &scratch)?;
    let chunks = spent.get("chunk").cloned().unwrap_or_default();
    let ours = rows as f64 / took.as_secs_f64();
    let mut notes = vec![
        format!(
            "{}: {rows} leads of {} companies in {:.1} s, upload included",
            scratch.kind(),
            rows.div_ceil(LEADS),
            took.as_secs_f64()
        ),
        reading(&list, &plan, rows)?,
        format!("writer, s: {}", told(&spent)),
        format!(
            "behind the import: search index {:.1} s",
            searching.as_secs_f64()
        ),
        "p50 and p99: how long a chunk of rows holds the writer".to_owned(),
        format!("floor: {}", floor.about),
    ];
    notes.extend(floor.statements);
    Ok(Report {
        name: "import".into(),
        rows,
        ours: rounded(ours),
        floor: rounded(floor.rate),
        ratio: rounded(ours / floor.rate),
        unit: "leads/s",
        p50_ms: chunks.within(0.5),
        p99_ms: chunks.within(0.99),
        peak_mb: peak,
        notes,
        parts: Vec::new(),
    })
}

/// Colleagues stand together in a list, and one row of ten names a company from anywhere else in it.
fn write_list(file: &Path, rows: u64) -> anyhow::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(file)?);
    writeln!(out, "{}", Lead::HEADINGS)?;
    for row in 0..rows {
        let company = if row % 10 == 9 {
            mixed(row) % rows.div_ceil(LEADS)
        } else {
            row / LEADS
        };
        // A contact number of its own for everybody: the same mobile twice would be one person.
        writeln!(
            out,
            "{}",
            Lead::new(
                company,
                row % LEADS + LEADS * u64::from(row % 10 == 9) * (1 + row % 7)
            )
            .line()
        )?;
    }
    out.flush()?;
    Ok(())
}

/// As `canvass import` does it, without the search index behind.
fn import(db: &Db, list: &Path) -> anyhow::Result<(Plan, Duration)> {
    let new = NewBatch {
        source: NewSource {
            channel: "EXPO".into(),
            name: "bench".into(),
            cost_minor: None,
            currency: None,
            ground: Some("card_exchange".into()),
            collected_on: None,
        },
        kind: BatchKind::Leads,
        file_name: "leads.csv".into(),
        options: ReadOptions::default(),
        collected_on: None,
        correction_of: None,
    };
    let actor = Actor::system();
    let began = Instant::now();
    let batch = receive_file(db, &actor, new, std::fs::File::open(list)?)?;
    let job = confirm(db, &actor, batch.id)?;
    run_to_its_end(db, job, "import")?;
    let took = began.elapsed();
    let (batch, _) = db.read_blocking(|conn| intake::batch(conn, batch.id))?;
    let figures = batch.figures();
    anyhow::ensure!(
        figures.rows_rejected * 100 <= figures.rows_total,
        "of {} rows {} were rejected",
        figures.rows_total,
        figures.rows_rejected
    );
    let plan = batch
        .plan()
        .plan
        .ok_or_else(|| anyhow::anyhow!("the list was not read"))?;
    Ok((plan, took))
}

/// What reading costs; it happens on a thread of its own while the writer is busy with the rows before.
fn reading(list: &Path, plan: &Plan, rows: u64) -> anyhow::Result<String> {
    let source = FileSource::new(list)?;
    let timed = |work: &mut dyn FnMut() -> anyhow::Result<()>| {
        let began = Instant::now();
        work().map(|()| began.elapsed().as_secs_f64())
    };
    let decode = timed(&mut || {
        for row in RowReader::open(&source, &plan.reading)? {
            row?;
        }
        Ok(())
    })?;
    let all = timed(&mut || {
        let mut stream = RowStream::open(&source, plan.clone(), 1)?;
        while !stream.next_rows(AHEAD)?.is_empty() {}
        Ok(())
    })?;
    let phones = timed(&mut || {
        for row in 0..rows {
            let lead = Lead::new(row, 0);
            read_phones(&lead.mobile, &PhoneContext::default());
            read_phones(&lead.switchboard, &PhoneContext::default());
        }
        Ok(())
    })?;
    Ok(format!(
        "reader, beside the writer, s: decode {decode:.2}, rows {:.2}, of which phones about {phones:.2}",
        all - decode
    ))
}

/// Seconds by what they were spent on, the most first.
fn told(spent: &BTreeMap<&'static str, Times>) -> String {
    let mut parts: Vec<(&str, f64)> = spent
        .iter()
        .map(|(name, times)| (*name, times.total().as_secs_f64()))
        .collect();
    parts.sort_by(|a, b| b.1.total_cmp(&a.1));
    let parts: Vec<String> = parts
        .iter()
        .map(|(name, seconds)| format!("{name} {seconds:.2}"))
        .collect();
    parts.join(", ")
}
