//! The grade: what the rules propose after a call, and what a person makes of it.

use chrono::NaiveDateTime;
use serde_json::json;

use super::rulebook::Rulebook;
use crate::accounts::{Actor, Role};
use crate::calling::model::Before;
use crate::calling::queries::{self, GradeRow, NewGradeChange};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};
use crate::qualifying::rules::{
    AgentGrade, GradeFacts, GradeHint, GradeReason, agent_grade, is_rough_need, propose_grade,
};
use crate::qualifying::{BudgetState, Grade, GradePreset, SelectionStarted, Urgency};
use crate::registry::model::{Field, Said, flags};
use crate::registry::rules::fold::Winners;

/// What came of the grade.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GradeOutcome {
    /// Before.
    pub before: Option<Grade>,
    /// What the rules propose.
    pub proposed: Option<Grade>,
    /// From now on.
    pub after: Option<Grade>,
    /// Why it is proposed.
    pub reasons: Vec<GradeReason>,
}

/// What was said in a call that bears on the grade.
#[derive(Debug, Clone, Default)]
pub struct GradeAsk<'a> {
    /// Urgency as said in this call.
    pub urgency: Option<Urgency>,
    /// What the result says about the grade.
    pub hint: Option<GradeHint>,
    /// Something else was said that a grade rests on.
    pub has_facts: bool,
    /// What the agent chose.
    pub chosen: Option<Grade>,
    /// Why another than proposed.
    pub reason: Option<&'a str>,
    /// The call.
    pub call_id: Option<i64>,
}

impl GradeAsk<'_> {
    /// Nothing was said that a grade could follow from, and none was chosen.
    pub fn asks_nothing(&self) -> bool {
        self.chosen.is_none() && !self.asks_for_proposal()
    }

    fn asks_for_proposal(&self) -> bool {
        self.urgency.is_some() || self.hint.is_some() || self.has_facts
    }
}

impl GradeOutcome {
    /// The grade stays as it is.
    pub fn unchanged(grade: Option<Grade>) -> Self {
        Self {
            before: grade,
            after: grade,
            ..Self::default()
        }
    }
}

/// Proposes a grade from what is known by now, and sets the one that was chosen. Without a choice the present grade
/// stays and the proposal is kept for whoever decides.
#[allow(clippy::too_many_arguments)] // the parts of one result
pub fn grade_after_call(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    rules: &Rulebook,
    root_id: i64,
    group: &[i64],
    ask: &GradeAsk<'_>,
    before: &mut Before,
) -> AppResult<GradeOutcome> {
    let row = queries::grade_row(conn, root_id)?;
    let present = row.grade.as_deref().and_then(Grade::from_code);
    let mut outcome = GradeOutcome::unchanged(present);
    if ask.asks_for_proposal() {
        let facts = facts(conn, &row, group, ask.urgency)?;
        let proposal = propose_grade(&facts, ask.hint, present, GradePreset::Project);
        (outcome.proposed, outcome.reasons) = (proposal.grade, proposal.reasons);
    }
    before.grade_at = row.grade_at;
    before.company_state = Some(row.state.clone());
    let change = |after: Option<Grade>, state: &'static str, outcome: &GradeOutcome| Written {
        root_id,
        before: present,
        after,
        proposed: outcome.proposed,
        reasons: json!({ "why": outcome.reasons, "reason": ask.reason }).to_string(),
        version: rules.calling_version,
        state,
        call_id: ask.call_id,
    };
    match ask.chosen {
        Some(chosen) => {
            let set = decide(actor, chosen, outcome.proposed, ask.reason)?;
            outcome.after = Some(match set {
                AgentGrade::Set(grade) => grade,
                AgentGrade::ProposeToRep => {
                    outcome.proposed = Some(Grade::A);
                    if present == Some(Grade::A) {
                        Grade::A
                    } else {
                        Grade::B
                    }
                }
            });
            write(
                conn,
                now,
                actor,
                &row,
                &change(outcome.after, "set", &outcome),
            )?;
            if set == AgentGrade::ProposeToRep && present != Some(Grade::A) {
                write(conn, now, actor, &row, &change(None, "proposed", &outcome))?;
            }
        }
        None if outcome.proposed.is_some() && outcome.proposed != present => {
            write(conn, now, actor, &row, &change(None, "proposed", &outcome))?;
        }
        None => {}
    }
    Ok(outcome)
}

/// A telemarketer's A is a proposal; a manager or rep confirms it.
fn decide(
    actor: &Actor,
    chosen: Grade,
    proposed: Option<Grade>,
    reason: Option<&str>,
) -> AppResult<AgentGrade> {
    let decided = agent_grade(chosen, proposed, reason)
        .map_err(|fault| AppError::invalid(fault.code(), "grade_reason"))?;
    let may_confirm = actor.roles.has_any(&[Role::Manager, Role::Rep]);
    Ok(if may_confirm {
        AgentGrade::Set(chosen)
    } else {
        decided
    })
}

/// Sets a company's grade by hand, with a reason. The caller has checked who may.
pub fn set_grade_by_hand(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    rules: &Rulebook,
    company_id: i64,
    grade: &str,
    reason: &str,
) -> AppResult<GradeOutcome> {
    let chosen =
        Grade::from_code(grade).ok_or_else(|| AppError::invalid("grade_unknown", "grade"))?;
    if reason.trim().is_empty() {
        return Err(AppError::invalid("grade_needs_reason", "reason"));
    }
    let root = queries::callee(conn, company_id)?;
    let group = queries::group(conn, &root)?;
    let ask = GradeAsk {
        chosen: Some(chosen),
        reason: Some(reason.trim()),
        ..GradeAsk::default()
    };
    let mut before = Before::default();
    grade_after_call(conn, now, actor, rules, root.id, &group, &ask, &mut before)
}

struct Written {
    root_id: i64,
    before: Option<Grade>,
    after: Option<Grade>,
    proposed: Option<Grade>,
    reasons: String,
    version: i32,
    state: &'static str,
    call_id: Option<i64>,
}

fn write(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    row: &GradeRow,
    change: &Written,
) -> AppResult<()> {
    let code = |grade: Option<Grade>| grade.map(Grade::code);
    queries::insert_grade_change(
        conn,
        &NewGradeChange {
            company_id: change.root_id,
            before: code(change.before),
            after: code(change.after),
            proposed: code(change.proposed),
            reasons: &change.reasons,
            rule_version: change.version,
            state: change.state,
            actor_id: actor.user_id,
            call_id: change.call_id,
            at: now,
        },
    )?;
    if change.state != "set" {
        return Ok(());
    }
    let state = state_with(&row.state, change.after);
    queries::set_grade(conn, change.root_id, code(change.after), Some(now), state)?;
    let log = Change {
        at: now,
        actor_id: actor.user_id,
        verb: "grade",
        object_kind: "company",
        object_id: Some(change.root_id),
        fields: Some("grade".into()),
        n: 1,
        ..Change::default()
    };
    Ok(changed(conn, &log)?)
}

/// Grade E shuts a company out of every list; another grade lets it in again.
fn state_with(state: &str, grade: Option<Grade>) -> &str {
    match (grade, state) {
        (Some(Grade::E), _) => "excluded",
        (_, "excluded") => "new",
        _ => state,
    }
}

/// What a grade rests on, as it is known now.
fn facts(
    conn: &mut Conn,
    row: &GradeRow,
    group: &[i64],
    urgency: Option<Urgency>,
) -> AppResult<GradeFacts> {
    let winners = Winners::from_json(&row.winners);
    let items = [Field::SelectionStarted, Field::BudgetState, Field::NeedText];
    let mut records: Vec<i64> = items
        .iter()
        .filter_map(|field| winners.record_of(*field))
        .collect();
    records.sort_unstable();
    records.dedup();
    let said: Vec<(i64, Said)> = queries::said_by(conn, &records)?
        .into_iter()
        .map(|(id, text)| (id, Said::from_json(&text)))
        .collect();
    let text = |field: Field| {
        let id = winners.record_of(field)?;
        let (_, said) = said.iter().find(|(record, _)| *record == id)?;
        said.text(field).map(str::to_owned)
    };
    let known = row.urgency.as_deref().and_then(Urgency::from_code);
    let selection =
        text(Field::SelectionStarted).and_then(|code| SelectionStarted::from_code(&code));
    let budget = text(Field::BudgetState).and_then(|code| BudgetState::from_code(&code));
    Ok(GradeFacts {
        urgency: urgency.or(known).unwrap_or(Urgency::Unknown),
        selection: selection.unwrap_or(SelectionStarted::Unknown),
        rough_need: is_rough_need(
            row.needs.count_ones() as usize,
            &text(Field::NeedText).unwrap_or_default(),
        ),
        decider_known: winners.shows(Field::Decider) || queries::has_decider(conn, group)?,
        budget: budget.unwrap_or(BudgetState::Unknown),
        inside_target: row.flags & flags::IN_TARGET != 0,
    })
}
