//! What time does to grades: old ones and contradicted ones are proposed lower, chunk by chunk of companies; and what
//! other rules would do, counted before they are saved.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::book::GradingBook;
use super::contradictions::keep_found;
use super::evidence::{Evidenced, evidences};
use super::grade::{Written, propose, set};
use crate::accounts::Actor;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::qualifying::model::Grade;
use crate::qualifying::queries;
use crate::qualifying::rules::review::{contradicted, expired, standing, under_other_rules};
use crate::qualifying::rules::{GradeProposal, GradeRules, Move, moves};

/// Companies of one chunk.
const CHUNK: i64 = 500;
/// Companies that a preview looks at; beyond that it says so.
const MOST_PREVIEWED: usize = 20_000;

/// What a chunk did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reviewed {
    /// The last company looked at; none when all have been.
    pub cursor: Option<i64>,
    /// Companies looked at.
    pub looked: usize,
    /// Proposals made.
    pub proposed: usize,
    /// Whose grades were lowered, where the office lets rules dispose.
    pub lowered: Vec<i64>,
}

/// Looks at the companies behind a cursor that are graded or have a rep. `before` are the rules that were replaced, right after a change.
pub fn review(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &GradingBook,
    after: i64,
    before: Option<&GradeRules>,
) -> AppResult<Reviewed> {
    let roots = queries::grades::looked_after(conn, after, CHUNK)?;
    let mut done = Reviewed {
        cursor: (roots.len() == CHUNK as usize)
            .then(|| roots.last().copied())
            .flatten(),
        looked: roots.len(),
        ..Reviewed::default()
    };
    for known in evidences(conn, book, now, &roots)? {
        let found = known.unsettled(book, known.evidence.present(), now);
        keep_found(conn, now, book, &known, &found)?;
        let Some((kind, proposal)) = due(&known, book, before) else {
            let_better_go(conn, &known, book)?;
            continue;
        };
        if !is_news(conn, &known, kind, &proposal)? {
            continue;
        }
        let change = Written {
            known: &known,
            kind,
            call_id: None,
            reason: None,
            version: book.version,
        };
        match proposal.grade {
            Some(grade) if kind == "expiry" && book.rules.lowers_by_itself => {
                set(conn, now, actor, &change, grade, &proposal)?;
                done.lowered.push(known.company.id);
            }
            _ => {
                propose(conn, now, actor, &change, &proposal)?;
                done.proposed += 1;
            }
        }
    }
    Ok(done)
}

fn due(
    known: &Evidenced,
    book: &GradingBook,
    before: Option<&GradeRules>,
) -> Option<(&'static str, GradeProposal)> {
    let evidence = &known.evidence;
    let by_time = expired(evidence, &book.rules).map(|told| ("expiry", told));
    let by_facts = || {
        let told = contradicted(evidence, &known.around(None), &book.rules)?;
        Some(("contradiction", told))
    };
    let by_rules = || {
        let told = under_other_rules(evidence, before?, &book.rules)?;
        Some(("rules", told))
    };
    by_time.or_else(by_facts).or_else(by_rules)
}

/// A better grade waits no longer for its answer where rules or time do not give it any more.
fn let_better_go(conn: &mut Conn, known: &Evidenced, book: &GradingBook) -> AppResult<()> {
    if !known.has_open_proposal {
        return Ok(());
    }
    let waiting = queries::grades::proposal_of(conn, known.company.id)?;
    let waiting = waiting.and_then(|row| Grade::from_code(&row.proposed));
    let given = standing(&known.evidence, &book.rules);
    if let (Some(waiting), Some(given)) = (waiting, given)
        && waiting.is_better_than(given)
    {
        queries::grades::close_open(conn, known.company.id, "replaced")?;
    }
    Ok(())
}

/// Neither does the same proposal wait, nor did somebody turn it down since the grade was given.
fn is_news(
    conn: &mut Conn,
    known: &Evidenced,
    kind: &str,
    proposal: &GradeProposal,
) -> AppResult<bool> {
    let Some(grade) = proposal.grade else {
        return Ok(false);
    };
    let id = known.company.id;
    let waiting = queries::grades::proposal_of(conn, id)?;
    if waiting.is_some_and(|row| row.proposed == grade.code()) {
        return Ok(false);
    }
    let last_talk = known.evidence.last_contact;
    let since = known.company.grade_at.max(last_talk);
    let since = since.unwrap_or(known.company.created_at);
    Ok(!queries::grades::was_declined(
        conn,
        id,
        kind,
        grade.code(),
        since,
    )?)
}

/// What other rules would move on the present base, and of how many companies that is told.
pub fn count_moves(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &GradingBook,
    new: &GradeRules,
) -> AppResult<(Vec<Move>, usize)> {
    let mut counted: BTreeMap<(Grade, Grade), usize> = BTreeMap::new();
    let (mut cursor, mut looked) = (0, 0);
    loop {
        let roots = queries::grades::looked_after(conn, cursor, CHUNK)?;
        let Some(last) = roots.last().copied() else {
            break;
        };
        let known = evidences(conn, book, now, &roots)?;
        for one in moves(known.iter().map(|one| &one.evidence), &book.rules, new) {
            *counted.entry((one.from, one.to)).or_default() += one.companies;
        }
        looked += roots.len();
        cursor = last;
        if looked >= MOST_PREVIEWED {
            break;
        }
    }
    let told = counted.into_iter().map(|((from, to), companies)| Move {
        from,
        to,
        companies,
    });
    Ok((told.collect(), looked))
}
