//! `GET /call`: the screen of the lease that the agent has, or the lobby between two calls.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;
use serde_json::Value;

use super::answers::Answers;
use super::callee::{self, Callee};
use super::lobby::{self, Lobby};
use super::needs::Office;
use super::view::{
    Choice, Due, Goal, Happened, Line, Number, Questions, Refused, ResultForm, StepView,
};
use super::{draw, foretell, strip};
use crate::accounts::{Actor, SignedIn, Verb};
use crate::calling::actions::{self, Rulebook};
use crate::calling::model::{Lease, QueueEntry};
use crate::calling::rules::{LeaseState, QueueWhy};
use crate::calling::screen;
use crate::platform::calendar::{Calendar, CalendarId};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::page::{self, PageContext};
use crate::qualifying::rules::lists::ReasonList;

#[derive(Template)]
#[template(path = "calling/call.html")]
struct CallPage {
    ctx: PageContext,
    user_id: i64,
    s: Served,
    goals: Vec<Goal>,
    due: Vec<Due>,
    more_due: usize,
    number: Number,
    people: Vec<Line>,
    history: Vec<Happened>,
    steps: Vec<StepView>,
    q: Questions,
    r: ResultForm,
    saved: String,
    skips_left: i64,
    skip_reasons: Vec<Choice>,
    pause_reasons: Vec<Choice>,
}

/// What is said about the lease itself.
struct Served {
    token: String,
    campaign: String,
    name: String,
    about: String,
    grade: String,
    company_id: String,
    company_href: Option<String>,
    why: String,
    phase: &'static str,
    dialled_text: String,
    timer: String,
    elapsed: i64,
    left: i64,
}

/// A lease with everything that is drawn of it.
pub struct Open {
    /// The lease.
    pub lease: Lease,
    /// Its entry.
    pub entry: QueueEntry,
    /// Who is called.
    pub callee: Callee,
    /// Needs and reasons.
    pub office: Office,
}

/// Reads a lease with everything around it.
pub fn open(conn: &mut Conn, now: NaiveDateTime, lease: Lease) -> AppResult<Open> {
    Ok(Open {
        entry: screen::entry(conn, lease.entry_id)?,
        callee: callee::read(conn, now, lease.company_id, lease.person_id)?,
        office: Office::read(conn)?,
        lease,
    })
}

impl Open {
    /// The calendar of whoever is called.
    pub fn calendar<'a>(&self, rules: &'a Rulebook) -> &'a Calendar {
        rules.calendars.get(CalendarId(self.entry.calendar_id))
    }
}

/// The page.
pub async fn call(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::Call)?;
    let (agent, ctx) = (me.actor.clone(), me.context());
    enum Shown {
        Screen(Box<CallPage>),
        Lobby(Box<Lobby>),
    }
    let shown = db
        .read(move |conn| {
            let rules = actions::rulebook(conn)?;
            let lease = screen::live_lease(conn, agent.id())?;
            let lease = lease.filter(|lease| phase(lease, ctx.now) != "lapsed");
            match lease {
                None => Ok::<_, AppError>(Shown::Lobby(Box::new(lobby::read(
                    conn, ctx, &agent, &rules,
                )?))),
                Some(lease) => {
                    let open = open(conn, ctx.now, lease)?;
                    Ok(Shown::Screen(Box::new(drawn(
                        conn, ctx, &agent, &rules, &open, None,
                    )?)))
                }
            }
        })
        .await?;
    match shown {
        Shown::Screen(page) => page::html(&*page),
        Shown::Lobby(page) => page::html(&*page),
    }
}

/// The screen of a lease again, with what was typed and why it was not saved.
#[allow(clippy::too_many_arguments)] // a page and what it is drawn from
pub fn again(
    conn: &mut Conn,
    ctx: PageContext,
    agent: &Actor,
    rules: &Rulebook,
    open: &Open,
    answers: &Answers,
    error: Refused,
) -> AppResult<impl Template + use<>> {
    let mut page = drawn(conn, ctx, agent, rules, open, Some(answers))?;
    page.r.error = Some(error);
    Ok(page)
}

/// How a lease stands: `preview`, `dialled`, `needs_outcome`, or `lapsed`.
pub fn phase(lease: &Lease, now: NaiveDateTime) -> &'static str {
    match LeaseState::from_code(&lease.state) {
        Some(LeaseState::Preview) if now < lease.expires_at => "preview",
        Some(LeaseState::Dialled) if now < lease.expires_at => "dialled",
        Some(LeaseState::Dialled | LeaseState::NeedsOutcome) => "needs_outcome",
        _ => "lapsed",
    }
}

fn drawn(
    conn: &mut Conn,
    ctx: PageContext,
    agent: &Actor,
    rules: &Rulebook,
    open: &Open,
    typed: Option<&Answers>,
) -> AppResult<CallPage> {
    let (lease, callee) = (&open.lease, &open.callee);
    let draft = actions::load_draft(conn, agent, &draft_key(&lease.token))?;
    let saved = match &draft {
        Some((_, at)) => ctx.t("screen-saved").replace("%time", &ctx.time(at)),
        None => ctx.t("screen-draft-none"),
    };
    let answers = match (typed, &draft) {
        (Some(answers), _) => answers.clone(),
        (None, Some((body, _))) => Answers::from_json(body),
        (None, None) => Answers::default(),
    };
    let chosen = match answers.get("line") {
        "" => served_line(open),
        line => line.to_owned(),
    };
    let people = callee.lines(&ctx, ctx.now, &chosen);
    let number = people
        .iter()
        .find(|line| line.checked)
        .map(|line| line.number.clone());
    let call_name = people
        .iter()
        .find(|line| line.checked)
        .map(|l| l.call_name.clone());
    let mut r = draw::result_form(&ctx, callee, &answers, &open.office, open.calendar(rules));
    r.foretold = foretell::standing(
        conn,
        &ctx,
        &rules.grading,
        (lease.dialled_at, callee),
        &answers,
    )?;
    let campaign = actions::campaign(conn, lease.campaign_id)?;
    let script = actions::script_of(conn, &campaign)?;
    let steps = super::script::steps(
        &ctx,
        script.as_ref(),
        callee,
        &call_name.unwrap_or_default(),
    );
    let (due, more_due) = strip::callbacks(conn, &ctx, lease.agent_id, rules)?;
    let (today, _) = strip::day_of(rules, ctx.now);
    let skipped = screen::skips_since(conn, lease.agent_id, today)?;
    Ok(CallPage {
        user_id: lease.agent_id,
        s: served(&ctx, open, campaign.name),
        goals: strip::goals(conn, ctx.now, lease.agent_id, rules)?,
        due,
        more_due,
        number: number.unwrap_or_else(|| no_number(&ctx)),
        history: callee.history(&ctx),
        people,
        steps,
        q: draw::questions(&ctx, callee, &answers, &open.office),
        r,
        saved,
        skips_left: (i64::from(rules.calling.skips_a_day) - skipped).max(0),
        skip_reasons: open.office.reason_choices(&ctx, ReasonList::Skip, ""),
        pause_reasons: open.office.reason_choices(&ctx, ReasonList::Pause, ""),
        ctx,
    })
}

fn no_number(ctx: &PageContext) -> Number {
    Number {
        shown: ctx.t("screen-no-number"),
        ..Number::default()
    }
}

/// The line of the number that was served: the contact whose number it is, else the company's.
fn served_line(open: &Open) -> String {
    let point = open.callee.point(open.lease.point_id);
    let contact = open.callee.people.iter().find(|(contact, person)| {
        open.lease.person_id == Some(person.root_id)
            || point.is_some_and(|p| {
                p.owner_kind == 3 && contact.as_ref().is_some_and(|c| c.id == p.owner_id)
            })
    });
    let is_company = point.is_some_and(|p| p.owner_kind == 1);
    let contact = contact
        .filter(|_| !is_company)
        .and_then(|(c, _)| Some(c.as_ref()?.id.to_string()));
    let point = open
        .lease
        .point_id
        .map(|id| id.to_string())
        .unwrap_or_default();
    format!("{}:{point}", contact.unwrap_or_default())
}

fn served(ctx: &PageContext, open: &Open, campaign: String) -> Served {
    let (lease, callee) = (&open.lease, &open.callee);
    let phase = phase(lease, ctx.now);
    let elapsed = lease
        .dialled_at
        .map_or(0, |at| (ctx.now - at).num_seconds().max(0));
    Served {
        token: lease.token.clone(),
        campaign,
        name: callee.name(ctx),
        about: callee.about(ctx),
        grade: callee.grade(),
        company_id: callee
            .company
            .as_ref()
            .map(|c| c.id.to_string())
            .unwrap_or_default(),
        company_href: callee
            .company
            .as_ref()
            .map(|c| format!("/companies/{}", c.id)),
        why: why(ctx, &lease.why),
        phase,
        dialled_text: lease.dialled_at.map(|at| ctx.time(&at)).unwrap_or_default(),
        timer: format!("{:02}:{:02}", elapsed / 60, elapsed % 60),
        elapsed,
        left: (lease.expires_at - ctx.now).num_seconds().max(0),
    }
}

/// The sentence that says why this entry came next.
fn why(ctx: &PageContext, stored: &str) -> String {
    let stored: Value = serde_json::from_str(stored).unwrap_or_default();
    let why: Option<QueueWhy> = serde_json::from_value(stored["why"].clone()).ok();
    why.map_or_else(String::new, |why| ctx.say(&why.sentence()))
}

/// Under which key the draft of a lease is kept.
pub fn draft_key(token: &str) -> String {
    format!("call:{token}")
}
