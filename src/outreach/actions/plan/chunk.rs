//! The verdicts about a chunk of persons. Whoever shares a mailbox or a doubt with one of them is looked at too, wherever
//! they stand, so that it does not matter where a chunk ends.

use std::collections::HashSet;

use super::facts::{Facts, read};
use super::mailboxes::put_news_of_mailboxes;
use super::morning::put_same_morning;
use super::terms::Terms;
use crate::outreach::queries::audience::{self as queries, Who};
use crate::outreach::rules::audience::{Candidate, Verdict, decide, holders};
use crate::platform::calendar::CalendarId;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::queries::load;
use crate::registry::rules::hash::hash64;

/// Chains of mailboxes and doubts are followed so far; each step is one that somebody left open.
const FARTHEST: usize = 8;

/// A person with the verdict.
#[derive(Debug, Clone)]
pub struct Decided {
    /// Who.
    pub person_id: i64,
    /// The company that counts.
    pub company_id: Option<i64>,
    /// Its rep.
    pub owner_id: Option<i64>,
    /// In or out.
    pub verdict: Verdict,
    /// By which calendar they live.
    pub(super) calendar: CalendarId,
}

/// Decides about everybody among these who is considered, by rising id.
pub(super) fn verdicts(conn: &mut Conn, terms: &Terms, who: Who<'_>) -> AppResult<Vec<Decided>> {
    let facts = with_holders(conn, terms, who)?;
    let decided = facts.into_iter().map(|facts| Decided {
        person_id: facts.person.person_id,
        company_id: facts.person.company.as_ref().map(|company| company.id),
        owner_id: facts
            .person
            .company
            .as_ref()
            .and_then(|company| company.owner_id),
        verdict: decide(&facts.person, &terms.book),
        calendar: facts.calendar,
    });
    Ok(decided.collect())
}

/// The facts of a chunk, with who gets the letter where only one may.
pub(super) fn with_holders(conn: &mut Conn, terms: &Terms, who: Who<'_>) -> AppResult<Vec<Facts>> {
    let mut known = HashSet::new();
    let mut all = look_at(conn, terms, who, &mut known)?;
    let own = all.len();
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut pairs = queries::alike(conn, who)?;
    let mut looked = 0;
    for _ in 0..FARTHEST {
        let fresh: Vec<Candidate> = all[looked..]
            .iter()
            .filter_map(|facts| candidate(facts, terms))
            .collect();
        looked = all.len();
        let strangers = strangers(conn, &fresh, &pairs, &known)?;
        candidates.extend(fresh);
        if strangers.is_empty() {
            break;
        }
        pairs.extend(queries::alike(conn, Who::Ids(&strangers))?);
        let mut more = look_at(conn, terms, Who::Ids(&strangers), &mut known)?;
        all.append(&mut more);
    }
    let standing_back = holders(&candidates, &pairs);
    all.truncate(own);
    for facts in &mut all {
        facts.person.holder = standing_back.get(&facts.person.person_id).copied();
    }
    Ok(all)
}

/// The facts of persons, with what other letters mean for this one.
fn look_at(
    conn: &mut Conn,
    terms: &Terms,
    who: Who<'_>,
    known: &mut HashSet<i64>,
) -> AppResult<Vec<Facts>> {
    let mut facts = read(conn, terms, who, known)?;
    put_same_morning(conn, terms, &mut facts)?;
    put_news_of_mailboxes(conn, terms, &mut facts)?;
    Ok(facts)
}

/// Somebody who would get a letter if there were nobody else.
fn candidate(facts: &Facts, terms: &Terms) -> Option<Candidate> {
    match decide(&facts.person, &terms.book) {
        Verdict::In(included) => Some(Candidate {
            person_id: facts.person.person_id,
            grade: included.grade,
            mailbox: included.address,
        }),
        Verdict::Out(_) => None,
    }
}

/// Who shares a mailbox or a doubt with these and was not looked at yet.
fn strangers(
    conn: &mut Conn,
    candidates: &[Candidate],
    pairs: &[(i64, i64)],
    known: &HashSet<i64>,
) -> AppResult<Vec<i64>> {
    let keys: Vec<i64> = candidates.iter().map(|one| hash64(&one.mailbox)).collect();
    let mut ids = load::persons_by_point(conn, &keys)?;
    ids.extend(pairs.iter().flat_map(|(a, b)| [*a, *b]));
    ids.retain(|id| !known.contains(id));
    ids.sort_unstable();
    ids.dedup();
    let mut roots = load::person_roots(conn, &ids)?;
    roots.retain(|id| !known.contains(id));
    roots.sort_unstable();
    roots.dedup();
    Ok(roots)
}
