//! Making and changing campaigns and scripts.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use serde_json::{Value, json};

use crate::accounts::{Actor, Object, Verb, may, require};
use crate::calling::model::{
    Agents, Campaign, CampaignEdit, CampaignState, NewCampaign, NewCampaignRow, Script,
    ScriptInput, Step, TeamChoice,
};
use crate::calling::queries;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};

const LONGEST_NAME: usize = 120;
const LONGEST_SCRIPT: usize = 60_000;

/// Makes a campaign; it runs at once.
pub fn create_campaign(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    new: &NewCampaign,
) -> AppResult<i64> {
    let team_id = match new.team {
        TeamChoice::Own => actor.team_id,
        TeamChoice::Of(team) => team,
    };
    require_run(actor, team_id)?;
    let name = checked_name(&new.name)?;
    if let (Some(from), Some(to)) = (new.starts_on, new.ends_on)
        && to < from
    {
        return Err(AppError::invalid("campaign_ends_before_start", "ends_on"));
    }
    check_agents(conn, &new.agents)?;
    let script = match &new.script {
        Some(input) => Some(keep_script(conn, now, actor, None, &name, input)?),
        None => None,
    };
    let row = NewCampaignRow {
        team_id,
        name: &name,
        state: CampaignState::Running.code(),
        script_id: script.map(|(id, _)| id),
        script_version: script.map(|(_, version)| version),
        all_agents: new.agents == Agents::All,
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        created_by: actor.user_id,
        created_at: now,
    };
    let id = queries::insert_campaign(conn, &row)?;
    if let Agents::Named(ids) = &new.agents {
        queries::name_agents(conn, id, ids)?;
    }
    log(conn, now, actor, "create", id, "")?;
    Ok(id)
}

/// Changes what the edit names; a text or steps become the next version of the campaign's script.
pub fn edit_campaign(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
    edit: &CampaignEdit,
) -> AppResult<()> {
    let mut to = run_campaign(conn, actor, id)?;
    let mut fields = Vec::new();
    if let TeamChoice::Of(team) = edit.team
        && team != to.team_id
    {
        require_run(actor, team)?;
        to.team_id = team;
        fields.push("team");
    }
    if let Some(name) = &edit.name {
        to.name = checked_name(name)?;
        fields.push("name");
    }
    if let Some(input) = &edit.script {
        let name = to.name.clone();
        let (script_id, version) = keep_script(conn, now, actor, to.script_id, &name, input)?;
        (to.script_id, to.script_version) = (Some(script_id), Some(version));
        fields.push("script");
    }
    if let Some((starts_on, ends_on)) = edit.days {
        if let (Some(from), Some(to)) = (starts_on, ends_on)
            && to < from
        {
            return Err(AppError::invalid("campaign_ends_before_start", "ends_on"));
        }
        (to.starts_on, to.ends_on) = (starts_on, ends_on);
        fields.push("days");
    }
    if let Some(agents) = &edit.agents {
        check_agents(conn, agents)?;
        to.all_agents = *agents == Agents::All;
        let named: &[i64] = match agents {
            Agents::All => &[],
            Agents::Named(ids) => ids,
        };
        queries::name_agents(conn, id, named)?;
        fields.push("agents");
    }
    queries::update_campaign(conn, &to)?;
    log(conn, now, actor, "edit", id, &fields.join(","))
}

/// Pauses, goes on, closes. A closed campaign stays closed.
pub fn set_campaign_state(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
    state: CampaignState,
) -> AppResult<()> {
    let mut to = run_campaign(conn, actor, id)?;
    if to.state == CampaignState::Closed.code() && state != CampaignState::Closed {
        return Err(AppError::conflict("campaign_closed").with("campaign", &to.name));
    }
    to.state = state.code().to_owned();
    queries::update_campaign(conn, &to)?;
    log(conn, now, actor, state.code(), id, "state")
}

/// A campaign, or 404.
pub fn campaign(conn: &mut Conn, id: i64) -> AppResult<Campaign> {
    queries::campaign_by_id(conn, id)?.ok_or_else(AppError::not_found)
}

/// A campaign that a person may change, fill, pause.
pub fn run_campaign(conn: &mut Conn, actor: &Actor, id: i64) -> AppResult<Campaign> {
    require(actor, Verb::RunCampaigns, Object::Any)?;
    let found = campaign(conn, id)?;
    require_run(actor, found.team_id)?;
    Ok(found)
}

fn require_run(actor: &Actor, team_id: Option<i64>) -> AppResult<()> {
    let object = Object::Campaign {
        is_assigned: false,
        team_id,
    };
    require(actor, Verb::RunCampaigns, object)
}

/// Whether a user may call in a campaign: everybody of its team, or the named ones.
pub fn is_assigned(conn: &mut Conn, campaign: &Campaign, user: &Actor) -> AppResult<bool> {
    let is_everybody = campaign.all_agents && campaign.team_id == user.team_id;
    Ok(is_everybody || queries::is_named(conn, campaign.id, user.id())?)
}

/// A campaign that a person may see: the team's for a manager, all for marketing, the assigned ones for those who call.
pub fn visible_campaign(conn: &mut Conn, actor: &Actor, id: i64) -> AppResult<Campaign> {
    let found = campaign(conn, id)?;
    let object = Object::Campaign {
        is_assigned: is_assigned(conn, &found, actor)?,
        team_id: found.team_id,
    };
    require(actor, Verb::SeeCampaigns, object)?;
    Ok(found)
}

/// The campaigns a person may see, running ones first.
pub fn visible_campaigns(conn: &mut Conn, actor: &Actor) -> AppResult<Vec<Campaign>> {
    require(actor, Verb::SeeCampaigns, Object::Any)?;
    let assigned = queries::campaigns_of(conn, actor.id())?;
    let mut all = queries::campaigns(conn)?;
    all.retain(|campaign| {
        let object = Object::Campaign {
            is_assigned: assigned.iter().any(|c| c.id == campaign.id),
            team_id: campaign.team_id,
        };
        may(actor, Verb::SeeCampaigns, object)
    });
    Ok(all)
}

/// The users who are named for a campaign: id and name.
pub fn named_agents(conn: &mut Conn, campaign_id: i64) -> AppResult<Vec<(i64, String)>> {
    Ok(queries::named_agents(conn, campaign_id)?)
}

/// How a campaign stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CampaignFigures {
    /// Entries by state.
    pub entries: BTreeMap<String, i64>,
    /// Waiting and barred entries by what holds them back.
    pub bars: BTreeMap<String, i64>,
    /// Results by disposition, the most frequent first.
    pub dispositions: Vec<(String, i64)>,
    /// Calls with a result or without.
    pub dials: i64,
    /// Calls that reached somebody.
    pub reached: i64,
    /// When the next waiting entry comes due.
    pub next_due: Option<NaiveDateTime>,
}

impl CampaignFigures {
    /// Entries in all.
    pub fn total(&self) -> i64 {
        self.entries.values().sum()
    }
    /// Entries in one state.
    pub fn in_state(&self, state: &str) -> i64 {
        self.entries.get(state).copied().unwrap_or(0)
    }
}

/// Counts a campaign.
pub fn figures(conn: &mut Conn, campaign_id: i64) -> AppResult<CampaignFigures> {
    let mut figures = CampaignFigures::default();
    for (state, bar, n) in queries::entry_counts(conn, campaign_id)? {
        *figures.entries.entry(state).or_default() += n;
        if let Some(bar) = bar {
            *figures.bars.entry(bar).or_default() += n;
        }
    }
    for (disposition, reached, n) in queries::call_counts(conn, campaign_id)? {
        figures.dials += n;
        if reached {
            figures.reached += n;
        }
        if let Some(code) = disposition {
            match figures.dispositions.iter_mut().find(|(c, _)| *c == code) {
                Some((_, sum)) => *sum += n,
                None => figures.dispositions.push((code, n)),
            }
        }
    }
    figures.next_due = queries::next_due(conn, campaign_id)?;
    Ok(figures)
}

/// Once in a while the figures that many server processes counted become one row each.
pub fn carry_figures_over(conn: &mut Conn) -> AppResult<()> {
    Ok(queries::carry_over(conn)?)
}

/// A campaign as programs see it.
pub fn campaign_json(conn: &mut Conn, campaign: &Campaign) -> AppResult<Value> {
    let figures = figures(conn, campaign.id)?;
    let agents = if campaign.all_agents {
        json!("all")
    } else {
        let named = queries::named_agents(conn, campaign.id)?;
        json!(named.into_iter().map(|(id, _)| id).collect::<Vec<_>>())
    };
    let fill: Option<Value> = campaign
        .figures
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok());
    let dispositions: serde_json::Map<String, Value> = figures
        .dispositions
        .iter()
        .map(|(code, n)| (code.clone(), json!(n)))
        .collect();
    Ok(json!({
        "id": campaign.id, "name": campaign.name, "state": campaign.state, "agents": agents,
        "starts_on": campaign.starts_on, "ends_on": campaign.ends_on,
        "script": script_of(conn, campaign)?.map(|s| s.steps()).unwrap_or_default(),
        "entries": figures.entries, "bars": figures.bars, "total": figures.total(),
        "calls": figures.dials, "reached": figures.reached, "dispositions": dispositions,
        "next_due": figures.next_due.map(|at| at.and_utc()), "fill": fill,
    }))
}

/// The version of the script that a campaign uses.
pub fn script_of(conn: &mut Conn, campaign: &Campaign) -> AppResult<Option<Script>> {
    match campaign.script_id {
        Some(id) => Ok(queries::script_version(conn, id, campaign.script_version)?),
        None => Ok(None),
    }
}

/// The newest version of every script.
pub fn scripts(conn: &mut Conn) -> AppResult<Vec<Script>> {
    Ok(queries::scripts(conn)?)
}

fn keep_script(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    of: Option<i64>,
    name: &str,
    input: &ScriptInput,
) -> AppResult<(i64, i32)> {
    if let ScriptInput::Existing(id) = input {
        let found = queries::script_version(conn, *id, None)?;
        let found = found.ok_or_else(|| AppError::invalid("script_unknown", "script"))?;
        return Ok((found.id, found.version));
    }
    let steps = input.steps().unwrap_or_default();
    check_steps(&steps)?;
    let text = serde_json::to_string(&steps)?;
    if text.len() > LONGEST_SCRIPT {
        return Err(AppError::invalid("script_too_long", "script"));
    }
    queries::lock_scripts(conn)?;
    Ok(queries::insert_script(
        conn,
        of,
        name,
        &text,
        actor.user_id,
        now,
    )?)
}

/// Every step can be told from the others, and leads somewhere that exists.
pub(super) fn check_steps(steps: &[Step]) -> AppResult<()> {
    let is_known = |id: &str| steps.iter().any(|s| s.id == id);
    for (n, step) in steps.iter().enumerate() {
        if step.id.is_empty() || steps[..n].iter().any(|s| s.id == step.id) {
            return Err(AppError::invalid("script_step_id", "script").with("step", n + 1));
        }
        if let Some(branch) = step.next.iter().find(|b| !is_known(&b.step)) {
            return Err(
                AppError::invalid("script_step_unknown", "script").with("step", &branch.step)
            );
        }
    }
    Ok(())
}

pub(super) fn checked_name(name: &str) -> AppResult<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(AppError::invalid("name_needed", "name"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(AppError::invalid("name_too_long", "name"));
    }
    Ok(name.to_owned())
}

fn check_agents(conn: &mut Conn, agents: &Agents) -> AppResult<()> {
    let Agents::Named(ids) = agents else {
        return Ok(());
    };
    let mut ids = ids.clone();
    ids.sort_unstable();
    let before = ids.len();
    ids.dedup();
    if ids.is_empty() || ids.len() != before || queries::live_users(conn, &ids)? != ids.len() as i64
    {
        return Err(AppError::invalid("agents_unknown", "agents"));
    }
    Ok(())
}

fn log(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    verb: &str,
    id: i64,
    fields: &str,
) -> AppResult<()> {
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb,
        object_kind: "campaign",
        object_id: Some(id),
        fields: (!fields.is_empty()).then(|| fields.to_owned()),
        n: 1,
        ..Change::default()
    };
    Ok(changed(conn, &change)?)
}
