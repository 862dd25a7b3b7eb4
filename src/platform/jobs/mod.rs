//! Long work: one table, chunks that are transactions of their own, and a lease that says whose job it is.
//!
//! A chunk commits only while its lease token is current, which [`Running::advance`] checks inside the chunk's own
//! transaction. So a process that was thought dead and comes back writes nothing twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use serde::de::DeserializeOwned;

use super::clock;
use super::db::{Conn, Db};
use super::error::{AppError, AppResult};
use crate::schema::job;

mod asked;

pub use asked::{Status, ask_cancel, enqueue, enqueue_for, is_any_live, status};

/// A job is taken over this long after its worker was last heard of.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// Tries of a chunk that ends with a fault, before the job is given up.
const ATTEMPTS: i32 = 5;
/// How often an idle worker looks.
const POLL: Duration = Duration::from_millis(400);

/// A kind of long work. Chunks must be idempotent: one that was cut off runs again from the stored cursor.
pub trait JobKind: Send + Sync {
    /// Stable name in the table.
    fn name(&self) -> &'static str;
    /// Does the next chunk, in one transaction that calls [`Running::advance`].
    fn chunk(&self, db: &Db, job: &Running) -> AppResult<Step>;
    /// Leaves a consistent state after somebody asked to stop.
    fn cancel(&self, db: &Db, job: &Running) -> AppResult<()>;
    /// Tells the thing it worked for that the job was given up.
    fn give_up(&self, db: &Db, job: &Running, error: &str) -> AppResult<()>;
}

/// Whether there is more to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Another chunk follows.
    More,
    /// The work is complete.
    Done,
}

/// A job in this worker's hands.
#[derive(Debug, Clone)]
pub struct Running {
    /// Its id.
    pub id: i64,
    /// Its kind.
    pub kind: String,
    /// Who asked for it.
    pub actor_id: Option<i64>,
    /// Where the last committed chunk ended.
    pub cursor: Option<String>,
    /// Units done so far.
    pub done: i64,
    payload: String,
    token: i64,
}

impl Running {
    /// What the job was asked to do.
    pub fn payload<T: DeserializeOwned>(&self) -> AppResult<T> {
        Ok(serde_json::from_str(&self.payload)?)
    }

    /// Inside a chunk's transaction: proves that the job is still ours, and moves its cursor and figures.
    pub fn advance(
        &self,
        conn: &mut Conn,
        now: NaiveDateTime,
        cursor: &str,
        done: i64,
        total: Option<i64>,
    ) -> AppResult<()> {
        let ours = job::table
            .filter(job::id.eq(self.id))
            .filter(job::lease_token.eq(self.token))
            .filter(job::state.eq("running"));
        let moved = diesel::update(ours)
            .set((
                job::cursor.eq(Some(cursor)),
                job::done.eq(done),
                job::lease_until.eq(Some(now + LEASE)),
                job::attempts.eq(0),
            ))
            .execute(conn)?;
        if moved == 0 {
            return Err(AppError::conflict("job_lost"));
        }
        if let Some(total) = total {
            diesel::update(job::table.find(self.id))
                .set(job::total.eq(Some(total)))
                .execute(conn)?;
        }
        Ok(())
    }
}

/// The kinds this binary knows, in one flat list.
pub type Kinds = Arc<Vec<Box<dyn JobKind>>>;

/// Works off jobs until `stop` is set, on threads of its own.
pub fn start(
    db: &Db,
    kinds: &Kinds,
    threads: usize,
    stop: &Arc<AtomicBool>,
) -> Vec<std::thread::JoinHandle<()>> {
    (0..threads)
        .map(|n| {
            let (db, kinds, stop) = (db.clone(), kinds.clone(), stop.clone());
            std::thread::Builder::new()
                .name(format!("job-{n}"))
                .spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        match run_next(&db, &kinds, None, &stop) {
                            Ok(true) => {}
                            Ok(false) => std::thread::sleep(POLL),
                            Err(why) => {
                                tracing::error!("jobs: {why}");
                                std::thread::sleep(POLL * 5);
                            }
                        }
                    }
                })
                .expect("a thread can be started")
        })
        .collect()
}

/// Takes one job (`only`, or the next that is due) and works on it to its end. False if there was none.
pub fn run_next(db: &Db, kinds: &Kinds, only: Option<i64>, stop: &AtomicBool) -> AppResult<bool> {
    let names: Vec<&'static str> = kinds.iter().map(|k| k.name()).collect();
    let Some(mut running) = db.write_blocking(move |conn| take(conn, &names, only))? else {
        return Ok(false);
    };
    let Some(kind) = kinds.iter().find(|k| k.name() == running.kind) else {
        return Ok(false);
    };
    while !stop.load(Ordering::Relaxed) {
        if is_cancel_asked(db, running.id)? {
            kind.cancel(db, &running)?;
            end(db, &running, "cancelled", None)?;
            break;
        }
        match kind.chunk(db, &running) {
            Ok(Step::Done) => {
                end(db, &running, "done", None)?;
                break;
            }
            Ok(Step::More) => reload(db, &mut running)?,
            Err(error) if error.refusal().is_some_and(|r| r.code == "job_lost") => break,
            Err(error) => {
                tracing::error!(
                    job = running.id,
                    kind = running.kind,
                    "chunk failed: {error}"
                );
                if retry_later(db, &running, &error.to_string())? {
                    break;
                }
                kind.give_up(db, &running, &error.to_string())?;
                end(db, &running, "failed", Some(error.to_string()))?;
                break;
            }
        }
    }
    Ok(true)
}

fn take(conn: &mut Conn, names: &[&'static str], only: Option<i64>) -> AppResult<Option<Running>> {
    let now = clock::now(conn)?;
    let mut due = job::table
        .filter(job::kind.eq_any(names.to_vec()))
        .filter(job::run_at.le(now))
        .filter(
            job::state
                .eq("queued")
                .or(job::state.eq("running").and(job::lease_until.lt(now))),
        )
        .into_boxed();
    if let Some(id) = only {
        due = due.filter(job::id.eq(id));
    }
    let Some(id) = due
        .order((job::run_at, job::id))
        .select(job::id)
        .first::<i64>(conn)
        .optional()?
    else {
        return Ok(None);
    };
    let token = i64::from(rand::random::<u32>()) << 20 | (id & 0xf_ffff);
    let free = job::table.find(id).filter(
        job::state
            .eq("queued")
            .or(job::state.eq("running").and(job::lease_until.lt(now))),
    );
    let taken = diesel::update(free)
        .set((
            job::state.eq("running"),
            job::lease_token.eq(Some(token)),
            job::lease_until.eq(Some(now + LEASE)),
        ))
        .execute(conn)?;
    if taken == 0 {
        return Ok(None);
    }
    let (kind, actor_id, cursor, done, payload) = job::table
        .find(id)
        .select((
            job::kind,
            job::actor_id,
            job::cursor,
            job::done,
            job::payload,
        ))
        .first::<(String, Option<i64>, Option<String>, i64, String)>(conn)?;
    Ok(Some(Running {
        id,
        kind,
        actor_id,
        cursor,
        done,
        payload,
        token,
    }))
}

fn is_cancel_asked(db: &Db, id: i64) -> AppResult<bool> {
    db.read_blocking(|conn| {
        Ok::<_, AppError>(job::table.find(id).select(job::cancel_asked).first(conn)?)
    })
}

fn reload(db: &Db, running: &mut Running) -> AppResult<()> {
    let id = running.id;
    let (cursor, done) = db.read_blocking(|conn| {
        Ok::<_, AppError>(
            job::table
                .find(id)
                .select((job::cursor, job::done))
                .first(conn)?,
        )
    })?;
    (running.cursor, running.done) = (cursor, done);
    Ok(())
}

fn end(db: &Db, running: &Running, state: &'static str, error: Option<String>) -> AppResult<()> {
    let (id, token) = (running.id, running.token);
    db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        diesel::update(job::table.find(id).filter(job::lease_token.eq(token)))
            .set((
                job::state.eq(state),
                job::error.eq(error),
                job::finished_at.eq(Some(now)),
                job::lease_until.eq(None::<NaiveDateTime>),
            ))
            .execute(conn)?;
        Ok(())
    })
}

/// Puts the job back for another try with growing pauses; false when the tries are used up.
fn retry_later(db: &Db, running: &Running, error: &str) -> AppResult<bool> {
    let (id, token, error) = (running.id, running.token, error.to_owned());
    db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        let attempts = job::table
            .find(id)
            .select(job::attempts)
            .first::<i32>(conn)?
            + 1;
        if attempts >= ATTEMPTS {
            return Ok(false);
        }
        diesel::update(job::table.find(id).filter(job::lease_token.eq(token)))
            .set((
                job::state.eq("queued"),
                job::attempts.eq(attempts),
                job::run_at.eq(now + TimeDelta::seconds(i64::from(attempts) * 2)),
                job::error.eq(Some(error)),
            ))
            .execute(conn)?;
        Ok(true)
    })
}

/// Gives back what a process that died was working on: on SQLite its successor holds the lock, so nobody else can be.
pub fn recover(conn: &mut Conn) -> AppResult<()> {
    diesel::update(job::table.filter(job::state.eq("running")))
        .set((
            job::state.eq("queued"),
            job::lease_until.eq(None::<NaiveDateTime>),
        ))
        .execute(conn)?;
    Ok(())
}
