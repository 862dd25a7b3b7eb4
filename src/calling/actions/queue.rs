//! What other areas do to the queue: suppressing, resting, waking, merging and rescoring touch it at once.

use chrono::NaiveDateTime;

use crate::calling::model::{Bar, EntryState, QueueEntry};
use crate::calling::queries;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};

/// Whether an entry may still be served some day.
pub(super) fn is_open(entry: &QueueEntry) -> bool {
    matches!(
        entry.state(),
        EntryState::Ready | EntryState::Waiting | EntryState::Barred
    )
}

/// Holds one entry back: until a moment, or until something lifts the bar.
pub(super) fn hold(
    conn: &mut Conn,
    now: NaiveDateTime,
    entry: &QueueEntry,
    bar: Bar,
    until: Option<NaiveDateTime>,
) -> AppResult<()> {
    // A bar without an end outlasts one that has one.
    if until.is_some() && entry.state() == EntryState::Barred {
        return Ok(());
    }
    let until = until.map(|at| {
        entry
            .due_at
            .filter(|_| entry.state() == EntryState::Waiting)
            .map_or(at, |due| due.max(at))
    });
    let state = if until.is_some() {
        EntryState::Waiting
    } else {
        EntryState::Barred
    };
    queries::hold_back(conn, entry.id, state.code(), Some(bar.code()), until, now)?;
    Ok(())
}

/// Before a merge of `from` into `into`: refused while both are in somebody's hands. Of two open entries in one
/// campaign, and of two open call-backs, the later is parked until the merge is undone. Call it under the merge lock.
pub fn park_for_merge(
    conn: &mut Conn,
    now: NaiveDateTime,
    from_group: &[i64],
    into_group: &[i64],
    merge_id: i64,
) -> AppResult<usize> {
    let holder = |conn: &mut Conn, group: &[i64]| -> AppResult<Option<String>> {
        for id in group {
            if let Some((_, name)) = queries::holder(conn, "company", *id)? {
                return Ok(Some(name));
            }
        }
        Ok(None)
    };
    let (one, other) = (holder(conn, from_group)?, holder(conn, into_group)?);
    if let (Some(one), Some(other)) = (&one, &other) {
        return Err(AppError::conflict("merge_in_two_hands")
            .with("one", one)
            .with("other", other));
    }
    if let Some(name) = one.or(other) {
        return Err(AppError::conflict("merge_in_hand").with("agent", name));
    }
    let mine = queries::entries_of_companies(conn, into_group)?;
    let mut parked = 0;
    for entry in queries::entries_of_companies(conn, from_group)? {
        let Some(twin) = mine.iter().find(|e| e.campaign_id == entry.campaign_id) else {
            continue;
        };
        if entry.state() == EntryState::Parked || twin.state() == EntryState::Parked {
            continue;
        }
        let later = if is_open(twin) && !is_open(&entry) {
            twin
        } else if entry.id > twin.id {
            &entry
        } else {
            twin
        };
        if is_open(later) {
            queries::park(conn, later.id, merge_id, now)?;
            parked += 1;
        }
    }
    queries::park_callbacks(conn, from_group, into_group, merge_id)?;
    Ok(parked)
}

/// After a merge is undone: what was parked for it is as it was.
pub fn unpark_after_merge(conn: &mut Conn, now: NaiveDateTime, merge_id: i64) -> AppResult<usize> {
    Ok(queries::unpark(conn, merge_id, now)?)
}
