//! `canvass rows`: every row of an import with what became of it, as CSV.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Args;

use super::Common;
use crate::intake::actions as intake;
use crate::platform::db::Db;

#[derive(Debug, Args)]
pub(super) struct RowsArgs {
    /// Batches to report
    #[arg(required = true)]
    batches: Vec<i64>,
    /// Write to this file instead of standard output
    #[arg(long, env = "CANVASS_OUT")]
    out: Option<PathBuf>,
}

const HEADER: [&str; 8] = [
    "file",
    "sheet",
    "row_no",
    "outcome",
    "reason_code",
    "company_key",
    "contact_key",
    "phone_e164",
];

pub(super) fn run(common: &Common, args: &RowsArgs) -> anyhow::Result<()> {
    let db = common.open()?;
    let out: Box<dyn Write> = match &args.out {
        Some(file) => Box::new(BufWriter::new(File::create(file)?)),
        None => Box::new(std::io::stdout().lock()),
    };
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(HEADER)?;
    for batch in &args.batches {
        write_batch(&db, *batch, &mut csv)?;
    }
    csv.flush()?;
    Ok(())
}

fn write_batch(db: &Db, batch_id: i64, csv: &mut csv::Writer<impl Write>) -> anyhow::Result<()> {
    let (batch, _) = db.read_blocking(|conn| intake::batch(conn, batch_id))?;
    let mut after = (-1, -1);
    while let Some((next, rows)) =
        db.read_blocking(|conn| intake::report_after(conn, batch_id, after))?
    {
        after = next;
        for row in rows {
            let reason = row
                .outcome
                .reason
                .as_ref()
                .map_or("", |reason| reason.code.code());
            let id = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
            csv.write_record([
                batch.file_name.as_str(),
                &row.sheet_no.to_string(),
                &row.outcome.row_no.to_string(),
                row.outcome_code(),
                reason,
                &id(row.company),
                &id(row.person),
                &row.phones().join("|"),
            ])?;
        }
    }
    Ok(())
}
