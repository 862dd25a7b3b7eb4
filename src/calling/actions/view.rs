//! A lease as its agent sees it: whom to call, by which number, why, what to say and what to ask for.

use chrono::NaiveDateTime;
use serde_json::{Value, json};

use super::rulebook::Rulebook;
use crate::calling::model::{Campaign, Lease, Script, Step};
use crate::calling::queries::{self, CompanyLine, ContactLine};
use crate::calling::rules::QueueWhy;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::i18n::Lang;
use crate::registry::rules::completeness::{RecordPart, missing_by_value};

/// Everything the call screen and the API show with a lease.
#[derive(Debug, Clone)]
pub struct LeaseView {
    /// The lease.
    pub lease: Lease,
    /// Its campaign.
    pub campaign: Campaign,
    /// The company, unless a lone person is called.
    pub company: Option<CompanyLine>,
    /// The person to ask for; none at a switchboard.
    pub contact: Option<ContactLine>,
    /// Why this one is next.
    pub why: Option<QueueWhy>,
    /// The script of the campaign.
    pub script: Vec<Step>,
    /// What is missing in the record, most points first.
    pub missing: Vec<RecordPart>,
}

/// Reads what is shown with a lease.
pub fn lease_view(conn: &mut Conn, _rules: &Rulebook, lease: &Lease) -> AppResult<LeaseView> {
    let campaign = super::campaign(conn, lease.campaign_id)?;
    let company = match lease.company_id {
        Some(id) => Some(queries::company_line(conn, id)?),
        None => None,
    };
    let contact = match lease.point_id {
        Some(point) => queries::contact_line(conn, point, lease.company_id, lease.person_id)?,
        None => None,
    };
    let script = super::script_of(conn, &campaign)?;
    let why: Value = serde_json::from_str(&lease.why).unwrap_or_default();
    Ok(LeaseView {
        lease: lease.clone(),
        script: script.as_ref().map(Script::steps).unwrap_or_default(),
        missing: company
            .as_ref()
            .map(|c| missing_by_value(c.missing))
            .unwrap_or_default(),
        why: serde_json::from_value(why["why"].clone()).ok(),
        campaign,
        company,
        contact,
    })
}

impl LeaseView {
    /// The line that says why, in a language.
    pub fn why_text(&self, lang: Lang, rules: &Rulebook, now: NaiveDateTime) -> String {
        let zone = rules.calendars.office().zone();
        self.why
            .as_ref()
            .map_or_else(String::new, |why| why.sentence().write(lang, zone, now))
    }

    /// As programs see it.
    pub fn to_json(&self, lang: Lang, rules: &Rulebook, now: NaiveDateTime) -> AppResult<Value> {
        let lease = &self.lease;
        let phone = lease
            .phone
            .as_deref()
            .map(|p| p.split_once(";ext=").unwrap_or((p, "")));
        let missing: Vec<&str> = self.missing.iter().map(|part| part.code()).collect();
        Ok(json!({
            "lease": lease.token,
            "campaign": lease.campaign_id,
            "state": lease.state,
            "entry_id": lease.entry_id,
            "company": self.company.as_ref().map(CompanyLine::to_json),
            "contact": self.contact.as_ref().map(ContactLine::to_json),
            "phone": phone.map(|(number, _)| number),
            "ext": phone.map(|(_, ext)| ext).filter(|ext| !ext.is_empty()),
            "why": self.why_text(lang, rules, now),
            "why_code": serde_json::to_value(&self.why)?,
            "script": self.script,
            "missing": missing,
            "contradictions": [],
            "call_id": lease.call_id,
            "claimed_at": lease.claimed_at.and_utc(),
            "expires_at": lease.expires_at.and_utc(),
        }))
    }
}
