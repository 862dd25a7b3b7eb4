//! A hand-over as pages show it: whose, why, what to do, how much time is left.

use std::collections::HashMap;

use chrono::{NaiveDateTime, TimeDelta};

use crate::accounts::{redirect_with, user_names};
use crate::platform::calendar::Calendar;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::page::{Flash, PageContext};
use crate::platform::problem;
use crate::selling::model::Handover;
use crate::selling::queries;
use crate::selling::rules::assign::{Decision, Why};
use crate::selling::rules::explain::{explain, in_one_line};
use crate::selling::rules::handover::HandoverState;

/// One line of a list.
#[derive(Debug, Clone)]
pub struct OfferView {
    /// Hand-over.
    pub id: i64,
    /// The company that answers for it.
    pub company_id: i64,
    /// Its name.
    pub name: String,
    /// Its grade, or empty.
    pub grade: String,
    /// What the telemarketer says, and who that is.
    pub said: String,
    /// Why this rep.
    pub why: String,
    /// The rep.
    pub rep: String,
    /// State code.
    pub state: String,
    /// State in words.
    pub state_text: String,
    /// Colour of the state.
    pub kind: &'static str,
    /// What is still to be done.
    pub to_do: String,
    /// Working time that is left: `2:36`.
    pub left: String,
    /// Until when.
    pub until: String,
    /// Hundredths of the time that are over.
    pub spent: i64,
    /// Most of the time is over.
    pub is_urgent: bool,
    /// Its time is over altogether.
    pub is_over: bool,
    /// Whoever looks may accept and reject it.
    pub is_mine: bool,
    /// Whoever looks owes the customer the first contact.
    pub is_to_contact: bool,
    /// Why it was rejected.
    pub reason: String,
}

/// Hand-overs as lines, in their order.
pub fn views(
    conn: &mut Conn,
    ctx: &PageContext,
    office: &Calendar,
    viewer: i64,
    found: &[Handover],
) -> AppResult<Vec<OfferView>> {
    let companies: Vec<i64> = found.iter().map(|h| h.company_id).collect();
    let companies: HashMap<i64, (i64, String, Option<String>)> =
        queries::company_names(conn, &companies)?
            .into_iter()
            .map(|(id, root, name, grade)| (id, (root, name, grade)))
            .collect();
    let users: Vec<i64> = found
        .iter()
        .flat_map(|h| [h.rep_id, h.from_id])
        .flatten()
        .collect();
    let users = user_names(conn, &users)?;
    let name_of = |id: Option<i64>| {
        id.and_then(|id| users.get(&id).cloned())
            .unwrap_or_default()
    };
    Ok(found
        .iter()
        .map(|h| {
            let company = companies.get(&h.company_id);
            let (root, name, grade) = company.cloned().unwrap_or_default();
            view(
                ctx,
                office,
                viewer,
                h,
                &name_of(h.rep_id),
                &name_of(h.from_id),
                (root, name, grade),
            )
        })
        .collect())
}

#[allow(clippy::too_many_arguments)] // the parts of one line
fn view(
    ctx: &PageContext,
    office: &Calendar,
    viewer: i64,
    h: &Handover,
    rep: &str,
    from: &str,
    (root, name, grade): (i64, String, Option<String>),
) -> OfferView {
    let state = h.state();
    let is_contact = state == HandoverState::Accepted;
    let begins = if is_contact {
        h.settled_at
    } else {
        Some(h.offered_at)
    };
    let ends = if is_contact { h.contact_by } else { h.due_at };
    let ends = ends.filter(|_| state.is_open() || is_contact && h.contacted_at.is_none());
    let (left, spent) = time_left(office, ctx.now, begins, ends);
    let to_do = match state {
        HandoverState::Offered | HandoverState::Warned => ctx.t("handover-do-accept"),
        HandoverState::Accepted if h.contacted_at.is_none() => ctx.t("handover-do-contact"),
        HandoverState::WithManager => ctx.t("handover-do-assign"),
        _ => String::new(),
    };
    let parts = [h.note.clone().unwrap_or_default(), from.to_owned()];
    let said: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    OfferView {
        id: h.id,
        company_id: root,
        name,
        grade: grade.or_else(|| h.grade.clone()).unwrap_or_default(),
        said: said.join(" · "),
        why: why(ctx, viewer, h, rep),
        rep: rep.to_owned(),
        state: h.state.clone(),
        state_text: ctx.t(state.key()),
        kind: match state {
            HandoverState::Warned | HandoverState::WithManager => "warn",
            HandoverState::Accepted => "good",
            HandoverState::Rejected | HandoverState::Pooled => "bad",
            _ => "line",
        },
        to_do,
        left: ends.map_or_else(String::new, |_| clock(left)),
        until: ends.map_or_else(String::new, |at| {
            ctx.t1("handover-until", "at", ctx.datetime(&at))
        }),
        spent,
        is_urgent: spent >= 80,
        is_over: ends.is_some_and(|at| at <= ctx.now),
        is_mine: state.is_on_offer() && h.rep_id == Some(viewer),
        is_to_contact: is_contact && h.contacted_at.is_none() && h.rep_id == Some(viewer),
        reason: h.reason.clone().unwrap_or_default(),
    }
}

/// Why this rep: chosen by the manager, or by the rules. Whoever it is reads the reasons alone.
fn why(ctx: &PageContext, viewer: i64, h: &Handover, rep: &str) -> String {
    let is_given = h.state() == HandoverState::Accepted && h.settled_by != h.rep_id;
    let decision = match is_given {
        true => Decision {
            rep: h.rep_id,
            territory: None,
            why: vec![Why::ByHand],
        },
        false => h.decision(),
    };
    if h.rep_id != Some(viewer) {
        return match is_given {
            true => ctx.t2(
                "assign-to",
                "name",
                rep.to_owned(),
                "why",
                ctx.t("assign-by-hand"),
            ),
            false => in_one_line(ctx.language, &h.inputs(), &decision),
        };
    }
    let why = explain(ctx.language, &h.inputs(), &decision).join(&ctx.t("assign-and"));
    let mut letters = why.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// Working time that is left, and hundredths of it that are over.
fn time_left(
    office: &Calendar,
    now: NaiveDateTime,
    begins: Option<NaiveDateTime>,
    ends: Option<NaiveDateTime>,
) -> (TimeDelta, i64) {
    let (Some(begins), Some(ends)) = (begins, ends) else {
        return (TimeDelta::zero(), 0);
    };
    let whole = office
        .working_time_between(begins, ends)
        .num_seconds()
        .max(1);
    let left = office.working_time_between(now, ends);
    (left, (100 - left.num_seconds() * 100 / whole).clamp(0, 100))
}

/// `2:36`.
fn clock(left: TimeDelta) -> String {
    format!("{}:{:02}", left.num_hours(), left.num_minutes() % 60)
}

/// Back to a page: with what was done, or with the refusal in words. Faults stay faults.
pub fn back(
    ctx: &PageContext,
    to: &str,
    outcome: AppResult<String>,
) -> AppResult<actix_web::HttpResponse> {
    match outcome {
        Ok(done) => Ok(redirect_with(to, &Flash::new("good", done))),
        Err(error) => told(ctx, to, error),
    }
}

fn told(ctx: &PageContext, to: &str, error: AppError) -> AppResult<actix_web::HttpResponse> {
    let Some(refusal) = error.refusal() else {
        return Err(error);
    };
    if !matches!(refusal.status.as_u16(), 409 | 422) {
        return Err(error);
    }
    let text = problem::in_words(ctx.language, refusal);
    Ok(redirect_with(to, &Flash::new("bad", text)))
}
