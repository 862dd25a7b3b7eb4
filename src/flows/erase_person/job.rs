//! The walk through everything that was written, a part in each transaction: raw rows, records, texts, values.

use std::str::FromStr;

use chrono::{NaiveDateTime, TimeDelta};

use super::places::{PLACES, VALUES};
use super::queries;
use crate::calling::actions as queue;
use crate::consent;
use crate::consent::erased::{end_erasure, next_unfinished, sought};
use crate::intake::actions::{self as intake, RawPlace};
use crate::outreach::actions::ledger;
use crate::platform::clock;
use crate::platform::db::{Conn, Db, overwriting};
use crate::platform::error::AppResult;
use crate::platform::jobs::{self, JobKind, Running, Step};
use crate::registry::actions::{self as registry, Traces};
use crate::registry::lock;
use crate::registry::rules::hash::hash64;
use crate::registry::search;

const ERASE_JOB: &str = "erase";
/// One walk at a time, however many are erased.
const ALL: &str = "all";
/// Rows of a step.
const RANGE: i64 = 2_000;
/// Kept answers of a step.
const ANSWERS: i64 = 500;
/// What could not end, since an import or a letter was under way, is walked through once more after so long.
const LATER: TimeDelta = TimeDelta::minutes(1);

struct EraseJob;

pub(crate) fn kind() -> Box<dyn JobKind> {
    Box::new(EraseJob)
}

/// Asks for the walk.
pub(super) fn ask(conn: &mut Conn, now: NaiveDateTime, actor_id: Option<i64>) -> AppResult<()> {
    jobs::enqueue(conn, now, ERASE_JOB, &(), Some(ALL), actor_id)?;
    Ok(())
}

/// Whether an erasure waits and nobody walks for it.
pub(in crate::flows) fn is_unfinished(conn: &mut Conn) -> AppResult<bool> {
    Ok(next_unfinished(conn, 0)?.is_some() && !jobs::is_any_live(conn, &[ERASE_JOB], None)?)
}

/// Asks for the walk once more, a little later.
pub(in crate::flows) fn ask_unfinished(conn: &mut Conn, now: NaiveDateTime) -> AppResult<()> {
    if is_unfinished(conn)? {
        jobs::enqueue_for(conn, now, now + LATER, ERASE_JOB, ALL)?;
    }
    Ok(())
}

impl JobKind for EraseJob {
    fn name(&self) -> &'static str {
        ERASE_JOB
    }

    fn chunk(&self, db: &Db, job: &Running) -> AppResult<Step> {
        let job = job.clone();
        db.write_blocking(move |conn| step(conn, &job))
    }

    /// Whatever is left is asked for again.
    fn cancel(&self, _: &Db, _: &Running) -> AppResult<()> {
        Ok(())
    }

    fn give_up(&self, _: &Db, job: &Running, error: &str) -> AppResult<()> {
        tracing::error!(job = job.id, "an erasure was given up for now: {error}");
        Ok(())
    }
}

/// Where the walk stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Raw rows.
    Raw(RawPlace),
    /// Records behind an id.
    Records(i64),
    /// A column of [`PLACES`] behind an id: place, text, id.
    Text(usize, usize, i64),
    /// One of [`VALUES`] behind an id.
    Values(usize, i64),
    /// Drafts and kept answers.
    Kept,
    /// Everything was walked through.
    End,
}

impl At {
    fn first() -> Self {
        Self::Raw(RawPlace::first())
    }

    /// As it stands in the cursor, behind the id of the erasure.
    fn text(self, erasure: i64) -> String {
        match self {
            Self::Raw(place) => {
                let RawPlace { batch_id, after } = place;
                format!("{erasure} raw {batch_id} {} {}", after.0, after.1)
            }
            Self::Records(id) => format!("{erasure} records {id}"),
            Self::Text(place, text, id) => format!("{erasure} text {place} {text} {id}"),
            Self::Values(place, id) => format!("{erasure} values {place} {id}"),
            Self::Kept => format!("{erasure} kept"),
            Self::End => format!("{erasure} end"),
        }
    }

    fn read(cursor: &str) -> Option<(i64, Self)> {
        let mut parts = cursor.split(' ');
        let erasure = number(parts.next())?;
        let at = match parts.next()? {
            "raw" => Self::Raw(RawPlace {
                batch_id: number(parts.next())?,
                after: (number(parts.next())?, number(parts.next())?),
            }),
            "records" => Self::Records(number(parts.next())?),
            "text" => Self::Text(
                number(parts.next())?,
                number(parts.next())?,
                number(parts.next())?,
            ),
            "values" => Self::Values(number(parts.next())?, number(parts.next())?),
            "kept" => Self::Kept,
            _ => Self::End,
        };
        Some((erasure, at))
    }
}

fn number<T: FromStr>(part: Option<&str>) -> Option<T> {
    part?.parse().ok()
}

fn step(conn: &mut Conn, job: &Running) -> AppResult<Step> {
    let now = clock::now(conn)?;
    let (erasure, at) = match job.cursor.as_deref().and_then(At::read) {
        Some((erasure, At::End)) => match next_unfinished(conn, erasure)? {
            Some(next) => (next, At::first()),
            None => return Ok(Step::Done),
        },
        Some(at) => at,
        None => match next_unfinished(conn, 0)? {
            Some(first) => (first, At::first()),
            None => return Ok(Step::Done),
        },
    };
    let next = match sought(conn, erasure)? {
        Some(sought) => {
            let traces: Traces = serde_json::from_str(&sought)?;
            overwriting(conn, |conn| walk(conn, now, erasure, &traces, at))?
        }
        None => At::End,
    };
    job.advance(conn, now, &next.text(erasure), job.done + 1, None)?;
    Ok(Step::More)
}

/// One step; where the next one begins.
fn walk(
    conn: &mut Conn,
    now: NaiveDateTime,
    erasure: i64,
    traces: &Traces,
    at: At,
) -> AppResult<At> {
    Ok(match at {
        At::Raw(place) => match intake::erase_from_rows(conn, traces, place)? {
            Some(next) => At::Raw(next),
            None => At::Records(0),
        },
        At::Records(after) => records(conn, now, traces, after)?,
        At::Text(place, text, after) => texts(conn, traces, place, text, after)?,
        At::Values(place, after) => values(conn, traces, place, after)?,
        At::Kept => {
            drafts(conn, traces)?;
            answers(conn, traces)?;
            end(conn, now, erasure, traces)?;
            At::End
        }
        At::End => At::End,
    })
}

fn records(conn: &mut Conn, now: NaiveDateTime, traces: &Traces, after: i64) -> AppResult<At> {
    if after >= queries::last_id(conn, "record")? {
        return Ok(At::Text(0, 0, 0));
    }
    lock::exclusive(conn)?;
    lock::registry(conn)?;
    let (to, roots) = registry::erase_from_records(conn, now, traces, after)?;
    if !roots.is_empty() {
        consent::refresh_standing(conn, &roots)?;
        queue::follow_companies(conn, now, &roots)?;
        search::enqueue(conn, now)?;
    }
    Ok(At::Records(to))
}

fn texts(conn: &mut Conn, traces: &Traces, at: usize, text: usize, after: i64) -> AppResult<At> {
    let Some(place) = PLACES.get(at) else {
        return Ok(At::Values(0, 0));
    };
    let Some(column) = place.texts.get(text) else {
        return Ok(At::Text(at + 1, 0, 0));
    };
    if after >= queries::last_id(conn, place.table)? {
        return Ok(At::Text(at, text + 1, 0));
    }
    let to = after + RANGE;
    for (id, found, speaks) in queries::texts(conn, place, column, traces, (after, to))? {
        let left = left_of(traces, &found, speaks);
        let left = match place.table {
            "event" => without_keys(traces, left, &found),
            _ => left,
        };
        if let Some(left) = left {
            queries::set_text(conn, place, column, id, &left)?;
        }
    }
    Ok(At::Text(at, text, to))
}

/// A text without them; one that speaks of them loses their names as well.
fn left_of(traces: &Traces, text: &str, speaks: i32) -> Option<String> {
    match speaks == 1 {
        true => traces.sought.without_any(text),
        false => traces.sought.without_values(text),
    }
}

/// An event names a number by the key that compares numbers.
fn without_keys(traces: &Traces, left: Option<String>, found: &str) -> Option<String> {
    let mut text = left.clone().unwrap_or_else(|| found.to_owned());
    for number in &traces.sought.numbers {
        let key = format!("\"number\":{}", hash64(number));
        text = text.replace(&key, "\"number\":null");
    }
    (left.is_some() || text != found).then_some(text)
}

fn values(conn: &mut Conn, traces: &Traces, at: usize, after: i64) -> AppResult<At> {
    let Some(place) = VALUES.get(at) else {
        return Ok(At::Kept);
    };
    if after >= queries::last_id(conn, place.table)? {
        return Ok(At::Values(at + 1, 0));
    }
    let to = after + RANGE;
    queries::forget_values(conn, place, traces, (after, to))?;
    Ok(At::Values(at, to))
}

fn drafts(conn: &mut Conn, traces: &Traces) -> AppResult<()> {
    for (user, key, body, speaks) in queries::drafts(conn, traces)? {
        if let Some(left) = left_of(traces, &body, speaks) {
            queries::set_draft(conn, user, &key, &left)?;
        }
    }
    Ok(())
}

/// What a program asked for is kept so that it may ask again; a name in it says nothing to the program.
fn answers(conn: &mut Conn, traces: &Traces) -> AppResult<()> {
    let mut behind = (0_i64, String::new());
    loop {
        let part = queries::answers(conn, (behind.0, behind.1.as_str()), ANSWERS)?;
        let Some((user, key, _)) = part.last() else {
            return Ok(());
        };
        behind = (*user, key.clone());
        for (user, key, body) in &part {
            if let Some(left) = traces.sought.without_any(body) {
                queries::set_answer(conn, *user, key, &left)?;
            }
        }
    }
}

/// Ends the erasure, unless an import reads from a file that holds the person, or a letter to them is in a worker's hands:
/// then all of it is walked through again.
fn end(conn: &mut Conn, now: NaiveDateTime, erasure: i64, traces: &Traces) -> AppResult<()> {
    let is_held = ledger::forget_persons(conn, now, &traces.persons)?;
    if !is_held && !intake::is_import_at_work(conn)? {
        end_erasure(conn, now, erasure)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        for at in [
            At::first(),
            At::Raw(RawPlace {
                batch_id: 7,
                after: (1, 501),
            }),
            At::Records(5_000),
            At::Text(3, 1, 2_000),
            At::Values(1, 0),
            At::Kept,
            At::End,
        ] {
            assert_eq!(At::read(&at.text(12)), Some((12, at)));
        }
        assert_eq!(At::read(""), None);
    }

    #[test]
    fn an_event_forgets_the_key_of_a_number() {
        let mut traces = Traces::default();
        traces.sought.numbers.push("+8613905129876".into());
        let event = format!("{{\"number\":{},\"result\":1}}", hash64("+8613905129876"));
        let left = without_keys(&traces, None, &event);
        assert_eq!(left.as_deref(), Some("{\"number\":null,\"result\":1}"));
        assert_eq!(without_keys(&traces, None, "{\"number\":1}"), None);
    }
}
