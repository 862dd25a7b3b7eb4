//! `canvass check`: every invariant of the data; exit status 1 if one is broken.

use clap::Args;
use clap::builder::FalseyValueParser;

use super::Common;
use crate::flows::check::{Finding, check};
use crate::platform::check::Depth;
use crate::platform::i18n::Lang;

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Work out every row anew, not only a sample; takes minutes over a million companies
    #[arg(long, env = "CANVASS_DEEP", value_parser = FalseyValueParser::new())]
    deep: bool,
}

pub(super) fn run(common: &Common, args: &CheckArgs) -> anyhow::Result<()> {
    let depth = if args.deep { Depth::All } else { Depth::Sample };
    let findings = check(&common.open()?, depth)?;
    if common.json {
        println!("{}", serde_json::to_string(&findings)?);
    } else {
        findings.iter().for_each(print);
    }
    let broken = findings.iter().filter(|f| f.count > 0).count();
    anyhow::ensure!(
        broken == 0,
        "{broken} of {} invariants are broken; nothing was changed. Keep a copy of the data and report this",
        findings.len()
    );
    Ok(())
}

fn print(finding: &Finding) {
    let mark = if finding.count == 0 { "ok" } else { "BROKEN" };
    let sentence = Lang::En.text(&finding.key);
    println!("{mark:6} {:44} {sentence}", finding.code);
    for thing in &finding.broken {
        println!("         {thing}");
    }
    let more = finding.count - finding.broken.len() as u64;
    if more > 0 {
        println!("         and {more} more");
    }
}
