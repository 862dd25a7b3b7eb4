//! Making and editing a campaign: name, days, who calls, and the script step by step.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::list::callers;
use crate::accounts::{Actor, SignedIn, Verb, redirect_with};
use crate::calling::actions;
use crate::calling::model::{Agents, Branch, CampaignEdit, NewCampaign, ScriptInput, Step};
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
    steps: Vec<StepFields>,
}

struct StepFields {
    title: String,
    say: String,
    next: String,
    asks: Vec<Choice>,
}

/// What was sent.
#[derive(Debug, Clone, Default)]
struct Sent {
    name: String,
    starts_on: String,
    ends_on: String,
    is_named: bool,
    agents: Vec<i64>,
    steps: Vec<Step>,
}

impl Sent {
    fn read(pairs: &Pairs) -> AppResult<Self> {
        let text = |name: &str| pairs.get(name).unwrap_or_default().to_owned();
        Ok(Self {
            name: text("name"),
            starts_on: text("starts_on"),
            ends_on: text("ends_on"),
            is_named: pairs.get("agents") == Some("named"),
            agents: pairs
                .all("agent")
                .filter_map(|id| id.parse().ok())
                .collect(),
            steps: steps_of(pairs)?,
        })
    }

    fn days(&self) -> AppResult<(Option<NaiveDate>, Option<NaiveDate>)> {
        Ok((
            day(&self.starts_on, "starts_on")?,
            day(&self.ends_on, "ends_on")?,
        ))
    }

    fn agents(&self) -> Agents {
        match self.is_named {
            true => Agents::Named(self.agents.clone()),
            false => Agents::All,
        }
    }

    fn script(&self) -> Option<ScriptInput> {
        (!self.steps.is_empty()).then(|| ScriptInput::Steps(self.steps.clone()))
    }
}

fn day(text: &str, field: &'static str) -> AppResult<Option<NaiveDate>> {
    match text {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| AppError::invalid("date_unreadable", field)),
    }
}

/// The steps that say something; branches name steps by the number that the person sees.
fn steps_of(pairs: &Pairs) -> AppResult<Vec<Step>> {
    let column = |name: &'static str| pairs.all(name).map(str::trim).collect::<Vec<_>>();
    let (titles, says) = (column("step_title"), column("step_say"));
    let (asks, nexts) = (column("step_ask"), column("step_next"));
    let at = |column: &[&str], n: usize| column.get(n).copied().unwrap_or_default().to_owned();
    let mut steps = Vec::new();
    for n in 0..says.len() {
        let (title, say, ask) = (at(&titles, n), at(&says, n), at(&asks, n));
        if title.is_empty() && say.is_empty() {
            continue;
        }
        steps.push(Step {
            id: (n + 1).to_string(),
            title,
            say,
            questions: Some(ask).filter(|a| !a.is_empty()).into_iter().collect(),
            next: branches(&at(&nexts, n))?,
        });
    }
    Ok(steps)
}

/// `urgency in GT12,NOPLAN → 5; → 3`.
fn branches(text: &str) -> AppResult<Vec<Branch>> {
    let wrong =
        |part: &str| AppError::invalid("script_branch_unreadable", "script").with("part", part);
    let parts = text
        .split([';', '；', '\n'])
        .map(str::trim)
        .filter(|p| !p.is_empty());
    parts
        .map(|part| {
            let (when, step) = part
                .rsplit_once('→')
                .or_else(|| part.rsplit_once("->"))
                .ok_or_else(|| wrong(part))?;
            Ok(Branch {
                when: when.trim().to_owned(),
                step: step.trim().to_owned(),
            })
        })
        .collect()
}

fn branches_text(branches: &[Branch]) -> String {
    branches
        .iter()
        .map(|b| format!("{} → {}", b.when, b.step).trim().to_owned())
        .collect::<Vec<_>>()
        .join("; ")
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
        steps,
    })
}

/// `GET /campaigns/new`.
pub async fn new(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    show(&db, &me, None, Sent::default(), None).await
}

/// `GET /campaigns/{id}/edit`.
pub async fn edit(me: SignedIn, db: web::Data<Db>, id: web::Path<i64>) -> AppResult<HttpResponse> {
    me.require(Verb::RunCampaigns)?;
    let id = id.into_inner();
    let sent = db
        .read(move |conn| {
            let campaign = actions::campaign(conn, id)?;
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
                name: campaign.name,
            })
        })
        .await?;
    show(&db, &me, Some(id), sent, None).await
}

/// The steps with the numbers that the form shows as their ids.
fn renumbered(steps: Vec<Step>) -> Vec<Step> {
    let ids: Vec<String> = steps.iter().map(|s| s.id.clone()).collect();
    let number = |id: &str| match ids.iter().position(|known| known == id) {
        Some(at) => (at + 1).to_string(),
        None => id.to_owned(),
    };
    let renumber = |mut step: Step| {
        step.id = number(&step.id);
        for branch in &mut step.next {
            branch.step = number(&branch.step);
        }
        step
    };
    steps.into_iter().map(renumber).collect()
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
    match error {
        AppError::Refused(refusal) if refusal.status == StatusCode::UNPROCESSABLE_ENTITY => {
            let told = problem::tell(me.lang(), &refusal);
            show(
                db,
                me,
                id,
                sent,
                Some(format!("{} {}", told.text, told.remedy)),
            )
            .await
        }
        error => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_are_written_as_they_are_read() {
        let read = branches("urgency in GT12,NOPLAN → 5；-> 3").expect("readable");
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].when, "urgency in GT12,NOPLAN");
        assert_eq!(branches_text(&read), "urgency in GT12,NOPLAN → 5; → 3");
        assert!(branches("urgency in M1").is_err());
    }
}
