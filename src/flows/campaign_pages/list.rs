//! The list of campaigns with how far each is.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::accounts::{Actor, Object, SignedIn, Verb, may};
use crate::calling::model::{Campaign, CampaignState};
use crate::calling::{actions, day, figures};
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::page::{self, PageContext};

#[derive(Template)]
#[template(path = "calling/campaigns.html")]
struct ListPage {
    ctx: PageContext,
    lead: String,
    rows: Vec<Row>,
    may_run: bool,
    none_why: &'static str,
}

/// A campaign in a list.
pub struct Row {
    /// Id.
    pub id: i64,
    /// Name.
    pub name: String,
    /// How many entries, who calls.
    pub about: String,
    /// Parts of the whole.
    pub bar: Bar,
    /// Entries that may be served.
    pub ready: i64,
    /// Entries that come back.
    pub waiting: i64,
    /// Entries that are over.
    pub finished: i64,
    /// Calls in all.
    pub dials: i64,
    /// Colour of the state.
    pub state_kind: &'static str,
    /// State in words.
    pub state_text: String,
    /// Calls of today.
    pub today: i64,
    /// Of these, how many reached somebody.
    pub reached: i64,
    /// Runs now.
    pub is_running: bool,
}

/// A bar of parts, 0–100 wide.
pub struct Bar {
    /// What it shows, in words.
    pub label: String,
    /// Its parts from the left.
    pub parts: Vec<Part>,
}

/// A part of a bar.
pub struct Part {
    /// Class of its colour.
    pub class: &'static str,
    /// Where it begins.
    pub x: i64,
    /// How wide it is.
    pub width: i64,
}

/// How many entries stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// May be served.
    pub ready: i64,
    /// Come back, or wait for a result.
    pub waiting: i64,
    /// Over.
    pub finished: i64,
    /// All.
    pub total: i64,
}

impl Counts {
    /// Adds the entries of a state.
    pub fn add(&mut self, state: &str, n: i64) {
        self.total += n;
        match state {
            "ready" => self.ready += n,
            "done" | "exhausted" | "parked" => self.finished += n,
            _ => self.waiting += n,
        }
    }

    /// As a bar: over, ready, waiting.
    pub fn bar(&self, ctx: &PageContext) -> Bar {
        let mut x = 0;
        let mut parts = Vec::new();
        let whole = self.total.max(1);
        for (class, n) in [
            ("f-ink", self.finished),
            ("f-accent", self.ready),
            ("f-warn", self.waiting),
        ] {
            let width = n * 100 / whole;
            if width > 0 {
                parts.push(Part { class, x, width });
                x += width;
            }
        }
        let label = ctx.t3(
            "campaign-bar",
            "ready",
            self.ready,
            "waiting",
            self.waiting,
            "done",
            self.finished,
        );
        Bar { label, parts }
    }
}

/// The page.
pub async fn page(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::SeeCampaigns)?;
    let (actor, ctx) = (me.actor.clone(), me.context());
    let page = db
        .read(move |conn| {
            let campaigns = actions::visible_campaigns(conn, &actor)?;
            let rows = rows(conn, &ctx, campaigns)?;
            let running = rows.iter().filter(|row| row.is_running).count();
            let ready: i64 = rows
                .iter()
                .filter(|row| row.is_running)
                .map(|row| row.ready)
                .sum();
            let may_run = may(&actor, Verb::RunCampaigns, Object::Any);
            Ok::<_, crate::platform::error::AppError>(ListPage {
                lead: ctx.t2(
                    "campaign-lead",
                    "running",
                    running,
                    "ready",
                    ctx.number(ready),
                ),
                rows,
                may_run,
                none_why: if may_run {
                    "campaign-none-why"
                } else {
                    "campaign-none-agent"
                },
                ctx,
            })
        })
        .await?;
    page::html(&page)
}

/// Campaigns as rows, with the calls of today.
pub fn rows(conn: &mut Conn, ctx: &PageContext, campaigns: Vec<Campaign>) -> AppResult<Vec<Row>> {
    let ids: Vec<i64> = campaigns.iter().map(|c| c.id).collect();
    let mut counts: HashMap<i64, Counts> = HashMap::new();
    for (id, state, n) in figures::entry_states(conn, &ids)? {
        counts.entry(id).or_default().add(&state, n);
    }
    let dials: HashMap<i64, i64> = figures::campaign_dials(conn, &ids)?.into_iter().collect();
    let rules = actions::rulebook(conn)?;
    let (midnight, _) = super::super::call_screen::strip::day_of(&rules, ctx.now);
    let today = day::campaign_day(conn, &ids, midnight)?;
    let mut rows = Vec::new();
    for campaign in campaigns {
        let count = counts.get(&campaign.id).copied().unwrap_or_default();
        let day = today.iter().find(|(id, ..)| *id == campaign.id);
        rows.push(Row {
            id: campaign.id,
            about: ctx.t2(
                "campaign-about",
                "n",
                ctx.number(count.total),
                "agents",
                agents_of(conn, ctx, &campaign)?,
            ),
            bar: count.bar(ctx),
            ready: count.ready,
            waiting: count.waiting,
            finished: count.finished,
            dials: dials.get(&campaign.id).copied().unwrap_or(0),
            state_kind: state_kind(&campaign.state),
            state_text: ctx.code("campaign-state", &campaign.state),
            today: day.map_or(0, |(_, n, _)| *n),
            reached: day.map_or(0, |(.., n)| *n),
            is_running: campaign.state == CampaignState::Running.code(),
            name: campaign.name,
        });
    }
    Ok(rows)
}

/// Who calls, in a few words.
pub fn agents_of(conn: &mut Conn, ctx: &PageContext, campaign: &Campaign) -> AppResult<String> {
    if campaign.all_agents {
        return Ok(ctx.t("campaign-agents-all"));
    }
    let named = actions::named_agents(conn, campaign.id)?;
    Ok(match named.len() {
        0..=3 => named
            .into_iter()
            .map(|(_, name)| name)
            .collect::<Vec<_>>()
            .join(&ctx.t("company-comma")),
        n => ctx.t1("campaign-agents-n", "n", n),
    })
}

/// The colour of a campaign's state.
pub fn state_kind(state: &str) -> &'static str {
    match state {
        "running" => "good",
        "paused" => "warn",
        _ => "",
    }
}

/// The role bit of people who call.
pub fn agent_bit() -> i32 {
    [crate::accounts::Role::Agent]
        .into_iter()
        .collect::<crate::accounts::Roles>()
        .0
}

/// Everybody who calls and is not switched off: of the own team for a manager, of every team for marketing.
pub fn callers(conn: &mut Conn, actor: &Actor) -> AppResult<Vec<(i64, String)>> {
    let may_name = |caller: &day::Caller| {
        let campaign = Object::Campaign {
            is_assigned: false,
            team_id: caller.team_id,
        };
        may(actor, Verb::RunCampaigns, campaign)
    };
    Ok(day::agents(conn, agent_bit())?
        .into_iter()
        .filter(may_name)
        .map(|caller| (caller.id, caller.name))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_counted_once() {
        let mut counts = Counts::default();
        for state in [
            "ready",
            "waiting",
            "barred",
            "leased",
            "needs_outcome",
            "done",
            "exhausted",
            "parked",
        ] {
            counts.add(state, 1);
        }
        assert_eq!(
            (counts.ready, counts.waiting, counts.finished, counts.total),
            (1, 4, 3, 8)
        );
    }
}
