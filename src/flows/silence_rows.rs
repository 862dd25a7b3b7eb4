//! What the rows of a register silence: numbers and addresses, the person who is known by them, a person at a company,
//! or a whole company.

use chrono::NaiveDateTime;

use super::import_chunk::Import;
use crate::consent::{self, Subject};
use crate::intake::RowSaid;
use crate::intake::jobs::ReadRow;
use crate::intake::rules::keys_of;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::actions as registry;
use crate::registry::rules::placing::PersonKeys;

/// Where a row of a register went.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowPlace {
    /// Its place in the chunk.
    pub at: usize,
    /// The root of its company.
    pub root: Option<i64>,
    /// Its person.
    pub person: Option<i64>,
}

/// What a chunk of a register silences.
#[derive(Debug, Default)]
pub(crate) struct Silenced {
    /// Each subject once.
    pub subjects: Vec<Subject>,
    /// Rows that name somebody by the name alone: nobody can tell who is meant.
    pub unclear: Vec<usize>,
}

/// Whether a row makes the company and person it names. One with an address speaks of that address, and a name alone
/// of nobody in particular.
pub(crate) fn is_placed(said: &RowSaid, person: Option<&PersonKeys>) -> bool {
    !has_address(said)
        && (said.company.is_some() || person.is_some_and(|keys| !keys.points.is_empty()))
}

fn has_address(said: &RowSaid) -> bool {
    !said.phones.is_empty() || !said.emails.is_empty() || said.domain.is_some()
}

/// Reads off the rows whom they silence. Rows that are known from an earlier batch count too: taking that one back must
/// not end what this one asks for.
pub(crate) fn silenced(
    conn: &mut Conn,
    now: NaiveDateTime,
    rows: &[ReadRow],
    places: Vec<RowPlace>,
) -> AppResult<Silenced> {
    let keys: Vec<Option<PersonKeys>> = places
        .iter()
        .map(|place| keys_of(&rows[place.at].result.said).1)
        .collect();
    let known = registry::known_persons(conn, now, &keys)?;
    let mut silenced = Silenced::default();
    for (place, known) in places.iter().zip(known) {
        let found = subjects_of(&rows[place.at].result.said, place, known);
        if found.is_empty() {
            silenced.unclear.push(place.at);
        }
        silenced.subjects.extend(found);
    }
    silenced.subjects.sort();
    silenced.subjects.dedup();
    Ok(silenced)
}

fn subjects_of(said: &RowSaid, place: &RowPlace, known: Option<i64>) -> Vec<Subject> {
    let numbers = said
        .phones
        .iter()
        .map(|phone| Subject::number(&phone.phone.e164));
    let mails = said
        .emails
        .iter()
        .map(|email| Subject::email(&email.address));
    let mut subjects: Vec<Subject> = numbers.chain(mails).collect();
    subjects.extend(known.map(Subject::person));
    if subjects.is_empty() {
        let domain = said.domain.as_deref().map(Subject::domain);
        let person = place.person.map(Subject::person);
        let company = place.root.map(Subject::company);
        subjects.extend(domain.or(person).or(company));
    }
    subjects
}

/// Silences them, each with this batch as its origin.
pub(crate) fn suppress(
    conn: &mut Conn,
    now: NaiveDateTime,
    import: &Import,
    subjects: &[Subject],
) -> AppResult<()> {
    let said_at = import
        .batch
        .collected_on
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .unwrap_or(now);
    let origin = consent::NewOrigin::list(import.batch.id, said_at);
    for subject in subjects {
        super::suppress::suppress(
            conn,
            now,
            &import.actor,
            subject,
            consent::Ways::ALL,
            &origin,
        )?;
    }
    Ok(())
}
