//! The grade that follows from a call, and what contradicts itself after it.

use chrono::NaiveDateTime;

use super::answers::Answers;
use crate::accounts::Actor;
use crate::calling::actions::{Outcome, Rulebook, Situation};
use crate::calling::model::Bar;
use crate::calling::rules::NextStep;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::qualifying::Grade;
use crate::qualifying::actions::{GradeAsk, GradeOutcome, grade_after_call};
use crate::qualifying::model::Draft;
use crate::qualifying::rules::GradeHint;

/// What of a call bears on the grade.
pub(super) struct Asked {
    draft: Draft,
    hint: Option<GradeHint>,
    has_facts: bool,
    chosen: Option<Grade>,
    keeps_proposal: bool,
}

impl Asked {
    pub fn of(answers: &Answers, step: &NextStep) -> Self {
        let agreed = answers.callback_at.into_iter().chain(answers.visit_at);
        Self {
            draft: Draft {
                result: Some(answers.disposition.code().to_owned()),
                has_spoken: answers.disposition.reached() == Some(true),
                next_date: agreed.min(),
                note: answers.note.clone(),
                ..Draft::default()
            },
            hint: step.grade_hint(),
            has_facts: answers.bears_on_grade(),
            chosen: answers.grade,
            keeps_proposal: answers.keeps_proposal,
        }
    }

    /// A try that reached nobody and found nothing out leaves everything as it is.
    fn is_nothing(&self) -> bool {
        let says = self.draft.has_spoken || self.has_facts || self.hint.is_some();
        !says && self.chosen.is_none()
    }
}

/// Grades the company of a call, and writes what an undo needs into the outcome.
pub(super) fn grade(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    rules: &Rulebook,
    situation: &Situation,
    asked: &Asked,
    outcome: &mut Outcome,
) -> AppResult<GradeOutcome> {
    let Some(root) = situation.company_id() else {
        return Ok(GradeOutcome::default());
    };
    let grade = if asked.is_nothing() {
        let (grade, at, state) = situation.grade_before().unwrap_or_default();
        GradeOutcome::unchanged(grade, at, state)
    } else {
        let talked = (now - situation.call.dialled_at).num_seconds();
        let ask = GradeAsk {
            draft: Draft {
                contact_id: situation.call.contact_id,
                talk_seconds: (talked > 0).then_some(talked),
                ..asked.draft.clone()
            },
            hint: asked.hint,
            has_facts: asked.has_facts,
            chosen: asked.chosen,
            keeps_proposal: asked.keeps_proposal,
            reason: outcome.grade_reason.as_deref(),
            call_id: Some(situation.call.id),
        };
        grade_after_call(conn, now, actor, &rules.grading, root, &ask)?
    };
    let code = |grade: Option<Grade>| grade.map(|g| g.code().to_owned());
    outcome.before.grade_at = grade.before_at;
    outcome.before.company_state = Some(grade.state_before.clone());
    outcome.grade_before = code(grade.before);
    outcome.grade_proposed = code(grade.proposed);
    outcome.grade_after = code(grade.after);
    if grade.after == Some(Grade::E) && grade.before != Some(Grade::E) {
        outcome.bars.push((Bar::Excluded, None));
    }
    Ok(grade)
}
