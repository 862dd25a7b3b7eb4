//! The desk of one process: what it has claimed, sorted by the lanes through which it leaves.

mod ahead;
mod ready;
mod rooms;

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

use self::ahead::Ahead;
use self::ready::Ready;
use self::rooms::{Rooms, UNKNOWN};
use super::parcel::Parcel;
use crate::outreach::actions::ledger::{Heard, Passed};
use crate::outreach::model::{Front, Held};
use crate::outreach::rules::breaker::Breaker;
use crate::outreach::rules::lanes::{Kept, Lane};
use crate::outreach::rules::replies::{Answer, is_connection_full};
use crate::platform::mailer::Reply;

/// A mailing that was walked to its end is walked again after so long: for somebody's moment may have come since.
const WALK_AGAIN: Duration = Duration::from_secs(2);
/// The first rest of the relay, and the longest.
const FIRST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(60);
/// Lanes of which nothing is to be remembered are forgotten beyond so many.
const MOST_LANES: usize = 5_000;
/// Letters on the desk and on their way to it, in all.
const MOST: usize = 4_000;
/// How long a worker waits at most before it looks again.
const A_WHILE: Duration = Duration::from_millis(100);

/// What a worker gets.
pub(super) enum Next {
    Parcel(Box<Parcel>),
    Wait(Duration),
}

/// What waits in this process.
#[derive(Default)]
pub(super) struct Desk {
    lanes: HashMap<String, Lane>,
    slower: HashMap<String, String>,
    waiting: HashMap<String, VecDeque<Parcel>>,
    turns: VecDeque<String>,
    n: usize,
    under_way: usize,
    ahead: Ahead,
    /// The server loses what is announced ahead, so nothing is.
    is_deaf: bool,
    ready: Ready,
    breakers: HashMap<i64, Breaker>,
    relay_rests_until: Option<Instant>,
    relay_rests: u32,
    pub(super) fronts: Vec<Front>,
    pub(super) passed: Passed,
    at_end: HashMap<i64, Instant>,
    /// Mailings that hold themselves: what of them comes to the desk still goes back.
    held_back: BTreeSet<i64>,
    going_back: Vec<Parcel>,
    /// Letters that are being claimed and written, by domain.
    coming: HashMap<String, usize>,
}

impl Desk {
    pub(super) fn with(lanes: Vec<(String, Lane)>) -> Self {
        Self {
            lanes: lanes.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Whether nothing more need be claimed now: enough waits that may leave at once, or very much that may not.
    pub(super) fn is_full(&self, now: Instant) -> bool {
        let ready = self.waiting.iter().filter(|(domain, _)| {
            let lane = self.lanes.get(*domain);
            lane.is_none_or(|lane| lane.is_free(now))
        });
        let ready: usize = ready.map(|(_, queue)| queue.len()).sum();
        let coming: usize = self.coming.values().sum();
        ready + coming >= self.ready.wanted() || self.n + coming >= MOST
    }

    /// So many of those that may leave at once are enough.
    pub(super) fn wanted(&mut self, now: Instant) -> usize {
        self.ready.measure(now);
        self.ready.wanted()
    }

    /// Whether nothing waits and nothing is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.n == 0 && self.under_way == 0 && self.going_back.is_empty()
    }

    /// How many more of each domain this desk takes: what its lane can send in a while.
    pub(super) fn rooms(&self, now: Instant) -> Rooms {
        let of = |(domain, lane): (&String, &Lane)| {
            let has = self.waiting.get(domain).map_or(0, VecDeque::len);
            let comes = self.coming.get(domain).copied().unwrap_or(0);
            (
                domain.clone(),
                lane.appetite(now).saturating_sub(has + comes),
            )
        };
        let interesting = self
            .lanes
            .iter()
            .filter(|(domain, lane)| self.waiting.contains_key(*domain) || !lane.is_forgettable());
        let mut rooms: HashMap<String, usize> = interesting.map(of).collect();
        // The others are as good as unknown: a domain has its lane when its first letters lie here.
        for (domain, comes) in &self.coming {
            let room = UNKNOWN.saturating_sub(*comes);
            rooms.entry(domain.clone()).or_insert(room);
        }
        Rooms(rooms)
    }

    /// So many of each domain are being claimed, and their letters written.
    pub(super) fn comes(&mut self, of_domain: &HashMap<String, usize>) {
        for (domain, n) in of_domain {
            *self.coming.entry(domain.clone()).or_default() += n;
        }
    }

    /// They lie here, or were given back.
    pub(super) fn came(&mut self, of_domain: &HashMap<String, usize>) {
        for (domain, n) in of_domain {
            if let Some(coming) = self.coming.get_mut(domain) {
                *coming = coming.saturating_sub(*n);
            }
        }
        self.coming.retain(|_, n| *n > 0);
    }

    /// Mailings that need not be walked now.
    pub(super) fn at_end(&mut self, now: Instant) -> BTreeSet<i64> {
        self.at_end
            .retain(|_, at| now.saturating_duration_since(*at) < WALK_AGAIN);
        self.at_end.keys().copied().collect()
    }

    /// How far a walk came. What took long is done less often.
    pub(super) fn walked(&mut self, mailings: BTreeSet<i64>, took: Duration, now: Instant) {
        for id in mailings {
            self.at_end.insert(id, now + took * 20);
        }
    }

    /// Takes letters in.
    pub(super) fn put(&mut self, parcels: impl IntoIterator<Item = Parcel>, now: Instant) {
        if self.lanes.len() > MOST_LANES {
            let waiting = &self.waiting;
            self.lanes
                .retain(|domain, lane| waiting.contains_key(domain) || !lane.is_forgettable());
        }
        for parcel in parcels {
            if self.held_back.contains(&parcel.held.mailing_id) {
                self.going_back.push(parcel);
                continue;
            }
            let domain = parcel.held.domain.clone();
            self.lanes
                .entry(domain.clone())
                .or_insert_with(|| Lane::new(now));
            let queue = self.waiting.entry(domain.clone()).or_default();
            if queue.is_empty() {
                self.turns.push_back(domain);
            }
            queue.push_back(parcel);
            self.n += 1;
        }
    }

    /// The next letter of this worker: the one that it announced, else one that may leave, lane by lane in turn.
    pub(super) fn next(&mut self, worker: usize, now: Instant) -> Next {
        if let Some(until) = self.relay_rests_until {
            let rest = until.saturating_duration_since(now);
            if !rest.is_zero() {
                return Next::Wait(rest.min(A_WHILE));
            }
            self.relay_rests_until = None;
        }
        if let Some(parcel) = self.ahead.take(worker, now) {
            return Next::Parcel(Box::new(parcel));
        }
        match self.find(0, now) {
            Ok(parcel) => Next::Parcel(Box::new(parcel)),
            Err(wait) => Next::Wait(wait),
        }
    }

    /// The letter that may be announced over a connection behind `letters` others; the worker sends it next.
    pub(super) fn lay_ahead(
        &mut self,
        worker: usize,
        letters: u32,
        now: Instant,
    ) -> Option<&Parcel> {
        if self.is_deaf {
            return None;
        }
        let parcel = self.find(letters, now).ok()?;
        Some(self.ahead.put(worker, parcel, now))
    }

    /// The server loses what is announced ahead.
    pub(super) fn goes_deaf(&mut self) {
        self.is_deaf = true;
    }

    /// A letter whose lane takes it now, over a connection with so many letters before it; else how long to wait.
    fn find(&mut self, letters: u32, now: Instant) -> Result<Parcel, Duration> {
        let mut shortest = A_WHILE;
        for _ in 0..self.turns.len() {
            let Some(domain) = self.turns.pop_front() else {
                break;
            };
            let lane = self
                .lanes
                .entry(domain.clone())
                .or_insert_with(|| Lane::new(now));
            let taken = match lane.per_connection() > letters {
                true => lane.take(now),
                false => Err(None),
            };
            match taken {
                Ok(()) => {
                    if let Some(parcel) = self.pop(domain) {
                        return Ok(parcel);
                    }
                }
                Err(wait) => {
                    shortest = wait.map_or(shortest, |wait| wait.min(shortest));
                    self.turns.push_back(domain);
                }
            }
        }
        Err(shortest.max(Duration::from_millis(1)))
    }

    fn pop(&mut self, domain: String) -> Option<Parcel> {
        let queue = self.waiting.get_mut(&domain)?;
        let parcel = queue.pop_front()?;
        match queue.is_empty() {
            true => drop(self.waiting.remove(&domain)),
            false => self.turns.push_back(domain),
        }
        self.n -= 1;
        self.under_way += 1;
        self.ready.left();
        Some(parcel)
    }

    /// Letters over one connection that a domain takes.
    pub(super) fn per_connection(&self, domain: &str) -> u32 {
        self.lanes
            .get(domain)
            .map_or(u32::MAX, Lane::per_connection)
    }

    /// A letter came back with an answer.
    pub(super) fn answered(
        &mut self,
        domain: &str,
        answer: Answer,
        reply: &Reply,
        letters: u32,
        now: Instant,
    ) {
        self.under_way = self.under_way.saturating_sub(1);
        let Some(lane) = self.lanes.get_mut(domain) else {
            return;
        };
        if answer == Answer::SlowDown {
            if is_connection_full(&reply.text) {
                lane.connection_was_full(letters);
            }
            self.slower.insert(domain.to_owned(), reply.text.clone());
        }
        lane.answered(answer, now);
    }

    /// A letter came back, and its domain has nothing to do with it.
    pub(super) fn came_back(&mut self, domain: &str) {
        self.under_way = self.under_way.saturating_sub(1);
        if let Some(lane) = self.lanes.get_mut(domain) {
            lane.give_back();
        }
    }

    /// The relay did not let us in; the letter waits on. True the first time.
    pub(super) fn relay_fails(&mut self, parcel: Parcel, now: Instant) -> bool {
        let domain = parcel.held.domain.clone();
        self.came_back(&domain);
        let queue = self.waiting.entry(domain.clone()).or_default();
        if queue.is_empty() {
            self.turns.push_back(domain);
        }
        queue.push_front(parcel);
        self.n += 1;
        if self.relay_rests_until.is_some_and(|until| until > now) {
            return false;
        }
        let rest = FIRST_REST * 2_u32.pow(self.relay_rests.min(6));
        self.relay_rests_until = Some(now + rest.min(LONGEST_REST));
        self.relay_rests += 1;
        self.relay_rests == 1
    }

    /// The relay took something. True where it had not before.
    pub(super) fn relay_works(&mut self) -> bool {
        self.relay_rests_until = None;
        std::mem::take(&mut self.relay_rests) > 0
    }

    /// Notes a letter of a mailing; how many were refused, where that is too many.
    pub(super) fn note(&mut self, mailing_id: i64, was_refused: bool) -> Option<usize> {
        let breaker = self.breakers.entry(mailing_id).or_default();
        breaker.note(was_refused)
    }

    /// What waits here, as far as it is asked for.
    pub(super) fn held(&self, is_asked: impl Fn(&Parcel) -> bool) -> Vec<Held> {
        let waiting = self.waiting.values().flatten().chain(self.ahead.iter());
        let asked = waiting.filter(|parcel| is_asked(parcel));
        asked.map(|parcel| parcel.held.clone()).collect()
    }

    /// What had been said is heeded for these letters.
    pub(super) fn heeds(&mut self, letters: &HashSet<i64>, heard: Heard) {
        let waiting = self.waiting.values_mut().flatten();
        for parcel in waiting.chain(self.ahead.iter_mut()) {
            if letters.contains(&parcel.held.id) {
                parcel.heard = heard;
            }
        }
    }

    /// Mailings of which something is here.
    pub(super) fn mailings(&self) -> BTreeSet<i64> {
        let waiting = self.waiting.values().flatten().chain(self.ahead.iter());
        let all = waiting.chain(&self.going_back);
        let here = all.map(|parcel| parcel.held.mailing_id);
        here.chain(self.held_back.iter().copied()).collect()
    }

    /// Nothing of this mailing leaves until it is seen to go on.
    pub(super) fn hold_back(&mut self, mailing_id: i64) {
        self.held_back.insert(mailing_id);
    }

    /// These mailings are on their way.
    pub(super) fn goes_on(&mut self, sending: &BTreeSet<i64>) {
        self.held_back.retain(|id| !sending.contains(id));
    }

    /// Takes out what waits of these mailings.
    pub(super) fn withdraw(&mut self, is_wanted: impl Fn(&Parcel) -> bool) -> Vec<Parcel> {
        let mut out = std::mem::take(&mut self.going_back);
        let gone = out.len();
        for queue in self.waiting.values_mut() {
            let all = std::mem::take(queue);
            for parcel in all {
                if is_wanted(&parcel) {
                    out.push(parcel);
                } else {
                    queue.push_back(parcel);
                }
            }
        }
        self.waiting.retain(|_, queue| !queue.is_empty());
        let waiting = &self.waiting;
        self.turns.retain(|domain| waiting.contains_key(domain));
        self.n -= out.len() - gone;
        for parcel in self.ahead.withdraw(is_wanted) {
            self.came_back(&parcel.held.domain);
            out.push(parcel);
        }
        out
    }

    /// What lanes have learned since this was asked last.
    pub(super) fn news(&mut self, now: Instant) -> Vec<(String, Kept, Option<String>)> {
        let slower = &self.slower;
        let news = self.lanes.iter_mut().filter_map(|(domain, lane)| {
            let kept = lane.news(now)?;
            Some((domain.clone(), kept, slower.get(domain).cloned()))
        });
        let mut news: Vec<_> = news.collect();
        news.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        news
    }
}

#[cfg(test)]
mod tests;
