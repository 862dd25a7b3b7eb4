//! `canvass bench claim`: many agents ask for their next call and record its result, as fast as they can, each on a
//! thread of its own, through the same doors as the pages.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde_json::json;

use super::measure::{Times, forget_peak, peak_mb, rounded};
use super::queue::opening;
use super::scratch::Scratch;
use super::{Report, claim_count, claim_floor, fill, queue};
use crate::accounts::{Actor, Role};
use crate::calling::actions::{Claimed, claim, now_and_rules, rulebook};
use crate::calling::model::CallForm;
use crate::commands::follow::Progress;
use crate::flows::record_call::record_call;
use crate::platform::clock;
use crate::platform::db::{Conn, Db, Statement};
use crate::platform::error::{AppError, AppResult};

/// Entries of the queue unless somebody says otherwise.
pub(super) const ROWS: u64 = 200_000;
/// Enough that nobody goes without.
pub(super) const FEWEST: u64 = 200;
/// How many agents there are at once.
const AGENTS: [usize; 2] = [10, 50];
/// How long they go on, at most.
const TIME: Duration = Duration::from_secs(8);

/// Results in the proportion of a working day: most dials reach nobody.
const RESULTS: [&str; 10] = [
    "no_answer",
    "no_answer",
    "busy",
    "no_answer",
    "interested",
    "no_answer",
    "gatekeeper",
    "no_answer",
    "interested",
    "no_answer",
];

pub(super) fn run(url: Option<&str>, rows: u64) -> anyhow::Result<Report> {
    let scratch = Scratch::new(url, "claim")?;
    let db = prepared(&scratch, rows)?;
    let agents = db.write_blocking(|conn| queue::users(conn, Role::Agent, AGENTS[1], opening()))?;
    let statements = claim_count::count(&db, &agents[0])?;
    forget_peak();
    let mut parts = Vec::new();
    // A tenth of the entries for each round at the most, so that every round finds as many.
    let most = rows / (2 * AGENTS.len() as u64 + 1);
    for many in AGENTS {
        let ours = race(
            &format!("{many} agents"),
            &agents[..many],
            most,
            |agent, n| pair(&db, agent, n),
        )?;
        let floor = race(
            &format!("{many} agents, floor"),
            &agents[..many],
            most,
            |agent, _| claim_floor::pair(&db, agent.id()),
        )?;
        parts.push(Report {
            name: format!("claim by {many} agents"),
            rows,
            ours: rounded(ours.rate()),
            floor: rounded(floor.rate()),
            ratio: rounded(ours.rate() / floor.rate()),
            unit: "pairs/s",
            p50_ms: ours.claims.within(0.5),
            p99_ms: ours.claims.within(0.99),
            peak_mb: peak_mb(),
            notes: vec![format!(
                "{} pairs; pair p50 {} ms, p99 {} ms; floor: claim p50 {} ms, p99 {} ms, pair p99 {} ms",
                ours.pairs.count(),
                ours.pairs.within(0.5),
                ours.pairs.within(0.99),
                floor.claims.within(0.5),
                floor.claims.within(0.99),
                floor.pairs.within(0.99)
            )],
            parts: Vec::new(),
        });
    }
    let twice = db.read_blocking(served_twice)?;
    anyhow::ensure!(twice == 0, "{twice} entries were served twice");
    let last = parts.last().cloned().unwrap_or_default();
    let mut notes = vec![
        format!("{}: next and result by {} and {} agents without a pause, results of a working day (2 of 10 reach somebody who is interested)", scratch.kind(), AGENTS[0], AGENTS[1]),
        "p50 and p99 of the claim; no entry was served twice".to_owned(),
        statements,
        "floor: these statements by the same agents through the same doors, a call that nobody answers:".to_owned(),
    ];
    notes.extend(
        claim_floor::STATEMENTS
            .iter()
            .map(|text| (*text).to_owned()),
    );
    Ok(Report {
        name: "claim".into(),
        notes,
        parts,
        ..last
    })
}

/// A database with as many entries as companies, all ready, its clock at an hour when one may call.
fn prepared(scratch: &Scratch, rows: u64) -> anyhow::Result<Db> {
    drop(scratch.open()?);
    fill::companies(scratch, rows, opening())?;
    let db = scratch.open()?;
    db.write_blocking(move |conn| {
        clock::set(conn, opening(), false)?;
        let campaign = queue::campaign(conn, opening())?;
        queue::put(conn, campaign, rows, "'ready'", opening())?;
        Ok::<_, AppError>(())
    })?;
    queue::refresh_statistics(&mut scratch.connect()?)?;
    Ok(db)
}

/// What many agents got done.
#[derive(Default)]
pub(super) struct Race {
    pub claims: Times,
    pub pairs: Times,
    took: Duration,
}

impl Race {
    fn rate(&self) -> f64 {
        self.pairs.count() as f64 / self.took.as_secs_f64()
    }
}

/// All agents work at once until the time is up or `most` pairs are done. `pair` answers how long the claim took.
fn race(
    label: &str,
    agents: &[Actor],
    most: u64,
    pair: impl Fn(&Actor, u64) -> AppResult<Duration> + Sync,
) -> anyhow::Result<Race> {
    let (done, began) = (AtomicU64::new(0), Instant::now());
    let work = |agent: &Actor| {
        let mut mine = Race::default();
        while began.elapsed() < TIME {
            let n = done.fetch_add(1, Ordering::Relaxed);
            if n >= most {
                break;
            }
            let started = Instant::now();
            mine.claims.add(pair(agent, n)?);
            mine.pairs.add(started.elapsed());
        }
        Ok::<_, AppError>(mine)
    };
    let mut progress = Progress::new(label);
    let mut all = Race::default();
    std::thread::scope(|scope| {
        let threads: Vec<_> = agents
            .iter()
            .map(|agent| scope.spawn(|| work(agent)))
            .collect();
        while threads.iter().any(|thread| !thread.is_finished()) {
            progress.tell(done.load(Ordering::Relaxed).min(most), None);
            std::thread::sleep(Duration::from_millis(20));
        }
        all.took = began.elapsed();
        for thread in threads {
            let mine = thread
                .join()
                .map_err(|_| anyhow::anyhow!("an agent stopped with a fault"))??;
            all.claims.append(mine.claims);
            all.pairs.append(mine.pairs);
        }
        Ok::<_, anyhow::Error>(())
    })?;
    progress.end();
    Ok(all)
}

/// One claim and its result, as the call screen makes them.
fn pair(db: &Db, agent: &Actor, n: u64) -> AppResult<Duration> {
    let began = Instant::now();
    let who = agent.clone();
    let token = db.write_blocking(move |conn| take(conn, &who))?;
    let took = began.elapsed();
    let (form, who) = (form(token, n), agent.clone());
    db.write_blocking(move |conn| record(conn, &who, &form))?;
    Ok(took)
}

/// The claim; answers the token of the lease.
pub(super) fn take(conn: &mut Conn, agent: &Actor) -> AppResult<String> {
    let (now, rules) = now_and_rules(conn)?;
    match claim(conn, now, agent, queue::CAMPAIGN, &rules)? {
        Claimed::Lease(lease) => Ok(lease.token),
        _ => Err(AppError::Internal(anyhow::anyhow!("the queue ran dry"))),
    }
}

/// The result.
pub(super) fn record(conn: &mut Conn, agent: &Actor, form: &CallForm) -> AppResult<()> {
    let (now, rules) = (clock::now(conn)?, rulebook(conn)?);
    record_call(conn, now, agent, &rules, form).map(|_| ())
}

/// What was said in the `n`th call of a working day.
pub(super) fn form(lease: String, n: u64) -> CallForm {
    let disposition = RESULTS[(n % RESULTS.len() as u64) as usize];
    let is_interested = disposition == "interested";
    CallForm {
        lease: Some(lease),
        disposition: disposition.into(),
        urgency: is_interested.then(|| "M3".into()),
        need: is_interested.then(|| json!("库存与生产排程")),
        note: is_interested.then(|| "想三个月内换系统。".into()),
        ..CallForm::default()
    }
}

fn served_twice(conn: &mut Conn) -> AppResult<i64> {
    let text =
        "SELECT count(*) FROM (SELECT entry_id FROM lease GROUP BY entry_id HAVING count(*) > 1) t";
    Ok(Statement::<BigInt>::fixed(text).get_result(conn)?)
}
