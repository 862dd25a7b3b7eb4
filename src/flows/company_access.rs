//! How a user stands to a company: the facts on which `accounts::may` decides, from every area that has some.

use chrono::{NaiveDateTime, TimeDelta};

use crate::accounts::{Actor, CompanyAccess, Object, Verb, may, require};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::registry;

/// An agent sees whom they called within so many days.
const CALLED_DAYS: i64 = 30;

/// Reads how `actor` stands to the company that `company_id` answers as.
pub fn access_to(
    conn: &mut Conn,
    actor: &Actor,
    company_id: i64,
    now: NaiveDateTime,
) -> AppResult<CompanyAccess> {
    let root = registry::actions::root_of(conn, company_id)?;
    let group = registry::actions::group_of(conn, root)?;
    let since = now - TimeDelta::days(CALLED_DAYS);
    Ok(registry::queries::page::access(
        conn, actor, root, &group, since,
    )?)
}

/// The root of a company on which `actor` may do `verb`: who may not see it is told that there is none.
pub fn open(
    conn: &mut Conn,
    actor: &Actor,
    company_id: i64,
    verb: Verb,
    now: NaiveDateTime,
) -> AppResult<(i64, CompanyAccess)> {
    require(actor, Verb::FindCompanies, Object::Any)?;
    let root = registry::actions::root_of(conn, company_id)?;
    let access = access_to(conn, actor, root, now)?;
    if !may(actor, Verb::SeeCompany, Object::Company(access)) {
        return Err(AppError::not_found());
    }
    require(actor, verb, Object::Company(access))?;
    Ok((root, access))
}
