//! What was said in a call, and what was found out about the number, as one record.

use chrono::NaiveDateTime;
use serde_json::json;

use super::answers::Answers;
use crate::accounts::Actor;
use crate::calling::actions::{self, Situation};
use crate::calling::model::Before;
use crate::calling::rules::{Effect, NextStep};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::office;
use crate::registry::actions::{Created, create_contact_by_hand, say};
use crate::registry::model::NewSaid;

/// Writes what was said and what was found out about the number as one record.
pub(super) fn keep_answers(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    situation: &mut Situation,
    answers: &Answers,
    step: &NextStep,
    before: &mut Before,
) -> AppResult<Option<i64>> {
    // Only an urgency asks which day it is in the office.
    let day = match answers.urgency {
        Some(_) => office::day(conn, now)?,
        None => now.date(),
    };
    let mut said = answers.said(day);
    if let Some(successor) = &answers.successor {
        create_contact_by_hand(conn, now, actor, situation.company_id(), successor)?;
    }
    if situation.call.contact_id.is_none() && answers.names_person() {
        let person = answers.person_part();
        if let Created::Made {
            contact_id: Some(id),
            ..
        } = create_contact_by_hand(conn, now, actor, situation.company_id(), &person)?
        {
            let (root, _) = actions::contact_roots(conn, id)?;
            (situation.call.contact_id, situation.call.person_id) = (Some(id), Some(root));
        }
    }
    if let (Some(state), Some(phone)) = (found_out(step), situation.call.phone.clone()) {
        if situation.company_id().is_some() || situation.call.contact_id.is_some() {
            said.put(
                crate::registry::model::Field::PointStates,
                json!({ phone: state }),
            );
        } else if let Some(point) = situation.call.point_id {
            before.points.push((point, "good".into()));
            actions::set_point_state(conn, now, point, state)?;
        }
    }
    if said.is_empty() {
        return Ok(None);
    }
    let new = NewSaid::call(
        situation.call.id,
        situation.company_id(),
        situation.call.contact_id,
        said,
    );
    if new.company_id.is_none() && new.contact_id.is_none() {
        return Ok(None);
    }
    Ok(Some(say(conn, now, actor, new)?))
}

/// What the result says about the number itself.
fn found_out(step: &NextStep) -> Option<&'static str> {
    step.steps.iter().find_map(|step| match step.effect {
        Effect::NumberBad => Some("bad"),
        Effect::NumberTakenOff => Some("not_theirs"),
        _ => None,
    })
}
