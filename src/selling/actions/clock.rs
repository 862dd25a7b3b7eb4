//! What time does: offers warn and lapse, idle companies fall into the pool, registrations end.

use chrono::NaiveDateTime;
use serde_json::json;

use super::book::Book;
use super::notices::{About, tell, tell_managers};
use super::offer::{about, name, note, place, to_manager};
use super::own::{Because, lose, refresh_mark};
use crate::accounts::Actor;
use crate::platform::calendar::zone;
use crate::platform::db::{Conn, in_transaction};
use crate::platform::error::{AppError, AppResult};
use crate::qualifying::Grade;
use crate::registry;
use crate::selling::model::{Handover, NoticeKind, OwnershipKind};
use crate::selling::queries::{self, OwnedRow};
use crate::selling::rules::handover::{Due, HandoverState};
use crate::selling::rules::pool::{Idle, Owned};

/// Hand-overs that one transaction moves.
const MOST: i64 = 50;
/// Owned companies that one transaction looks at.
const PAGE: i64 = 500;

/// Whether any hand-over is due.
pub fn is_anything_due(conn: &mut Conn, now: NaiveDateTime) -> AppResult<bool> {
    Ok(!queries::due(conn, now, 1)?.is_empty() || !queries::contact_late(conn, now, 1)?.is_empty())
}

/// Moves what is due now, some at a time; how many moved.
pub fn bring_up_to_date(conn: &mut Conn, now: NaiveDateTime, book: &Book) -> AppResult<usize> {
    let due = queries::due(conn, now, MOST)?;
    let mut moved = 0;
    for id in due {
        // One that fails holds up none of the others.
        match in_transaction(conn, |conn| advance(conn, now, book, id)) {
            Ok(has_moved) => moved += usize::from(has_moved),
            Err(why) => tracing::error!(handover = id, "a hand-over does not move on: {why}"),
        }
    }
    for id in queries::contact_late(conn, now, MOST)? {
        let handover = queries::handover(conn, id)?.ok_or_else(AppError::not_found)?;
        let root = registry::actions::root_of(conn, handover.company_id)?;
        let data = json!({ "company": name(conn, root)? });
        let (kind, what) = (NoticeKind::ContactLate, about(&handover));
        if let Some(rep) = handover.rep_id {
            tell(conn, now, rep, kind, what, &data)?;
        }
        tell_managers(conn, now, handover.rep_id, kind, what, &data)?;
        moved += 1;
    }
    Ok(moved)
}

/// What is due to one hand-over. Whoever answers it at the same moment comes first or second, never in between.
fn advance(conn: &mut Conn, now: NaiveDateTime, book: &Book, id: i64) -> AppResult<bool> {
    let seen = queries::handover(conn, id)?.ok_or_else(AppError::not_found)?;
    registry::lock::shared(conn)?;
    let root = registry::actions::root_of(conn, seen.company_id)?;
    queries::hold_company(conn, root)?;
    queries::hold(conn, id)?;
    let mut handover = queries::handover(conn, id)?.ok_or_else(AppError::not_found)?;
    let system = Actor::system();
    match handover.offer().due(now, &book.service) {
        Due::Nothing => return Ok(false),
        Due::Warn => warn(conn, now, &mut handover, root)?,
        Due::NextRep => {
            lapse(conn, now, &handover, root)?;
            let had = queries::moves(conn, id)?;
            let had = had.iter().filter_map(|m| m.rep_id).collect();
            place(conn, now, &system, book, &mut handover, had)?;
        }
        Due::Manager => {
            lapse(conn, now, &handover, root)?;
            to_manager(conn, now, &system, book, &mut handover)?;
        }
        Due::Pool => to_pool(conn, now, book, &mut handover, root)?,
    }
    Ok(true)
}

fn warn(conn: &mut Conn, now: NaiveDateTime, handover: &mut Handover, root: i64) -> AppResult<()> {
    handover.state = HandoverState::Warned.code().to_owned();
    queries::update(conn, handover)?;
    note(
        conn,
        now,
        &Actor::system(),
        handover,
        HandoverState::Warned,
        None,
    )?;
    let Some(rep) = handover.rep_id else {
        return Ok(());
    };
    let due = handover.due_at.map(|at| at.and_utc());
    let data = json!({ "company": name(conn, root)?, "due_at": due });
    tell(conn, now, rep, NoticeKind::Warned, about(handover), &data)
}

fn lapse(conn: &mut Conn, now: NaiveDateTime, handover: &Handover, root: i64) -> AppResult<()> {
    note(
        conn,
        now,
        &Actor::system(),
        handover,
        HandoverState::Lapsed,
        None,
    )?;
    let Some(rep) = handover.rep_id else {
        return Ok(());
    };
    queries::offer_is_over(conn, rep, handover.id, now)?;
    let data = json!({ "company": name(conn, root)? });
    tell(conn, now, rep, NoticeKind::MovedOn, about(handover), &data)
}

/// Nobody decided in time. A company with an open quotation is locked: it stays on the list without an end.
fn to_pool(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &Book,
    handover: &mut Handover,
    root: i64,
) -> AppResult<()> {
    let group = registry::actions::group_of(conn, root)?;
    let opportunities = queries::opportunities(conn, &group)?;
    let mut open: Vec<_> = opportunities.into_iter().filter(|o| o.is_open()).collect();
    if queries::has_open_quotation(conn, &group)? {
        handover.due_at = None;
        queries::update(conn, handover)?;
        return Ok(());
    }
    for opportunity in &mut open {
        opportunity.state = "closed".into();
        opportunity.closed_at = Some(now);
        queries::update_opportunity(conn, opportunity)?;
    }
    handover.state = HandoverState::Pooled.code().to_owned();
    handover.settled_at = Some(now);
    queries::update(conn, handover)?;
    queries::let_once_go(conn, handover.id)?;
    note(
        conn,
        now,
        &Actor::system(),
        handover,
        HandoverState::Pooled,
        None,
    )?;
    refresh_mark(conn, now, book, root)?;
    registry::actions::take_away(conn, now, root, true)?;
    crate::calling::actions::follow_companies(conn, now, &[root])
}

/// How an owned company stands to the pool.
pub(crate) fn standing(book: &Book, row: &OwnedRow, now: NaiveDateTime) -> Owned {
    let office = book.office().zone();
    let active = row.touched_at.max(row.owned_since).unwrap_or(now);
    let is_protected = row
        .protected_until
        .is_some_and(|day| day >= book.today(now));
    Owned {
        grade: row.grade.as_deref().and_then(Grade::from_code),
        active_on: zone::local_date(office, active),
        is_locked: row.has_quotation || is_protected,
        is_customer: false,
    }
}

/// Looks at a part of what is owned: idle companies fall, and their reps are told some days before. The id to go on
/// from; `None` at the end.
pub fn tidy(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &Book,
    after: i64,
) -> AppResult<Option<i64>> {
    if after == 0 {
        for company in queries::end_registrations(conn, book.today(now))? {
            let root = registry::actions::root_of(conn, company)?;
            refresh_mark(conn, now, book, root)?;
        }
    }
    let rows = queries::owned_rows(conn, None, after, PAGE)?;
    let last = rows.last().map(|row| row.id);
    for row in &rows {
        match book.pool.idle(&standing(book, row, now), book.today(now)) {
            Idle::Stays => {}
            Idle::Soon(day) => announce(conn, now, book, row, day)?,
            Idle::Falls => fall(conn, now, book, row)?,
        }
    }
    Ok(last)
}

fn announce(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &Book,
    row: &OwnedRow,
    day: chrono::NaiveDate,
) -> AppResult<()> {
    let (root, rep) = (row.id, row.rep_id);
    let since = book.day_after(now, -i64::from(book.pool.notice_days));
    let kind = NoticeKind::FallsSoon;
    if queries::was_told(conn, rep, kind.code(), root, since)? {
        return Ok(());
    }
    let what = About {
        company_id: Some(root),
        object_id: None,
    };
    tell(
        conn,
        now,
        rep,
        kind,
        what,
        &json!({ "company": row.name, "day": day }),
    )
}

fn fall(conn: &mut Conn, now: NaiveDateTime, book: &Book, row: &OwnedRow) -> AppResult<()> {
    let (root, rep) = (row.id, row.rep_id);
    registry::lock::shared(conn)?;
    let (owner, ..) = queries::hold_company(conn, root)?;
    if owner != Some(rep) {
        return Ok(());
    }
    let because = Because::of(OwnershipKind::Fell);
    super::pool::let_go(conn, now, &Actor::system(), book, root, rep, because)?;
    let what = About {
        company_id: Some(root),
        object_id: None,
    };
    tell(
        conn,
        now,
        rep,
        NoticeKind::Fell,
        what,
        &json!({ "company": row.name }),
    )
}

/// A user is switched off: own companies go to the manager's list, offers to the next rep. How many of each.
pub fn leave_all(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    user: (i64, &str),
) -> AppResult<(usize, usize)> {
    use super::offer::{Opening, open_for_manager};
    use crate::selling::rules::assign::Why;
    let (user_id, user_name) = user;
    registry::lock::shared(conn)?;
    let roots = queries::roots_of_owner(conn, user_id)?;
    for root in &roots {
        let (_, _, grade) = queries::hold_company(conn, *root)?;
        let because = Because::of(OwnershipKind::SwitchedOff);
        lose(conn, now, actor, *root, user_id, because, false)?;
        let opening = Opening {
            group: registry::actions::group_of(conn, *root)?,
            grade: grade.as_deref().and_then(Grade::from_code),
            ..Opening::default()
        };
        let why = Why::SwitchedOff {
            name: user_name.to_owned(),
        };
        open_for_manager(conn, now, actor, book, &opening, why)?;
    }
    let offers = queries::of_rep(conn, user_id, i64::MAX)?;
    let offers: Vec<_> = offers
        .into_iter()
        .filter(|h| h.state().is_on_offer())
        .collect();
    for handover in &offers {
        queries::hold(conn, handover.id)?;
        let mut handover = queries::handover(conn, handover.id)?.ok_or_else(AppError::not_found)?;
        if !handover.state().is_on_offer() {
            continue;
        }
        note(conn, now, actor, &handover, HandoverState::Lapsed, None)?;
        let had = queries::moves(conn, handover.id)?;
        let had = had.iter().filter_map(|m| m.rep_id).collect();
        place(conn, now, actor, book, &mut handover, had)?;
    }
    Ok((roots.len(), offers.len()))
}
