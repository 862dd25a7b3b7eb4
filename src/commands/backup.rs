//! `canvass backup`: everything in one file, while others work.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{Common, PassphraseArgs};
use crate::flows::refusal_log;
use crate::platform::archive;

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The file to write; one that is there is replaced
    file: PathBuf,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

pub(super) fn run(common: &Common, args: &BackupArgs) -> anyhow::Result<()> {
    let passphrase = args.passphrase.read()?;
    let db = common.open()?;
    refusal_log::identify(&db)?;
    let keys = common.key_folder();
    let written = archive::write(&db, &args.file, &keys, passphrase.as_ref())?;
    if written.keys.is_none() {
        eprintln!(
            "canvass: the keys of the links in sent letters are not in it: give a passphrase (--passphrase-file, \
             CANVASS_BACKUP_PASSPHRASE), or keep a copy of {}",
            keys.display()
        );
    }
    if common.json {
        println!(
            "{}",
            json!({"file": args.file, "at": written.at.and_utc(), "rows": written.rows, "bytes": written.bytes, "keys": written.keys})
        );
    } else {
        println!(
            "{}: {} rows, {} bytes, as of {}",
            args.file.display(),
            written.rows,
            written.bytes,
            written.at.and_utc().to_rfc3339()
        );
    }
    Ok(())
}
