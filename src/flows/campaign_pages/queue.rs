//! The queue of a campaign, entry by entry: when each is called, and why not now.

use std::collections::HashMap;

use crate::accounts::{Actor, Object, Verb, may, user_names};
use crate::calling::model::{EntryState, QueueEntry};
use crate::calling::rules::Class;
use crate::calling::{actions::Rulebook, day};
use crate::platform::calendar::CalendarId;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;

/// Entries of a page.
pub const PAGE: usize = 50;

/// An entry as it is shown.
pub struct EntryView {
    /// Company or person.
    pub name: String,
    /// State in words.
    pub about: String,
    /// Its company's page, where this person may open it.
    pub href: Option<String>,
    /// Place in the order.
    pub class: String,
    /// When, and why not now.
    pub why: String,
    /// Dials.
    pub dials: i32,
    /// For whom it is kept.
    pub agent: String,
}

/// A page of entries, and the id behind which the next begins.
pub fn page(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
    rules: &Rulebook,
    campaign_id: i64,
    state: Option<EntryState>,
    after: i64,
) -> AppResult<(Vec<EntryView>, Option<i64>)> {
    let states = state.as_ref().map_or(EntryState::ALL, std::slice::from_ref);
    let mut entries = day::entries_page(conn, campaign_id, states, after, PAGE + 1)?;
    let has_more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let next = if has_more {
        entries.last().map(|e| e.id)
    } else {
        None
    };
    let around = Around::read(conn, &entries)?;
    let may_open = may(actor, Verb::SeeCompany, Object::Any);
    let shown = entries
        .iter()
        .map(|entry| around.view(ctx, rules, entry, may_open))
        .collect();
    Ok((shown, next))
}

/// Names that stand around the entries of a page.
struct Around {
    companies: HashMap<i64, String>,
    persons: HashMap<i64, Option<String>>,
    users: HashMap<i64, String>,
    holders: HashMap<i64, String>,
    results: HashMap<i64, Option<String>>,
}

impl Around {
    fn read(conn: &mut Conn, entries: &[QueueEntry]) -> AppResult<Self> {
        let ids = |of: fn(&QueueEntry) -> Option<i64>| {
            entries.iter().filter_map(of).collect::<Vec<i64>>()
        };
        let all: Vec<i64> = entries.iter().map(|e| e.id).collect();
        Ok(Self {
            companies: day::company_names(conn, &ids(|e| e.company_id))?
                .into_iter()
                .collect(),
            persons: day::person_names(conn, &ids(|e| e.person_id))?
                .into_iter()
                .collect(),
            users: user_names(conn, &ids(|e| e.owner_id))?,
            holders: day::holders(conn, &all)?.into_iter().collect(),
            results: day::last_dispositions(conn, &ids(|e| e.last_call_id))?
                .into_iter()
                .collect(),
        })
    }

    fn view(
        &self,
        ctx: &PageContext,
        rules: &Rulebook,
        entry: &QueueEntry,
        may_open: bool,
    ) -> EntryView {
        let company = entry
            .company_id
            .and_then(|id| self.companies.get(&id).cloned());
        let person = || {
            entry
                .person_id
                .and_then(|id| self.persons.get(&id).cloned().flatten())
        };
        let class = Class::from_number(entry.class);
        EntryView {
            name: company
                .or_else(person)
                .unwrap_or_else(|| ctx.t("incoming-no-company")),
            about: ctx.code("entry-state", &entry.state),
            href: entry
                .company_id
                .filter(|_| may_open)
                .map(|id| format!("/companies/{id}")),
            class: class.map_or_else(String::new, |class| ctx.t(class.key())),
            why: self.why(ctx, rules, entry),
            dials: entry.dials,
            agent: match entry.owner_id {
                Some(id) => self.users.get(&id).cloned().unwrap_or_default(),
                None => ctx.t("entry-anybody"),
            },
        }
    }

    fn why(&self, ctx: &PageContext, rules: &Rulebook, entry: &QueueEntry) -> String {
        let holder = || self.holders.get(&entry.id).cloned().unwrap_or_default();
        let bar = entry.bar.as_deref().map(|bar| ctx.code("bar", bar));
        let at = entry.due_at.map(|at| ctx.datetime(&at));
        match entry.state() {
            EntryState::Ready => {
                let callee = rules.calendars.get(CalendarId(entry.calendar_id));
                match callee.is_open_for_calls(ctx.now) {
                    true => ctx.t("entry-why-ready"),
                    false => ctx.t1(
                        "entry-why-at",
                        "at",
                        ctx.datetime(&callee.next_opening(ctx.now)),
                    ),
                }
            }
            EntryState::Leased => ctx.t1("entry-why-leased", "who", holder()),
            EntryState::NeedsOutcome => ctx.t1("entry-why-needs-outcome", "who", holder()),
            EntryState::Exhausted => ctx.t1("entry-why-exhausted", "n", entry.dials),
            EntryState::Parked => ctx.t("entry-why-parked"),
            EntryState::Done => {
                let result = entry
                    .last_call_id
                    .and_then(|id| self.results.get(&id).cloned().flatten());
                match (bar, result) {
                    (Some(bar), _) => bar,
                    (None, Some(code)) => ctx.code("disposition", &code),
                    (None, None) => ctx.t("entry-why-done-plain"),
                }
            }
            EntryState::Waiting | EntryState::Barred => match (bar, at) {
                (Some(bar), Some(at)) => ctx.t2("entry-why-until", "why", bar, "at", at),
                (Some(bar), None) => bar,
                (None, Some(at)) => ctx.t1("entry-why-at", "at", at),
                (None, None) => ctx.code("entry-state", &entry.state),
            },
        }
    }
}
