//! Who had what in hand and when, read back from the event table and from the history of leases alone.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use canvass::schema::{company, event, lease};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde_json::Value;

use crate::app::TestApp;

/// One entry in one hand, from the claim to its end. Places are the order of the events, moments are what they say.
#[derive(Debug, Clone)]
struct Hand {
    entry: i64,
    number: Option<i64>,
    root: Option<i64>,
    places: Range<i64>,
    moments: Range<NaiveDateTime>,
}

/// How often something was in two hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeats {
    /// Hands that were looked at.
    pub hands: usize,
    /// Numbers that were in hand for more than one company.
    pub shared_numbers: usize,
    pub entries: usize,
    pub numbers: usize,
    pub companies: usize,
}

impl Repeats {
    pub fn repeats(&self) -> usize {
        self.entries + self.numbers + self.companies
    }

    fn of(hands: &[Hand]) -> Self {
        let mut companies_of: BTreeMap<i64, BTreeSet<Option<i64>>> = BTreeMap::new();
        for hand in hands {
            if let Some(number) = hand.number {
                companies_of.entry(number).or_default().insert(hand.root);
            }
        }
        Self {
            hands: hands.len(),
            shared_numbers: companies_of
                .values()
                .filter(|roots| roots.len() > 1)
                .count(),
            entries: overlaps(hands, |hand| Some(hand.entry)),
            numbers: overlaps(hands, |hand| hand.number),
            companies: overlaps(hands, |hand| hand.root),
        }
    }
}

/// Hands that begin before another of the same key has ended, by the order of events or by their moments.
fn overlaps(hands: &[Hand], key: impl Fn(&Hand) -> Option<i64>) -> usize {
    let mut of_key: BTreeMap<i64, Vec<&Hand>> = BTreeMap::new();
    for hand in hands {
        if let Some(key) = key(hand) {
            of_key.entry(key).or_default().push(hand);
        }
    }
    let of_one = |hands: Vec<&Hand>| {
        let places = meeting(hands.iter().map(|hand| hand.places.clone()).collect());
        let moments = meeting(hands.iter().map(|hand| hand.moments.clone()).collect());
        places.max(moments)
    };
    of_key.into_values().map(of_one).sum()
}

fn meeting<T: Ord + Copy>(mut spans: Vec<Range<T>>) -> usize {
    spans.sort_by_key(|span| (span.start, span.end));
    let mut until = None;
    let mut met = 0;
    for span in spans {
        if until.is_some_and(|until| span.start < until) {
            met += 1;
        }
        until = until.max(Some(span.end));
    }
    met
}

fn roots(app: &TestApp) -> BTreeMap<i64, i64> {
    let pairs: Vec<(i64, i64)> = app.read(|conn| {
        Ok(company::table
            .select((company::id, company::root_id))
            .load(conn)?)
    });
    pairs.into_iter().collect()
}

/// By the event table: from `lease.claimed` to whatever ended the lease.
pub fn in_two_hands(app: &TestApp, campaign: i64) -> Repeats {
    type Told = (
        i64,
        NaiveDateTime,
        String,
        Option<i64>,
        Option<i64>,
        Option<String>,
    );
    let roots = roots(app);
    let told: Vec<Told> = app.read(|conn| {
        Ok(event::table
            .filter(event::campaign_id.eq(campaign))
            .order(event::id)
            .select((
                event::id,
                event::at,
                event::kind,
                event::company_id,
                event::object_id,
                event::data,
            ))
            .load(conn)?)
    });
    let mut open: BTreeMap<i64, Hand> = BTreeMap::new();
    let mut hands = Vec::new();
    for (id, at, kind, company, object, data) in told {
        let data: Value = serde_json::from_str(data.as_deref().unwrap_or("{}")).expect("JSON");
        match kind.as_str() {
            "lease.claimed" => {
                let hand = Hand {
                    entry: data["entry"].as_i64().expect("an entry"),
                    number: data["number"].as_i64(),
                    root: company.map(|id| roots[&id]),
                    places: id..i64::MAX,
                    moments: at..NaiveDateTime::MAX,
                };
                let lease = object.expect("a lease");
                assert!(
                    open.insert(lease, hand).is_none(),
                    "lease {lease} is claimed twice"
                );
            }
            "lease.released"
            | "lease.skipped"
            | "lease.lapsed"
            | "lease.outcome_unknown"
            | "call.recorded" => {
                let lease = data["lease"].as_i64().or(object).expect("a lease");
                let hand = open
                    .remove(&lease)
                    .unwrap_or_else(|| panic!("{kind} of lease {lease}, which nobody has"));
                hands.push(Hand {
                    places: hand.places.start..id,
                    moments: hand.moments.start..at,
                    ..hand
                });
            }
            _ => {}
        }
    }
    hands.extend(open.into_values());
    Repeats::of(&hands)
}

/// By the history of leases: from `claimed_at` to `ended_at`.
pub fn in_two_hands_by_lease(app: &TestApp, campaign: i64) -> Repeats {
    type Kept = (
        i64,
        Option<i64>,
        Option<i64>,
        NaiveDateTime,
        Option<NaiveDateTime>,
    );
    let roots = roots(app);
    let kept: Vec<Kept> = app.read(|conn| {
        Ok(lease::table
            .filter(lease::campaign_id.eq(campaign))
            .select((
                lease::entry_id,
                lease::number_key,
                lease::company_id,
                lease::claimed_at,
                lease::ended_at,
            ))
            .load(conn)?)
    });
    let hands: Vec<Hand> = kept
        .into_iter()
        .map(|(entry, number, company, from, to)| Hand {
            entry,
            number,
            root: company.map(|id| roots[&id]),
            places: 0..0,
            moments: from..to.unwrap_or(NaiveDateTime::MAX),
        })
        .collect();
    Repeats::of(&hands)
}
