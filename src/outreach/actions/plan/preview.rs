//! The dry run, and why one person is in or out: the same verdicts, nothing written.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::chunk::{Decided, with_holders};
use super::run::{Progress, look};
use super::terms::Terms;
use crate::outreach::model::{Mailing, PlanFigures};
use crate::outreach::queries::audience::Who;
use crate::outreach::rules::audience::{Reason, Verdict, decide, reasons};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::queries::load;

/// Persons of a chunk.
const CHUNK: i64 = 4_000;
/// Examples of those who are in, and of each reason.
const SAMPLE_IN: usize = 20;
const SAMPLE_OUT: usize = 3;
/// Domains that are named; the rest is summed up.
const DOMAINS: usize = 12;

/// What a mailing would be.
#[derive(Debug, Clone)]
pub struct Preview {
    /// How many in and out, by reason.
    pub figures: PlanFigures,
    /// The hash that the run gives too, if nothing changes until then.
    pub audience_hash: String,
    /// The largest domains of those who are in.
    pub domains: Vec<(String, i64)>,
    /// Some who are in, and some of each reason.
    pub sample: Vec<Decided>,
}

/// Looks at everybody and writes nothing.
pub fn preview(conn: &mut Conn, now: NaiveDateTime, mailing: &Mailing) -> AppResult<Preview> {
    let terms = Terms::of(conn, now, mailing.clone())?;
    let mut progress = Progress::begin(&terms, true);
    let (mut sample, mut domains) = (Sample::default(), BTreeMap::<String, i64>::new());
    while !progress.is_done {
        let looked = look(conn, &terms, &progress, CHUNK)?;
        for one in looked.decided {
            if let Verdict::In(included) = &one.verdict {
                *domains.entry(included.domain().to_owned()).or_default() += 1;
            }
            sample.offer(one);
        }
        progress = looked.progress;
    }
    let mut domains: Vec<(String, i64)> = domains.into_iter().collect();
    domains.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    domains.truncate(DOMAINS);
    Ok(Preview {
        figures: progress.figures,
        audience_hash: progress.digest,
        domains,
        sample: sample.taken,
    })
}

/// The first of each kind.
#[derive(Default)]
struct Sample {
    taken: Vec<Decided>,
    seen: BTreeMap<&'static str, usize>,
}

impl Sample {
    fn offer(&mut self, one: Decided) {
        let (code, most) = match &one.verdict {
            Verdict::In(_) => ("in", SAMPLE_IN),
            Verdict::Out(reason) => (reason.code(), SAMPLE_OUT),
        };
        let seen = self.seen.entry(code).or_default();
        if *seen < most {
            *seen += 1;
            self.taken.push(one);
        }
    }
}

/// Why one person is in a mailing or not.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The verdict.
    pub verdict: Verdict,
    /// Every reason against a letter, the deciding one first.
    pub reasons: Vec<Reason>,
}

/// Decides about one person as things are now; none where the mailing does not consider them.
pub fn explain(
    conn: &mut Conn,
    now: NaiveDateTime,
    mailing: &Mailing,
    person_id: i64,
) -> AppResult<Option<Explained>> {
    let terms = Terms::of(conn, now, mailing.clone())?;
    let roots = load::person_roots(conn, &[person_id])?;
    let facts = with_holders(conn, &terms, Who::Ids(&roots))?.pop();
    Ok(facts.map(|facts| Explained {
        verdict: decide(&facts.person, &terms.book),
        reasons: reasons(&facts.person, &terms.book),
    }))
}
