//! Letters of other mailings that wait for somebody, as far as they count against the cap of this one.

use std::collections::HashMap;

use chrono::NaiveDateTime;

use super::terms::Terms;
use crate::outreach::queries::audience::{self as queries, Persons, Who};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// How many letters count for each place of a chunk. Before a mailing is approved all that wait do: whatever was
/// approved first stays. Once it is, only those that go before its own letter: if each of two counted the other, both
/// would be withheld.
pub(super) fn count_waiting(
    conn: &mut Conn,
    terms: &Terms,
    persons: &Persons,
    who: Who<'_>,
) -> AppResult<HashMap<usize, u32>> {
    let own = own_places(conn, terms, persons, who)?;
    let others = persons.each(who, |who| {
        queries::waiting_mails(conn, who, terms.mailing.id, terms.since, terms.now)
    })?;
    let mut waiting = HashMap::new();
    for other in others {
        let Some(place) = persons.place(other.person_id) else {
            continue;
        };
        if own.get(&place).is_none_or(|own| other.goes_before(*own)) {
            *waiting.entry(place).or_default() += 1;
        }
    }
    Ok(waiting)
}

/// When the letters of this mailing are due, with their ids. Of somebody with several by a merge the first counts.
fn own_places(
    conn: &mut Conn,
    terms: &Terms,
    persons: &Persons,
    who: Who<'_>,
) -> AppResult<HashMap<usize, (NaiveDateTime, i64)>> {
    let mut own: HashMap<usize, (NaiveDateTime, i64)> = HashMap::new();
    if !terms.is_approved() {
        return Ok(own);
    }
    let id = terms.mailing.id;
    for (person, due_at, id) in persons.each(who, |who| queries::own_mails(conn, who, id))? {
        if let Some(place) = persons.place(person) {
            let first = own.entry(place).or_insert((due_at, id));
            *first = (*first).min((due_at, id));
        }
    }
    Ok(own)
}
