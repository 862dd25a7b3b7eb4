//! What is shown against the fold of everything that was said, worked out anew.

use std::collections::HashMap;

use crate::platform::check::Ids;
use crate::platform::clock;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::office;
use crate::registry::actions::desk::Desk;
use crate::registry::actions::refold;
use crate::registry::model::{Company, Contact, Person};
use crate::registry::queries::{invariants as queries, load};
use crate::registry::rules::fold::Winners;
use crate::registry::rules::values::is_region_said;

/// Names the columns in which two rows differ.
macro_rules! unlike {
    ($a:expr, $b:expr; $($column:ident)+) => {
        [$(($a.$column != $b.$column).then_some(stringify!($column))),+].into_iter().flatten().collect::<Vec<_>>()
    };
}

/// Companies of a range whose values, or the records that these come from, are not the fold of their records.
pub(super) fn companies(conn: &mut Conn, range: Ids) -> AppResult<Vec<String>> {
    judge_companies(conn, range, |cached, folded| {
        let mut differ = unlike!(cached, folded; name name_en former_name name_key brand_key credit_code industry size_class headcount
            revenue_minor currency region address postcode website present_system present_system_year satisfaction
            pc_count parent urgency sign_by go_live needs winners first_source_id);
        // What numbers tell of a place is written when something else of the company is.
        let is_said = is_region_said(folded, &Winners::from_json(&folded.winners));
        if cached.region.is_none() && !is_said {
            differ.retain(|column| *column != "region");
        }
        differ
    })
}

/// Companies of a range whose standing does not follow from what is known of them.
pub(super) fn standings(conn: &mut Conn, range: Ids) -> AppResult<Vec<String>> {
    let today = clock::now(conn)?.date();
    judge_companies(conn, range, |cached, folded| {
        let mut differ = unlike!(cached, folded; completeness missing channels flags state);
        // Time alone changes a score on its day; the night that does it may not have come.
        if cached.rescore_on.is_none_or(|day| day > today) {
            differ.extend(unlike!(cached, folded; score rescore_on));
        }
        differ
    })
}

fn judge_companies(
    conn: &mut Conn,
    range: Ids,
    differ: impl Fn(&Company, &Company) -> Vec<&'static str>,
) -> AppResult<Vec<String>> {
    let roots = queries::company_roots(conn, range)?;
    let now = clock::now(conn)?;
    let today = office::day(conn, now)?;
    let mut desk = Desk::to_look(now);
    refold::companies(conn, &mut desk, &roots)?;
    let cached = load::companies(conn, &roots)?;
    let judged = cached.iter().filter_map(|company| {
        let folded = desk.settled(desk.companies.get(&company.id)?, today);
        told("company", company.id, &differ(company, &folded))
    });
    Ok(judged.collect())
}

/// Persons of a range whose values are not the fold of their records and points.
pub(super) fn persons(conn: &mut Conn, range: Ids) -> AppResult<Vec<String>> {
    let roots = queries::person_roots(conn, range)?;
    let mut desk = Desk::to_look(clock::now(conn)?);
    refold::persons(conn, &mut desk, &roots)?;
    let judged = load::persons(conn, &roots)?.into_iter().filter_map(|person| {
        let draft = desk.persons.get(&person.id)?;
        let folded = Person {
            winners: draft.winners.to_json(),
            ..draft.row.clone()
        };
        let differ = unlike!(person, folded; name name_en name_key mobile email wechat qq birthday language winners);
        told("person", person.id, &differ)
    });
    Ok(judged.collect())
}

/// Contacts of a range whose values are not the fold of their records.
pub(super) fn contacts(conn: &mut Conn, range: Ids) -> AppResult<Vec<String>> {
    let cached: HashMap<i64, Contact> = queries::contacts(conn, range)?
        .into_iter()
        .map(|contact| (contact.id, contact))
        .collect();
    let mut ids: Vec<i64> = cached.keys().copied().collect();
    ids.sort_unstable();
    let mut desk = Desk::to_look(clock::now(conn)?);
    refold::contacts(conn, &mut desk, &ids)?;
    let judged = ids.iter().filter_map(|id| {
        let (contact, draft) = (cached.get(id)?, desk.contacts.get(id)?);
        let folded = Contact {
            winners: draft.winners.to_json(),
            ..draft.row.clone()
        };
        let differ = unlike!(contact, folded; title department role is_key winners);
        told("contact", *id, &differ)
    });
    Ok(judged.collect())
}

fn told(kind: &str, id: i64, differ: &[&str]) -> Option<String> {
    (!differ.is_empty()).then(|| format!("{kind} {id}: {}", differ.join(", ")))
}
