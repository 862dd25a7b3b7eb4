//! Erasing a person: nothing that names them stays, and a refusal of theirs stays all the same.
//!
//! One transaction empties the person, lets the do-not-reach list know them by check values alone, and takes them out of
//! queues and mailings. A job then walks through whatever anybody may have written about them; what it looks for stands in
//! the row of the erasure, and goes with the last step. A process that is killed loses nothing: every step leaves texts that
//! the next one passes over.
//!
//! | where | what becomes of it |
//! |---|---|
//! | `person`, `contact` | an empty row, since others point to it; at no company |
//! | `contact_point` | gone, from companies as well where it was theirs; common mailboxes stay with the company |
//! | `record` | what it says of a company stays, without name, number, address; all else goes, superseded ones too |
//! | `company`, `search` | folded and found anew |
//! | `suppression` | numbers and addresses become check values; asked to be erased, they are refused every way |
//! | `suppression_origin`, `consent` | date and kind stay, words go; consents end |
//! | `queue_entry`, `callback`, `task` | barred, ended, undone |
//! | `call`, `call_result`, `lease` | figures and times stay; number, note and what was typed lose them |
//! | `delivery` | a letter that waits does not go; state and times stay, the address goes |
//! | `mailing_word` | gone |
//! | `raw_chunk`, `upload_chunk` | the text of their rows goes, and the file that held them; outcomes stay |
//! | notes, evidence, events, notices, answers, drafts, errors of jobs: `places` | cut out of the text |
//! | `once_key`, `touch`, `change_log`, `access_log`, `merge`, `review` | ids, codes and moments stay |
//! | the log of refusals beside the database | written anew: `flows::refusal_log` |
//! | an older archive | is erased again when it is restored: `again` |

mod again;
mod job;
mod page;
mod places;
mod queries;

use chrono::NaiveDateTime;

pub use again::erase_again;
pub(crate) use job::kind;
pub(super) use job::{ask_unfinished, is_unfinished};
pub(super) use page::routes;

use super::contradictions::after_change;
use crate::accounts::{Actor, Object, Role, Verb, company_of, may, require};
use crate::calling::actions as queue;
use crate::consent::erased::{NewErasure, erased_among, note_erasure};
use crate::consent::{self, Erasure, ErasureGround, Subject};
use crate::outreach::actions::ledger;
use crate::platform::db::{Conn, overwriting};
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};
use crate::registry::actions::{self as registry, Traces};
use crate::registry::queries::load;
use crate::registry::{lock, search};

/// Erases a person, by any id of theirs, with everybody who was joined to them. Answers the erasure.
pub fn erase(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    person_id: i64,
    ground: ErasureGround,
) -> AppResult<i64> {
    require(actor, Verb::ErasePerson, Object::Any)?;
    locked(conn)?;
    let traces = traces_for(conn, actor, person_id)?;
    if !erased_among(conn, &traces.persons)?.is_empty() {
        return Err(AppError::conflict("person_erased"));
    }
    let numbers: Vec<String> = traces.own().cloned().collect();
    if queue::is_in_hand(conn, &traces.persons, &numbers)? {
        return Err(AppError::conflict("person_in_call"));
    }
    let erasure = Erasure {
        id: 0,
        persons: traces.persons.clone(),
        ground: ground.code().to_owned(),
        actor_id: actor.user_id,
        asked_at: now,
        values: Vec::new(),
    };
    let id = overwriting(conn, |conn| erase_as(conn, now, actor, &traces, &erasure))?;
    job::ask(conn, now, actor.user_id)?;
    Ok(id)
}

/// Where somebody is known from, for who may erase them: an administrator anybody, a manager nobody else's customers.
fn traces_for(conn: &mut Conn, actor: &Actor, person_id: i64) -> AppResult<Traces> {
    let traces = registry::traces_of(conn, person_id)?;
    let mut may_know = actor.roles.has(Role::Admin) || traces.roots.is_empty();
    for company in load::companies(conn, &traces.roots)? {
        let object = company_of(conn, company.owner_id)?;
        may_know |= may(actor, Verb::SeeCompany, object);
    }
    match may_know {
        true => Ok(traces),
        false => Err(AppError::not_found()),
    }
}

/// Nobody joins them to somebody, and nobody is made by their keys, while they are read.
fn locked(conn: &mut Conn) -> AppResult<()> {
    lock::exclusive(conn)?;
    Ok(lock::registry(conn)?)
}

/// What an erasure does at once.
fn erase_as(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    traces: &Traces,
    erasure: &Erasure,
) -> AppResult<i64> {
    registry::erase_person(conn, now, traces)?;
    let own = traces.own().map(|value| Subject::number_or_email(value));
    let own: Vec<Subject> = own.collect();
    let sought = serde_json::to_string(traces)?;
    let new = NewErasure {
        erasure,
        own: &own,
        sought: &sought,
    };
    let id = note_erasure(conn, now, actor, &new)?;
    consent::refresh_grounds(conn, &traces.persons)?;
    consent::refresh_standing(conn, &traces.roots)?;
    queue::end_agreed(conn, &traces.persons)?;
    queue::follow_companies(conn, now, &traces.roots)?;
    queue::follow_persons(conn, now, &traces.persons)?;
    for root in &traces.roots {
        after_change(conn, now, *root)?;
    }
    ledger::forget_persons(conn, now, &traces.persons)?;
    search::enqueue(conn, now)?;
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb: "erase",
        object_kind: "person",
        object_id: traces.persons.first().copied(),
        n: i32::try_from(traces.persons.len()).unwrap_or(i32::MAX),
        ..Change::default()
    };
    changed(conn, &change)?;
    Ok(id)
}
