//! The run of a planning: a chunk is looked at without holding anybody up, then written down in one short transaction
//! together with where the next one begins.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::chunk::{Decided, verdicts};
use super::terms::{Listed, Terms};
use crate::outreach::model::{DeliveryState, NewDelivery, PlanFigures};
use crate::outreach::queries::audience::{self as queries, Who};
use crate::outreach::queries::{Domains, Figures, domains};
use crate::outreach::rules::audience::{AudienceDigest, Included, Verdict, count};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::qualifying::Grade;

/// How far a planning is; its job keeps it as its cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// The terms it was begun under. Where they change in mid-run it begins again.
    pub terms: String,
    /// Whoever an earlier planning put in is out.
    pub is_cleared: bool,
    /// Persons up to this id are decided.
    pub after: i64,
    /// The digest so far.
    pub digest: String,
    /// The figures so far.
    pub figures: PlanFigures,
    /// Nobody is left to look at.
    pub is_done: bool,
}

impl Progress {
    /// At the beginning, under these terms.
    pub fn begin(terms: &Terms, is_cleared: bool) -> Self {
        let digest = terms.digest().to_hex();
        Self {
            terms: digest.clone(),
            digest,
            is_cleared,
            ..Self::default()
        }
    }
}

/// A chunk that was looked at.
#[derive(Debug)]
pub struct Looked {
    /// Everybody of the chunk who is considered, by rising id.
    pub decided: Vec<Decided>,
    /// How far it is once this is written down.
    pub progress: Progress,
    /// Ids that are done by then, and how many there are; none where only some were chosen.
    pub ids: Option<(i64, i64)>,
    /// Where nobody is left: what waits by domain.
    pub(in crate::outreach) domains: Domains,
}

/// Looks at the next persons behind what was done. Writes nothing.
pub fn look(conn: &mut Conn, terms: &Terms, from: &Progress, size: i64) -> AppResult<Looked> {
    let mut progress = from.clone();
    let some;
    let who = match terms.listed() {
        None => {
            queries::end_of_chunk(conn, from.after, size)?.map(|upto| Who::Range(from.after, upto))
        }
        Some(listed) => {
            some = next_listed(conn, listed, from.after, size)?;
            (!some.is_empty()).then_some(Who::Ids(&some))
        }
    };
    let Some(who) = who else {
        progress.is_done = true;
        return Ok(Looked {
            decided: Vec::new(),
            progress,
            ids: None,
            domains: domains(conn, terms.mailing.id)?,
        });
    };
    let (upto, ids) = match who {
        Who::Range(_, upto) => (upto, Some((upto, queries::last_person(conn)?))),
        Who::Ids(ids) => (ids.last().copied().unwrap_or(from.after), None),
    };
    let decided = verdicts(conn, terms, who)?;
    let mut digest = AudienceDigest::from_hex(&from.digest).unwrap_or_else(|| terms.digest());
    for one in &decided {
        digest.add(one.person_id, &one.verdict);
        count(&mut progress.figures, &one.verdict);
    }
    progress.after = upto;
    progress.digest = digest.to_hex();
    Ok(Looked {
        decided,
        progress,
        ids,
        domains: Domains::default(),
    })
}

/// The next persons of those who were chosen one by one, or by their companies.
fn next_listed(conn: &mut Conn, listed: Listed<'_>, after: i64, size: i64) -> AppResult<Vec<i64>> {
    match listed {
        Listed::Persons(persons) => {
            let behind = persons.range(after + 1..).copied();
            Ok(behind.take(size.max(1) as usize).collect())
        }
        Listed::At(companies) => {
            let companies: Vec<i64> = companies.iter().copied().collect();
            Ok(queries::persons_at(conn, &companies, after, size)?)
        }
    }
}

/// Writes a chunk down. Whoever is in the mailing already stays as they are.
pub fn plan_chunk(
    conn: &mut Conn,
    now: NaiveDateTime,
    terms: &Terms,
    looked: &Looked,
) -> AppResult<()> {
    let rows: Vec<NewDelivery> = looked
        .decided
        .iter()
        .map(|one| delivery(now, terms, one))
        .collect();
    queries::insert_deliveries(conn, &rows)?;
    let mut figures = Figures::default();
    for row in &rows {
        let domain = row.domain.as_deref().unwrap_or_default();
        figures.add(terms.mailing.id, domain, row.state, 1);
    }
    Ok(figures.write(conn)?)
}

/// Takes out a part of whoever an earlier planning put in; true while more are left.
pub fn forget_chunk(conn: &mut Conn, mailing_id: i64, most: i64) -> AppResult<bool> {
    Ok(queries::forget_deliveries(conn, mailing_id, most)?)
}

fn delivery(now: NaiveDateTime, terms: &Terms, one: &Decided) -> NewDelivery {
    let blank = NewDelivery {
        mailing_id: terms.mailing.id,
        person_id: one.person_id,
        company_id: one.company_id,
        owner_id: one.owner_id,
        address: None,
        domain: None,
        language: None,
        state: DeliveryState::LeftOut.code(),
        priority: 0,
        due_at: None,
        until_at: None,
        reason: None,
        changed_at: now,
    };
    match &one.verdict {
        Verdict::Out(reason) => NewDelivery {
            reason: Some(reason.to_json()),
            ..blank
        },
        Verdict::In(included) => {
            let window = terms.window(one.calendar);
            NewDelivery {
                address: Some(included.address.clone()),
                domain: Some(included.domain().to_owned()),
                language: Some(included.language.clone()),
                state: DeliveryState::Queued.code(),
                priority: priority(included.grade),
                due_at: window.map(|window| window.from),
                until_at: window.map(|window| window.until),
                reason: Some(why(included)),
                ..blank
            }
        }
    }
}

/// The better grade goes first; there is room between them.
fn priority(grade: Grade) -> i32 {
    let place = Grade::ALL.iter().position(|one| *one == grade);
    i32::try_from(place.unwrap_or(Grade::ALL.len())).unwrap_or(0) * 10
}

/// Why somebody gets a letter: code and parameters, as the reasons of the others.
fn why(included: &Included) -> String {
    json!({
        "code": "in", "grade": included.grade, "ground": included.ground,
        "touches": included.used.touches, "waiting": included.used.waiting, "at_most": included.used.at_most,
    })
    .to_string()
}
