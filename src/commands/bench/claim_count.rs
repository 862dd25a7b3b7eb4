//! How many statements a claim and its result take: counted on single pairs before the race, each logged with its time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use diesel::connection::{Connection, InstrumentationEvent};

use super::{claim, claim_floor};
use crate::accounts::Actor;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;

/// Results that are counted, by their place in the working day: nobody answers, somebody is interested.
const COUNTED: [(&str, u64); 2] = [("no_answer", 0), ("interested", 4)];

/// One line of the report.
pub(super) fn count(db: &Db, agent: &Actor) -> AppResult<String> {
    let mut told = Vec::new();
    // The first pair prepares what the second finds prepared.
    for round in 0..2 {
        told.clear();
        for (result, n) in COUNTED {
            let who = agent.clone();
            let (token, claimed) =
                db.write_blocking(move |conn| watched(conn, |conn| claim::take(conn, &who)))?;
            let (form, who) = (claim::form(token, n), agent.clone());
            let ((), recorded) = db.write_blocking(move |conn| {
                watched(conn, |conn| claim::record(conn, &who, &form))
            })?;
            tracing::debug!(target: "statements", round, result, claimed, recorded);
            told.push(format!("{claimed} a claim, {recorded} a result {result}"));
        }
    }
    let [claim, result] = claim_floor::STATEMENTS_OF;
    Ok(format!(
        "statements: {}; the floor has {claim} and {result}",
        told.join(", ")
    ))
}

/// Counts and logs the statements of `work`.
fn watched<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> AppResult<T>,
) -> AppResult<(T, usize)> {
    let seen = Arc::new(AtomicUsize::new(0));
    let mut began = Instant::now();
    conn.set_instrumentation({
        let seen = seen.clone();
        move |event: InstrumentationEvent<'_>| match event {
            InstrumentationEvent::StartQuery { .. } => began = Instant::now(),
            InstrumentationEvent::FinishQuery { query, .. } => {
                seen.fetch_add(1, Ordering::Relaxed);
                let took = began.elapsed().as_micros();
                tracing::debug!(target: "statements", took, "{query}");
            }
            _ => {}
        }
    });
    let done = work(conn);
    conn.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    Ok((done?, seen.load(Ordering::Relaxed)))
}
