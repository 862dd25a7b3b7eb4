//! The demo: sample lists, one user per role, a campaign under way, all through the same doors as real work.

use super::record_call::record_call;
use super::samples::{self, LISTS, Sample, Samples};
use super::{demo_cards, import_job};
use crate::accounts::{self, Account, Actor, Role};
use crate::calling::actions::{self as calling, rulebook};
use crate::calling::model::{
    Agents, CallForm, FillProgress, FillRequest, NewCampaign, ScriptInput, TeamChoice,
};
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::office::Office;
use crate::platform::{jobs, settings};
use crate::registry::search;
use crate::selling::actions as selling;
use crate::selling::rules::territory::Reach;

/// Everybody's password: the demo listens on this machine and holds invented people only.
pub const PASSWORD: &str = "canvass-demo";

/// The users of the demo.
const USERS: [(Role, &str, &str); 5] = [
    (Role::Agent, "林小满", "agent@demo.example"),
    (Role::Marketing, "沈一禾", "marketing@demo.example"),
    (Role::Rep, "许嘉树", "rep@demo.example"),
    (Role::Manager, "顾文渊", "manager@demo.example"),
    (Role::Admin, "秦海宇", "admin@demo.example"),
];

/// What the first calls of the demo bring: disposition, urgency, need, note.
const CALLS: [(&str, Option<&str>, Option<&str>, &str); 8] = [
    (
        "interested",
        Some("M3"),
        Some("报价与订单"),
        "想三个月内换系统，报价太慢。",
    ),
    ("no_answer", None, None, ""),
    ("no_need", Some("GT12"), None, "今年没有这项计划。"),
    ("gatekeeper", None, None, "前台说经理在开会。"),
    (
        "send_info",
        Some("M7_12"),
        Some("库存与生产排程"),
        "先看资料，月底再联系。",
    ),
    ("busy", None, None, ""),
    (
        "visit_agreed",
        Some("M4_6"),
        Some("成本核算"),
        "约好下周到厂里看看。",
    ),
    (
        "has_product",
        Some("NOPLAN"),
        None,
        "2019 年上的系统，用着还行。",
    ),
];

/// Fills an empty database. Does nothing where somebody has an account already.
pub fn fill(db: &Db) -> AppResult<()> {
    if db.read_blocking(accounts::has_users)? {
        return Ok(());
    }
    let agent = add_users(db)?;
    name_office(db)?;
    let mut loaded = Samples::default();
    for list in &LISTS {
        loaded.batches.push(import(db, list)?);
    }
    let kinds = std::sync::Arc::new(vec![search::kind()]);
    while jobs::run_next(db, &kinds, None, &std::sync::atomic::AtomicBool::new(false))? {}
    draw_territory(db)?;
    let campaign = start_campaign(db)?;
    loaded.campaign = Some(campaign);
    db.write_blocking(move |conn| samples::remember(conn, &Actor::system(), &loaded))?;
    for call in CALLS {
        call_next(db, &agent, campaign, call)?;
    }
    demo_cards::fill(db)
}

/// The log-ins: role, e-mail, password.
pub fn users() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    USERS
        .iter()
        .map(|(role, _, email)| (role.code(), *email, PASSWORD))
}

fn add_users(db: &Db) -> AppResult<Actor> {
    let hash = accounts::hash_blocking(PASSWORD)?;
    db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        let mut agent = None;
        for (role, name, email) in USERS {
            let account = Account {
                email: email.into(),
                name: name.into(),
                roles: std::iter::once(role).collect(),
            };
            accounts::add_user(conn, now, &Actor::system(), &account, Some(&hash))?;
            if role == Role::Agent {
                agent = Some(accounts::find_user(conn, email)?.actor());
            }
        }
        agent.ok_or_else(AppError::not_found)
    })
}

/// Who signs the letters of the demo.
fn name_office(db: &Db) -> AppResult<()> {
    db.write_blocking(|conn| {
        let now = clock::now(conn)?;
        let stored = settings::load::<Office>(conn)?;
        let office = Office {
            name: "澄澜软件".into(),
            sender_en: "Chenglan Software".into(),
            address: "苏州工业园区星湖街328号".into(),
            address_en: "328 Xinghu Street, Suzhou Industrial Park".into(),
            ..stored.value
        };
        settings::save(conn, &office, stored.version, None, now).map(|_| ())
    })
}

/// Imports a list here and now. Answers its import.
fn import(db: &Db, list: &Sample) -> AppResult<i64> {
    let (batch, job) = samples::send(db, &Actor::system(), list)?;
    let kinds = std::sync::Arc::new(vec![import_job::kind()]);
    jobs::run_next(
        db,
        &kinds,
        Some(job),
        &std::sync::atomic::AtomicBool::new(false),
    )?;
    Ok(batch)
}

/// The rep has the three provinces around Shanghai; whatever lies outside is a gap on the map.
fn draw_territory(db: &Db) -> AppResult<()> {
    db.write_blocking(|conn| {
        let now = clock::now(conn)?;
        let rep = accounts::find_user(conn, "rep@demo.example")?.id;
        let reach = Reach {
            regions: ["310000", "320000", "330000"].map(str::to_owned).to_vec(),
            ..Reach::default()
        };
        selling::draw(conn, now, &Actor::system(), None, rep, &reach)?;
        Ok(())
    })
}

fn start_campaign(db: &Db) -> AppResult<i64> {
    db.write_blocking(|conn| {
        let (now, actor, rules) = (clock::now(conn)?, Actor::system(), rulebook(conn)?);
        let new = NewCampaign {
            name: "秋季降本行动".into(),
            script: Some(ScriptInput::Text(
                "您好，我是扫街软件的小满。看到贵公司关注生产和库存的管理，想请教一下：您这边近期有没有更换或升级系统的打算？".into(),
            )),
            agents: Agents::All,
            starts_on: None,
            ends_on: None,
            team: TeamChoice::Own,
        };
        let id = calling::create_campaign(conn, now, &actor, &new)?;
        let (request, mut progress) = (FillRequest::default(), FillProgress::default());
        while !progress.is_done {
            calling::fill_chunk(conn, now, &rules, id, &request, &mut progress)?;
        }
        calling::finish_fill(conn, now, None, id, &progress)?;
        Ok(id)
    })
}

/// A call that finds a lead finds out enough to hand it over.
fn is_lead(result: &str) -> bool {
    matches!(result, "interested" | "visit_agreed")
}

/// One of them wants more users than it has people: a contradiction to settle.
fn lead_facts(result: &str) -> serde_json::Map<String, serde_json::Value> {
    let facts = serde_json::json!({
        "industry": "C34", "headcount": 320, "address": "工业园区星湖街328号", "decider": "总经理",
        "selection_started": "yes", "budget_state": "approved",
        "need_users": if result == "visit_agreed" { 400 } else { 40 },
    });
    facts.as_object().cloned().unwrap_or_default()
}

fn call_next(
    db: &Db,
    agent: &Actor,
    campaign: i64,
    (result, urgency, need, note): (&str, Option<&str>, Option<&str>, &str),
) -> AppResult<()> {
    let agent = agent.clone();
    let form = CallForm {
        disposition: result.into(),
        urgency: urgency.map(str::to_owned),
        need: need.map(|n| serde_json::Value::String(n.to_owned())),
        note: Some(note.to_owned()),
        facts: if is_lead(result) {
            lead_facts(result)
        } else {
            Default::default()
        },
        keeps_proposal: true,
        visit_at: (result == "visit_agreed").then(|| "2026-09-29T10:00:00+08:00".to_owned()),
        ..CallForm::default()
    };
    db.write_blocking(move |conn| {
        let (now, rules) = (clock::now(conn)?, rulebook(conn)?);
        if let calling::Claimed::Lease(lease) = calling::claim(conn, now, &agent, campaign, &rules)?
        {
            let form = CallForm {
                lease: Some(lease.token.clone()),
                ..form
            };
            record_call(conn, now, &agent, &rules, &form)?;
        }
        Ok(())
    })
}
