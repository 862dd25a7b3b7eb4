//! Letters that were announced to the server behind those that are under way. Their bodies have not left, so they lie on
//! the desk still, and a word stops them as it stops all others.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::Parcel;

/// A letter waits so long behind a slow one; then whoever is free takes it.
const LATE: Duration = Duration::from_millis(100);

/// One letter at most for each worker.
#[derive(Debug, Default)]
pub(super) struct Ahead(HashMap<usize, (Instant, Parcel)>);

impl Ahead {
    /// The letter that this worker sends next.
    pub(super) fn put(&mut self, worker: usize, parcel: Parcel, now: Instant) -> &Parcel {
        let place = self.0.entry(worker).insert_entry((now, parcel));
        &place.into_mut().1
    }

    /// What this worker announced, else what waits for another one for too long.
    pub(super) fn take(&mut self, worker: usize, now: Instant) -> Option<Parcel> {
        let is_late = |at: Instant| now.saturating_duration_since(at) >= LATE;
        let late = || self.0.iter().find(|(_, (at, _))| is_late(*at));
        let whose = match self.0.contains_key(&worker) {
            true => worker,
            false => *late()?.0,
        };
        self.0.remove(&whose).map(|(_, parcel)| parcel)
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Parcel> {
        self.0.values().map(|(_, parcel)| parcel)
    }

    /// All of them, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Parcel> {
        self.0.values_mut().map(|(_, parcel)| parcel)
    }

    /// Takes out those that are not to leave.
    pub(super) fn withdraw(&mut self, is_wanted: impl Fn(&Parcel) -> bool) -> Vec<Parcel> {
        let out = self.0.extract_if(|_, (_, parcel)| is_wanted(parcel));
        out.map(|(_, (_, parcel))| parcel).collect()
    }
}
