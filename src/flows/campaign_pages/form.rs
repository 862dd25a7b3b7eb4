//! Making and editing a campaign: name, days, who calls, and the script step by step.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::list::callers;
use super::sent::{Sent, branches_text, renumbered};
use crate::accounts::{Actor, Role, SignedIn, Verb, redirect_with, teams};
use crate::calling::actions;
use crate::calling::model::{CampaignEdit, NewCampaign, TeamChoice};
use crate::flows::call_screen::view::Choice;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::{self, Flash, PageContext};
use crate::platform::problem;

/// Steps that the form offers at least, and empty ones after the last.
const STEPS: usize = 4;
const SPARE: usize = 1;
/// What a step can ask for: field codes of the call screen with the keys of their names.
const ASKS: [(&str, &str); 6] = [
    ("urgency", "screen-urgency"),
    ("need", "screen-need"),
    ("selection_started", "screen-selection"),
    ("budget_state", "screen-budget"),
    ("decider", "screen-decider"),
    ("note", "screen-note"),
];

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

#[derive(Template)]
#[template(path = "calling/campaign_form.html")]
struct FormPage {
    ctx: PageContext,
    title: String,
    action: String,
    back: String,
    is_new: bool,
    f: Fields,
}

/// What stands in the form.
#[derive(Default)]
struct Fields {
    error: Option<String>,
    name: String,
    starts_on: String,
    ends_on: String,
    all_agents: bool,
    agents: Vec<Choice>,
    /// Where the office is divided, for whoever sees more than one team.
    teams: Vec<Choice>,
    steps: Vec<StepFields>,
}

struct StepFields {
    title: String,
    say: String,
    next: String,
    asks: Vec<Choice>,
}

fn fields(conn: &mut Conn, ctx: &PageContext, actor: &Actor, sent: &Sent) -> AppResult<Fields> {
    let agents = callers(conn, actor)?
        .into_iter()
        .map(|(id, name)| Choice::new(id.to_string(), name, sent.agents.contains(&id)))
        .collect();
    let asks = |chosen: &str| {
        ASKS.iter()
            .map(|(code, key)| Choice::new(*code, ctx.t(key), *code == chosen))
            .collect()
    };
    let mut steps: Vec<StepFields> = sent
        .steps
        .iter()
        .map(|step| StepFields {
            title: step.title.clone(),
            say: step.say.clone(),
            next: branches_text(&step.next),
            asks: asks(step.questions.first().map_or("", String::as_str)),
        })
        .collect();
    let wanted = (steps.len() + SPARE).max(STEPS);
    steps.resize_with(wanted, || StepFields {
        title: String::new(),
        say: String::new(),
        next: String::new(),
        asks: asks(""),
    });
    Ok(Fields {
        error: None,
        name: sent.name.clone(),
        starts_on: sent.starts_on.clone(),
        ends_on: sent.ends_on.clone(),
        all_agents: !sent.is_named,
        agents,
        teams: team_choices(conn, ctx, actor, sent)?,
        steps,
    })
}

fn team_choices(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
    sent: &Sent,
) -> AppResult<Vec<Choice>> {
    let teams = teams(conn)?;
    if teams.is_empty() || !actor.roles.has(Role::Marketing) {
        return Ok(Vec::new());
    }
    let chosen = match sent.team {
        TeamChoice::Own => actor.team_id,
        TeamChoice::Of(team) => team,
    };
    let office = Choice::new("", ctx.t("accounts-team-none"), chosen.is_none());
    let each = teams
        .into_iter()
        .map(|team| Choice::new(team.id.to_string(), team.name, chosen == Some(team.id)));
    Ok(std::iter::once(office).chain(each).collect())
}

/// `GET /campaigns/new`.
pub async fn new(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    show(&db, &me, None, Sent::default(), None).await
}

/// `GET /campaigns/{id}/edit`.
pub async fn edit(me: SignedIn, db: web::Data<Db>, id: web::Path<i64>) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    let (actor, id) = (me.actor.clone(), id.into_inner());
    let sent = db
        .read(move |conn| {
            let campaign = actions::run_campaign(conn, &actor, id)?;
            let script = actions::script_of(conn, &campaign)?;
            let text = |day: Option<NaiveDate>| day.map(|d| d.to_string()).unwrap_or_default();
            Ok::<_, AppError>(Sent {
                starts_on: text(campaign.starts_on),
                ends_on: text(campaign.ends_on),
                is_named: !campaign.all_agents,
                agents: actions::named_agents(conn, id)?
                    .into_iter()
                    .map(|(id, _)| id)
                    .collect(),
                steps: renumbered(script.map(|s| s.steps()).unwrap_or_default()),
                team: TeamChoice::Of(campaign.team_id),
                name: campaign.name,
            })
        })
        .await?;
    show(&db, &me, Some(id), sent, None).await
}

async fn show(
    db: &Db,
    me: &SignedIn,
    id: Option<i64>,
    sent: Sent,
    error: Option<String>,
) -> AppResult<HttpResponse> {
    let (actor, ctx) = (me.actor.clone(), me.context());
    let is_wrong = error.is_some();
    let page = db
        .read(move |conn| {
            let mut f = fields(conn, &ctx, &actor, &sent)?;
            f.error = error;
            let here = id.map(|id| format!("/campaigns/{id}"));
            Ok::<_, AppError>(FormPage {
                title: if id.is_some() {
                    ctx.t("campaign-edit")
                } else {
                    ctx.t("campaign-new")
                },
                action: here
                    .clone()
                    .map_or_else(|| "/campaigns".into(), |here| format!("{here}/edit")),
                back: here.unwrap_or_else(|| "/campaigns".into()),
                is_new: id.is_none(),
                f,
                ctx,
            })
        })
        .await?;
    let status = if is_wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    page::html_with(status, &page)
}

/// `POST /campaigns`.
pub async fn create(me: SignedIn, db: web::Data<Db>, pairs: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    let sent = Sent::read(&pairs)?;
    let (actor, new) = (me.actor.clone(), sent.clone());
    let made = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let (starts_on, ends_on) = new.days()?;
            let campaign = NewCampaign {
                script: new.script(),
                agents: new.agents(),
                name: new.name,
                starts_on,
                ends_on,
                team: new.team,
            };
            actions::create_campaign(conn, now, &actor, &campaign)
        })
        .await;
    match made {
        Ok(id) => {
            let flash = Flash::new("good", me.context().t("campaign-created"));
            Ok(redirect_with(&format!("/campaigns/{id}/fill"), &flash))
        }
        Err(error) => again(&db, &me, None, sent, error).await,
    }
}

/// `POST /campaigns/{id}/edit`.
pub async fn save(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    let (id, sent) = (id.into_inner(), Sent::read(&pairs)?);
    let (actor, new) = (me.actor.clone(), sent.clone());
    let saved = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let edit = CampaignEdit {
                script: new.script(),
                agents: Some(new.agents()),
                days: Some(new.days()?),
                team: new.team,
                name: Some(new.name),
            };
            actions::edit_campaign(conn, now, &actor, id, &edit)
        })
        .await;
    match saved {
        Ok(()) => {
            let flash = Flash::new("good", me.context().t("campaign-saved"));
            Ok(redirect_with(&format!("/campaigns/{id}"), &flash))
        }
        Err(error) => again(&db, &me, Some(id), sent, error).await,
    }
}

/// The form again with what was typed, where a field is wrong.
async fn again(
    db: &Db,
    me: &SignedIn,
    id: Option<i64>,
    sent: Sent,
    error: AppError,
) -> AppResult<HttpResponse> {
    let error = problem::in_words(me.lang(), &error.of_form()?);
    show(db, me, id, sent, Some(error)).await
}
