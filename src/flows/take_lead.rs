//! One lead of a form or another program: the same judgement, keys and placing as a row of a list.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use chrono::{NaiveDate, NaiveDateTime};
use serde::Deserialize;
use serde_json::Value;

use crate::accounts::Actor;
use crate::flows::import_chunk::follow_placed;
use crate::intake::actions as intake;
use crate::intake::model::NewSource;
use crate::intake::rules::{keys_of, lead_row, record_of};
use crate::intake::{FIELDS, Field, Outcome};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};
use crate::platform::office;
use crate::registry::actions::{List, Placer, ToPlace, home, root_of};
use crate::registry::model::RecordKind;

/// A lead as it is sent: its list, and what it says by the names of list columns (`company`, `person`, `mobile` …).
#[derive(Debug, Clone, Deserialize)]
pub struct NewLead {
    /// Channel code.
    pub channel: String,
    /// Name of the form or program.
    pub source: String,
    /// Legal ground code.
    #[serde(default)]
    pub legal_ground: Option<String>,
    /// When it was said.
    #[serde(default)]
    pub collected_on: Option<NaiveDate>,
    /// What it says.
    #[serde(flatten)]
    pub fields: BTreeMap<String, Value>,
}

/// What became of a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadTaken {
    /// Its record.
    pub record_id: i64,
    /// Its company.
    pub company_id: Option<i64>,
    /// Its contact.
    pub contact_id: Option<i64>,
    /// Nobody had heard of the company.
    pub is_new_company: bool,
    /// The very same lead had come before: nothing was added.
    pub is_known: bool,
}

/// Takes a lead, or refuses it with the reason a list row would have.
pub fn take_lead(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    lead: &NewLead,
) -> AppResult<LeadTaken> {
    let fields = columns(&lead.fields)?;
    let day = match lead.collected_on {
        Some(day) => day,
        None => office::day(conn, now)?,
    };
    let new = NewSource {
        channel: lead.channel.clone(),
        name: lead.source.clone(),
        ground: lead.legal_ground.clone(),
        collected_on: Some(day),
        ..NewSource::default()
    };
    let mut placer = Placer::new(conn, now)?;
    let source = intake::find_or_make_source(conn, now, &new, "leads", day)?;
    let (result, key) = lead_row(source.id, &source.channel, &fields, home(conn)?);
    if result.outcome != Outcome::Valid {
        let reason = result.reason.as_ref();
        let value = reason
            .and_then(|reason| reason.value.clone())
            .unwrap_or_default();
        let code = reason.map_or("no_name", |reason| reason.code.code());
        return Err(
            AppError::refuse(StatusCode::UNPROCESSABLE_ENTITY, "lead_refused")
                .with("reason", code)
                .with("value", value),
        );
    }
    if let Some(known) = known(conn, key)? {
        return Ok(known);
    }
    let list = List {
        kind: RecordKind::Lead,
        source_id: source.id,
        rank: source.rank,
        batch_id: None,
        collected_on: Some(day),
        actor_id: actor.user_id,
    };
    let (company, person) = keys_of(&result.said);
    let row = ToPlace {
        company,
        person,
        said: record_of(&result.said),
        corrects: None,
        row: None,
        key,
    };
    let placed = placer.place(conn, &list, vec![row])?;
    placer.write(conn)?;
    follow_placed(conn, now, &placed)?;
    let Some(placed) = placed.first() else {
        return Err(AppError::bad_request("bad_request"));
    };
    changed(
        conn,
        &Change {
            at: now,
            actor_id: actor.user_id,
            verb: RecordKind::Lead.code(),
            object_kind: if placed.root.is_some() {
                "company"
            } else {
                "contact"
            },
            object_id: placed.root.or(placed.contact),
            record_id: Some(placed.record_id),
            n: 1,
            ..Change::default()
        },
    )?;
    Ok(LeadTaken {
        record_id: placed.record_id,
        company_id: placed.root,
        contact_id: placed.contact,
        is_new_company: placed.is_new_company,
        is_known: false,
    })
}

fn known(conn: &mut Conn, key: Option<(i64, i64)>) -> AppResult<Option<LeadTaken>> {
    let Some(key) = key else { return Ok(None) };
    let Some(record) = intake::known_rows(conn, &[key])?.remove(&key) else {
        return Ok(None);
    };
    let company_id = record.root.map(|id| root_of(conn, id)).transpose()?;
    Ok(Some(LeadTaken {
        record_id: record.record_id,
        company_id,
        contact_id: record.contact_id,
        is_new_company: false,
        is_known: true,
    }))
}

/// What forms and programs call a column, beside its own code. A lone `name` may hold company and person.
fn column(name: &str, names_company: bool) -> Option<Field> {
    match name {
        "company_name" => Some(Field::Company),
        "name" if !names_company => Some(Field::CompanyAndPerson),
        "name" | "contact" | "person_name" => Some(Field::Person),
        "need_text" => Some(Field::Need),
        "note" => Some(Field::Remark),
        code => Field::from_code(code),
    }
}

fn columns(fields: &BTreeMap<String, Value>) -> AppResult<Vec<(Field, String)>> {
    let names_company = ["company", "company_name"]
        .iter()
        .any(|name| fields.contains_key(*name));
    let mut columns = Vec::new();
    for (name, value) in fields {
        let field = column(name, names_company).ok_or_else(|| {
            let known: Vec<&str> = FIELDS.iter().map(|(_, code)| *code).collect();
            AppError::invalid("field_unknown", "field")
                .with("column", name)
                .with("columns", known.join(", "))
        })?;
        match value {
            Value::Null => {}
            Value::String(text) => columns.push((field, text.clone())),
            Value::Number(number) => columns.push((field, number.to_string())),
            Value::Bool(yes) => columns.push((field, yes.to_string())),
            Value::Array(_) | Value::Object(_) => {
                return Err(AppError::invalid("fact_unreadable", "field")
                    .with("fact", name)
                    .with("why", "text"));
            }
        }
    }
    Ok(columns)
}
