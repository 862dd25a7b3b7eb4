//! `canvass undo`: takes an import back, and says what it kept because somebody had worked on it.

use clap::Args;
use serde_json::json;

use super::follow::{index_search, run_job};
use super::{Common, actor_of};
use crate::intake::actions as intake;
use crate::platform::clock;

#[derive(Debug, Args)]
pub(super) struct UndoArgs {
    /// The batch
    batch: i64,
    /// E-mail address of who takes it back
    #[arg(long, env = "CANVASS_USER")]
    user: Option<String>,
}

pub(super) fn run(common: &Common, args: &UndoArgs) -> anyhow::Result<()> {
    let db = common.open()?;
    let actor = actor_of(&db, args.user.as_deref())?;
    let batch_id = args.batch;
    let job = db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        intake::ask_undo(conn, now, &actor, batch_id)
    })?;
    let status = run_job(&db, job, &format!("undo of batch {batch_id}"))?;
    anyhow::ensure!(
        status.state == "done",
        "the undo ended as {}: {}",
        status.state,
        status.error.unwrap_or_default()
    );
    index_search(&db)?;
    let (batch, _) = db.read_blocking(|conn| intake::batch(conn, batch_id))?;
    let figures = batch.figures();
    if common.json {
        println!(
            "{}",
            json!({
                "batch_id": batch_id,
                "file": batch.file_name,
                "records_removed": figures.records_removed,
                "companies_removed": figures.companies_removed,
                "kept": figures.kept,
            })
        );
        return Ok(());
    }
    println!(
        "batch {batch_id}: {} rows and {} companies taken back",
        figures.records_removed, figures.companies_removed
    );
    for company in figures.kept {
        println!("kept: company {company}, somebody has worked on it");
    }
    Ok(())
}
