//! News keeps its distance in a mailbox, whoever of those who share it an issue was for.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDateTime;

use super::facts::{Facts, days_between};
use super::terms::Terms;
use crate::consent::rules::Purpose;
use crate::outreach::queries::audience as queries;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::queries::load;
use crate::registry::rules::hash::hash64;

/// Notes with each of these when the last issue of news arrived in their mailbox, where that was later than the last one
/// to themselves.
pub(super) fn put_news_of_mailboxes(
    conn: &mut Conn,
    terms: &Terms,
    all: &mut [Facts],
) -> AppResult<()> {
    if terms.book.purpose != Purpose::News {
        return Ok(());
    }
    let mailboxes: Vec<&str> = all.iter().filter_map(|it| it.person.mailbox()).collect();
    let last = last_news(conn, &mailboxes, terms.mailing.id, terms.news_since)?;
    if last.is_empty() {
        return Ok(());
    }
    for facts in all {
        let at = facts.person.mailbox().and_then(|it| last.get(it)).copied();
        let days = at.map(|at| days_between(terms, at));
        let own = facts.person.news_days_ago;
        facts.person.news_days_ago = own.into_iter().chain(days).min();
    }
    Ok(())
}

/// When the last issue since then arrived in each of these mailboxes that several persons share.
pub(super) fn last_news(
    conn: &mut Conn,
    mailboxes: &[&str],
    mailing_id: i64,
    since: NaiveDateTime,
) -> AppResult<HashMap<String, NaiveDateTime>> {
    let keys: HashSet<i64> = mailboxes.iter().map(|mailbox| hash64(mailbox)).collect();
    let keys: Vec<i64> = keys.into_iter().collect();
    let mut sharing: HashMap<i64, HashSet<i64>> = HashMap::new();
    for (key, owner) in queries::owners_of_mailboxes(conn, &keys)? {
        sharing.entry(key).or_default().insert(owner);
    }
    sharing.retain(|_, owners| owners.len() > 1);
    let owners: HashSet<i64> = sharing.into_values().flatten().collect();
    if owners.is_empty() {
        return Ok(HashMap::new());
    }
    // A letter was to whoever answered for the owner then.
    let owners: Vec<i64> = owners.into_iter().collect();
    let roots = load::person_roots(conn, &owners)?;
    let merged = load::merged_persons(conn, &roots)?;
    let ids: HashSet<i64> = owners
        .into_iter()
        .chain(roots)
        .chain(merged.into_iter().map(|(id, _)| id))
        .collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    let mut last: HashMap<String, NaiveDateTime> = HashMap::new();
    for (address, at) in queries::news_by_mailbox(conn, &ids, mailing_id, since)? {
        let known = last.entry(address).or_insert(at);
        *known = (*known).max(at);
    }
    Ok(last)
}
