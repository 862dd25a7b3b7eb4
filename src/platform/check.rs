//! Invariants: what must always hold in the data. Each area lists its own in `checks.rs`; `canvass check` runs them all.
//!
//! Most are one query that names what is broken, which a million companies cost seconds. What must be worked out row by
//! row is looked at in ranges of ids: a sample of them, or all where somebody asks for it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::db::{Conn, Statement};
use super::error::AppResult;

/// How many broken things an invariant names at most; more would only scroll by.
pub const NAMED: usize = 20;
/// Ids in a range.
const RANGE: i64 = 500;
/// Ranges of a sample.
const SAMPLE: usize = 8;
/// Places at which a table is asked for gaps: a gap matters where it is wider than the way between two of them.
const PROBES: i64 = 64;

/// Ids behind the first up to the second.
pub type Ids = (i64, i64);

/// How far an invariant looks where it works row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// At a few ranges, spread evenly.
    Sample,
    /// At everything.
    All,
}

impl Depth {
    /// The ranges to look at of ids that stand in these stretches: each stretch is seen at its beginning at least.
    pub fn ranges(self, stretches: &[Ids]) -> Vec<Ids> {
        let ranges = |(after, to): Ids| -> Vec<Ids> {
            let begins = (after..to).step_by(RANGE as usize);
            begins.map(|begin| (begin, to.min(begin + RANGE))).collect()
        };
        let all: Vec<Vec<Ids>> = stretches.iter().copied().map(ranges).collect();
        let n: usize = all.iter().map(Vec::len).sum();
        let step = match self {
            Self::Sample => (n / SAMPLE).max(1),
            Self::All => 1,
        };
        let in_stretches = all.into_iter().flat_map(|one| one.into_iter().enumerate());
        in_stretches
            .enumerate()
            .filter(|(n, (place, _))| n % step == 0 || *place == 0)
            .map(|(_, (_, range))| range)
            .collect()
    }
}

/// Where a table of ours has ids, in order. A restore leaves wide gaps: ids that were given out are given to nobody else.
pub fn stretches(conn: &mut Conn, table: &'static str) -> QueryResult<Vec<Ids>> {
    let (first, last) = (
        first_behind(conn, table, i64::MIN)?,
        last_up_to(conn, table, i64::MAX)?,
    );
    let (Some(first), Some(last)) = (first, last) else {
        return Ok(Vec::new());
    };
    let way = ((last - first) / PROBES).max(RANGE);
    let (mut found, mut begin, mut at) = (Vec::new(), first, first + way);
    while at < last {
        let Some(next) = first_behind(conn, table, at)? else {
            break;
        };
        if next - at > RANGE {
            let before = last_up_to(conn, table, at)?.unwrap_or(at);
            found.push((begin - 1, before));
            begin = next;
        }
        at = next + way;
    }
    found.push((begin - 1, last));
    Ok(found)
}

fn first_behind(conn: &mut Conn, table: &'static str, id: i64) -> QueryResult<Option<i64>> {
    let text = format!("SELECT min(id) FROM {table} WHERE id > ?");
    let first = Statement::<Nullable<BigInt>>::built(text);
    first.bind(id).get_result(conn)
}

fn last_up_to(conn: &mut Conn, table: &'static str, id: i64) -> QueryResult<Option<i64>> {
    let text = format!("SELECT max(id) FROM {table} WHERE id <= ?");
    let last = Statement::<Nullable<BigInt>>::built(text);
    last.bind(id).get_result(conn)
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
        assert!(Depth::Sample.ranges(&[]).is_empty());
        let few = Depth::Sample.ranges(&[(0, 1_200)]);
        assert_eq!(few, [(0, 500), (500, 1_000), (1_000, 1_200)]);
        let sample = Depth::Sample.ranges(&[(0, 1_000_000)]);
        assert_eq!(sample.len(), 8);
        assert_eq!((sample[0].0, sample[7].0), (0, 875_000));
        let all = Depth::All.ranges(&[(0, 1_000_000)]);
        assert_eq!(all.len(), 2_000);
        assert!(all.windows(2).all(|pair| pair[0].1 == pair[1].0));
    }

    #[test]
    fn a_sample_looks_at_what_is_there_and_not_into_gaps() {
        let behind_a_gap = (2_000_000, 2_000_040);
        let sample = Depth::Sample.ranges(&[(0, 90_000), behind_a_gap]);
        let before = sample.iter().filter(|(_, to)| *to <= 90_000).count();
        assert_eq!((before, sample.len()), (9, 10));
        assert_eq!(sample.last(), Some(&behind_a_gap));
        let all = Depth::All.ranges(&[(0, 600), behind_a_gap]);
        assert_eq!(all, [(0, 500), (500, 600), behind_a_gap]);
    }

    #[test]
    fn of_many_broken_things_the_first_are_named() {
        let broken: Broken = (0..50).map(|n| format!("company {n}")).collect();
        assert_eq!((broken.count, broken.first.len()), (50, NAMED));
    }
}
