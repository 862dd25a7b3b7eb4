//! Between two calls: which campaigns wait and with how much, the pause, and taking the next.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDateTime;
use serde::Deserialize;
use serde_json::{Value, json};

use super::needs::Office;
use super::page::draft_key;
use super::strip;
use super::view::{Choice, Due, Goal};
use crate::accounts::{Actor, Object, SignedIn, Verb, may, redirect_with};
use crate::calling::actions::{self, Claimed, Rulebook};
use crate::calling::model::Campaign;
use crate::calling::{figures, screen};
use crate::platform::calendar::CalendarId;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::form::Form;
use crate::platform::log::{Event, happened};
use crate::platform::page::{self, Flash, PageContext};
use crate::qualifying::rules::lists::ReasonList;

/// Under which key the pause of a user is kept.
const PAUSE_KEY: &str = "pause";
/// Rounds of a claim that pass over barred entries before it gives up for now.
const ROUNDS: usize = 8;

/// The page between two calls.
#[derive(Template)]
#[template(path = "calling/lobby.html")]
pub struct Lobby {
    ctx: PageContext,
    user_id: i64,
    lead: String,
    goals: Vec<Goal>,
    due: Vec<Due>,
    campaigns: Vec<Row>,
    paused: Option<PauseView>,
    pause_reasons: Vec<Choice>,
    may_run: bool,
}

struct Row {
    id: i64,
    name: String,
    say: String,
    is_idle: bool,
    ready: i64,
}

struct PauseView {
    reason: String,
    since: String,
}

/// A pause: why and since when.
pub struct Pause {
    /// Code of the reason.
    pub reason: String,
    /// When it began.
    pub since: NaiveDateTime,
}

/// Reads the lobby.
pub fn read(
    conn: &mut Conn,
    ctx: PageContext,
    agent: &Actor,
    rules: &Rulebook,
) -> AppResult<Lobby> {
    let campaigns = rows(conn, &ctx, agent, rules)?;
    let office = Office::read(conn)?;
    let (due, _) = strip::callbacks(conn, &ctx, agent.id(), rules)?;
    let ready: i64 = campaigns.iter().map(|row| row.ready).sum();
    let lead = match (campaigns.is_empty(), ready) {
        (true, _) => ctx.t("screen-lobby-none"),
        (false, 0) => ctx.t("screen-lobby-idle"),
        (false, n) => ctx.t1("screen-lobby-ready", "n", n),
    };
    Ok(Lobby {
        user_id: agent.id(),
        lead,
        goals: strip::goals(conn, ctx.now, agent.id(), rules)?,
        due,
        campaigns,
        paused: pause_of(conn, agent)?.map(|pause| PauseView {
            reason: office.reason_name(&ctx, ReasonList::Pause, &pause.reason),
            since: ctx.datetime(&pause.since),
        }),
        pause_reasons: office.reason_choices(&ctx, ReasonList::Pause, ""),
        may_run: may(agent, Verb::RunCampaigns, Object::Any),
        ctx,
    })
}

/// The pause of a user, if there is one.
pub fn pause_of(conn: &mut Conn, agent: &Actor) -> AppResult<Option<Pause>> {
    let kept = actions::load_draft(conn, agent, PAUSE_KEY)?;
    Ok(kept.map(|(body, since)| {
        let stored: Value = serde_json::from_str(&body).unwrap_or_default();
        Pause {
            reason: stored["reason"].as_str().unwrap_or("other").to_owned(),
            since,
        }
    }))
}

/// How many entries an agent could be served now, by campaign.
pub fn ready_now(
    conn: &mut Conn,
    now: NaiveDateTime,
    agent: &Actor,
    rules: &Rulebook,
) -> AppResult<Vec<(Campaign, i64)>> {
    let today = rules.calendars.office().date(now);
    let open: Vec<Campaign> = screen::campaigns_for(conn, agent.id())?
        .into_iter()
        .filter(|campaign| campaign.is_open_on(today))
        .collect();
    let ids: Vec<i64> = open.iter().map(|c| c.id).collect();
    let counts = figures::ready_by_calendar(conn, &ids, agent.id(), now)?;
    let is_open = |calendar: i32| {
        rules
            .calendars
            .get(CalendarId(calendar))
            .is_open_for_calls(now)
    };
    let ready = |id: i64| {
        counts
            .iter()
            .filter(|(campaign, calendar, _)| *campaign == id && is_open(*calendar))
            .map(|(.., n)| n)
            .sum()
    };
    Ok(open
        .into_iter()
        .map(|c| {
            let n = ready(c.id);
            (c, n)
        })
        .collect())
}

fn rows(
    conn: &mut Conn,
    ctx: &PageContext,
    agent: &Actor,
    rules: &Rulebook,
) -> AppResult<Vec<Row>> {
    let mut rows = Vec::new();
    for (campaign, ready) in ready_now(conn, ctx.now, agent, rules)? {
        let say = if ready > 0 {
            ctx.t1("screen-row-ready", "n", ctx.number(ready))
        } else {
            match next_at(conn, ctx.now, campaign.id, rules)? {
                Some(at) => ctx.t1("screen-row-idle", "at", ctx.datetime(&at)),
                None if figures::entry_states(conn, &[campaign.id])?.is_empty() => {
                    ctx.t("screen-row-none")
                }
                None => ctx.t("screen-row-empty"),
            }
        };
        rows.push(Row {
            id: campaign.id,
            name: campaign.name,
            say,
            is_idle: ready == 0,
            ready,
        });
    }
    rows.sort_by_key(|row| row.is_idle);
    Ok(rows)
}

/// When something of a campaign can be called again: the next due entry, or the office's opening while some are ready.
fn next_at(
    conn: &mut Conn,
    now: NaiveDateTime,
    campaign_id: i64,
    rules: &Rulebook,
) -> AppResult<Option<NaiveDateTime>> {
    let due = figures::next_due(conn, campaign_id)?.filter(|at| *at > now);
    let states = figures::entry_states(conn, &[campaign_id])?;
    let is_ready = states
        .iter()
        .any(|(_, state, n)| state == "ready" && *n > 0);
    let opening = rules.calendars.office().next_opening(now);
    let opening = (is_ready && opening > now).then_some(opening);
    Ok([due, opening].into_iter().flatten().min())
}

/// `POST /call/next`.
#[derive(Debug, Deserialize)]
pub struct NextForm {
    campaign: Option<i64>,
}

/// Takes the next entry of a campaign, or of the first one that has any.
pub async fn next(
    me: SignedIn,
    db: web::Data<Db>,
    form: Form<NextForm>,
) -> AppResult<HttpResponse> {
    me.require(Verb::Call)?;
    match take_next(&db, &me, form.campaign).await? {
        None => Ok(page::see_other("/call")),
        Some(flash) => Ok(redirect_with("/call", &flash)),
    }
}

/// Claims; answers what to say where nothing could be had.
pub async fn take_next(db: &Db, me: &SignedIn, campaign: Option<i64>) -> AppResult<Option<Flash>> {
    let ctx = me.context();
    let mut retry_at = None;
    for _ in 0..ROUNDS {
        let agent = me.actor.clone();
        let claimed = db
            .write(move |conn| claim_any(conn, &agent, campaign))
            .await?;
        match claimed {
            Claimed::Lease(_) => return Ok(None),
            Claimed::GoOn => continue,
            Claimed::Nothing { retry_at: at } => {
                retry_at = at;
                break;
            }
        }
    }
    let text = match retry_at {
        Some(at) => ctx.t1("screen-none-until", "at", ctx.datetime(&at)),
        None => ctx.t("screen-none-now"),
    };
    Ok(Some(Flash::new("info", text)))
}

fn claim_any(conn: &mut Conn, agent: &Actor, campaign: Option<i64>) -> AppResult<Claimed> {
    let now = clock::now(conn)?;
    let rules = actions::rulebook(conn)?;
    actions::drop_draft(conn, agent, PAUSE_KEY)?;
    let campaigns = match campaign {
        Some(id) => vec![id],
        None => {
            let mut ready = ready_now(conn, now, agent, &rules)?;
            ready.sort_by_key(|(_, n)| *n == 0);
            ready.into_iter().map(|(c, _)| c.id).collect()
        }
    };
    let mut earliest: Option<NaiveDateTime> = None;
    for id in campaigns {
        match actions::claim(conn, now, agent, id, &rules)? {
            Claimed::Nothing { retry_at } => {
                earliest = [earliest, retry_at].into_iter().flatten().min();
            }
            found => return Ok(found),
        }
    }
    Ok(Claimed::Nothing { retry_at: earliest })
}

/// `POST /call/pause`.
#[derive(Debug, Deserialize)]
pub struct PauseForm {
    reason: String,
}

/// Pauses: a preview goes back, uncounted; a dialled call wants its result first.
pub async fn pause(
    me: SignedIn,
    db: web::Data<Db>,
    form: Form<PauseForm>,
) -> AppResult<HttpResponse> {
    me.require(Verb::Call)?;
    let (agent, ctx) = (me.actor.clone(), me.context());
    let reason = form.reason.clone();
    db.write(move |conn| {
        let now = clock::now(conn)?;
        let rules = actions::rulebook(conn)?;
        Office::read(conn)?
            .reasons
            .check(ReasonList::Pause, &reason, "reason")?;
        // A dialled call is finished first; the pause begins when its result is saved.
        if let Some(lease) = screen::live_lease(conn, agent.id())?
            && super::page::phase(&lease, now) == "preview"
        {
            actions::release(conn, now, &agent, &lease.token, "pause", &rules)?;
            actions::drop_draft(conn, &agent, &draft_key(&lease.token))?;
        }
        let body = json!({ "reason": reason }).to_string();
        actions::save_draft(conn, now, &agent, PAUSE_KEY, &body)?;
        tell(conn, &agent, now, "agent.paused", &body)
    })
    .await?;
    Ok(redirect_with(
        "/call",
        &Flash::new("info", ctx.t("screen-paused-now")),
    ))
}

/// `POST /call/resume`.
pub async fn resume(
    me: SignedIn,
    db: web::Data<Db>,
    _form: Form<Nothing>,
) -> AppResult<HttpResponse> {
    me.require(Verb::Call)?;
    let agent = me.actor.clone();
    db.write(move |conn| {
        let now = clock::now(conn)?;
        actions::drop_draft(conn, &agent, PAUSE_KEY)?;
        tell(conn, &agent, now, "agent.resumed", "{}")
    })
    .await?;
    Ok(page::see_other("/call"))
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

fn tell(
    conn: &mut Conn,
    agent: &Actor,
    now: NaiveDateTime,
    kind: &str,
    data: &str,
) -> AppResult<()> {
    let event = Event {
        at: now,
        kind,
        user_id: agent.user_id,
        campaign_id: None,
        company_id: None,
        object_id: agent.user_id,
        data: Some(data.to_owned()),
    };
    Ok(happened(conn, &event)?)
}
