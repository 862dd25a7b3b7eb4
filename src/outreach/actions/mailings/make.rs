//! What a mailing is, whom it goes to and when: everything before its first letter.

use chrono::{NaiveDateTime, TimeDelta};

use super::{hold, keep, log, require_run, step};
use crate::accounts::Actor;
use crate::outreach::actions::{greetings, letters};
use crate::outreach::model::{
    Audience, Mailing, MailingEdit, MailingInput, MailingKind, MailingState, NewMailing, PLAN_JOB,
    PlanOutcome, PlanPayload, Window,
};
use crate::outreach::queries;
use crate::outreach::rules::mail_rules::{FARTHEST, MailRules, NEWS_MAY_TAKE};
use crate::outreach::rules::mailing_state::{self, Move};
use crate::platform::calendar::stored::calendars;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::Lang;
use crate::platform::{jobs, office, settings};

const LONGEST_NAME: usize = 120;

/// Makes a mailing; nobody is in it yet.
pub fn create(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    new: &MailingInput,
) -> AppResult<i64> {
    require_run(actor, new.team_id)?;
    check_new(conn, now, new)?;
    let window = match (new.kind, new.window) {
        (MailingKind::News, Some(window)) => Some(in_hours(conn, now, window)?),
        (_, window) => window,
    };
    let name = checked_name(&new.name)?;
    let occasion = new.occasion.as_ref();
    let row = NewMailing {
        kind: new.kind.code(),
        occasion: occasion.map(|o| o.code.as_str()),
        year: occasion.map(|o| o.year),
        occasion_on: occasion.map(|o| o.on),
        issue_id: new.issue_id,
        team_id: new.team_id,
        name: &name,
        letter_code: &new.letter_code,
        letter_versions: "{}",
        audience: &serde_json::to_string(&new.audience)?,
        rule_versions: "{}",
        state: MailingState::Draft.code(),
        send_from: window.map(|w| w.from),
        send_until: window.map(|w| w.until),
        approve_by: new.approve_by,
        created_by: actor.user_id,
        created_at: now,
        changed_at: now,
    };
    let id = queries::insert_mailing(conn, &row)?;
    log(conn, now, actor, "create", id, 1)?;
    Ok(id)
}

/// A greeting has an occasion that is greeted once a year, news has an issue; both have a letter and somebody to read it.
fn check_new(conn: &mut Conn, now: NaiveDateTime, new: &MailingInput) -> AppResult<()> {
    check_window(now, new.window)?;
    check_audience(conn, now, &new.audience)?;
    let occasion = new.occasion.as_ref().map(|occasion| occasion.code.as_str());
    check_letter(conn, new.kind, occasion, &new.letter_code)?;
    match (new.kind, &new.occasion, new.issue_id) {
        (MailingKind::Greeting, Some(occasion), None) => {
            let same = queries::mailing_of_occasion(conn, occasion)?;
            match same {
                Some(_) => Err(AppError::conflict("mailing_occasion_taken")),
                None => Ok(()),
            }
        }
        (MailingKind::News, None, Some(_)) => Ok(()),
        (MailingKind::Greeting, ..) => Err(AppError::invalid("mailing_needs_occasion", "occasion")),
        (MailingKind::News, ..) => Err(AppError::invalid("mailing_needs_issue", "issue")),
    }
}

/// A letter that there is, in either language, and that is for this.
fn check_letter(
    conn: &mut Conn,
    kind: MailingKind,
    occasion: Option<&str>,
    code: &str,
) -> AppResult<()> {
    match letters::newest(conn, code, Lang::default()) {
        Err(AppError::Refused(_)) => Err(AppError::invalid("mailing_needs_letter", "template")),
        Err(fault) => Err(fault),
        Ok(letter) if letters::fits(&letter, kind, occasion) => Ok(()),
        Ok(_) => Err(AppError::invalid("mailing_letter_unfit", "template")),
    }
}

/// Somebody to read it, chosen by criteria that there are.
fn check_audience(conn: &mut Conn, now: NaiveDateTime, audience: &Audience) -> AppResult<()> {
    if audience.grades.is_empty() {
        return Err(AppError::invalid("mailing_needs_grades", "grades"));
    }
    let zone = office::load(conn)?.tz();
    audience.filter.criteria(now, zone).map(|_| ())
}

/// Changes what the edit names. Who is in it is void then, and so is the approval: both were for something else.
pub fn edit(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
    edit: &MailingEdit,
) -> AppResult<()> {
    let mut to = hold(conn, actor, id)?;
    step(&mut to, Move::Edit)?;
    if let Some(name) = &edit.name {
        to.name = checked_name(name)?;
    }
    if let Some(code) = &edit.letter_code {
        check_letter(conn, to.kind(), to.occasion.as_deref(), code)?;
        to.letter_code = code.clone();
    }
    if let Some(audience) = &edit.audience {
        check_audience(conn, now, audience)?;
        to.audience = serde_json::to_string(audience)?;
    }
    forget_plan(&mut to);
    keep(conn, now, actor, to, Move::Edit).map(|_| ())
}

/// Asks who is in it; a job decides. Whatever was decided and approved before is void.
pub fn ask_plan(conn: &mut Conn, now: NaiveDateTime, actor: &Actor, id: i64) -> AppResult<i64> {
    plan(conn, now, actor, id, |_| (None, None))
}

/// Asks who is in it, and says beforehand that it may go to them: a program that starts a mailing does not look first.
pub fn plan_and_approve(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
) -> AppResult<i64> {
    plan(conn, now, actor, id, |_| (actor.user_id, Some(now)))
}

/// Decides once more what was approved; by the same word it goes to whoever is in it then.
pub(super) fn plan_as_approved(conn: &mut Conn, now: NaiveDateTime, id: i64) -> AppResult<i64> {
    let as_before = |was: &Mailing| (was.approved_by, was.approved_at);
    plan(conn, now, &Actor::system(), id, as_before)
}

/// Who has said that it may go, and when.
type Approved = (Option<i64>, Option<NaiveDateTime>);

fn plan(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
    approved: impl FnOnce(&Mailing) -> Approved,
) -> AppResult<i64> {
    let mut to = hold(conn, actor, id)?;
    step(&mut to, Move::AskPlan)?;
    let approved = approved(&to);
    forget_plan(&mut to);
    (to.approved_by, to.approved_at) = approved;
    let payload = PlanPayload { mailing_id: id };
    let key = format!("mailing:{id}");
    let job = jobs::enqueue(conn, now, PLAN_JOB, &payload, Some(&key), actor.user_id)?;
    to.job_id = Some(job);
    keep(conn, now, actor, to, Move::AskPlan)?;
    Ok(job)
}

/// The job is through: keeps what it found. What was approved beforehand waits for its moment at once.
pub fn planned(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
    found: &PlanOutcome,
) -> AppResult<MailingState> {
    let mut to = hold(conn, actor, id)?;
    step(&mut to, Move::Planned)?;
    to.letter_versions = serde_json::to_string(&found.letter_versions)?;
    to.rule_versions = serde_json::to_string(&found.rule_versions)?;
    to.audience_hash = Some(found.audience_hash.clone());
    to.figures = Some(serde_json::to_string(&found.figures)?);
    let to = keep(conn, now, actor, to, Move::Planned)?;
    let to = greetings::keep_words(conn, now, to)?;
    let is_going = to.figures().is_some_and(|figures| figures.included > 0);
    let is_approved = to.approved_at.is_some() && is_going;
    if !is_approved {
        greetings::after_plan(conn, now, &to)?;
        return Ok(to.state());
    }
    let by = Actor {
        user_id: to.approved_by,
        ..actor.clone()
    };
    approve(conn, now, &by, id)?;
    Ok(MailingState::Scheduled)
}

/// The job was given up or called off: it is a draft again, unless it was called off meanwhile.
pub fn plan_failed(conn: &mut Conn, now: NaiveDateTime, actor: &Actor, id: i64) -> AppResult<()> {
    let mut to = hold(conn, actor, id)?;
    if !mailing_state::can(to.state(), Move::PlanFailed) {
        return Ok(());
    }
    step(&mut to, Move::PlanFailed)?;
    forget_plan(&mut to);
    keep(conn, now, actor, to, Move::PlanFailed).map(|_| ())
}

/// It may go to those who were decided. Without a moment of its own it may go at once.
pub fn approve(conn: &mut Conn, now: NaiveDateTime, actor: &Actor, id: i64) -> AppResult<()> {
    let mut to = hold(conn, actor, id)?;
    step(&mut to, Move::Approve)?;
    if to.figures().is_none_or(|figures| figures.included == 0) {
        return Err(AppError::conflict("mailing_nobody"));
    }
    if to.send_until.is_some_and(|until| until <= now) {
        return Err(AppError::conflict("mailing_moment_passed"));
    }
    (to.approved_by, to.approved_at) = (actor.user_id, Some(now));
    if to.send_from.is_none() {
        set_window(
            &mut to,
            Window {
                from: now,
                until: now + NEWS_MAY_TAKE,
            },
        );
    }
    keep(conn, now, actor, to, Move::Approve).map(|_| ())
}

/// Gives it another moment. Letters that wait move along, each in the zone of its receiver.
pub fn schedule(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
    window: Window,
) -> AppResult<()> {
    check_window(now, Some(window))?;
    if window.until <= now {
        return Err(AppError::invalid("mailing_moment_passed", "when"));
    }
    let mut to = hold(conn, actor, id)?;
    step(&mut to, Move::Schedule)?;
    let window = match to.kind() {
        MailingKind::News => in_hours(conn, now, window)?,
        MailingKind::Greeting => {
            greetings::check_moment(conn, now, &to, window)?;
            window
        }
    };
    let moments = moments(conn, id)?;
    if let Some(was) = to.send_from.or(moments.first().copied()) {
        shift(conn, id, moments, was, window)?;
    }
    set_window(&mut to, window);
    keep(conn, now, actor, to, Move::Schedule).map(|_| ())
}

/// Gives a greeting the moment that the calendar has for it by now, and the deadline that goes with it. It is decided
/// anew behind that, which gives each letter its hours.
pub(in crate::outreach) fn renew(
    conn: &mut Conn,
    now: NaiveDateTime,
    id: i64,
    window: Window,
    approve_by: NaiveDateTime,
) -> AppResult<()> {
    let system = Actor::system();
    let mut to = hold(conn, &system, id)?;
    step(&mut to, Move::Schedule)?;
    set_window(&mut to, window);
    to.approve_by = Some(approve_by);
    keep(conn, now, &system, to, Move::Schedule).map(|_| ())
}

/// The part of a moment that lies in the hours of news: nobody is written to by night or on a holiday because somebody
/// set the moment after everybody was decided. A moment without such hours is refused.
fn in_hours(conn: &mut Conn, now: NaiveDateTime, window: Window) -> AppResult<Window> {
    let rules = settings::load::<MailRules>(conn)?.value;
    let calendars = calendars(conn)?;
    let from = rules.news_from(window.from.max(now), calendars.office());
    if from >= window.until {
        let hours = rules.news_hours;
        return Err(AppError::invalid("mailing_moment_closed", "when")
            .with("from", hours.from.format("%H:%M"))
            .with("to", hours.to.format("%H:%M")));
    }
    Ok(Window {
        from: from.max(window.from),
        ..window
    })
}

/// Lets it go from now on: the first of those who wait gets it at once, whoever would have waited longer still does.
pub(super) fn bring_forward(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
) -> AppResult<()> {
    let mut to = hold(conn, actor, id)?;
    step(&mut to, Move::Schedule)?;
    let until = to.send_until.unwrap_or(now).max(now + NEWS_MAY_TAKE);
    let window = Window { from: now, until };
    let moments = moments(conn, id)?;
    if let Some(was) = moments.first().copied() {
        shift(conn, id, moments, was, window)?;
    }
    set_window(&mut to, window);
    keep(conn, now, actor, to, Move::Schedule).map(|_| ())
}

/// The moments for which letters wait, the first one first: one for each zone of the receivers.
fn moments(conn: &mut Conn, id: i64) -> AppResult<Vec<NaiveDateTime>> {
    let mut moments = queries::moments(conn, id)?;
    moments.sort();
    Ok(moments)
}

/// Carries the letters that wait from one moment to another: receivers in another zone keep their distance.
fn shift(
    conn: &mut Conn,
    id: i64,
    mut moments: Vec<NaiveDateTime>,
    was: NaiveDateTime,
    window: Window,
) -> AppResult<()> {
    let by = window.from - was;
    let length = window.until - window.from;
    // Away from where they go, so that none that has moved is met again.
    if by > TimeDelta::zero() {
        moments.reverse();
    }
    for due in moments {
        queries::move_moment(conn, id, due, due + by, due + by + length)?;
    }
    Ok(())
}

/// What was decided and approved holds no longer.
fn forget_plan(to: &mut Mailing) {
    (to.audience_hash, to.figures) = (None, None);
    (to.approved_by, to.approved_at) = (None, None);
    to.job_id = None;
}

fn set_window(to: &mut Mailing, window: Window) {
    (to.send_from, to.send_until) = (Some(window.from), Some(window.until));
}

fn check_window(now: NaiveDateTime, window: Option<Window>) -> AppResult<()> {
    match window {
        Some(w) if w.until <= w.from => Err(AppError::invalid("mailing_window_empty", "until")),
        Some(w) => check_not_far(now, w.until, "when"),
        None => Ok(()),
    }
}

/// Refuses a moment that lies too far ahead, by the field that says it.
pub(in crate::outreach) fn check_not_far(
    now: NaiveDateTime,
    at: NaiveDateTime,
    field: &'static str,
) -> AppResult<()> {
    if at - now > FARTHEST {
        let days = FARTHEST.num_days();
        return Err(AppError::invalid("mailing_moment_far", field).with("days", days));
    }
    Ok(())
}

fn checked_name(name: &str) -> AppResult<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(AppError::invalid("mailing_needs_name", "name"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(AppError::invalid("text_too_long", "name"));
    }
    Ok(name.to_owned())
}
