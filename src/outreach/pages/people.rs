//! Who is in a mailing and who is not, person by person, with the reason.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::shown::{Counts, mailbox, mailboxes_in, reason, sees_mailboxes, standing};
use crate::accounts::{SignedIn, Verb};
use crate::consent::erased::erased_among;
use crate::outreach::actions::ledger::will_be_withheld;
use crate::outreach::actions::mailings;
use crate::outreach::model::{Delivery, DeliveryState};
use crate::outreach::queries::{self, AskedDeliveries, Names};
use crate::outreach::rules::mail_reason::is_code;
use crate::outreach::rules::occasions::name_in;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::page::{PageContext, html};
use crate::registry::pages::filters::encoded;

const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "outreach/people.html")]
struct PeoplePage {
    ctx: PageContext,
    id: i64,
    name: String,
    tabs: Vec<Tab>,
    /// What narrows the list besides the state: in words, and the address without it.
    only: Vec<(String, String)>,
    rows: Vec<PersonRow>,
    next: Option<String>,
    shown: String,
}

struct Tab {
    code: String,
    text: String,
    is_chosen: bool,
}

/// One delivery in a list.
pub(super) struct PersonRow {
    pub id: i64,
    pub person_id: i64,
    pub person: String,
    pub company_id: Option<i64>,
    pub company: String,
    pub address: String,
    pub state_kind: &'static str,
    pub state_text: String,
    pub why: String,
    /// What the receiver's server said last.
    pub answer: String,
    pub when: String,
}

/// Which deliveries.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    reason: String,
    domain: String,
    after: i64,
}

impl Asked {
    fn deliveries(&self, mailing_id: i64) -> AskedDeliveries {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        AskedDeliveries {
            mailing_id,
            state: given(&self.state),
            reason: given(&self.reason).filter(|code| is_code(code)),
            domain: given(&self.domain),
            after: self.after,
            limit: PAGE + 1,
        }
    }

    fn href(&self, mailing_id: i64, state: &str, reason: &str, domain: &str) -> String {
        let pairs = [("state", state), ("reason", reason), ("domain", domain)];
        let pairs: Vec<String> = pairs
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        format!("/mailings/{mailing_id}/people?{}", pairs.join("&"))
    }
}

/// `GET /mailings/{id}/people`.
pub(super) async fn list(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: web::Query<Asked>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeMailings)?;
    let (id, asked) = (id.into_inner(), asked.into_inner());
    let page = db.read(move |conn| drawn(conn, &me, id, &asked)).await?;
    html(&page)
}

fn drawn(conn: &mut Conn, me: &SignedIn, id: i64, asked: &Asked) -> AppResult<PeoplePage> {
    let ctx = me.context();
    let mailing = mailings::visible_mailing(conn, &me.actor, id)?;
    let wanted = asked.deliveries(id);
    let mut found = queries::deliveries(conn, &wanted)?;
    let is_more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let here = asked.href(id, &asked.state, &asked.reason, &asked.domain);
    let next = found
        .last()
        .filter(|_| is_more)
        .map(|last| format!("{here}&after={}", queries::place(&wanted, last)));
    let rows = rows(conn, &ctx, found, sees_mailboxes(&me.actor))?;
    Ok(PeoplePage {
        id,
        name: name_in(ctx.language, &mailing),
        tabs: tabs(conn, &ctx, id, &asked.state)?,
        only: narrowed(&ctx, id, asked),
        shown: ctx.t1("mailing-people-shown", "n", rows.len()),
        rows,
        next,
        ctx,
    })
}

/// States with how many stand there; those where nobody stands are left out.
fn tabs(conn: &mut Conn, ctx: &PageContext, id: i64, chosen: &str) -> AppResult<Vec<Tab>> {
    let counts = Counts::of_mailing(conn, id)?;
    let all = Tab {
        code: String::new(),
        text: format!(
            "{} {}",
            ctx.t("mailing-everybody"),
            ctx.number(counts.considered())
        ),
        is_chosen: chosen.is_empty(),
    };
    let each = DeliveryState::ALL
        .iter()
        .filter(|state| counts.of(**state) > 0 || chosen == state.code())
        .map(|state| Tab {
            code: state.code().to_owned(),
            text: format!("{} {}", ctx.t(state.key()), ctx.number(counts.of(*state))),
            is_chosen: chosen == state.code(),
        });
    Ok(std::iter::once(all).chain(each).collect())
}

fn narrowed(ctx: &PageContext, id: i64, asked: &Asked) -> Vec<(String, String)> {
    let mut only = Vec::new();
    if is_code(&asked.reason) {
        let key = format!("audience-{}", asked.reason.replace('_', "-"));
        let text = match ctx.language.knows(&key) {
            true => ctx.t(&key),
            false => asked.reason.clone(),
        };
        only.push((text, asked.href(id, &asked.state, "", &asked.domain)));
    }
    if !asked.domain.is_empty() {
        let href = asked.href(id, &asked.state, &asked.reason, "");
        only.push((asked.domain.clone(), href));
    }
    if asked.state == "deferred" {
        let href = asked.href(id, "queued", &asked.reason, &asked.domain);
        only.push((ctx.t("mailing-deferred"), href));
    }
    only
}

/// Says of people without a name that their data was erased, where it was.
pub(super) fn name_erased(
    conn: &mut Conn,
    ctx: &PageContext,
    persons: &mut Names,
) -> AppResult<()> {
    let nameless: Vec<i64> = persons
        .iter()
        .filter(|(_, (_, name))| name.is_none())
        .map(|(id, _)| *id)
        .collect();
    if nameless.is_empty() {
        return Ok(());
    }
    for id in erased_among(conn, &nameless)? {
        if let Some((_, name)) = persons.get_mut(&id) {
            *name = Some(ctx.t("mail-person-erased"));
        }
    }
    Ok(())
}

/// Deliveries as rows, with the names of persons and companies as they are today; mailboxes whole or masked.
pub(super) fn rows(
    conn: &mut Conn,
    ctx: &PageContext,
    found: Vec<Delivery>,
    in_full: bool,
) -> AppResult<Vec<PersonRow>> {
    let persons: Vec<i64> = found.iter().map(|d| d.person_id).collect();
    let companies: Vec<i64> = found.iter().filter_map(|d| d.company_id).collect();
    let mut persons = queries::person_names(conn, &persons)?;
    name_erased(conn, ctx, &mut persons)?;
    let companies = queries::company_names(conn, &companies)?;
    let mut stops = will_be_withheld(conn, &found)?;
    let row = |delivery: Delivery| {
        let stop = stops.remove(&delivery.id);
        row(ctx, delivery, stop, (&persons, &companies), in_full)
    };
    Ok(found.into_iter().map(row).collect())
}

/// `stop`: why it does not go any more, though it waits.
fn row(
    ctx: &PageContext,
    mut delivery: Delivery,
    stop: Option<String>,
    (persons, companies): (&Names, &Names),
    in_full: bool,
) -> PersonRow {
    let address = delivery.address.clone().unwrap_or_default();
    let shown = mailbox(&address, in_full);
    // Servers repeat the mailbox in their answers.
    let answer = match address.is_empty() {
        true => answer(&delivery),
        false => answer(&delivery).replace(&address, &shown),
    };
    let answer = mailboxes_in(&answer, in_full);
    let person = persons.get(&delivery.person_id);
    let company = delivery.company_id.and_then(|id| companies.get(&id));
    let is_stopped = stop.is_some();
    let (state_kind, state_text) = standing(ctx, &delivery, is_stopped);
    delivery.reason = stop.or(delivery.reason);
    PersonRow {
        id: delivery.id,
        person_id: person.map_or(delivery.person_id, |(root, _)| *root),
        person: person
            .and_then(|(_, name)| name.clone())
            .unwrap_or_else(|| ctx.t("mail-person-unnamed")),
        company_id: company.map(|(root, _)| *root),
        company: company
            .and_then(|(_, name)| name.clone())
            .unwrap_or_default(),
        address: shown,
        state_kind,
        state_text,
        why: why(ctx, &delivery, in_full),
        answer,
        when: match is_stopped {
            true => "–".into(),
            false => when(ctx, &delivery),
        },
    }
}

/// The reason, and that it is a file where no server took it.
fn why(ctx: &PageContext, delivery: &Delivery, in_full: bool) -> String {
    let reason = reason(ctx, delivery.reason.as_deref(), in_full);
    match is_file(delivery) {
        true => format!("{reason} {}", ctx.t("mail-in-outbox")),
        false => reason,
    }
}

/// Where no relay is set up, letters are files of a folder.
fn is_file(delivery: &Delivery) -> bool {
    delivery.smtp_code.is_none() && delivery.smtp_text.as_deref() == Some("outbox")
}

/// What the receiver's server said last.
fn answer(delivery: &Delivery) -> String {
    if is_file(delivery) {
        return String::new();
    }
    let code = delivery.smtp_code.map(|code| code.to_string());
    let parts = [code, delivery.smtp_text.clone()].into_iter().flatten();
    parts.collect::<Vec<_>>().join(" ")
}

/// When it was taken; while it waits, when it goes.
fn when(ctx: &PageContext, delivery: &Delivery) -> String {
    let waits = matches!(
        DeliveryState::from_code(&delivery.state),
        Some(DeliveryState::Queued | DeliveryState::Claimed)
    );
    match (delivery.sent_at, delivery.due_at) {
        (Some(at), _) => ctx.datetime(&at),
        (None, Some(due)) if waits && due <= ctx.now => ctx.t("mail-goes-soon"),
        (None, Some(due)) if waits => ctx.t1("mail-goes-at", "at", ctx.datetime(&due)),
        _ => ctx.datetime(&delivery.changed_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_stays_one_value_of_its_address() {
        let asked = Asked::default();
        assert_eq!(
            asked.href(7, "left_out", "", "a.example&state=sent"),
            "/mailings/7/people?state=left_out&domain=a.example%26state%3Dsent"
        );
    }
}
