//! What follows a result outside the queue: suppressions, rest, who has left, and tasks.

use chrono::NaiveDateTime;
use serde_json::{Value, json};

use super::answers::Answers;
use crate::accounts::Actor;
use crate::calling::actions::{self, Outcome, Situation};
use crate::calling::model::Bar;
use crate::calling::rules::{Disposition, Effect, NextStep};
use crate::consent::{self, NewOrigin, Scope, Subject, Way};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::actions::set_left;

/// Suppressions, rest, tasks, and who has left.
pub(super) fn carry_out(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    situation: &Situation,
    answers: &Answers,
    step: &NextStep,
    outcome: &mut Outcome,
) -> AppResult<()> {
    let mut bars = Vec::new();
    for step in &step.steps {
        match &step.effect {
            Effect::Suppress { scope, ways } => {
                let Some(subject) = subject(situation, *scope) else {
                    continue;
                };
                let origin = NewOrigin::call(situation.call.id, now);
                consent::suppress(conn, now, actor, &subject, *ways, &origin)?;
                let all = *scope == Scope::Company || situation.company_id().is_none();
                if all && ways.has(Way::Call) {
                    bars.push((Bar::Suppressed, None));
                }
            }
            Effect::Rest { until } => {
                if let Some(root) = situation.company_id() {
                    outcome.before.set_rest = true;
                    outcome.before.rest_until = actions::rest_of(conn, root)?;
                    actions::rest_company(conn, root, *until)?;
                    bars.push((Bar::Resting, Some(*until)));
                }
            }
            Effect::ContactLeft => {
                if let Some(contact) = situation.call.contact_id {
                    outcome.before.contact_left = Some(contact);
                    set_left(conn, now, actor, contact, true)?;
                }
            }
            _ => {}
        }
    }
    // What has no end comes before what has one.
    bars.append(&mut outcome.bars);
    bars.sort_by_key(|(_, until)| until.is_some());
    outcome.bars = bars;
    outcome.tasks = tasks(answers, step);
    Ok(())
}

fn subject(situation: &Situation, scope: Scope) -> Option<Subject> {
    match scope {
        Scope::Person => situation.call.person_id.map(Subject::person),
        Scope::Number => situation.call.phone.as_deref().map(Subject::number),
        Scope::Company => situation.company_id().map(Subject::company),
        Scope::Email | Scope::Domain => None,
    }
}

/// What a person has to do, once each.
fn tasks(
    answers: &Answers,
    step: &NextStep,
) -> Vec<(String, Option<NaiveDateTime>, Option<String>)> {
    let result = step.result;
    let body = |extra: Value| Some(extra.to_string());
    let mut tasks: Vec<(String, Option<NaiveDateTime>, Option<String>)> = Vec::new();
    for step in &step.steps {
        let task = match &step.effect {
            Effect::HandOver | Effect::Register => {
                let due = answers
                    .visit_at
                    .filter(|_| result == Disposition::VisitAgreed);
                (
                    result.code().to_owned(),
                    due,
                    answers
                        .note
                        .clone()
                        .and_then(|note| body(json!({ "note": note }))),
                )
            }
            Effect::SendInfo { not_before } => (
                result.code().to_owned(),
                Some(*not_before),
                body(json!({ "note": answers.note })),
            ),
            Effect::MergeRequest => (
                result.code().to_owned(),
                None,
                body(json!({ "duplicate_of": answers.duplicate_of })),
            ),
            Effect::Task { kind, due } => {
                let kind = serde_json::to_value(kind).ok();
                let kind = kind
                    .as_ref()
                    .and_then(Value::as_str)
                    .unwrap_or("other")
                    .to_owned();
                // A visit is one thing to do, not two.
                if kind == "visit" {
                    continue;
                }
                (kind, *due, None)
            }
            _ => continue,
        };
        tasks.push(task);
    }
    tasks
}
