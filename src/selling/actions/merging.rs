//! What a merge of two companies does to selling, and what its undo does. Call both under the merge lock.

use chrono::NaiveDateTime;

use super::book::Book;
use super::offer::note;
use super::own::{Because, gain, lose, refresh_mark};
use crate::accounts::Actor;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry;
use crate::registry::model::flags;
use crate::selling::model::{Handover, OwnershipKind};
use crate::selling::queries;
use crate::selling::rules::handover::HandoverState;

/// After `from` was joined to `into`: of two open hand-overs the later is parked, the other holds the promise for the
/// whole group; a root that nobody has goes to the rep of the other side.
pub fn after_merge(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    (from, into): (&[i64], &[i64]),
    merge_id: i64,
) -> AppResult<()> {
    let Some(root) = into.first().copied() else {
        return Ok(());
    };
    let (mine, theirs) = (queries::open_of(conn, into)?, queries::open_of(conn, from)?);
    let stays = match (mine, theirs) {
        (Some(a), Some(b)) => {
            let (earlier, later) = if a.id < b.id { (a, b) } else { (b, a) };
            park(conn, now, actor, later, merge_id)?;
            Some(earlier)
        }
        (a, b) => a.or(b),
    };
    let (owner, ..) = queries::hold_company(conn, root)?;
    let other = match from.first() {
        Some(id) => queries::hold_company(conn, *id)?.0,
        None => None,
    };
    let owner = match (owner, other) {
        (None, Some(rep)) => {
            let because = Because {
                object_id: Some(merge_id),
                ..Because::of(OwnershipKind::Merged)
            };
            gain(conn, now, actor, root, rep, because)?;
            Some(rep)
        }
        (owner, _) => owner,
    };
    if let Some(handover) = stays {
        match owner {
            // A company that somebody has is not on offer.
            Some(_) => park(conn, now, actor, handover, merge_id)?,
            None => {
                let group = [into, from].concat();
                queries::take_once(conn, &group, handover.id, now)?;
            }
        }
    }
    let was_signed = queries::has_flag(conn, from, flags::SIGNED)?;
    if was_signed {
        registry::actions::mark(conn, now, root, flags::SIGNED, true)?;
    }
    refresh_mark(conn, now, book, root)
}

fn park(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    mut handover: Handover,
    merge_id: i64,
) -> AppResult<()> {
    handover.reason = Some(handover.state.clone());
    handover.state = HandoverState::Parked.code().to_owned();
    handover.parked_for = Some(merge_id);
    queries::update(conn, &handover)?;
    queries::let_once_go(conn, handover.id)?;
    note(conn, now, actor, &handover, HandoverState::Parked, None)
}

/// After a merge was undone: what it parked is open again, each side holds its own promise, and a rep who came by the
/// merge leaves with it.
pub fn after_unmerge(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    merge_id: i64,
) -> AppResult<()> {
    let (from, into) = queries::merged(conn, merge_id)?;
    let roots = [
        registry::actions::root_of(conn, from)?,
        registry::actions::root_of(conn, into)?,
    ];
    for (company, rep) in queries::ownership_by(conn, OwnershipKind::Merged.code(), merge_id)? {
        let root = registry::actions::root_of(conn, company)?;
        if queries::hold_company(conn, root)?.0 == Some(rep) {
            let because = Because {
                object_id: Some(merge_id),
                ..Because::of(OwnershipKind::Parted)
            };
            lose(conn, now, actor, root, rep, because, false)?;
        }
    }
    for mut handover in queries::parked_by(conn, merge_id)? {
        let root = registry::actions::root_of(conn, handover.company_id)?;
        let group = registry::actions::group_of(conn, root)?;
        let is_free = queries::open_of(conn, &group)?.is_none()
            && queries::hold_company(conn, root)?.0.is_none();
        let before = handover.reason.take();
        let before = before.and_then(|code| HandoverState::from_code(&code));
        // What came in between stands.
        let state = match is_free {
            true => before.unwrap_or(HandoverState::WithManager),
            false => HandoverState::Withdrawn,
        };
        handover.settled_at = (!is_free).then_some(now);
        handover.state = state.code().to_owned();
        handover.parked_for = None;
        queries::update(conn, &handover)?;
        note(conn, now, actor, &handover, state, None)?;
    }
    for root in roots {
        let group = registry::actions::group_of(conn, root)?;
        queries::free_once(conn, &group)?;
        if let Some(handover) = queries::open_of(conn, &group)? {
            queries::let_once_go(conn, handover.id)?;
            queries::take_once(conn, &group, handover.id, now)?;
        }
        refresh_mark(conn, now, book, root)?;
    }
    Ok(())
}
