//! Asking for jobs, and following what was asked for.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::Serialize;

use crate::platform::db::{Both, Conn};
use crate::platform::error::AppResult;
use crate::schema::job;

/// A job as pages and commands follow it.
#[derive(Debug, Clone, Queryable)]
pub struct Status {
    /// Its id.
    pub id: i64,
    /// `queued`, `running`, `done`, `failed`, `cancelled`.
    pub state: String,
    /// Units done.
    pub done: i64,
    /// Units in all, once known.
    pub total: Option<i64>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: NaiveDateTime,
    /// When it ended.
    pub finished_at: Option<NaiveDateTime>,
}

/// Asks for a job. With a `dedup_key` an equal one that is still live is returned instead.
pub fn enqueue(
    conn: &mut Conn,
    now: NaiveDateTime,
    kind: &str,
    payload: &impl Serialize,
    dedup_key: Option<&str>,
    actor_id: Option<i64>,
) -> AppResult<i64> {
    let values = (
        job::kind.eq(kind),
        job::state.eq("queued"),
        job::payload.eq(serde_json::to_string(payload)?),
        job::done.eq(0_i64),
        job::attempts.eq(0),
        job::run_at.eq(now),
        job::cancel_asked.eq(false),
        job::dedup_key.eq(dedup_key),
        job::actor_id.eq(actor_id),
        job::created_at.eq(now),
    );
    Both(
        diesel::insert_into(job::table)
            .values(values)
            .on_conflict_do_nothing(),
    )
    .execute(conn)?;
    let mine = job::table
        .filter(job::kind.eq(kind))
        .filter(job::state.eq_any(["queued", "running"]))
        .select(job::id)
        .order(job::id.desc());
    Ok(match dedup_key {
        Some(key) => mine.filter(job::dedup_key.eq(key)).first(conn)?,
        None => mine.first(conn)?,
    })
}

/// How far a job is.
pub fn status(conn: &mut Conn, id: i64) -> AppResult<Status> {
    Ok(job::table
        .find(id)
        .select((
            job::id,
            job::state,
            job::done,
            job::total,
            job::error,
            job::created_at,
            job::finished_at,
        ))
        .first(conn)?)
}

/// Asks a job to stop after its present chunk.
pub fn ask_cancel(conn: &mut Conn, id: i64) -> AppResult<()> {
    diesel::update(job::table.find(id))
        .set(job::cancel_asked.eq(true))
        .execute(conn)?;
    Ok(())
}

/// Asks for a job that is due at a moment of its own; asked twice for the same one, it is the same job.
pub fn enqueue_for(
    conn: &mut Conn,
    now: NaiveDateTime,
    due_at: NaiveDateTime,
    kind: &str,
    dedup_key: &str,
) -> AppResult<i64> {
    let id = enqueue(conn, now, kind, &(), Some(dedup_key), None)?;
    diesel::update(job::table.find(id).filter(job::state.eq("queued")))
        .set(job::run_at.eq(due_at))
        .execute(conn)?;
    Ok(id)
}

/// Whether a job of one of these kinds, and with this key where one is given, is waiting or at work.
pub fn is_any_live(conn: &mut Conn, kinds: &[&str], dedup_key: Option<&str>) -> AppResult<bool> {
    let mut live = job::table
        .filter(job::state.eq_any(["queued", "running"]))
        .filter(job::kind.eq_any(kinds.to_vec()))
        .select(job::id)
        .into_boxed();
    if let Some(key) = dedup_key {
        live = live.filter(job::dedup_key.eq(key));
    }
    Ok(live.first::<i64>(conn).optional()?.is_some())
}
