//! A call and what came of it: the queue, the registry, the grade and the do-not-call list in one transaction.

mod answers;
mod door;
mod follows;
mod grading;
mod handing;
mod recorded;
mod said;

use chrono::NaiveDateTime;
use serde_json::json;

use crate::accounts::{Actor, Object, Verb, require};
use crate::calling::actions::{
    self, Outcome, Rulebook, Situation, Unleased, follow_companies, follow_persons, keep_result,
    under_lease, without_lease,
};
use crate::calling::model::CallForm;
use crate::calling::rules::{Disposition, Facts, Input, InputFault, Moment, NextStep, next_step};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, Event, changed, happened};
use crate::platform::settings;
use crate::qualifying::{ReasonList, Reasons};
use crate::registry::rules::phone::Home;
use answers::Answers;
pub use door::routes;
use follows::carry_out;
pub use recorded::Recorded;
use said::keep_answers;

use super::company_access::access_to;
use handing::hand_over;

/// Records a call with its result, under a lease or without one. Everything or nothing of it is written.
pub fn record_call(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    rules: &Rulebook,
    form: &CallForm,
) -> AppResult<Recorded> {
    require(actor, Verb::RecordCall, Object::Any)?;
    let answers = Answers::read(form, Home::of(&rules.office.country))?;
    check_reasons(conn, form)?;
    let mut situation = situation(conn, now, actor, rules, form, &answers)?;
    name_contact(conn, form, &mut situation)?;
    let facts = facts(conn, actor, &situation, &answers)?;
    let calendar = rules.calendars.get(situation.calendar_id(rules));
    let moment = Moment {
        now,
        callee: calendar,
        office: rules.calendars.office(),
    };
    let history = situation.history(conn, rules, answers.disposition)?;
    let step = next_step(
        answers.disposition,
        &history,
        &facts,
        &moment,
        &rules.calling,
    )
    .map_err(refused_input)?;
    let mut outcome = Outcome {
        urgency: answers.urgency.map(|u| u.code().to_owned()),
        need: answers.need_text.clone(),
        note: form.note.clone().filter(|note| !note.trim().is_empty()),
        facts: (!form.facts.is_empty())
            .then(|| serde_json::to_string(&form.facts))
            .transpose()?,
        grade_reason: form.grade_reason.clone(),
        reason: form
            .reason
            .clone()
            .filter(|reason| !reason.trim().is_empty()),
        ..Outcome::default()
    };
    outcome.record_id = keep_answers(
        conn,
        now,
        actor,
        &mut situation,
        &answers,
        &step,
        &mut outcome.before,
    )?;
    if answers.teaches_number() {
        // Other campaigns may have waited for a number of theirs.
        follow_companies(conn, now, situation.group())?;
        follow_persons(conn, now, situation.persons())?;
    }
    let asked = grading::Asked::of(&answers, &step);
    let grade = grading::grade(conn, now, actor, rules, &situation, &asked, &mut outcome)?;
    carry_out(conn, now, actor, &situation, &answers, &step, &mut outcome)?;
    outcome.refolded = outcome.record_id.is_some()
        || outcome.before.contact_left.is_some()
        || answers.successor.is_some()
        || answers.names_person();
    let handing = hand_over(conn, now, actor, &situation, &answers, &step, &grade)?;
    if handing.handover.is_some() || handing.owner.is_some() {
        // A rep has it: nobody has to hand it over any more.
        let done = step.result.code();
        outcome.tasks.retain(|(kind, ..)| kind != done);
    }
    let before = keep_result(conn, now, actor, rules, &mut situation, &step, outcome)?;
    tell(conn, now, actor, &situation, &answers, &step, before)?;
    Ok(Recorded {
        call_id: situation.call.id,
        grade,
        next_attempt_at: step.next_attempt_at(),
        step,
        handing,
    })
}

/// A reason of the office's lists must be one that is offered now.
fn check_reasons(conn: &mut Conn, form: &CallForm) -> AppResult<()> {
    let given = [
        (ReasonList::NotInterested, "reason", &form.reason),
        (ReasonList::Grade, "grade_reason", &form.grade_reason),
    ];
    let given = given
        .into_iter()
        .filter_map(|(list, field, reason)| Some((list, field, reason.as_deref()?)));
    let mut given = given.peekable();
    if given.peek().is_none() {
        return Ok(());
    }
    let reasons = settings::load::<Reasons>(conn)?.value;
    for (list, field, reason) in given {
        reasons.check(list, reason, field)?;
    }
    Ok(())
}

fn situation(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    rules: &Rulebook,
    form: &CallForm,
    answers: &Answers,
) -> AppResult<Situation> {
    if let Some(token) = &form.lease {
        let said = (answers.phone.as_ref(), answers.disposition);
        return under_lease(conn, now, actor, rules, token, said);
    }
    if form.company.is_none() && form.contact.is_none() {
        return Err(AppError::invalid("call_needs_company", "company"));
    }
    let phone = answers
        .phone
        .clone()
        .ok_or_else(|| AppError::invalid("call_needs_phone", "phone"))?;
    let company = match (form.company, form.contact) {
        (Some(id), _) => Some(id),
        (None, Some(contact)) => actions::company_of_contact(conn, contact)?,
        (None, None) => None,
    };
    if let Some(id) = company {
        let access = access_to(conn, actor, id, now)?;
        // Whoever rings reaches any of us; to ring somebody up is for those who may see the company, or were told to.
        if !answers.incoming && !form.was_served {
            require(actor, Verb::RecordCall, Object::Company(access))?;
        }
    }
    let made = Unleased {
        company_id: company,
        contact_id: form.contact,
        phone,
        incoming: answers.incoming,
    };
    without_lease(conn, now, actor, rules, &made)
}

/// The contact that the agent names was spoken with, whosever number rang.
fn name_contact(conn: &mut Conn, form: &CallForm, situation: &mut Situation) -> AppResult<()> {
    let Some(contact) = form.contact else {
        return Ok(());
    };
    let (person, company) = actions::contact_roots(conn, contact)?;
    if situation.company_id().is_some() && company != situation.company_id() {
        return Err(AppError::invalid("contact_unknown", "contact"));
    }
    situation.call.contact_id = Some(contact);
    situation.call.person_id = Some(person);
    Ok(())
}

fn facts(
    conn: &mut Conn,
    actor: &Actor,
    situation: &Situation,
    answers: &Answers,
) -> AppResult<Facts> {
    let mut given = answers.given();
    let asks_wechat = answers.disposition == Disposition::WechatAdded && !given.wechat;
    if let (true, Some(person)) = (asks_wechat, situation.call.person_id) {
        given.wechat = actions::has_wechat(conn, person)?;
    }
    let year = answers
        .present_system_year()
        .or(situation.present_system_year());
    Ok(Facts {
        agent_id: actor.id(),
        dialled_at: situation.call.dialled_at,
        given,
        visit_at: answers.visit_at,
        present_system_year: year,
        person_known: situation.call.person_id.is_some(),
        number_is_own: situation.number_is_own(),
        named_ways: answers.ways,
        for_company: false,
        successor: answers.successor.is_some() || situation.has_other_contact(),
        new_address: answers.says_address(),
    })
}

fn refused_input(fault: InputFault) -> AppError {
    let field = match fault {
        InputFault::CallbackNeedsTime | InputFault::CallbackInPast | InputFault::CallbackTooFar => {
            Input::CallbackAt.code()
        }
        InputFault::VisitInPast => Input::VisitAt.code(),
        InputFault::DuplicateNeedsOther => Input::DuplicateOf.code(),
        InputFault::ResultNeedsReason => Input::Reason.code(),
        InputFault::WechatNeedsNumber => Input::Wechat.code(),
    };
    AppError::invalid(fault.code(), field)
}

fn tell(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    situation: &Situation,
    answers: &Answers,
    step: &NextStep,
    result_id: i64,
) -> AppResult<()> {
    let call = &situation.call;
    let data = json!({
        "disposition": answers.disposition.code(), "result": result_id, "lease": call.lease_id, "entry": call.entry_id,
        "number": call.number_key, "next": step.next_attempt_at().map(|at| at.and_utc()),
    });
    let event = Event {
        at: now,
        kind: "call.recorded",
        user_id: actor.user_id,
        campaign_id: call.campaign_id,
        company_id: situation.company_id(),
        object_id: Some(call.id),
        data: Some(data.to_string()),
    };
    happened(conn, &event)?;
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb: "call",
        object_kind: "call",
        object_id: Some(call.id),
        n: 1,
        ..Change::default()
    };
    Ok(changed(conn, &change)?)
}
