//! Sources as the office keeps them: name, cost, date, ground. A ground that is set later counts for everybody on them.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::grounds::{refresh_grounds, refresh_standing};
use crate::accounts::Actor;
use crate::consent::queries::{grounds, sources as queries};
use crate::consent::rules::Ground;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::jobs;
use crate::platform::log::{Change, changed};
use crate::registry::actions::{redate, refold};
use crate::registry::model::CHANNELS;
use crate::registry::rules::hash::hash64;

pub use queries::SourceRow;

/// Job kind that follows a changed source.
pub const SOURCE_JOB: &str = "source_changed";
/// Records of a source that one chunk looks at.
const RECORDS: i64 = 1_000;
/// Longest name of a source.
const NAME_LENGTH: usize = 120;

/// What [`SOURCE_JOB`] is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceChange {
    /// Which source changed.
    pub source_id: i64,
    /// Its date before and after, where that changed.
    pub redated: Option<(Option<NaiveDate>, Option<NaiveDate>)>,
}

/// A page of sources, each with the number of its batches; newest first.
pub fn sources(
    conn: &mut Conn,
    before: Option<i64>,
    limit: i64,
) -> AppResult<Vec<(SourceRow, i64)>> {
    let rows = queries::page(conn, before, limit)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let batches: HashMap<i64, i64> = queries::batches(conn, &ids)?.into_iter().collect();
    let count = |row: SourceRow| {
        let n = batches.get(&row.id).copied().unwrap_or(0);
        (row, n)
    };
    Ok(rows.into_iter().map(count).collect())
}

/// One source.
pub fn source(conn: &mut Conn, id: i64) -> AppResult<SourceRow> {
    Ok(queries::find(conn, id)?)
}

/// Who changed a source, when, and which fields.
pub fn source_changes(
    conn: &mut Conn,
    id: i64,
) -> AppResult<Vec<(Option<String>, NaiveDateTime, Option<String>)>> {
    Ok(queries::changes(conn, id)?)
}

/// What a form shows of a source, in one number: an edit of an older state is refused.
pub fn seen(row: &SourceRow) -> i64 {
    hash64(&format!(
        "{}|{}|{:?}|{:?}|{:?}|{:?}",
        row.channel, row.name, row.ground, row.collected_on, row.cost_minor, row.currency
    ))
}

/// Stores an edited source. `edited` keeps id and kind; `was` is [`seen`] of what the person saw. Channel, ground and
/// date decide what its rows are worth against others: a change starts the job that folds everybody on it anew.
pub fn edit_source(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    edited: &SourceRow,
    was: i64,
) -> AppResult<()> {
    let before = queries::find(conn, edited.id)?;
    if seen(&before) != was {
        return Err(AppError::conflict("setting_changed"));
    }
    check(conn, edited, now)?;
    queries::update(conn, edited)?;
    let ground_changed = before.ground != edited.ground;
    let redated = (before.collected_on != edited.collected_on)
        .then_some((before.collected_on, edited.collected_on));
    if let Some((was, is)) = redated {
        queries::redate_batches(conn, edited.id, was, is)?;
    }
    if ground_changed || redated.is_some() || before.channel != edited.channel {
        source_changed(conn, now, edited.id, redated, actor.user_id)?;
    }
    let fields: Vec<&str> = [
        ("name", before.name != edited.name),
        ("channel", before.channel != edited.channel),
        ("ground", ground_changed),
        ("collected_on", redated.is_some()),
        (
            "cost",
            before.cost_minor != edited.cost_minor || before.currency != edited.currency,
        ),
    ]
    .into_iter()
    .filter_map(|(field, differs)| differs.then_some(field))
    .collect();
    changed(
        conn,
        &Change {
            at: now,
            actor_id: actor.user_id,
            verb: "edit",
            object_kind: "source",
            object_id: Some(edited.id),
            fields: Some(fields.join(",")),
            n: 1,
            ..Change::default()
        },
    )?;
    Ok(())
}

/// Asks for the job that follows a changed source. Never joined with one under way: what that has passed it looked at
/// under the old values.
pub fn source_changed(
    conn: &mut Conn,
    now: NaiveDateTime,
    source_id: i64,
    redated: Option<(Option<NaiveDate>, Option<NaiveDate>)>,
    actor_id: Option<i64>,
) -> AppResult<()> {
    let work = SourceChange { source_id, redated };
    jobs::enqueue(conn, now, SOURCE_JOB, &work, None, actor_id)?;
    Ok(())
}

fn check(conn: &mut Conn, edited: &SourceRow, now: NaiveDateTime) -> AppResult<()> {
    let length = edited.name.chars().count();
    if length == 0 || length > NAME_LENGTH {
        return Err(AppError::invalid("source_name_wrong", "name"));
    }
    if queries::name_is_taken(conn, edited)? {
        return Err(AppError::invalid("source_name_taken", "name"));
    }
    if !CHANNELS.contains(&edited.channel.as_str()) {
        return Err(AppError::invalid("channel_unknown", "channel"));
    }
    let known = |code: &String| Ground::from_code(code).is_some();
    if !edited.ground.as_ref().is_none_or(known) {
        return Err(AppError::invalid("source_ground_unknown", "ground"));
    }
    // One day of grace: the office may be ahead of UTC.
    let tomorrow = now.date() + chrono::TimeDelta::days(1);
    if edited.collected_on.is_some_and(|on| on > tomorrow) {
        return Err(AppError::invalid("source_date_ahead", "collected_on"));
    }
    if edited.cost_minor.is_some_and(|cost| cost < 0) {
        return Err(AppError::invalid("source_cost_wrong", "cost"));
    }
    Ok(())
}

/// What one chunk of [`SOURCE_JOB`] did.
pub struct SourceFollowed {
    /// Last record looked at; none when there is no further one.
    pub last_record: Option<i64>,
    /// Records looked at.
    pub records: i64,
    /// Companies whose standing may have changed.
    pub companies: Vec<i64>,
    /// Persons whose ground may have changed.
    pub persons: Vec<i64>,
}

/// Looks again at the persons and companies of the next records of a source: their fold, grounds and standing.
pub fn follow_source_chunk(
    conn: &mut Conn,
    now: NaiveDateTime,
    change: &SourceChange,
    after: i64,
) -> AppResult<SourceFollowed> {
    let rows = grounds::persons_of_source(conn, change.source_id, after, RECORDS)?;
    if let (Some(redated), Some((last, ..))) = (change.redated, rows.last()) {
        redate(conn, change.source_id, (after, *last), redated)?;
    }
    let persons: HashSet<i64> = rows.iter().filter_map(|(_, person, _)| *person).collect();
    let mut companies: HashSet<i64> = rows.iter().filter_map(|(.., company)| *company).collect();
    let persons: Vec<i64> = persons.into_iter().collect();
    refold(
        conn,
        now,
        &Vec::from_iter(companies.iter().copied()),
        &persons,
    )?;
    refresh_grounds(conn, &persons)?;
    companies.extend(grounds::companies_of_persons(conn, &persons)?);
    let companies: Vec<i64> = companies.into_iter().collect();
    refresh_standing(conn, &companies)?;
    Ok(SourceFollowed {
        last_record: rows.last().map(|row| row.0),
        records: rows.len() as i64,
        companies,
        persons,
    })
}
