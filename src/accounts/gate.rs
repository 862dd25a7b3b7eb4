//! What one server process remembers about who knocks: how often, and whether the first run is over.
//!
//! Attempts count in real time, not by the database's clock: they are about machines, not about the trade.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

use super::queries;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};

/// Attempts of one account within [`WINDOW`]; a success starts afresh.
const OF_ACCOUNT: u32 = 10;
/// Attempts of one address: a whole office logs in from one.
const OF_ADDRESS: u32 = 300;
/// Attempts at the one-time code, from everywhere together.
const OF_FIRST_RUN: u32 = 20;
/// The time after which all attempts are there again.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Requests by the link of one person's letters: mail programs ask again, people hardly ever do.
const OF_LINK: u32 = 100;
/// API calls a token may make at once, and then each second.
const CALLS_AT_ONCE: u32 = 3_000;
const CALLS_A_SECOND: u32 = 300;
/// From this many keys on, those of yesterday are dropped.
const KEYS: usize = 10_000;

type Limiter = RateLimiter<NotKeyed, InMemoryState, DefaultClock, StateInformationMiddleware>;
type Calls = RateLimiter<i64, DashMapStateStore<i64>, DefaultClock>;

/// Attempts by key, each with a limiter of its own, so that a success can forget them.
struct Attempts<K> {
    quota: Quota,
    seen: Mutex<HashMap<K, (Arc<Limiter>, Instant)>>,
}

impl<K: Hash + Eq> Attempts<K> {
    fn new(most: u32) -> Self {
        let most = NonZeroU32::new(most).expect("a constant above zero");
        Self {
            quota: Quota::with_period(WINDOW / most.get())
                .expect("a period above zero")
                .allow_burst(most),
            seen: Mutex::default(),
        }
    }

    /// Counts one attempt: how many are left, or how long to wait.
    fn count(&self, key: K) -> Result<u32, Duration> {
        let limiter = {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.len() >= KEYS {
                seen.retain(|_, (_, last)| last.elapsed() < WINDOW);
            }
            let entry = seen.entry(key).or_insert_with(|| {
                let limiter = RateLimiter::direct(self.quota);
                (Arc::new(limiter.with_middleware()), Instant::now())
            });
            entry.1 = Instant::now();
            entry.0.clone()
        };
        match limiter.check() {
            Ok(state) => Ok(state.remaining_burst_capacity()),
            Err(until) => Err(until.wait_time_from(DefaultClock::default().now())),
        }
    }

    fn forget(&self, key: &K) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.remove(key);
    }
}

/// The gate of one server process.
pub struct Gate {
    accounts: Attempts<String>,
    addresses: Attempts<IpAddr>,
    first_run: Attempts<()>,
    links: Attempts<i64>,
    calls: Calls,
    has_users: AtomicBool,
}

impl Default for Gate {
    fn default() -> Self {
        let calls = Quota::per_second(NonZeroU32::new(CALLS_A_SECOND).expect("above zero"))
            .allow_burst(NonZeroU32::new(CALLS_AT_ONCE).expect("above zero"));
        Self {
            accounts: Attempts::new(OF_ACCOUNT),
            addresses: Attempts::new(OF_ADDRESS),
            first_run: Attempts::new(OF_FIRST_RUN),
            links: Attempts::new(OF_LINK),
            calls: RateLimiter::dashmap(calls),
            has_users: AtomicBool::new(false),
        }
    }
}

impl Gate {
    /// Counts a log-in attempt; says how many the account has left.
    pub(super) fn log_in(&self, address: IpAddr, email: &str) -> AppResult<u32> {
        self.knock(address)?;
        let key = email.trim().to_lowercase();
        self.accounts.count(key).map_err(too_many)
    }

    /// A right password: the account starts afresh.
    pub(super) fn welcome(&self, email: &str) {
        self.accounts.forget(&email.trim().to_lowercase());
    }

    /// Counts an attempt of an address at anything that guards a secret.
    pub(super) fn knock(&self, address: IpAddr) -> AppResult<()> {
        self.addresses
            .count(network(address))
            .map(|_| ())
            .map_err(too_many)
    }

    /// Counts a request by the link of a letter. Providers open those of all their customers from few addresses, so that
    /// only the link counts.
    pub fn open_link(&self, person_id: i64) -> AppResult<()> {
        self.links.count(person_id).map(|_| ()).map_err(too_many)
    }

    /// Counts a link that nobody signed: somebody may be guessing.
    pub fn wrong_link(&self, address: IpAddr) -> AppResult<()> {
        self.knock(address)
    }

    /// Counts an attempt at the one-time code of the first run.
    pub(super) fn try_first_code(&self, address: IpAddr) -> AppResult<()> {
        self.knock(address)?;
        self.first_run.count(()).map(|_| ()).map_err(too_many)
    }

    /// Counts an API call of a token.
    pub(super) fn call(&self, token_id: i64) -> AppResult<()> {
        self.calls.check_key(&token_id).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            AppError::refuse(StatusCode::TOO_MANY_REQUESTS, "too_many_calls")
                .with("seconds", seconds(wait))
        })
    }

    /// Whether anybody has an account; once true it is not asked again.
    pub(super) async fn has_users(&self, db: &Db) -> AppResult<bool> {
        if self.has_users.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let found = db
            .read(|conn| queries::has_users(conn).map_err(AppError::from))
            .await?;
        if found {
            self.has_users.store(true, Ordering::Relaxed);
        }
        Ok(found)
    }
}

/// One customer of a provider has a whole /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
        },
        v4 => v4,
    }
}

fn seconds(wait: Duration) -> u64 {
    wait.as_secs().max(1)
}

fn too_many(wait: Duration) -> AppError {
    AppError::refuse(StatusCode::TOO_MANY_REQUESTS, "too_many_attempts")
        .with("minutes", wait.as_secs().div_ceil(60).max(1))
        .with("seconds", seconds(wait))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_ten_attempts_and_a_success_gives_them_back() {
        let gate = Gate::default();
        let address = IpAddr::from([192, 0, 2, 1]);
        for n in 0..OF_ACCOUNT {
            let left = gate.log_in(address, " A@b.example").expect("still free");
            assert_eq!(left, OF_ACCOUNT - 1 - n);
        }
        let refused = gate.log_in(address, "a@B.example").expect_err("used up");
        let refusal = refused.refusal().expect("a refusal");
        assert_eq!(refusal.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(gate.log_in(address, "other@b.example").is_ok());
        gate.welcome("a@b.example");
        assert!(gate.log_in(address, "a@b.example").is_ok());
    }

    #[test]
    fn a_token_that_runs_wild_is_slowed_down() {
        let gate = Gate::default();
        let free = (0..CALLS_AT_ONCE * 2).filter(|_| gate.call(7).is_ok());
        let free = free.count() as u32;
        assert!((CALLS_AT_ONCE..CALLS_AT_ONCE * 2).contains(&free), "{free}");
        assert!(gate.call(8).is_ok());
    }

    #[test]
    fn an_address_is_counted_over_all_accounts() {
        let gate = Gate::default();
        let home = |n: u128| IpAddr::V6((0x2001_0db8_u128 << 96 | n).into());
        let free = (0..OF_ADDRESS + 5).filter(|n| gate.knock(home(u128::from(*n))).is_ok());
        assert_eq!(free.count(), OF_ADDRESS as usize);
        assert!(gate.knock(IpAddr::from([192, 0, 2, 9])).is_ok());
    }
}
