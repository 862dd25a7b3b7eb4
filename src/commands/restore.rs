//! `canvass restore`: an archive in the place of the data, with the refusals and erasures that came after it.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::follow::index_search;
use super::{Common, PassphraseArgs};
use crate::flows;
use crate::platform::archive::Archive;

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// The archive
    file: PathBuf,
    #[command(flatten)]
    passphrase: PassphraseArgs,
}

pub(super) fn run(common: &Common, args: &RestoreArgs) -> anyhow::Result<()> {
    let target = common.data.target(&common.data.data)?;
    let archive = Archive::open(&args.file)?;
    let passphrase = args.passphrase.read()?;
    if let Some(passphrase) = &passphrase {
        archive.open_keys(passphrase, None)?;
    }
    // Who was erased after the archive is known by its keys. Those that are here stay until all is done.
    let has_keys = fs::read_dir(common.key_folder()).is_ok_and(|mut found| found.next().is_some());
    if let (Some(passphrase), false) = (&passphrase, has_keys) {
        archive.open_keys(passphrase, Some(&common.key_folder()))?;
    }
    let log = common.refusal_log(&common.data.data)?;
    let restored = flows::restore::restore(&target, &args.file, log.as_deref())?;
    let keys = match &passphrase {
        Some(passphrase) => archive.open_keys(passphrase, Some(&common.key_folder()))?,
        None => 0,
    };
    if passphrase.is_none() && archive.has_keys() {
        eprintln!(
            "canvass: the archive holds keys; without its passphrase the links in letters that were sent do not work. \
             Restore again with it, or put the keys into {}",
            common.key_folder().display()
        );
    }
    index_search(&common.open()?)?;
    if common.json {
        println!(
            "{}",
            json!({"rows": restored.rows, "refusals": restored.refusals, "erased": restored.erased, "keys": keys, "former": restored.former})
        );
        return Ok(());
    }
    println!(
        "{} rows as of {}; {} later refusals hold again; {} persons erased again; {keys} keys",
        restored.rows,
        archive.head.at.and_utc().to_rfc3339(),
        restored.refusals,
        restored.erased
    );
    if let Some(former) = restored.former {
        println!("what was there before: {}", former.display());
    }
    Ok(())
}
