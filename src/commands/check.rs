//! `canvass check`: every invariant of the data; exit status 1 if one is broken.

use super::Common;
use crate::flows::check::{Finding, check};
use crate::platform::i18n::Lang;

pub(super) fn run(common: &Common) -> anyhow::Result<()> {
    let findings = check(&common.open()?)?;
    if common.json {
        println!("{}", serde_json::to_string(&findings)?);
    } else {
        findings.iter().for_each(print);
    }
    let broken = findings.iter().filter(|f| !f.broken.is_empty()).count();
    anyhow::ensure!(
        broken == 0,
        "{broken} of {} invariants are broken; nothing was changed. Keep a copy of the data and report this",
        findings.len()
    );
    Ok(())
}

fn print(finding: &Finding) {
    let mark = if finding.broken.is_empty() {
        "ok    "
    } else {
        "BROKEN"
    };
    println!("{mark} {:44} {}", finding.code, Lang::En.text(&finding.key));
    for thing in &finding.broken {
        println!("         {thing}");
    }
}
