//! Long work of a command: done here where nobody else owns the database, followed where somebody does.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::flows;
use crate::platform::db::Db;
use crate::platform::jobs::{self, Status};
use crate::registry::search;

/// How often a line is printed where nobody watches.
const LINE: Duration = Duration::from_secs(10);

/// Works on a job to its end, or follows the process that does; tells how far it is on standard error.
pub(super) fn run_job(db: &Db, job_id: i64, label: &str) -> anyhow::Result<Status> {
    let stop = Arc::new(AtomicBool::new(false));
    let worker = db.is_owner().then(|| {
        let (db, stop) = (db.clone(), stop.clone());
        std::thread::spawn(move || jobs::run_next(&db, &flows::job_kinds(), Some(job_id), &stop))
    });
    let mut progress = Progress::new(label);
    let status = loop {
        let status = db.read_blocking(|conn| jobs::status(conn, job_id))?;
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        progress.tell(count(status.done), status.total.map(count));
        if !matches!(status.state.as_str(), "queued" | "running") {
            break status;
        }
        if worker
            .as_ref()
            .is_some_and(std::thread::JoinHandle::is_finished)
        {
            // A chunk failed and waits for its next try.
            std::thread::sleep(Duration::from_millis(500));
            jobs::run_next(db, &flows::job_kinds(), Some(job_id), &stop)?;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    progress.end();
    if let Some(worker) = worker {
        worker
            .join()
            .map_err(|_| anyhow::anyhow!("the work stopped with a fault"))??;
    }
    Ok(status)
}

/// Works on a job as [`run_job`] does; whatever ends it but its own end is an error.
pub(super) fn run_to_its_end(db: &Db, job_id: i64, label: &str) -> anyhow::Result<()> {
    let state = run_job(db, job_id, label)?.state;
    anyhow::ensure!(state == "done", "the {label} ended as {state}");
    Ok(())
}

/// Brings the search index up to date, and ends what erasures have begun, where no server does it.
pub(super) fn index_search(db: &Db) -> anyhow::Result<()> {
    if !db.is_owner() {
        return Ok(());
    }
    let (kinds, stop) = (
        Arc::new(vec![flows::erase_person::kind(), search::kind()]),
        AtomicBool::new(false),
    );
    while jobs::run_next(db, &kinds, None, &stop)? {}
    Ok(())
}

/// How far long work is, on standard error: a bar where somebody watches, else a line now and then.
pub(super) struct Progress {
    label: String,
    bar: Option<ProgressBar>,
    started: Instant,
    told: Instant,
}

impl Progress {
    pub(super) fn new(label: &str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {per_sec} {eta}")
                .unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(0)
                .with_style(style)
                .with_message(label.to_owned())
        });
        let now = Instant::now();
        Self {
            label: label.to_owned(),
            bar,
            started: now,
            told: now,
        }
    }

    pub(super) fn tell(&mut self, done: u64, total: Option<u64>) {
        if let Some(bar) = &self.bar {
            bar.set_length(total.unwrap_or(done));
            bar.set_position(done);
        } else if self.told.elapsed() >= LINE {
            self.told = Instant::now();
            let rate = done as f64 / self.started.elapsed().as_secs_f64();
            let left =
                total.map(|total| (total.saturating_sub(done) as f64 / rate.max(0.1)).round());
            let left = left
                .map(|seconds| format!(", {seconds} s left"))
                .unwrap_or_default();
            eprintln!("{}: {done} rows, {rate:.0} a second{left}", self.label);
        }
    }

    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
