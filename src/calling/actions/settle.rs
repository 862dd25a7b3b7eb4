//! A manager settles the lease of somebody who gives no result.

use chrono::NaiveDateTime;

use super::leases::{clock_of, expire};
use super::rulebook::Rulebook;
use crate::accounts::{Actor, Object, Verb, require, work_of};
use crate::calling::model::Lease;
use crate::calling::queries;
use crate::calling::rules::{LeaseEnd, LeaseState};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};

/// A lease that waits for its result, for a manager who settles it.
pub fn waiting_lease(conn: &mut Conn, actor: &Actor, lease_id: i64) -> AppResult<Lease> {
    require(actor, Verb::UndoAnyCall, Object::Any)?;
    let token = queries::lease_by_id(conn, lease_id)?.token;
    // By its token it is locked: its agent may be writing the result this moment.
    let lease = queries::lease_by_token(conn, &token)?.ok_or_else(AppError::not_found)?;
    let object = work_of(conn, lease.agent_id)?;
    require(actor, Verb::UndoAnyCall, object)?;
    if clock_of(&lease).state != LeaseState::NeedsOutcome {
        return Err(AppError::conflict("lease_not_waiting"));
    }
    Ok(lease)
}

/// A manager takes a dialled lease whose agent gives no result: it goes to the team at once.
pub fn give_to_team(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    lease_id: i64,
    rules: &Rulebook,
) -> AppResult<Lease> {
    let lease = waiting_lease(conn, actor, lease_id)?;
    expire(conn, now, rules, &lease, LeaseEnd::TeamRetry)?;
    log_settled(conn, now, actor, &lease, "give_to_team")?;
    Ok(lease)
}

/// A manager settled somebody else's lease: who, when and how stands in the change log.
pub fn log_settled(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    lease: &Lease,
    verb: &str,
) -> AppResult<()> {
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb,
        object_kind: "lease",
        object_id: Some(lease.id),
        n: 1,
        ..Change::default()
    };
    Ok(changed(conn, &change)?)
}
