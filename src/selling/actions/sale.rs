//! How far a sale is: stages, won, lost.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use serde_json::{Value, json};

use super::answer::sell;
use super::book::Book;
use super::own::refresh_mark;
use crate::accounts::{Actor, Verb, company_of, may};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, Event, changed, happened};
use crate::platform::settings;
use crate::registry;
use crate::registry::model::flags;
use crate::selling::model::{NewStageChange, Opportunity};
use crate::selling::queries;
use crate::selling::rules::stage_list::StageList;
use crate::selling::rules::stages::{Stage, StageFault, enter};

/// An open opportunity that this person may move, held, with the root of its company.
fn hold(conn: &mut Conn, actor: &Actor, id: i64) -> AppResult<(Opportunity, i64)> {
    registry::lock::shared(conn)?;
    let opportunity = queries::hold_opportunity(conn, id)?.ok_or_else(AppError::not_found)?;
    let root = registry::actions::root_of(conn, opportunity.company_id)?;
    let object = company_of(conn, Some(opportunity.rep_id))?;
    if !may(actor, Verb::Sell, object) {
        return Err(AppError::not_found());
    }
    if !opportunity.is_open() {
        return Err(AppError::conflict("opportunity_closed"));
    }
    Ok((opportunity, root))
}

/// Another sale of a company whose last one was won or lost; one that is open goes on.
pub fn begin_sale(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    company_id: i64,
) -> AppResult<()> {
    registry::lock::shared(conn)?;
    let root = registry::actions::root_of(conn, company_id)?;
    let (owner, ..) = queries::hold_company(conn, root)?;
    if owner.is_none() || owner != actor.user_id {
        return Err(AppError::forbidden());
    }
    sell(conn, now, actor, root, actor.id(), None)?;
    refresh_mark(conn, now, book, root)
}

/// Enters a stage with its evidence. 签约 wins: the company becomes a customer.
pub fn enter_stage(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    id: i64,
    (stage, answers): (Stage, &BTreeMap<String, String>),
) -> AppResult<Opportunity> {
    let (mut opportunity, root) = hold(conn, actor, id)?;
    let past: Vec<Stage> = queries::stages(conn, &[id])?
        .iter()
        .filter_map(|change| Stage::from_code(&change.stage))
        .collect();
    let list = settings::load::<StageList>(conn)?.value;
    let entered = enter(list.rule(stage), &past, answers).map_err(refuse)?;
    let new = NewStageChange {
        opportunity_id: id,
        stage: stage.code(),
        nth: entered.nth,
        evidence: Value::Object(entered.evidence).to_string(),
        actor_id: actor.user_id,
        at: now,
    };
    queries::insert_stage(conn, &new)?;
    // A repeated stage behind the furthest does not take the sale back.
    if list.place(stage) > list.place(opportunity.stage()) {
        opportunity.stage = stage.code().to_owned();
    }
    opportunity.stage_at = now;
    if let Some(amount) = entered.amount_minor {
        opportunity.amount_minor = Some(amount);
        opportunity.currency = Some(book.currency().to_owned());
    }
    if stage == Stage::Signing {
        opportunity.state = "won".into();
        opportunity.closed_at = Some(now);
        registry::actions::mark(conn, now, root, flags::SIGNED, true)?;
    }
    queries::update_opportunity(conn, &opportunity)?;
    refresh_mark(conn, now, book, root)?;
    tell(conn, now, actor, &opportunity, root, stage.code())?;
    Ok(opportunity)
}

fn refuse((fault, field): (StageFault, &'static str)) -> AppError {
    match fault {
        StageFault::EvidenceMissing | StageFault::EvidenceUnreadable => {
            AppError::invalid(fault.code(), field)
        }
        _ => AppError::conflict(fault.code()),
    }
}

/// The sale is lost, with a reason and, where one won, the competitor.
pub fn lose_sale(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &Book,
    id: i64,
    (reason, competitor): (&str, &str),
) -> AppResult<Opportunity> {
    let reason = reason.trim();
    if reason.is_empty() || reason.len() > 1_000 {
        return Err(AppError::invalid("lost_needs_reason", "reason"));
    }
    let (mut opportunity, root) = hold(conn, actor, id)?;
    opportunity.state = "lost".into();
    opportunity.lost_reason = Some(reason.to_owned());
    let competitor = competitor.trim();
    opportunity.competitor = (!competitor.is_empty()).then(|| competitor.to_owned());
    opportunity.closed_at = Some(now);
    queries::update_opportunity(conn, &opportunity)?;
    refresh_mark(conn, now, book, root)?;
    tell(conn, now, actor, &opportunity, root, "lost")?;
    Ok(opportunity)
}

fn tell(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    opportunity: &Opportunity,
    root: i64,
    what: &str,
) -> AppResult<()> {
    let event = Event {
        at: now,
        kind: "opportunity.moved",
        user_id: actor.user_id,
        company_id: Some(root),
        object_id: Some(opportunity.id),
        data: Some(json!({ "stage": what, "state": opportunity.state }).to_string()),
        ..Event::default()
    };
    happened(conn, &event)?;
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb: "stage",
        object_kind: "opportunity",
        object_id: Some(opportunity.id),
        fields: Some(what.to_owned()),
        n: 1,
        ..Change::default()
    };
    Ok(changed(conn, &change)?)
}
