//! Somebody left a company, or is back.

use chrono::NaiveDateTime;

use super::groups::{rescore, root_of};
use crate::accounts::Actor;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};
use crate::registry::queries::{load, page};

/// Writes down that a contact left (the company stays), or that they are still there.
pub fn set_left(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    contact_id: i64,
    has_left: bool,
) -> AppResult<()> {
    let found = load::contacts(conn, &[contact_id])?;
    let contact = found.first().ok_or_else(AppError::not_found)?;
    page::set_left(conn, contact_id, has_left.then_some(now))?;
    if let Some(company) = contact.company_id {
        let root = root_of(conn, company)?;
        rescore(conn, now, &[root])?;
    }
    changed(
        conn,
        &Change {
            at: now,
            actor_id: actor.user_id,
            verb: if has_left { "left" } else { "back" },
            object_kind: "contact",
            object_id: Some(contact_id),
            n: 1,
            ..Change::default()
        },
    )?;
    Ok(())
}
