//! `canvass bench`: the project measures itself, each time beside its floor — the bare statements of the same work on
//! the same machine in the same run — so that a figure means something on any machine.

mod bulk;
mod claim;
mod claim_count;
mod claim_floor;
mod fill;
mod http;
mod import;
mod import_floor;
mod mail;
mod mail_floor;
mod mail_server;
mod mail_sink;
mod measure;
mod pages;
mod pages_floor;
mod queue;
mod scratch;
mod shares;
mod synthetic;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Common;
pub(super) use shares::start_log;

#[derive(Debug, Args)]
pub(super) struct BenchArgs {
    #[command(subcommand)]
    bench: Bench,
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// A list into the registry, beside the same rows by bare statements
    Import(Size),
    /// Next call and its result by many agents at once
    Claim(Size),
    /// A mailing of personal letters with its ledger, beside a bare sender to the same server
    Mail(Size),
    /// Pages through the real server over many companies
    Pages(PagesArgs),
}

#[derive(Debug, Args)]
struct Size {
    /// Rows of the list, entries of the queue, or companies [default: as many as take about a minute]
    #[arg(long, env = "CANVASS_BENCH_ROWS")]
    rows: Option<u64>,
}

#[derive(Debug, Args)]
struct PagesArgs {
    #[command(flatten)]
    size: Size,
    /// Keep the filled database in this folder (PostgreSQL: beside the one at the address) and take it again next time
    #[arg(long, env = "CANVASS_BENCH_KEEP")]
    keep: Option<PathBuf>,
}

/// What a bench found. `ratio` is the share of the floor that was reached: 1 is as fast as the bare statements.
#[derive(Debug, Clone, Default, Serialize)]
struct Report {
    name: String,
    rows: u64,
    ours: f64,
    floor: f64,
    ratio: f64,
    unit: &'static str,
    p50_ms: f64,
    p99_ms: f64,
    peak_mb: f64,
    notes: Vec<String>,
    /// What the figures above are made of, in the same shape.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Report>,
}

pub(super) fn run(common: &Common, args: &BenchArgs) -> anyhow::Result<()> {
    let url = common.data.database.as_deref();
    let report = match &args.bench {
        Bench::Import(size) => import::run(url, size.rows.unwrap_or(import::ROWS).max(1))?,
        Bench::Claim(size) => claim::run(url, size.rows.unwrap_or(claim::ROWS).max(claim::FEWEST))?,
        Bench::Mail(size) => mail::run(url, size.rows.unwrap_or(mail::ROWS).max(mail::FEWEST))?,
        Bench::Pages(PagesArgs { size, keep }) => {
            let rows = size.rows.unwrap_or(pages::ROWS).max(pages::FEWEST);
            pages::run(url, rows, keep.as_deref())?
        }
    };
    if common.json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        report.print();
    }
    Ok(())
}

impl Report {
    fn print(&self) {
        for part in &self.parts {
            println!("  {}", part.line());
        }
        println!("{}", self.line());
        for note in &self.notes {
            println!("  {note}");
        }
    }

    fn line(&self) -> String {
        format!(
            "{}: {} rows, {:.1} {} beside a floor of {:.1} ({:.0} %), p50 {:.2} ms, p99 {:.2} ms, peak {:.0} MB",
            self.name,
            self.rows,
            self.ours,
            self.unit,
            self.floor,
            self.ratio * 100.0,
            self.p50_ms,
            self.p99_ms,
            self.peak_mb
        )
    }
}
