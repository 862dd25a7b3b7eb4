//! What was taken back follows into the log: a second line of the same refusal, with the moment at which it ended.

use std::collections::BTreeMap;

use chrono::{NaiveDateTime, TimeDelta};

use super::PART;
use crate::consent::{self, Refusal};
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};

/// A transaction may commit so long after the moment that it wrote down.
const OVERLAP: TimeDelta = TimeDelta::hours(1);

/// How far a log follows what was taken back.
#[derive(Debug, Default)]
pub(super) struct Ended {
    /// What ended before is written.
    since: NaiveDateTime,
    /// What is written of what ended since: id, and when it ended.
    written: BTreeMap<i64, NaiveDateTime>,
}

impl Ended {
    /// Goes on behind what a log says.
    pub(super) fn behind(refusals: &[Refusal]) -> Self {
        let ended = refusals
            .iter()
            .filter_map(|one| Some((one.id, one.withdrawn_at?)));
        let mut found = Self {
            since: NaiveDateTime::default(),
            written: ended.collect(),
        };
        if let Some(last) = found.written.values().max().copied() {
            found.is_written_before(last);
        }
        found
    }

    /// Appends what is new. Where as many ended as are written, nothing is.
    pub(super) fn append_new(
        &mut self,
        db: &Db,
        mut append: impl FnMut(Vec<Refusal>) -> AppResult<()>,
    ) -> AppResult<()> {
        let since = self.since;
        let (now, ended) = db.read_blocking(|conn| {
            let now = clock::now(conn)?;
            Ok::<_, AppError>((now, consent::count_ended(conn, since)?))
        })?;
        if usize::try_from(ended).unwrap_or_default() != self.written.len() {
            let mut place = (since, 0);
            loop {
                let part = db.read_blocking(|conn| consent::ended_after(conn, place, PART))?;
                let Some(last) = part.last() else {
                    break;
                };
                place = (last.withdrawn_at.unwrap_or(place.0), last.id);
                let is_new = |one: &Refusal| !self.written.contains_key(&one.id);
                let part: Vec<Refusal> = part.into_iter().filter(is_new).collect();
                let ended = part
                    .iter()
                    .filter_map(|one| Some((one.id, one.withdrawn_at?)));
                let ended: Vec<_> = ended.collect();
                if !ended.is_empty() {
                    append(part)?;
                    self.written.extend(ended);
                }
            }
        }
        self.is_written_before(now);
        Ok(())
    }

    /// Nothing is committed any more that ended an hour before this moment.
    fn is_written_before(&mut self, moment: NaiveDateTime) {
        let since = self.since.max(moment - OVERLAP);
        self.since = since;
        self.written.retain(|_, at| *at >= since);
    }
}
