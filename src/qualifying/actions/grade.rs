//! The grade: what the rules propose, and what a person makes of it. Every change keeps who, when, why and on what ground.

use chrono::NaiveDateTime;
use serde_json::json;

use super::book::GradingBook;
use super::contradictions::{dismiss_blocking, keep_found};
use super::evidence::{Evidenced, evidence_of};
use crate::accounts::{Actor, Object, Verb, may};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};
use crate::platform::sentence::Sentence;
use crate::qualifying::model::{Draft, Effect, Fact, Found, Grade};
use crate::qualifying::queries;
use crate::qualifying::queries::grades::NewGradeChange;
use crate::qualifying::rules::{
    AgentGrade, GradeHint, GradeProposal, GradeReason, agent_grade, propose_grade,
};
use crate::registry::actions::rescore;

/// The facts that a grade's history keeps as its evidence.
const BASIS: [Fact; 7] = [
    Fact::Urgency,
    Fact::SignBy,
    Fact::Selection,
    Fact::Need,
    Fact::Decider,
    Fact::Budget,
    Fact::LastContact,
];

/// What came of the grade.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GradeOutcome {
    /// Before.
    pub before: Option<Grade>,
    /// Since when.
    pub before_at: Option<NaiveDateTime>,
    /// The state of the company before.
    pub state_before: String,
    /// What the rules propose.
    pub proposed: Option<Grade>,
    /// Why.
    pub reasons: Vec<GradeReason>,
    /// What lowered it, in one line.
    pub headline: Option<Sentence>,
    /// From now on.
    pub after: Option<Grade>,
    /// What contradicts itself now.
    pub contradictions: Vec<Found>,
}

/// What of a call bears on the grade.
#[derive(Debug, Clone, Default)]
pub struct GradeAsk<'a> {
    /// What the call says that is not stored yet.
    pub draft: Draft,
    /// What its result says about the grade.
    pub hint: Option<GradeHint>,
    /// Something was said that a grade rests on.
    pub has_facts: bool,
    /// What the agent chose.
    pub chosen: Option<Grade>,
    /// Without a choice of their own the agent keeps what is proposed.
    pub keeps_proposal: bool,
    /// Why another than proposed.
    pub reason: Option<&'a str>,
    /// The call.
    pub call_id: Option<i64>,
}

/// Proposes a grade from what is known by now, and sets the one that was chosen. Without a choice the present grade
/// stays and the proposal is kept for whoever decides.
pub fn grade_after_call(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &GradingBook,
    root: i64,
    ask: &GradeAsk<'_>,
) -> AppResult<GradeOutcome> {
    queries::grades::hold(conn, root)?;
    let known = evidence_of(conn, book, now, root, Some(&ask.draft))?;
    let mut proposal = GradeProposal::default();
    if ask.has_facts || ask.hint.is_some() {
        proposal = propose_grade(&known.evidence, &known.around(ask.hint), &book.rules);
    }
    let change = Written {
        known: &known,
        kind: "call",
        call_id: ask.call_id,
        reason: ask.reason,
        version: book.version,
    };
    let present = known.evidence.present();
    let kept = proposal.grade.filter(|_| ask.keeps_proposal);
    let after = match ask.chosen.or(kept.filter(|grade| Some(*grade) != present)) {
        Some(chosen) => Some(choose(
            conn,
            now,
            actor,
            book,
            chosen,
            &change,
            &mut proposal,
        )?),
        None => {
            if proposal.grade.is_some() && proposal.grade != present {
                propose(conn, now, actor, &change, &proposal)?;
            }
            present
        }
    };
    finish(conn, now, book, &known, proposal, after)
}

impl GradeOutcome {
    /// The grade as it stands, where nothing was said that bears on it.
    pub fn unchanged(grade: Option<Grade>, since: Option<NaiveDateTime>, state: &str) -> Self {
        Self {
            before: grade,
            after: grade,
            before_at: since,
            state_before: state.to_owned(),
            ..Self::default()
        }
    }
}

/// What came of it, and what contradicts itself now.
fn finish(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &GradingBook,
    known: &Evidenced,
    proposal: GradeProposal,
    after: Option<Grade>,
) -> AppResult<GradeOutcome> {
    let contradictions = known.unsettled(book, after, now);
    keep_found(conn, now, book, known, &contradictions)?;
    Ok(GradeOutcome {
        before: known.evidence.present(),
        before_at: known.company.grade_at,
        state_before: known.company.state.clone(),
        proposed: proposal.grade,
        headline: proposal.headline(),
        reasons: proposal.reasons,
        after,
        contradictions,
    })
}

/// A telemarketer's choice holds from B on; an A, or what the open contradictions do not allow, does not.
fn choose(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &GradingBook,
    chosen: Grade,
    change: &Written<'_>,
    proposal: &mut GradeProposal,
) -> AppResult<Grade> {
    let decided = agent_grade(chosen, proposal.grade, change.reason)
        .map_err(|fault| AppError::invalid(fault.code(), "grade_reason"))?;
    let cap = cap_of(change.known, book, chosen, now);
    if let Some((grade, reason)) = cap {
        if !proposal.reasons.contains(&reason) {
            proposal.reasons.push(reason);
        }
        set(conn, now, actor, change, grade, proposal)?;
        return Ok(grade);
    }
    if decided == AgentGrade::Set(chosen) || may_confirm(actor) {
        set(conn, now, actor, change, chosen, proposal)?;
        return Ok(chosen);
    }
    let is_a = change.known.evidence.present() == Some(Grade::A);
    let until_confirmed = if is_a { Grade::A } else { Grade::B };
    proposal.grade = Some(Grade::A);
    set(conn, now, actor, change, until_confirmed, proposal)?;
    if !is_a {
        propose(conn, now, actor, change, proposal)?;
    }
    Ok(until_confirmed)
}

/// The best grade that is left of a choice, and what holds it down; none where nothing does.
fn cap_of(
    known: &Evidenced,
    book: &GradingBook,
    chosen: Grade,
    now: NaiveDateTime,
) -> Option<(Grade, GradeReason)> {
    let found = known.unsettled(book, Some(chosen), now);
    let caps = found.iter().filter_map(|one| match one.effect {
        Effect::AtMost(grade) if chosen.is_better_than(grade) => {
            let what = one.code;
            Some((grade, GradeReason::ContradictionCaps { what, grade }))
        }
        _ => None,
    });
    caps.max_by_key(|(grade, _)| *grade)
}

/// An A of a telemarketer is a proposal; a manager or rep confirms it.
pub(super) fn may_confirm(actor: &Actor) -> bool {
    may(actor, Verb::SeeGrades, Object::Any)
}

/// Sets a company's grade by hand, with a reason, which also settles what stood against it. The caller has checked who may.
pub fn set_grade_by_hand(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &GradingBook,
    root: i64,
    grade: &str,
    reason: &str,
) -> AppResult<GradeOutcome> {
    let chosen =
        Grade::from_code(grade).ok_or_else(|| AppError::invalid("grade_unknown", "grade"))?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(AppError::invalid("grade_needs_reason", "reason"));
    }
    queries::grades::hold(conn, root)?;
    let mut known = evidence_of(conn, book, now, root, None)?;
    if may_confirm(actor) {
        dismiss_blocking(conn, now, actor, book, &mut known, chosen, reason)?;
    }
    let change = Written {
        known: &known,
        kind: "hand",
        call_id: None,
        reason: Some(reason),
        version: book.version,
    };
    let mut proposal = GradeProposal::default();
    let after = choose(conn, now, actor, book, chosen, &change, &mut proposal)?;
    finish(conn, now, book, &known, proposal, Some(after))
}

/// What is written with a change: on what ground, by what, under which rules.
pub(super) struct Written<'a> {
    pub known: &'a Evidenced,
    pub kind: &'a str,
    pub call_id: Option<i64>,
    pub reason: Option<&'a str>,
    pub version: i32,
}

impl Written<'_> {
    fn row<'r>(
        &'r self,
        now: NaiveDateTime,
        actor: &Actor,
        told: &'r Told,
        state: &'r str,
    ) -> NewGradeChange<'r> {
        NewGradeChange {
            company_id: self.known.company.id,
            before: self.known.company.grade.as_deref(),
            after: None,
            proposed: told.proposed,
            reasons: &told.reasons,
            rule_version: Some(self.version),
            state,
            actor_id: actor.user_id,
            call_id: self.call_id,
            at: now,
            kind: Some(self.kind),
            evidence: Some(&told.evidence),
        }
    }
}

/// Reasons and evidence as they are stored.
struct Told {
    proposed: Option<&'static str>,
    reasons: String,
    evidence: String,
}

impl Told {
    fn of(change: &Written<'_>, proposal: &GradeProposal) -> AppResult<Self> {
        let evidence: Vec<_> = BASIS
            .iter()
            .filter_map(|fact| change.known.evidence.cite(*fact))
            .collect();
        let reasons =
            json!({ "why": proposal.reasons, "best": proposal.best, "reason": change.reason });
        Ok(Self {
            proposed: proposal.grade.map(Grade::code),
            reasons: reasons.to_string(),
            evidence: serde_json::to_string(&evidence)?,
        })
    }
}

/// A grade holds from now on; what waited for an answer is answered by it.
pub(super) fn set(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    change: &Written<'_>,
    grade: Grade,
    proposal: &GradeProposal,
) -> AppResult<()> {
    let company = &change.known.company;
    let told = Told::of(change, proposal)?;
    close_open(conn, change.known)?;
    let row = NewGradeChange {
        after: Some(grade.code()),
        ..change.row(now, actor, &told, "set")
    };
    queries::grades::insert(conn, &row)?;
    queries::grades::set_grade(conn, company.id, grade.code(), now)?;
    let was_out = company.grade.as_deref() == Some(Grade::E.code());
    if (grade == Grade::E) != was_out {
        // E shuts a company out of every list; another grade lets it in again, to where it belongs.
        rescore(conn, now, &[company.id])?;
    }
    let log = Change {
        at: now,
        actor_id: actor.user_id,
        verb: "grade",
        object_kind: "company",
        object_id: Some(company.id),
        fields: Some("grade".into()),
        n: 1,
        ..Change::default()
    };
    Ok(changed(conn, &log)?)
}

/// A proposal waits for an answer; an earlier one gives way to it.
pub(super) fn propose(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    change: &Written<'_>,
    proposal: &GradeProposal,
) -> AppResult<()> {
    let told = Told::of(change, proposal)?;
    close_open(conn, change.known)?;
    let row = change.row(now, actor, &told, "proposed");
    Ok(queries::grades::insert(conn, &row)?)
}

/// One proposal waits at a time.
fn close_open(conn: &mut Conn, known: &Evidenced) -> AppResult<()> {
    if known.has_open_proposal {
        queries::grades::close_open(conn, known.company.id, "replaced")?;
    }
    Ok(())
}
