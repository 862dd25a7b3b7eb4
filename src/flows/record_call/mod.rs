//! A call and what came of it: the queue, the registry, the grade and the do-not-call list in one transaction.

mod answers;
mod door;
mod handing;

use chrono::NaiveDateTime;
use serde_json::{Value, json};

use crate::accounts::{Actor, Object, Verb, require};
use crate::calling::actions::{
    self, GradeAsk, GradeOutcome, Outcome, Rulebook, Situation, Unleased, keep_result, under_lease,
    without_lease,
};
use crate::calling::model::{Bar, Before, CallForm};
use crate::calling::rules::{
    Disposition, Effect, Facts, Input, InputFault, Moment, NextStep, next_step,
};
use crate::consent::{self, NewOrigin, Scope, Subject, Way};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::Lang;
use crate::platform::log::{Change, Event, changed, happened};
use crate::platform::settings;
use crate::qualifying::{Grade, ReasonList, Reasons};
use crate::registry::actions::{Created, create_contact_by_hand, say, set_left};
use crate::registry::model::NewSaid;
use answers::Answers;
pub use door::routes;

use super::company_access::access_to;
use super::hand_over::Handing;
use handing::hand_over;

/// What a recorded call answers.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The call.
    pub call_id: i64,
    /// Grade before, proposed and after, with reasons.
    pub grade: GradeOutcome,
    /// Everything that follows, each with its reasons.
    pub step: NextStep,
    /// When the entry is called next.
    pub next_attempt_at: Option<NaiveDateTime>,
    /// To whom the lead went, or what it still lacks.
    pub handing: Handing,
}

impl Recorded {
    /// As programs see it.
    pub fn to_json(&self, lang: Lang, rules: &Rulebook, now: NaiveDateTime) -> Value {
        let zone = rules.calendars.office().zone();
        let reasons: Vec<Value> = self
            .grade
            .reasons
            .iter()
            .map(|reason| {
                let mut value = serde_json::to_value(reason).unwrap_or_default();
                value["text"] = json!(reason.sentence().write(lang, zone, now));
                value
            })
            .collect();
        let code = |grade: Option<Grade>| grade.map(Grade::code);
        let lacking = self.handing.lacking.iter();
        let lacks: Vec<Value> = lacking
            .map(|what| json!({ "code": what, "text": lang.text(what.key()) }))
            .collect();
        json!({
            "call_id": self.call_id,
            "grade": { "before": code(self.grade.before), "proposed": code(self.grade.proposed), "after": code(self.grade.after), "reasons": reasons },
            "contradictions": [],
            "next_attempt_at": self.next_attempt_at.map(|at| at.and_utc()),
            "steps": self.step.steps,
            "handover": null,
            "handover_lacks": lacks,
        })
    }
}

/// Records a call with its result, under a lease or without one. Everything or nothing of it is written.
pub fn record_call(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    rules: &Rulebook,
    form: &CallForm,
) -> AppResult<Recorded> {
    require(actor, Verb::RecordCall, Object::Any)?;
    let answers = Answers::read(form)?;
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
    let history = situation.history(answers.disposition);
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
    let grade = grade(
        conn,
        now,
        actor,
        rules,
        &situation,
        &answers,
        &step,
        &mut outcome,
    )?;
    carry_out(conn, now, actor, &situation, &answers, &step, &mut outcome)?;
    let handing = hand_over(conn, now, actor, &situation, &answers, &step, &grade)?;
    if handing.handover.is_some() {
        // The rep has it: nobody has to hand it over any more.
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
        return under_lease(conn, now, actor, rules, token, answers.phone.as_ref());
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
    if let (false, Some(person)) = (given.wechat, situation.call.person_id) {
        given.wechat = actions::has_wechat(conn, person)?;
    }
    let year = match answers.present_system_year() {
        Some(year) => Some(year),
        None => match situation.company_id() {
            Some(root) => actions::present_system_year(conn, root)?,
            None => None,
        },
    };
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
        InputFault::DuplicateNeedsOther => Input::DuplicateOf.code(),
        InputFault::ResultNeedsReason => Input::Reason.code(),
        InputFault::WechatNeedsNumber => Input::Wechat.code(),
    };
    AppError::invalid(fault.code(), field)
}

/// Writes what was said and what was found out about the number as one record.
fn keep_answers(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    situation: &mut Situation,
    answers: &Answers,
    step: &NextStep,
    before: &mut Before,
) -> AppResult<Option<i64>> {
    let mut said = answers.said(now);
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

#[allow(clippy::too_many_arguments)] // the parts of one result
fn grade(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    rules: &Rulebook,
    situation: &Situation,
    answers: &Answers,
    step: &NextStep,
    outcome: &mut Outcome,
) -> AppResult<GradeOutcome> {
    let Some(root) = situation.company_id() else {
        return Ok(GradeOutcome::default());
    };
    let ask = GradeAsk {
        urgency: answers.urgency,
        hint: step.grade_hint(),
        has_facts: answers.bears_on_grade(),
        chosen: answers.grade,
        reason: outcome.grade_reason.as_deref(),
        call_id: Some(situation.call.id),
    };
    let group = situation.group().to_vec();
    let grade = actions::grade_after_call(
        conn,
        now,
        actor,
        rules,
        root,
        &group,
        &ask,
        &mut outcome.before,
    )?;
    let code = |grade: Option<Grade>| grade.map(|g| g.code().to_owned());
    outcome.grade_before = code(grade.before);
    outcome.grade_proposed = code(grade.proposed);
    outcome.grade_after = code(grade.after);
    if grade.after == Some(Grade::E) && grade.before != Some(Grade::E) {
        outcome.bars.push((Bar::Excluded, None));
    }
    Ok(grade)
}

/// Suppressions, rest, tasks, and who has left.
fn carry_out(
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
