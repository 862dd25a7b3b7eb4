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

/// Holds every open entry of these companies back, in every campaign. Leased ones stay with their agent.
pub fn bar_entries_of(
    conn: &mut Conn,
    now: NaiveDateTime,
    roots: &[i64],
    bar: Bar,
    until: Option<NaiveDateTime>,
) -> AppResult<usize> {
    let group = queries::groups(conn, roots)?;
    let entries = queries::entries_of_companies(conn, &group)?;
    let open: Vec<_> = entries.into_iter().filter(is_open).collect();
    for entry in &open {
        hold(conn, now, entry, bar, until)?;
    }
    Ok(open.len())
}

/// Wakes what is held back of these companies: something that barred them may have ended. The claim looks anew.
pub fn wake_entries_of(conn: &mut Conn, now: NaiveDateTime, roots: &[i64]) -> AppResult<usize> {
    let group = queries::groups(conn, roots)?;
    let entries = queries::entries_of_companies(conn, &group)?;
    wake(conn, now, entries)
}

/// The same for persons without a company.
pub fn wake_entries_of_persons(
    conn: &mut Conn,
    now: NaiveDateTime,
    persons: &[i64],
) -> AppResult<usize> {
    let entries = queries::entries_of_persons(conn, persons)?;
    wake(conn, now, entries)
}

fn wake(conn: &mut Conn, now: NaiveDateTime, entries: Vec<QueueEntry>) -> AppResult<usize> {
    let mut n = 0;
    for mut entry in entries {
        let lifted = match entry.bar.as_deref().and_then(Bar::from_code) {
            Some(bar) => bar != Bar::Limit && bar != Bar::Skipped && bar != Bar::Closed,
            None => false,
        };
        if is_open(&entry) && lifted && entry.state() != EntryState::Ready {
            entry.state = EntryState::Ready.code().to_owned();
            entry.bar = None;
            entry.changed_at = now;
            queries::update_entry(conn, &entry)?;
            n += 1;
        }
    }
    Ok(n)
}

/// Looks again at everything of these companies that waits or is barred for a reason that may have come or gone:
/// entries of companies that must not be called are barred, others are woken.
pub fn recheck_entries_of(
    conn: &mut Conn,
    now: NaiveDateTime,
    company_ids: &[i64],
) -> AppResult<()> {
    let roots = queries::roots_of(conn, company_ids)?;
    let silent = queries::silent_roots(conn, &roots)?;
    let (barred, free): (Vec<i64>, Vec<i64>) =
        roots.into_iter().partition(|id| silent.contains(id));
    if !barred.is_empty() {
        bar_entries_of(conn, now, &barred, Bar::Suppressed, None)?;
    }
    if !free.is_empty() {
        wake_entries_of(conn, now, &free)?;
    }
    Ok(())
}

/// The same for persons without a company.
pub fn recheck_entries_of_persons(
    conn: &mut Conn,
    now: NaiveDateTime,
    person_ids: &[i64],
) -> AppResult<()> {
    if person_ids.is_empty() {
        return Ok(());
    }
    let silent = queries::silent_persons(conn, person_ids)?;
    for entry in queries::entries_of_persons(conn, &silent)?
        .iter()
        .filter(|e| is_open(e))
    {
        hold(conn, now, entry, Bar::Suppressed, None)?;
    }
    let free: Vec<i64> = person_ids
        .iter()
        .copied()
        .filter(|id| !silent.contains(id))
        .collect();
    wake_entries_of_persons(conn, now, &free)?;
    Ok(())
}

/// Writes the scores of all entries of these roots anew, after the company's score has changed.
pub fn rescore_entries(conn: &mut Conn, roots: &[i64]) -> AppResult<usize> {
    Ok(queries::rescore_entries(conn, roots)?)
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

/// Entries of these companies that are parked by a merge.
pub fn entries_parked_by_merge(conn: &mut Conn, merge_id: i64) -> AppResult<Vec<QueueEntry>> {
    Ok(queries::parked_by(conn, merge_id)?)
}
