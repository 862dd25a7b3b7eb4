//! `GET /deliveries`: per person, the state, the tries and why it was or was not sent.

use actix_web::{HttpResponse, web};
use chrono::NaiveDateTime;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::accounts::{ApiUser, Verb};
use crate::outreach::actions::ledger::will_be_withheld;
use crate::outreach::actions::mailings;
use crate::outreach::model::{Delivery, DeliveryState};
use crate::outreach::pages::shown::{mailbox, mailboxes_in, sees_mailboxes};
use crate::outreach::queries::{self, AskedDeliveries, Names};
use crate::outreach::rules::mail_reason::{Reader, is_code, told};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::office::Office;
use crate::platform::settings;

/// Deliveries of one answer, unless said otherwise.
const PAGE: i64 = 100;
const MOST: i64 = 500;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    mailing: Option<i64>,
    state: String,
    reason: String,
    cursor: i64,
    limit: Option<i64>,
}

impl ListQuery {
    fn asked(&self) -> AppResult<AskedDeliveries> {
        let is_known =
            |state: &str| state == "deferred" || DeliveryState::from_code(state).is_some();
        if !self.state.is_empty() && !is_known(&self.state) {
            return Err(AppError::invalid("delivery_state_unknown", "state"));
        }
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Ok(AskedDeliveries {
            mailing_id: self
                .mailing
                .ok_or_else(|| AppError::invalid("delivery_needs_mailing", "mailing"))?,
            state: given(&self.state),
            reason: given(&self.reason).filter(|code| is_code(code)),
            domain: None,
            after: self.cursor,
            limit: self.limit.unwrap_or(PAGE).clamp(1, MOST),
        })
    }
}

async fn list(
    api: ApiUser,
    db: web::Data<Db>,
    query: web::Query<ListQuery>,
) -> AppResult<HttpResponse> {
    api.require(Verb::SeeMailings)?;
    let asked = query.asked()?;
    let body = db
        .read(move |conn| {
            mailings::visible_mailing(conn, &api.actor, asked.mailing_id)?;
            let found = queries::deliveries(conn, &asked)?;
            let is_full = found.len() as i64 == asked.limit;
            let next = found.last().filter(|_| is_full);
            let next = next.map(|last| queries::place(&asked, last));
            let reader = Reader {
                lang: api.lang,
                zone: settings::load::<Office>(conn)?.value.tz(),
                now: api.now,
            };
            let rows = rows(conn, reader, &found, sees_mailboxes(&api.actor))?;
            Ok::<_, AppError>(json!({ "deliveries": rows, "next_cursor": next }))
        })
        .await?;
    Ok(HttpResponse::Ok().json(body))
}

fn rows(
    conn: &mut Conn,
    reader: Reader,
    found: &[Delivery],
    in_full: bool,
) -> AppResult<Vec<Value>> {
    let persons: Vec<i64> = found.iter().map(|d| d.person_id).collect();
    let companies: Vec<i64> = found.iter().filter_map(|d| d.company_id).collect();
    let persons = queries::person_names(conn, &persons)?;
    let companies = queries::company_names(conn, &companies)?;
    let stops = will_be_withheld(conn, found)?;
    let row = |delivery: &Delivery| {
        let stop = stops.get(&delivery.id).map(String::as_str);
        delivery_json(reader, delivery, stop, (&persons, &companies), in_full)
    };
    Ok(found.iter().map(row).collect())
}

/// A delivery as programs see it; person and company by what they answer as today, mailboxes whole or masked as on pages.
/// `stop`: why it does not go any more, though it waits.
fn delivery_json(
    reader: Reader,
    delivery: &Delivery,
    stop: Option<&str>,
    (persons, companies): (&Names, &Names),
    in_full: bool,
) -> Value {
    let named = |names: &Names, id: i64| {
        let (root, name) = names.get(&id)?;
        Some(json!({ "id": root, "name": name }))
    };
    let stored = stop.or(delivery.reason.as_deref());
    let reason: Option<Value> = stored.and_then(|text| serde_json::from_str(text).ok());
    let reason = reason.map(|reason| masked(reason, in_full));
    let address = delivery.address.as_deref();
    let utc = |at: Option<NaiveDateTime>| at.map(|at| at.and_utc());
    json!({
        "id": delivery.id,
        "mailing": delivery.mailing_id,
        "person": named(persons, delivery.person_id),
        "company": delivery.company_id.and_then(|id| named(companies, id)),
        "address": address.map(|address| mailbox(address, in_full)),
        "language": delivery.language,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "reason": &reason,
        "why": reason.as_ref().map(|reason| told(reader, &reason.to_string())),
        "smtp_code": delivery.smtp_code,
        "smtp_text": delivery.smtp_text.as_deref().map(|text| mailboxes_in(text, in_full)),
        "due_at": utc(delivery.due_at),
        "sent_at": utc(delivery.sent_at),
        "changed_at": delivery.changed_at.and_utc(),
    })
}

/// A stored reason with its mailboxes whole or masked.
fn masked(value: Value, in_full: bool) -> Value {
    match value {
        Value::String(text) => Value::String(mailboxes_in(&text, in_full)),
        Value::Array(all) => {
            Value::Array(all.into_iter().map(|one| masked(one, in_full)).collect())
        }
        Value::Object(fields) => {
            let fields = fields.into_iter();
            Value::Object(
                fields
                    .map(|(name, one)| (name, masked(one, in_full)))
                    .collect(),
            )
        }
        other => other,
    }
}

/// Routes of deliveries.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/api/v1/deliveries")
            .route(web::get().to(list))
            .route(web::head().to(list)),
    );
}
