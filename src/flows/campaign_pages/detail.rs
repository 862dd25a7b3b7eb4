//! One campaign: how far it is, what came of it, its queue, and its switches.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use serde_json::Value;

use super::fill::Reason;
use super::list::{Counts, agents_of, callers, state_kind};
use super::queue::{self, EntryView};
use crate::accounts::{Object, SignedIn, Verb, may, redirect_with};
use crate::calling::actions::{self, CampaignFigures};
use crate::calling::model::{Campaign, CampaignState, EntryState, FillProgress};
use crate::flows::call_screen::view::Choice;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::page::{self, Flash, PageContext};

#[derive(Template)]
#[template(path = "calling/campaign.html")]
struct CampaignPage {
    ctx: PageContext,
    c: About,
    may_run: bool,
    may_call: bool,
    exhausted: i64,
    filling: Option<super::filling::Running>,
    needs_people: Option<String>,
    tiles: Vec<Tile>,
    tabs: Vec<Choice>,
    entries: Vec<EntryView>,
    total: i64,
    next_href: Option<String>,
    shown: String,
    fill: Option<FillSaid>,
    results: Vec<Reason>,
    steps: Vec<StepShown>,
}

struct About {
    id: i64,
    name: String,
    state: String,
    state_kind: &'static str,
    state_text: String,
    about: String,
    agents: String,
    days: String,
}

struct Tile {
    label: String,
    value: String,
    sub: String,
}

struct FillSaid {
    say: String,
    left_out: Vec<Reason>,
}

struct StepShown {
    title: String,
    say: String,
}

/// Which part of the queue.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    after: i64,
}

/// The page.
pub async fn page(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: web::Query<Asked>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeCampaigns)?;
    let id = id.into_inner();
    let page = db.read(move |conn| drawn(conn, &me, id, &asked)).await?;
    page::html(&page)
}

fn drawn(conn: &mut Conn, me: &SignedIn, id: i64, asked: &Asked) -> AppResult<CampaignPage> {
    let (actor, ctx) = (&me.actor, me.context());
    let campaign = actions::visible_campaign(conn, actor, id)?;
    let rules = actions::rulebook(conn)?;
    let figures = actions::figures(conn, id)?;
    let state = EntryState::from_code(&asked.state);
    let (entries, next) = queue::page(conn, &ctx, actor, &rules, id, state, asked.after)?;
    let object = Object::Campaign {
        is_assigned: actions::is_assigned(conn, &campaign, actor)?,
        team_id: campaign.team_id,
    };
    let script = actions::script_of(conn, &campaign)?;
    let steps = script.map(|s| s.steps()).unwrap_or_default();
    let may_run = may(actor, Verb::RunCampaigns, object);
    Ok(CampaignPage {
        c: about(conn, &ctx, &campaign, &figures)?,
        may_run,
        may_call: may(actor, Verb::Call, object),
        exhausted: figures.in_state("exhausted"),
        filling: super::filling::running(conn, &ctx, id)?,
        needs_people: warning(conn, me, &ctx, &campaign, &rules)?,
        tiles: tiles(&ctx, &figures),
        tabs: tabs(&ctx, &figures, state),
        total: figures.total(),
        next_href: next.map(|after| format!("/campaigns/{id}?state={}&after={after}", asked.state)),
        shown: ctx.number(entries.len() as i64),
        entries,
        fill: fill_said(&ctx, &campaign),
        results: figures
            .dispositions
            .iter()
            .map(|(code, n)| Reason::new(ctx.code("disposition", code), ctx.number(*n)))
            .collect(),
        steps: steps
            .into_iter()
            .map(|s| StepShown {
                title: s.title,
                say: s.say,
            })
            .collect(),
        ctx,
    })
}

fn about(
    conn: &mut Conn,
    ctx: &PageContext,
    c: &Campaign,
    figures: &CampaignFigures,
) -> AppResult<About> {
    let agents = agents_of(conn, ctx, c)?;
    let days = match (c.starts_on, c.ends_on) {
        (None, None) => ctx.t("campaign-days-open"),
        (Some(from), None) => ctx.t1("campaign-days-from", "from", ctx.date(&from)),
        (None, Some(to)) => ctx.t1("campaign-days-until", "to", ctx.date(&to)),
        (Some(from), Some(to)) => ctx.t2(
            "campaign-days-both",
            "from",
            ctx.date(&from),
            "to",
            ctx.date(&to),
        ),
    };
    Ok(About {
        id: c.id,
        name: c.name.clone(),
        state: c.state.clone(),
        state_kind: state_kind(&c.state),
        state_text: ctx.code("campaign-state", &c.state),
        about: ctx.t2(
            "campaign-about",
            "n",
            ctx.number(figures.total()),
            "agents",
            agents.clone(),
        ),
        agents,
        days,
    })
}

/// What keeps a running campaign from serving anything, if something does.
fn warning(
    conn: &mut Conn,
    me: &SignedIn,
    ctx: &PageContext,
    c: &Campaign,
    rules: &actions::Rulebook,
) -> AppResult<Option<String>> {
    if c.state != CampaignState::Running.code() {
        return Ok(None);
    }
    let today = rules.calendars.office().date(ctx.now);
    if let Some(from) = c.starts_on.filter(|from| today < *from) {
        return Ok(Some(ctx.t1(
            "campaign-no-good-hours",
            "from",
            ctx.date(&from),
        )));
    }
    if c.ends_on.is_some_and(|to| to < today) {
        return Ok(Some(ctx.t("campaign-over")));
    }
    let who = callers(conn, &me.actor)?;
    let named = actions::named_agents(conn, c.id)?;
    let is_anybody = match c.all_agents {
        true => !who.is_empty(),
        false => named
            .iter()
            .any(|(id, _)| who.iter().any(|(agent, _)| agent == id)),
    };
    Ok((!is_anybody).then(|| ctx.t("campaign-no-agents")))
}

fn tiles(ctx: &PageContext, figures: &CampaignFigures) -> Vec<Tile> {
    let mut counts = Counts::default();
    for (state, n) in &figures.entries {
        counts.add(state, *n);
    }
    let tile = |key: &str, n: i64, sub: String| Tile {
        label: ctx.t(key),
        value: ctx.number(n),
        sub,
    };
    let due = figures.next_due.filter(|at| *at > ctx.now);
    let due = due
        .map(|at| ctx.t1("campaign-next-due", "at", ctx.datetime(&at)))
        .unwrap_or_default();
    vec![
        tile("entry-state-ready", counts.ready, String::new()),
        tile("entry-state-waiting", counts.waiting, due),
        tile("campaign-finished", counts.finished, String::new()),
        tile(
            "campaign-dials",
            figures.dials,
            ctx.t1("campaign-reached", "n", ctx.number(figures.reached)),
        ),
    ]
}

fn tabs(ctx: &PageContext, figures: &CampaignFigures, chosen: Option<EntryState>) -> Vec<Choice> {
    let mut tabs = vec![Choice::new("", ctx.t("entry-all"), chosen.is_none())];
    for state in EntryState::ALL {
        let n = figures.in_state(state.code());
        if n > 0 || chosen == Some(*state) {
            let text = format!("{} {}", ctx.t(state.key()), ctx.number(n));
            tabs.push(Choice::new(state.code(), text, chosen == Some(*state)));
        }
    }
    tabs
}

fn fill_said(ctx: &PageContext, campaign: &Campaign) -> Option<FillSaid> {
    let stored: Value = serde_json::from_str(campaign.figures.as_deref()?).ok()?;
    let added = stored["added"].as_i64()?;
    let left_out: FillProgress =
        serde_json::from_value(serde_json::json!({ "left_out": stored["left_out"] }))
            .unwrap_or_default();
    let out: i64 = left_out.left_out.values().sum();
    let say = match out {
        0 => ctx.t1("campaign-fill-all", "added", ctx.number(added)),
        out => ctx.t2(
            "campaign-fill-said",
            "added",
            ctx.number(added),
            "out",
            ctx.number(out),
        ),
    };
    Some(FillSaid {
        say,
        left_out: super::fill::reasons(ctx, &left_out.left_out),
    })
}

/// `POST /campaigns/{id}/state`.
#[derive(Debug, Deserialize)]
pub struct StateForm {
    state: String,
}

/// Pauses, goes on, closes.
pub async fn set_state(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<StateForm>,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    let state =
        CampaignState::parse(&form.state).ok_or_else(|| AppError::bad_request("bad_request"))?;
    let (actor, id) = (me.actor.clone(), id.into_inner());
    db.write(move |conn| {
        let now = clock::now(conn)?;
        actions::set_campaign_state(conn, now, &actor, id, state)
    })
    .await?;
    let text = me.context().code("campaign", state.code());
    Ok(redirect_with(
        &format!("/campaigns/{id}"),
        &Flash::new("good", text),
    ))
}

/// `POST /campaigns/{id}/recycle`: exhausted entries begin anew.
pub async fn recycle(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    _form: Form<super::form::Nothing>,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    let (actor, id) = (me.actor.clone(), id.into_inner());
    let n = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            actions::recycle(conn, now, &actor, id)
        })
        .await?;
    let text = me.context().t1("campaign-recycled", "n", n);
    Ok(redirect_with(
        &format!("/campaigns/{id}"),
        &Flash::new("good", text),
    ))
}
