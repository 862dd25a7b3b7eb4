//! A call whose result is being written: under its lease, or without one, with everything around it.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::leases;
use super::rulebook::Rulebook;
use super::standing::Standing;
use crate::accounts::Actor;
use crate::calling::model::{Call, EntryState, Lease, QueueEntry};
use crate::calling::queries;
use crate::calling::rules::{Disposition, History, LeaseRefusal, asks_for_number};
use crate::platform::calendar::CalendarId;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::qualifying::Grade;
use crate::registry::rules::hash::hash64;
use crate::registry::rules::phone::Phone;

/// The number that was really dialled, where it is not the one that was served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialled {
    /// The contact point, if the number is known there.
    pub point_id: Option<i64>,
    /// E.164.
    pub phone: String,
    /// Extension.
    pub ext: Option<String>,
    /// Key with the extension.
    pub key: i64,
    /// Whose number it is.
    pub person_id: Option<i64>,
    /// That person at the company.
    pub contact_id: Option<i64>,
}

impl Dialled {
    /// A number as it was typed, not yet looked for.
    pub fn of(phone: &Phone) -> Self {
        Self {
            point_id: None,
            phone: phone.e164.clone(),
            ext: phone.ext.clone(),
            key: hash64(&phone.to_string()),
            person_id: None,
            contact_id: None,
        }
    }

    /// The call rang this number, not the one that was served.
    fn replaces(self, call: &mut Call) {
        call.point_id = self.point_id;
        call.phone = Some(self.phone);
        call.ext = self.ext;
        call.number_key = Some(self.key);
        call.person_id = self.person_id.or(call.person_id);
        call.contact_id = self.contact_id.or(call.contact_id);
    }
}

/// A call whose result is being written, with everything around it.
#[derive(Debug, Clone)]
pub struct Situation {
    /// The call; it exists from the dial on.
    pub call: Call,
    /// It was written with this result: nobody can have given it another.
    pub(super) is_new: bool,
    /// The lease it was made under.
    pub lease: Option<Lease>,
    /// The entry, as it is before the result.
    pub entry: Option<QueueEntry>,
    /// Company, numbers, refusals, dials.
    pub(super) standing: Standing,
}

impl Situation {
    /// The root company.
    pub fn company_id(&self) -> Option<i64> {
        self.standing.company.as_ref().map(|c| c.id)
    }
    /// The grade of the company before the call, since when, and the company's state.
    pub fn grade_before(&self) -> Option<(Option<Grade>, Option<NaiveDateTime>, &str)> {
        let company = self.standing.company.as_ref()?;
        Some((company.grade(), company.grade_at, company.state.as_str()))
    }
    /// Since when the company has its present system.
    pub fn present_system_year(&self) -> Option<i32> {
        self.standing.company.as_ref()?.present_system_year
    }
    /// Every id under the root.
    pub fn group(&self) -> &[i64] {
        &self.standing.group
    }
    /// The lone person who was called; none where it is a company.
    pub fn persons(&self) -> &[i64] {
        self.standing.person_root.as_slice()
    }
    /// Whether the number belongs to the person spoken with, not to a desk or switchboard.
    pub fn number_is_own(&self) -> bool {
        let own = |n: &&queries::Number| Some(n.point_id) == self.call.point_id;
        self.standing
            .numbers
            .iter()
            .find(own)
            .is_some_and(|n| n.owner_kind == 2)
    }
    /// Whether somebody else of the company has a number.
    pub fn has_other_contact(&self) -> bool {
        self.standing
            .numbers
            .iter()
            .any(|n| n.contact_id.is_some() && n.contact_id != self.call.contact_id)
    }
    /// The calendar of whoever was called.
    pub fn calendar_id(&self, rules: &Rulebook) -> CalendarId {
        self.entry
            .as_ref()
            .map_or(rules.calendars.office_id(), |e| CalendarId(e.calendar_id))
    }
    /// What was dialled before, this call included. Who refused is only asked where another number may be next.
    pub fn history(
        &mut self,
        conn: &mut Conn,
        rules: &Rulebook,
        disposition: Disposition,
    ) -> AppResult<History> {
        let key = self.call.number_key.unwrap_or(0);
        let asks = asks_for_number(disposition, &rules.calling.of(disposition));
        if asks {
            self.standing.read_refusals(conn)?;
        }
        let entry = self.entry.as_ref();
        let tries = entry.map(tries_of).unwrap_or_default();
        let before = tries.get(disposition.code()).copied().unwrap_or(0);
        Ok(History {
            attempts: before + 1,
            dials_in_campaign: entry.map_or(0, |e| u32::try_from(e.dials).unwrap_or(0)),
            number_dials: self.standing.number_dials(key),
            company_dials: self.standing.company_dials().to_vec(),
            other_number: asks && self.standing.has_number_beside(key),
        })
    }
}

/// Results so far, by disposition.
pub(super) fn tries_of(entry: &QueueEntry) -> BTreeMap<String, u32> {
    entry
        .tries
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

/// Finds the call of a lease, or makes it where the result implies the dial. A lease that lapsed or whose result was
/// taken back still serves, as long as nobody else has the entry.
pub fn under_lease(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    rules: &Rulebook,
    token: &str,
    (other, result): (Option<&Phone>, Disposition),
) -> AppResult<Situation> {
    queries::hold_merges(conn)?;
    let (mut lease, mut entry) = leases::own_lease_and_entry(conn, actor, token)?;
    match leases::clock_of(&lease).result(now) {
        Ok(clock) => lease.dialled_at = clock.dialled_at,
        Err(LeaseRefusal::Lost) => check_still_free(conn, &lease, &entry)?,
        Err(why) => return Err(leases::refused(conn, &lease, why)?),
    }
    lease.dialled_at = lease.dialled_at.or(Some(now));
    let mut standing = Standing::of(conn, entry.company_id, entry.person_id)?;
    let other = other.map(|phone| standing.dialled(phone));
    let is_new = lease.call_id.is_none();
    let mut call = match lease.call_id {
        Some(id) => {
            queries::hold_call(conn, id)?;
            queries::call_by_id(conn, id)?
        }
        None => {
            let contact_id = standing.contact_of(conn, &lease)?;
            let mut call = leases::dial(now, &lease, &entry, contact_id);
            // A try that reached nobody is written as it ended, once. A talk has no result before its grade is found, or
            // it would count as an earlier one.
            if result.reached() != Some(true) {
                leases::hang_up(&mut call, now, result);
            }
            call
        }
    };
    if let Some(other) = other {
        other.replaces(&mut call);
    }
    if is_new {
        leases::begin_call(conn, now, &lease, &mut entry, &mut call)?;
        lease.call_id = Some(call.id);
    }
    let keys: Vec<i64> = call.number_key.into_iter().collect();
    standing.read_dials(conn, now, rules, &keys)?;
    Ok(Situation {
        call,
        is_new,
        lease: Some(lease),
        entry: Some(entry),
        standing,
    })
}

/// A lease that is over still takes its result where it lapsed, or where its result was taken back, and nobody has
/// taken the entry since.
fn check_still_free(conn: &mut Conn, lease: &Lease, entry: &QueueEntry) -> AppResult<()> {
    let may_come_late = matches!(lease.state.as_str(), "lapsed" | "undone" | "unknown");
    let is_here = matches!(
        entry.state(),
        EntryState::Ready | EntryState::Waiting | EntryState::Barred
    );
    let is_taken = queries::holder(conn, "entry", entry.id)?.is_some()
        || match lease.company_id {
            Some(id) => queries::holder(conn, "company", id)?.is_some(),
            None => false,
        };
    let called_since =
        lease.state == "lapsed" && entry.changed_at > lease.ended_at.unwrap_or(entry.changed_at);
    if may_come_late && is_here && !is_taken && !called_since {
        return Ok(());
    }
    if lease.state == "ended" {
        return Err(AppError::conflict("call_has_result").with("call", lease.call_id.unwrap_or(0)));
    }
    Err(leases::lost(conn, lease)?)
}

/// A call without a lease: the customer rang, or a rep dialled by themselves.
#[derive(Debug, Clone)]
pub struct Unleased {
    /// The company.
    pub company_id: Option<i64>,
    /// Whom it was spoken with.
    pub contact_id: Option<i64>,
    /// The number.
    pub phone: Phone,
    /// The customer rang.
    pub incoming: bool,
}

/// Writes a call that no lease was taken for. Refused while somebody else has the company in hand.
pub fn without_lease(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    rules: &Rulebook,
    made: &Unleased,
) -> AppResult<Situation> {
    queries::hold_merges(conn)?;
    let roots = match made.contact_id {
        Some(id) => Some(
            queries::contact_roots(conn, id)?
                .ok_or_else(|| AppError::invalid("contact_unknown", "contact"))?,
        ),
        None => None,
    };
    let company_id = made.company_id.or(roots.and_then(|(_, company)| company));
    let mut standing = Standing::of(conn, company_id, roots.map(|(person, _)| person))?;
    let dialled = standing.dialled(&made.phone);
    if !made.incoming {
        check_hands(conn, actor, &standing, &dialled)?;
    }
    let key = dialled.key;
    let mut call = Call {
        company_id: standing.company.as_ref().map(|c| c.id),
        person_id: roots.map(|(person, _)| person).or(dialled.person_id),
        contact_id: made.contact_id.or(dialled.contact_id),
        point_id: dialled.point_id,
        number_key: Some(key),
        phone: Some(dialled.phone),
        ext: dialled.ext,
        direction: if made.incoming { "in" } else { "out" }.to_owned(),
        agent_id: actor.id(),
        dialled_at: now,
        counts: !made.incoming,
        ..Call::default()
    };
    queries::insert_call(conn, &mut call)?;
    if let (Some(root), false) = (call.company_id, made.incoming) {
        queries::company_was_dialled(conn, root, now)?;
    }
    standing.read_dials(conn, now, rules, &[key])?;
    Ok(Situation {
        call,
        is_new: true,
        lease: None,
        entry: None,
        standing,
    })
}

fn check_hands(
    conn: &mut Conn,
    actor: &Actor,
    standing: &Standing,
    dialled: &Dialled,
) -> AppResult<()> {
    let company = standing.company.as_ref().map(|c| ("company", c.id));
    for (kind, key) in company.into_iter().chain([("number", dialled.key)]) {
        if let Some((holder, name)) = queries::holder(conn, kind, key)?
            && holder != actor.id()
        {
            return Err(AppError::conflict("lease_lost").with("agent", name));
        }
    }
    Ok(())
}
