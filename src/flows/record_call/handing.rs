//! What a call means for a rep: a lead goes to the rep whose company it is.

use chrono::NaiveDateTime;

use super::answers::Answers;
use crate::accounts::Actor;
use crate::calling::actions::Situation;
use crate::calling::rules::{Effect, NextStep};
use crate::flows::hand_over::{self, Handing, Lead};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::qualifying::actions::GradeOutcome;
use crate::selling::actions::was_reached;

/// A result that hands over goes to the rep whose company it is, if what was said is enough; a call of the rep itself is
/// the contact that the rep owed.
pub(super) fn hand_over(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    situation: &Situation,
    answers: &Answers,
    step: &NextStep,
    grade: &GradeOutcome,
) -> AppResult<Handing> {
    let Some(root) = situation.company_id() else {
        return Ok(Handing::default());
    };
    if step.result.reached() == Some(true) {
        was_reached(conn, now, actor, situation.group())?;
    }
    if !step.steps.iter().any(|s| s.effect == Effect::HandOver) {
        return Ok(Handing::default());
    }
    let lead = Lead {
        root,
        group: situation.group(),
        call_id: situation.call.id,
        grade: grade.proposed.or(grade.after),
        note: answers.note.clone(),
        visit_at: answers.visit_at,
    };
    hand_over::hand_over(conn, now, actor, &lead)
}
