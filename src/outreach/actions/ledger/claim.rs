//! The claim: a handful of deliveries for one worker, each looked at once more before it may leave.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use chrono::{NaiveDateTime, TimeDelta};

use super::hours::in_hours;
use super::once::{forget, take_once};
use super::recheck::recheck;
use super::stopped::{Heard, heard};
use super::turns::turns;
use crate::outreach::model::{DeliveryState, Front, Held, Mailing, MailingKind, Moved};
use crate::outreach::queries;
use crate::outreach::rules::ledger::{Event, after, is_given_up};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::lock;

/// So long a worker may be silent; longer than the longest wait for an answer.
const MAY_BE_SILENT: TimeDelta = TimeDelta::minutes(15);
/// Before every moment.
const EARLIEST: i64 = 0;

/// Who claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// Its name, of one process alone.
    pub name: String,
    /// The start of the machine that it runs on.
    pub boot: String,
}

/// Deliveries that a walk passed over since their lane had enough, by mailing and domain, in their order. An index of what
/// waits by its domain would be written at every claim, in as many places as there are domains.
pub type Passed = BTreeMap<(i64, String), VecDeque<i64>>;

/// What a walk is to find.
#[derive(Debug, Default)]
pub struct Wishes {
    /// So many at most.
    pub most: usize,
    /// How far each mailing was walked before; one that is missing is walked from its beginning.
    pub fronts: Vec<Front>,
    /// What was passed over before.
    pub passed: Passed,
    /// Mailings that were walked to their end a moment ago.
    pub at_end: BTreeSet<i64>,
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walked {
    /// Deliveries that may be claimed.
    pub ids: Vec<i64>,
    /// How many of each domain these are.
    pub of_domain: HashMap<String, usize>,
    /// How far mailings were walked that are not at their end.
    pub fronts: Vec<Front>,
    /// What was passed over, now or before.
    pub passed: Passed,
    /// Mailings that were walked to their end.
    pub at_end: BTreeSet<i64>,
}

/// Walks what waits in the mailings on their way, without writing: at most so many, and of each domain no more than
/// the lanes have room. What was passed over before comes first, then the mailings whose time ends first.
pub fn walk(
    conn: &mut Conn,
    now: NaiveDateTime,
    mut wishes: Wishes,
    room: impl Fn(&str) -> usize,
) -> AppResult<Walked> {
    let mut walked = Walked::default();
    let mut mailings = queries::sending(conn)?;
    mailings.sort_by_key(|mailing| (mailing.send_until.is_none(), mailing.send_until, mailing.id));
    let passed = std::mem::take(&mut wishes.passed);
    walked
        .passed
        .extend(passed.into_iter().filter(|((id, _), _)| {
            // Whoever is walked from the beginning is passed over anew.
            let goes_on = wishes.at_end.contains(id) || front_of(&wishes.fronts, *id).is_some();
            goes_on && mailings.iter().any(|mailing| mailing.id == *id)
        }));
    take_passed(conn, now, wishes.most, &room, &mut walked)?;
    for mailing in mailings {
        if !wishes.at_end.contains(&mailing.id) {
            walk_mailing(conn, now, mailing.id, &wishes, &room, &mut walked)?;
        }
    }
    walked.ids.sort_unstable();
    walked.ids.dedup();
    Ok(walked)
}

fn front_of(fronts: &[Front], mailing_id: i64) -> Option<&Front> {
    fronts.iter().find(|front| front.mailing_id == mailing_id)
}

/// Takes what was passed over before, as far as its lanes have room by now.
fn take_passed(
    conn: &mut Conn,
    now: NaiveDateTime,
    most: usize,
    room: impl Fn(&str) -> usize,
    walked: &mut Walked,
) -> AppResult<()> {
    let mut taken: HashMap<&str, usize> = HashMap::new();
    let mut found: HashMap<i64, &str> = HashMap::new();
    for ((_, domain), ids) in &mut walked.passed {
        let of_it = taken.entry(domain).or_default();
        let free = room(domain).saturating_sub(*of_it);
        let free = free.min(most.saturating_sub(found.len())).min(ids.len());
        *of_it += free;
        found.extend(ids.drain(..free).map(|id| (id, domain.as_str())));
    }
    // Much may have become of them since.
    let ids: Vec<i64> = found.keys().copied().collect();
    for id in queries::due(conn, &ids, now)? {
        if let Some(domain) = found.get(&id) {
            *walked.of_domain.entry((*domain).to_owned()).or_default() += 1;
            walked.ids.push(id);
        }
    }
    walked.passed.retain(|_, ids| !ids.is_empty());
    Ok(())
}

fn walk_mailing(
    conn: &mut Conn,
    now: NaiveDateTime,
    mailing_id: i64,
    wishes: &Wishes,
    room: impl Fn(&str) -> usize,
    walked: &mut Walked,
) -> AppResult<()> {
    let mut front = front_of(&wishes.fronts, mailing_id).cloned();
    if front.is_none() {
        front = at_priority(conn, mailing_id, i32::MIN)?;
    }
    while let Some(mut at) = front.take() {
        if walked.ids.len() >= wishes.most {
            walked.fronts.push(at);
            return Ok(());
        }
        let found = queries::walk(conn, &at, now)?;
        if found.is_empty() {
            front = at_priority(conn, mailing_id, at.priority)?;
            continue;
        }
        for (id, domain, due_at) in found {
            if walked.ids.len() >= wishes.most {
                break;
            }
            (at.due_at, at.id) = (due_at, id);
            let of_it = walked.of_domain.entry(domain.clone()).or_default();
            if *of_it >= room(&domain) {
                let passed = walked.passed.entry((mailing_id, domain));
                passed.or_default().push_back(id);
            } else {
                *of_it += 1;
                walked.ids.push(id);
            }
        }
        front = Some(at);
    }
    walked.at_end.insert(mailing_id);
    Ok(())
}

/// The front before everything that waits at the next priority.
fn at_priority(conn: &mut Conn, mailing_id: i64, after: i32) -> AppResult<Option<Front>> {
    let found = queries::next_priority(conn, mailing_id, after)?;
    Ok(found.map(|priority| Front {
        mailing_id,
        priority,
        due_at: chrono::DateTime::UNIX_EPOCH.naive_utc(),
        id: EARLIEST,
    }))
}

/// What a claim holds.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Its id; nobody's where it holds nothing.
    pub id: i64,
    /// What may leave.
    pub held: Vec<Held>,
    /// The mailings that these are of.
    pub mailings: HashMap<i64, Mailing>,
    /// What had been said until then, and is heeded.
    pub heard: Heard,
}

/// Takes deliveries that a walk found. `barred` are those that `plan::since_planned` found. Who must not get the letter any
/// more is withheld, whose window is over is not sent late, news waits for its hours, what somebody else took is left to
/// them, and whoever has another letter under way waits for it.
pub fn claim(
    conn: &mut Conn,
    now: NaiveDateTime,
    worker: &Worker,
    ids: &[i64],
    barred: &HashMap<i64, String>,
) -> AppResult<Claimed> {
    lock::shared(conn)?;
    queries::one_claim_at_a_time(conn)?;
    // Before anything is looked at: what is said in between is news to whoever holds the letters.
    let heard = heard(conn)?;
    let mailings = on_their_way(conn)?;
    let found = queries::take(conn, ids)?;
    let (missed, found): (Vec<Held>, Vec<Held>) = found
        .into_iter()
        .partition(|held| held.until_at.is_some_and(|until| until <= now));
    let mut moves: Vec<Moved> = missed.iter().map(window_missed).collect();
    let found = in_hours(conn, now, found, &mailings)?;
    let members = queries::members(conn, &found.iter().map(|h| h.person_id).collect::<Vec<_>>())?;
    let mut reasons = recheck(conn, &found, &members, &mailings)?;
    for (id, reason) in barred {
        reasons.entry(*id).or_insert_with(|| reason.clone());
    }
    let clean: Vec<&Held> = found
        .iter()
        .filter(|held| !reasons.contains_key(&held.id))
        .collect();
    reasons.extend(take_once(conn, now, &clean, &members, &mailings)?);
    let going: Vec<&Held> = found
        .iter()
        .filter(|held| !reasons.contains_key(&held.id))
        .collect();
    let turns = turns(conn, now, &going, &members)?;
    reasons.extend(turns.barred);
    let mut held = Vec::new();
    for one in found {
        match reasons.remove(&one.id) {
            Some(reason) => moves.push(withheld(&one, reason)),
            // It keeps its promises: the same delivery is claimed later.
            None if turns.waiting.contains(&one.id) => {}
            None => held.push(one),
        }
    }
    let mut id = 0;
    if !held.is_empty() {
        let until = now + MAY_BE_SILENT;
        id = queries::insert_claim(conn, &worker.boot, &worker.name, now, until)?;
        moves.extend(held.iter().map(|one| Moved {
            claim_id: Some(id),
            ..moved(one, DeliveryState::Queued, Event::Claimed)
        }));
    }
    let moved = queries::move_deliveries(conn, now, &moves)?;
    // A letter that was put off before has promised already.
    let given_up: Vec<i64> = moves
        .iter()
        .filter(|one| is_given_up(one.to) && moved.contains(&one.delivery_id))
        .map(|one| one.delivery_id)
        .collect();
    forget(conn, &given_up)?;
    Ok(Claimed {
        id,
        held,
        mailings,
        heard,
    })
}

/// The mailings of which letters leave, by id.
pub(super) fn on_their_way(conn: &mut Conn) -> AppResult<HashMap<i64, Mailing>> {
    let sending = queries::sending(conn)?.into_iter();
    Ok(sending.map(|mailing| (mailing.id, mailing)).collect())
}

/// A move by one event. What the table does not know stays where it is.
pub(super) fn moved(held: &Held, from: DeliveryState, event: Event) -> Moved {
    let to = after(MailingKind::Greeting, from, event).unwrap_or(from);
    Moved::of(held, from, to)
}

/// It must not go any more, for a reason.
pub(super) fn withheld(held: &Held, reason: String) -> Moved {
    Moved {
        reason: Some(reason),
        ..moved(held, DeliveryState::Queued, Event::Withheld)
    }
}

/// Its window is over: a greeting is never late.
pub(super) fn window_missed(held: &Held) -> Moved {
    Moved {
        reason: Some(r#"{"code":"window_missed"}"#.into()),
        ..moved(held, DeliveryState::Queued, Event::Missed)
    }
}

/// The worker lives: what it holds stays its own.
pub fn renew(conn: &mut Conn, now: NaiveDateTime, worker: &Worker) -> AppResult<()> {
    queries::renew_claims(conn, &worker.name, now + MAY_BE_SILENT)?;
    Ok(())
}

/// Gives back what a claim holds untried; it keeps its promises, since the same delivery may be claimed again.
pub fn release(conn: &mut Conn, now: NaiveDateTime, claim_id: i64) -> AppResult<usize> {
    let held = queries::held_by(conn, claim_id)?;
    let moves: Vec<Moved> = held
        .iter()
        .map(|one| moved(one, DeliveryState::Claimed, Event::Returned))
        .collect();
    let back = queries::move_deliveries(conn, now, &moves)?;
    queries::close_claims(conn, &[claim_id], now)?;
    Ok(back.len())
}
