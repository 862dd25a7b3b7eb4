//! Invariants: what must always hold in the data. Each area lists its own in `checks.rs`; `canvass check` runs them all.
//!
//! Most are one query that names what is broken, which a million companies cost seconds. What must be worked out row by
//! row is looked at in ranges of ids: a sample of them, or all where somebody asks for it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::db::{Conn, Statement};
use super::error::AppResult;

/// How many broken things an invariant names at most; more would only scroll by.
pub const NAMED: usize = 20;
/// Ids in a range.
const RANGE: i64 = 500;
/// Ranges of a sample.
const SAMPLE: i64 = 8;

/// How far an invariant looks where it works row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// At a few ranges, spread evenly.
    Sample,
    /// At everything.
    All,
}

impl Depth {
    /// The ranges of ids to look at, `(after, up to)` each.
    pub fn ranges(self, last: i64) -> impl Iterator<Item = (i64, i64)> {
        let all = (last + RANGE - 1) / RANGE;
        let step = match self {
            Self::Sample => (all / SAMPLE).max(1),
            Self::All => 1,
        };
        (0..all)
            .filter(move |n| n % step == 0)
            .map(|n| (n * RANGE, (n + 1) * RANGE))
    }
}

/// What an invariant found broken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Broken {
    /// How many.
    pub count: u64,
    /// The first [`NAMED`] of them, each in a few words.
    pub first: Vec<String>,
}

impl Broken {
    /// It holds.
    pub fn is_none(&self) -> bool {
        self.count == 0
    }
    /// One more.
    pub fn add(&mut self, what: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push(what());
        }
    }
}

impl FromIterator<String> for Broken {
    fn from_iter<I: IntoIterator<Item = String>>(things: I) -> Self {
        let mut broken = Self::default();
        things.into_iter().for_each(|thing| broken.add(|| thing));
        broken
    }
}

/// How an invariant looks.
#[derive(Clone, Copy)]
pub enum Look {
    /// A query whose one column names what is broken.
    Query(&'static str),
    /// More than a query can say.
    Work(fn(&mut Conn, Depth) -> AppResult<Broken>),
}

/// One thing that must hold.
#[derive(Clone, Copy)]
pub struct Invariant {
    /// Stable code, area first, e.g. `accounts.session_without_user`. Its sentence is the key [`Invariant::key`].
    pub code: &'static str,
    look: Look,
}

impl Invariant {
    /// An invariant that one query judges.
    pub const fn query(code: &'static str, sql: &'static str) -> Self {
        let look = Look::Query(sql);
        Self { code, look }
    }

    /// An invariant that is worked out.
    pub const fn work(code: &'static str, work: fn(&mut Conn, Depth) -> AppResult<Broken>) -> Self {
        let look = Look::Work(work);
        Self { code, look }
    }

    /// Finds what is broken.
    pub fn find(&self, conn: &mut Conn, depth: Depth) -> AppResult<Broken> {
        match self.look {
            Look::Query(sql) => Ok(broken(conn, sql)?),
            Look::Work(work) => work(conn, depth),
        }
    }

    /// Key of the sentence that says what must hold: `check-accounts-session-without-user`.
    pub fn key(&self) -> String {
        format!("check-{}", self.code.replace(['.', '_'], "-"))
    }
}

impl std::fmt::Debug for Invariant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code)
    }
}

/// Runs a query whose one column names broken things: how many there are, and the first of them.
pub fn broken(conn: &mut Conn, sql: &str) -> QueryResult<Broken> {
    let text = format!(
        "WITH found(what) AS ({sql}) SELECT what, count(*) OVER () FROM found LIMIT {NAMED}"
    );
    let rows: Vec<(String, i64)> = Statement::<(Text, BigInt)>::built(text).load(conn)?;
    Ok(Broken {
        count: rows
            .first()
            .map_or(0, |(_, all)| u64::try_from(*all).unwrap_or(0)),
        first: rows.into_iter().map(|(what, _)| what).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_spread_over_all_ids() {
        assert_eq!(Depth::Sample.ranges(0).count(), 0);
        let few: Vec<_> = Depth::Sample.ranges(1_200).collect();
        assert_eq!(few, [(0, 500), (500, 1_000), (1_000, 1_500)]);
        let sample: Vec<_> = Depth::Sample.ranges(1_000_000).collect();
        assert_eq!(sample.len(), 8);
        assert_eq!((sample[0].0, sample[7].0), (0, 875_000));
        let all: Vec<_> = Depth::All.ranges(1_000_000).collect();
        assert_eq!(all.len(), 2_000);
        assert!(all.windows(2).all(|pair| pair[0].1 == pair[1].0));
    }

    #[test]
    fn of_many_broken_things_the_first_are_named() {
        let broken: Broken = (0..50).map(|n| format!("company {n}")).collect();
        assert_eq!((broken.count, broken.first.len()), (50, NAMED));
    }
}
