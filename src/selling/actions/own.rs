//! A company comes to a rep, or leaves one: ownership, the mark that locks it, its queue entries, and the log.

use chrono::NaiveDateTime;

use super::book::Book;
use super::registration::end_with_rep;
use crate::accounts::Actor;
use crate::calling::actions::{follow_companies, follow_group};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::log::{Change, Event, changed, happened};
use crate::registry;
use crate::registry::model::flags;
use crate::selling::model::{NewOwnership, OwnershipKind};
use crate::selling::queries;

/// Why a company changes hands.
#[derive(Debug, Clone, Copy)]
pub struct Because<'a> {
    /// How.
    pub kind: OwnershipKind,
    /// By which hand-over or merge.
    pub object_id: Option<i64>,
    /// The reason given.
    pub reason: Option<&'a str>,
}

impl Because<'_> {
    /// Without more to say.
    pub fn of(kind: OwnershipKind) -> Self {
        Self {
            kind,
            object_id: None,
            reason: None,
        }
    }
}

/// The company is this rep's from now on.
pub fn gain(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    root: i64,
    rep_id: i64,
    why: Because<'_>,
) -> AppResult<()> {
    write(conn, now, actor, root, rep_id, why)?;
    registry::actions::give_to(conn, now, root, rep_id)?;
    follow_companies(conn, now, &[root])
}

/// The company is no longer this rep's; to the pool, or into nobody's hands for now.
pub fn lose(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    root: i64,
    rep_id: i64,
    why: Because<'_>,
    to_pool: bool,
) -> AppResult<()> {
    write(conn, now, actor, root, rep_id, why)?;
    registry::actions::take_away(conn, now, root, to_pool)?;
    follow_companies(conn, now, &[root])
}

fn write(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    root: i64,
    rep_id: i64,
    why: Because<'_>,
) -> AppResult<()> {
    let new = NewOwnership {
        company_id: root,
        rep_id,
        kind: why.kind.code(),
        actor_id: actor.user_id,
        reason: why.reason.map(str::to_owned),
        object_id: why.object_id,
        at: now,
    };
    let id = queries::insert_ownership(conn, &new)?;
    if !why.kind.is_gain() {
        // Whoever lost a company owes it no first contact.
        let group = registry::actions::group_of(conn, root)?;
        queries::drop_contact_time(conn, &group, rep_id)?;
        end_with_rep(conn, now, actor, &group, rep_id)?;
    }
    let event = Event {
        at: now,
        kind: if why.kind.is_gain() {
            "company.gained"
        } else {
            "company.lost"
        },
        user_id: Some(rep_id),
        company_id: Some(root),
        object_id: Some(id),
        data: Some(serde_json::json!({ "kind": why.kind }).to_string()),
        ..Event::default()
    };
    happened(conn, &event)?;
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb: why.kind.code(),
        object_kind: "company",
        object_id: Some(root),
        fields: Some("owner".into()),
        n: 1,
        ..Change::default()
    };
    Ok(changed(conn, &change)?)
}

/// Sets or clears the mark that keeps a company out of fills: a hand-over or opportunity is open, or a registration
/// protects it.
pub fn refresh_mark(conn: &mut Conn, now: NaiveDateTime, book: &Book, root: i64) -> AppResult<()> {
    let group = registry::actions::group_of(conn, root)?;
    let is_held = queries::is_sold_to(conn, &group, book.today(now))?;
    set_mark(conn, now, &group, is_held)
}

/// Writes it; the root comes first in the group.
pub(super) fn set_mark(
    conn: &mut Conn,
    now: NaiveDateTime,
    group: &[i64],
    is_held: bool,
) -> AppResult<()> {
    if let Some(root) = group.first() {
        registry::actions::mark(conn, now, *root, flags::OPEN_OPPORTUNITY, is_held)?;
    }
    follow_group(conn, now, group)
}
