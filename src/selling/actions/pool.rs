//! The pool: claiming and letting go.

use chrono::NaiveDateTime;

use super::answer::sell;
use super::book::Book;
use super::own::{Because, gain, lose, refresh_mark};
use crate::accounts::{Actor, Object, Verb, company_of, require};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::registry;
use crate::selling::model::OwnershipKind;
use crate::selling::queries;
use crate::selling::rules::pool::{Claim, ClaimFault};

/// A rep takes a company out of the pool.
pub fn claim(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    company_id: i64,
) -> AppResult<i64> {
    require(actor, Verb::ClaimFromPool, Object::Any)?;
    registry::lock::shared(conn)?;
    let gone = |_| AppError::conflict(ClaimFault::NotInPool.code());
    let root = registry::actions::root_of(conn, company_id).map_err(gone)?;
    queries::hold_user(conn, actor.id())?;
    let (_, state, grade) = queries::hold_company(conn, root)?;
    let asked = claim_of(conn, now, actor, book, root, &state, grade.as_deref())?;
    book.pool
        .may_claim(&asked)
        .map_err(|fault| refuse(fault, book))?;
    gain(
        conn,
        now,
        actor,
        root,
        actor.id(),
        Because::of(OwnershipKind::Claimed),
    )?;
    sell(conn, now, actor, root, actor.id(), None)?;
    refresh_mark(conn, now, book, root)?;
    Ok(root)
}

#[allow(clippy::too_many_arguments)] // the facts of one claim
fn claim_of(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    root: i64,
    state: &str,
    grade: Option<&str>,
) -> AppResult<Claim> {
    let group = registry::actions::group_of(conn, root)?;
    let today = book.today(now);
    let (owned, owned_a) = queries::owned(conn, actor.id())?;
    let mine = queries::ownerships(conn, &group, actor.id())?;
    // What went on the manager's way is not held against a rep.
    let left = mine
        .iter()
        .find(|(kind, _)| kind == "released" || kind == "fell");
    let registered = queries::registrations(conn, &group, today)?;
    Ok(Claim {
        today,
        // One that is on offer already is not to be had.
        is_in_pool: state == "pool" && queries::open_of(conn, &group)?.is_none(),
        is_a: grade == Some("A"),
        is_protected: registered.iter().any(|r| Some(r.rep_id) != actor.user_id),
        claimed_today: queries::claims_since(conn, actor.id(), book.day_start(now))?,
        owned,
        owned_a,
        left_on: left.map(|(_, at)| book.office().date(*at)),
    })
}

fn refuse(fault: ClaimFault, book: &Book) -> AppError {
    let rules = &book.pool;
    let error = AppError::conflict(fault.code());
    match fault {
        ClaimFault::DayIsFull => error.with("most", rules.claims_a_day),
        ClaimFault::HandsFull => error.with("most", rules.cap),
        ClaimFault::TooManyA => error.with("most", rules.cap_a),
        ClaimFault::WasYours => error.with("days", rules.not_again_days),
        ClaimFault::NotInPool | ClaimFault::Protected => error,
    }
}

/// A rep lets an own company go into the pool, with a reason. One with an open quotation is locked.
pub fn release(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    company_id: i64,
    reason: &str,
) -> AppResult<()> {
    if reason.trim().is_empty() {
        return Err(AppError::invalid("release_needs_reason", "reason"));
    }
    registry::lock::shared(conn)?;
    let root = registry::actions::root_of(conn, company_id)?;
    let (owner, ..) = queries::hold_company(conn, root)?;
    let Some(rep) = owner else {
        return Err(AppError::conflict("release_not_owned"));
    };
    let object = company_of(conn, owner)?;
    require(actor, Verb::Sell, object)?;
    let group = registry::actions::group_of(conn, root)?;
    if queries::has_open_quotation(conn, &group)? {
        return Err(AppError::conflict("release_locked"));
    }
    let because = Because {
        reason: Some(reason.trim()),
        ..Because::of(OwnershipKind::Released)
    };
    let_go(conn, now, actor, book, root, rep, because)
}

/// Into the pool: what was being sold is closed.
pub(super) fn let_go(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    root: i64,
    rep_id: i64,
    because: Because<'_>,
) -> AppResult<()> {
    let group = registry::actions::group_of(conn, root)?;
    for mut opportunity in queries::opportunities(conn, &group)? {
        if opportunity.is_open() {
            opportunity.state = "closed".into();
            opportunity.closed_at = Some(now);
            queries::update_opportunity(conn, &opportunity)?;
        }
    }
    lose(conn, now, actor, root, rep_id, because, true)?;
    refresh_mark(conn, now, book, root)
}
