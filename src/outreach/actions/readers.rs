//! Of whom somebody may read while they try a letter or look at what a person was sent: of whose company they may know.

use crate::accounts::{Actor, Verb, company_of, may};
use crate::outreach::queries::letter::{Candidate, candidate_of};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};

/// Those of these people of whom somebody may read: a manager of nobody else's customers.
pub fn known(conn: &mut Conn, actor: &Actor, people: Vec<Candidate>) -> AppResult<Vec<Candidate>> {
    let mut known = Vec::with_capacity(people.len());
    for person in people {
        if may_know(conn, actor, &person)? {
            known.push(person);
        }
    }
    Ok(known)
}

/// Refuses a person of whom somebody may not read, as if there were none. Who is nobody is nobody's secret.
pub fn require_known(conn: &mut Conn, actor: &Actor, person_id: i64) -> AppResult<()> {
    let Some(person) = candidate_of(conn, person_id)? else {
        return Ok(());
    };
    match may_know(conn, actor, &person)? {
        true => Ok(()),
        false => Err(AppError::not_found()),
    }
}

fn may_know(conn: &mut Conn, actor: &Actor, person: &Candidate) -> AppResult<bool> {
    Ok(may(
        actor,
        Verb::SeeCompany,
        company_of(conn, person.owner_id)?,
    ))
}
