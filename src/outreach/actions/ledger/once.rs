//! "One letter a mailing, one greeting an occasion and year, one day of one's own a morning": a row for every id under the
//! person's root.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;
use serde_json::json;

use crate::outreach::model::{Held, Mailing, MailingKind, Moved};
use crate::outreach::queries::{self, Member, Once};
use crate::outreach::rules::audience::Reason;
use crate::outreach::rules::occasions::Greeting;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// What the scope of a morning begins with.
const MORNING: &str = "morning:";

/// Takes the promises of these deliveries; whose promise somebody else holds does not go, with the reason.
pub(super) fn take_once(
    conn: &mut Conn,
    now: NaiveDateTime,
    held: &[&Held],
    members: &[Member],
    mailings: &HashMap<i64, Mailing>,
) -> AppResult<HashMap<i64, String>> {
    if held.is_empty() {
        return Ok(HashMap::new());
    }
    let groups = Groups::of(members);
    let mut rows = Vec::new();
    for one in held {
        let Some(mailing) = mailings.get(&one.mailing_id) else {
            continue;
        };
        for (kind, scope) in scopes(mailing, one) {
            for subject_id in groups.of_person(one.person_id) {
                rows.push(Once {
                    kind,
                    scope: scope.clone(),
                    subject_id,
                    holder_id: one.id,
                    at: now,
                });
            }
        }
    }
    // Every claim inserts in this order, so that two never wait for each other in a ring; of two deliveries to one
    // person the earlier comes first.
    rows.sort_unstable();
    if queries::take_once(conn, &rows)? == rows.len() {
        return Ok(HashMap::new());
    }
    let scopes: HashSet<String> = rows.iter().map(|row| row.scope.clone()).collect();
    let scopes: Vec<String> = scopes.into_iter().collect();
    let persons: Vec<i64> = members.iter().map(|member| member.id).collect();
    let holders: HashMap<(String, String, i64), i64> = queries::holders(conn, &scopes, &persons)?
        .into_iter()
        .map(|(kind, scope, subject, holder)| ((kind, scope, subject), holder))
        .collect();
    let mut reasons = HashMap::new();
    for row in rows {
        let key = (row.kind.to_owned(), row.scope, row.subject_id);
        if let Some(other) = holders.get(&key).filter(|other| **other != row.holder_id) {
            let is_morning = key.1.starts_with(MORNING);
            let reason = has_letter(conn, *other, is_morning)?;
            reasons.insert(row.holder_id, reason);
        }
    }
    let losers: Vec<i64> = reasons.keys().copied().collect();
    forget(conn, &losers)?;
    Ok(reasons)
}

/// Why somebody who has a letter gets no other one.
fn has_letter(conn: &mut Conn, other: i64, is_morning: bool) -> AppResult<String> {
    let occasion = match is_morning {
        true => queries::occasion_of(conn, other)?,
        false => None,
    };
    let leading = |code: String| Some(Greeting::from_code(&code)?.leading());
    Ok(match occasion.and_then(leading) {
        Some(occasion) => Reason::SameMorning { occasion }.to_json(),
        None => json!({ "code": "has_letter", "delivery_id": other }).to_string(),
    })
}

/// Lets go what deliveries promised that do not go.
pub(super) fn forget(conn: &mut Conn, deliveries: &[i64]) -> AppResult<()> {
    if !deliveries.is_empty() {
        queries::let_once_go(conn, deliveries)?;
    }
    Ok(())
}

/// Moves letters to where they do not go any more, and lets go what they promised; how many.
pub(super) fn give_up(conn: &mut Conn, now: NaiveDateTime, moves: &[Moved]) -> AppResult<usize> {
    let gone = queries::move_deliveries(conn, now, moves)?;
    let gone: Vec<i64> = gone.into_iter().collect();
    forget(conn, &gone)?;
    Ok(gone.len())
}

/// What is promised once by a letter of this mailing.
fn scopes(mailing: &Mailing, letter: &Held) -> Vec<(&'static str, String)> {
    let mut scopes = vec![("mailing", mailing.id.to_string())];
    let is_greeting = MailingKind::from_code(&mailing.kind) == Some(MailingKind::Greeting);
    if let (true, Some(code), Some(year)) = (is_greeting, &mailing.occasion, mailing.year) {
        let greeting = Greeting::from_code(code);
        let mut occasions = match &greeting {
            Some(greeting) => greeting.scopes(year),
            None => vec![format!("{code}:{year}")],
        };
        if greeting.is_some_and(|greeting| greeting.is_own_day()) {
            let morning = letter.until_at.unwrap_or(letter.due_at).date();
            occasions.push(format!("{MORNING}{morning}"));
        }
        scopes.extend(occasions.into_iter().map(|scope| ("greeting", scope)));
    }
    scopes
}

/// Persons by root.
struct Groups {
    root_of: HashMap<i64, i64>,
    members: HashMap<i64, Vec<i64>>,
}

impl Groups {
    fn of(all: &[Member]) -> Self {
        let mut members: HashMap<i64, Vec<i64>> = HashMap::new();
        for member in all {
            members.entry(member.root_id).or_default().push(member.id);
        }
        Self {
            root_of: all
                .iter()
                .map(|member| (member.id, member.root_id))
                .collect(),
            members,
        }
    }

    fn of_person(&self, id: i64) -> Vec<i64> {
        let root = self.root_of.get(&id).copied().unwrap_or(id);
        self.members.get(&root).cloned().unwrap_or_else(|| vec![id])
    }
}
