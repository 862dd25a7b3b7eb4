//! Proposals of grades and their answers: nothing rises or falls silently, a person accepts or keeps what is.

use chrono::NaiveDateTime;

use super::book::GradingBook;
use super::evidence::evidence_of;
use super::grade::{Written, set};
use super::history::reasons_of;
use super::look_again;
use crate::accounts::{Actor, Verb, Whose, company_of, require};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::log::{Change, changed};
use crate::qualifying::model::Grade;
use crate::qualifying::queries;
use crate::qualifying::queries::grades::ProposalRow;
use crate::qualifying::rules::{GradeProposal, GradeReason};

/// A grade that is proposed for a company and waits for an answer.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Id.
    pub id: i64,
    /// The company.
    pub company_id: i64,
    /// Its name.
    pub company: String,
    /// Its grade now.
    pub present: Option<Grade>,
    /// The grade that is proposed.
    pub proposed: Grade,
    /// Why.
    pub reasons: Vec<GradeReason>,
    /// What made it: `call`, `hand`, `expiry`, `contradiction`, `rules`.
    pub kind: String,
    /// The rep of the company.
    pub owner_id: Option<i64>,
    /// When.
    pub at: NaiveDateTime,
}

/// What somebody says to a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The grade becomes this.
    Accept,
    /// The grade stays.
    Keep,
}

fn read(row: ProposalRow) -> Option<Proposal> {
    Some(Proposal {
        id: row.id,
        company_id: row.company_id,
        company: row.company,
        present: row.present.as_deref().and_then(Grade::from_code),
        proposed: Grade::from_code(&row.proposed)?,
        reasons: reasons_of(&row.reasons).0,
        kind: row.kind.unwrap_or_else(|| "call".to_owned()),
        owner_id: row.owner_id,
        at: row.at,
    })
}

/// Open proposals for these companies, latest first.
pub fn proposals(
    conn: &mut Conn,
    whose: &Whose,
    before: Option<i64>,
    limit: i64,
) -> AppResult<Vec<Proposal>> {
    let rows = queries::grades::proposals(conn, whose, before, limit)?;
    Ok(rows.into_iter().filter_map(read).collect())
}

/// Answers one proposal; one that was answered meanwhile is passed over. Says whose grade this answer was about.
pub fn answer(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &GradingBook,
    id: i64,
    answer: Answer,
) -> AppResult<Option<i64>> {
    let Some(proposal) = queries::grades::proposal(conn, id)?.and_then(read) else {
        return Ok(None);
    };
    let company = proposal.company_id;
    let object = company_of(conn, proposal.owner_id)?;
    require(actor, Verb::SeeGrades, object)?;
    let state = match answer {
        Answer::Accept => "accepted",
        Answer::Keep => "declined",
    };
    if queries::grades::decide(conn, id, state, actor.id(), now)? == 0 {
        return Ok(None);
    }
    match answer {
        Answer::Accept => accept(conn, now, actor, book, proposal)?,
        Answer::Keep => {
            let log = Change {
                at: now,
                actor_id: actor.user_id,
                verb: "keep_grade",
                object_kind: "company",
                object_id: Some(proposal.company_id),
                n: 1,
                ..Change::default()
            };
            changed(conn, &log)?;
        }
    }
    Ok(Some(company))
}

fn accept(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &GradingBook,
    proposal: Proposal,
) -> AppResult<()> {
    queries::grades::hold(conn, proposal.company_id)?;
    let known = evidence_of(conn, book, now, proposal.company_id, None)?;
    let change = Written {
        known: &known,
        kind: &proposal.kind,
        call_id: None,
        reason: None,
        version: book.version,
    };
    let told = GradeProposal {
        grade: Some(proposal.proposed),
        best: None,
        reasons: proposal.reasons,
    };
    set(conn, now, actor, &change, proposal.proposed, &told)?;
    look_again(conn, now, book, proposal.company_id)?;
    Ok(())
}
