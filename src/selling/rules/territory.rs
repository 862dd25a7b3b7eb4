//! Whose company it is: region × industry × size, the most specific territory wins.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::registry::rules::region::{self, PlaceLevel};

/// What of a company decides where it belongs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    /// GB/T 2260 code, or a country.
    pub region: Option<String>,
    /// GB/T 4754 section or division.
    pub industry: Option<String>,
    /// 1–5.
    pub size: Option<i32>,
}

/// What a territory binds; an empty list binds nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Places by code; a province takes its cities in.
    pub regions: Vec<String>,
    /// Sections or divisions; a section takes its divisions in.
    pub industries: Vec<String>,
    /// Size classes 1–5.
    pub sizes: Vec<i32>,
}

/// One territory, as far as the assignment needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Territory {
    /// Id.
    pub id: i64,
    /// The rep.
    pub user_id: i64,
    /// What it binds.
    pub reach: Reach,
}

/// How specific a match is, compared in this order: more dimensions, deeper region, deeper industry, size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Specificity {
    /// Dimensions that are bound.
    pub dimensions: u8,
    /// 1 province or country, 2 prefecture or state of a country, 3 county; 0 unbound.
    pub region: u8,
    /// 1 section, 2 division; 0 unbound.
    pub industry: u8,
    /// 1 bound.
    pub size: u8,
}

impl Reach {
    /// How specifically it takes the spot in; `None` when it does not.
    pub fn takes(&self, spot: &Spot) -> Option<Specificity> {
        let region = depth(&self.regions, spot.region.as_deref(), region_depth)?;
        let industry = depth(&self.industries, spot.industry.as_deref(), industry_depth)?;
        let size = match (self.sizes.is_empty(), spot.size) {
            (true, _) => 0,
            (false, Some(size)) if self.sizes.contains(&size) => 1,
            _ => return None,
        };
        let bound = [&self.regions, &self.industries]
            .iter()
            .filter(|l| !l.is_empty())
            .count() as u8;
        Some(Specificity {
            dimensions: bound + u8::from(!self.sizes.is_empty()),
            region,
            industry,
            size,
        })
    }
}

/// The deepest of the bound codes that takes the value in; 0 when nothing is bound.
fn depth(
    bound: &[String],
    value: Option<&str>,
    of: impl Fn(&str, &str) -> Option<u8>,
) -> Option<u8> {
    if bound.is_empty() {
        return Some(0);
    }
    bound.iter().filter_map(|code| of(code, value?)).max()
}

fn region_depth(code: &str, value: &str) -> Option<u8> {
    let place = region::by_code(code)?;
    value
        .starts_with(place.prefix())
        .then_some(match place.level {
            PlaceLevel::Country | PlaceLevel::Province => 1,
            PlaceLevel::Prefecture | PlaceLevel::State => 2,
            PlaceLevel::County => 3,
        })
}

fn industry_depth(code: &str, value: &str) -> Option<u8> {
    value
        .starts_with(code)
        .then_some(if code.len() == 1 { 1 } else { 2 })
}

/// Who has a spot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cover {
    /// Nobody.
    Gap,
    /// One rep, by the most specific territory.
    One(i64),
    /// Several reps by equally specific territories: the lighter load decides each time.
    Overlap(Vec<i64>),
}

/// Who has a spot when everybody is at work.
pub fn cover(territories: &[Territory], spot: &Spot) -> Cover {
    let taking = territories
        .iter()
        .filter_map(|t| t.reach.takes(spot).map(|how| (how, t.user_id)));
    let taking: Vec<(Specificity, i64)> = taking.collect();
    let Some(best) = taking.iter().map(|(how, _)| *how).max() else {
        return Cover::Gap;
    };
    let reps: BTreeSet<i64> = taking
        .iter()
        .filter(|(how, _)| *how == best)
        .map(|(_, rep)| *rep)
        .collect();
    match reps.first() {
        Some(rep) if reps.len() == 1 => Cover::One(*rep),
        _ => Cover::Overlap(reps.into_iter().collect()),
    }
}

/// Companies of one cell of the matrix, by who has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// Nobody has them.
    pub gap: i64,
    /// Several reps have them.
    pub overlap: i64,
    /// Each rep alone.
    pub reps: std::collections::BTreeMap<i64, i64>,
    /// Who meets in the overlap.
    pub meeting: BTreeSet<i64>,
}

impl Cell {
    /// Counts companies of one spot in.
    pub fn count(&mut self, cover: &Cover, companies: i64) {
        match cover {
            Cover::Gap => self.gap += companies,
            Cover::One(rep) => *self.reps.entry(*rep).or_default() += companies,
            Cover::Overlap(reps) => {
                self.overlap += companies;
                self.meeting.extend(reps);
            }
        }
    }
    /// All of its companies.
    pub fn total(&self) -> i64 {
        self.gap + self.overlap + self.reps.values().sum::<i64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(regions: &[&str], industries: &[&str], sizes: &[i32]) -> Reach {
        let own = |list: &[&str]| list.iter().map(|c| (*c).to_owned()).collect();
        Reach {
            regions: own(regions),
            industries: own(industries),
            sizes: sizes.to_vec(),
        }
    }

    fn spot(region: &str, industry: &str, size: i32) -> Spot {
        let some = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
        Spot {
            region: some(region),
            industry: some(industry),
            size: Some(size).filter(|s| *s > 0),
        }
    }

    #[test]
    fn places_take_in_what_lies_inside_them() {
        for (bound, region, takes) in [
            ("320000", "320583", true),
            ("320500", "320583", true),
            ("320583", "320583", true),
            ("320583", "320500", false),
            ("310000", "320500", false),
            ("US", "US-CA", true),
            ("320500", "", false),
        ] {
            let found = reach(&[bound], &[], &[]).takes(&spot(region, "", 0));
            assert_eq!(found.is_some(), takes, "{bound} {region}");
        }
    }

    #[test]
    fn the_order_of_specificity_is_that_of_the_rule() {
        let at = spot("320583", "C34", 4);
        let rising = [
            reach(&[], &[], &[]),
            reach(&[], &[], &[4]),
            reach(&[], &["C"], &[]),
            reach(&[], &["C34"], &[]),
            reach(&["320000"], &[], &[]),
            reach(&["320500"], &[], &[]),
            reach(&["320583"], &[], &[]),
            reach(&[], &["C"], &[4]),
            reach(&["320000"], &[], &[4]),
            reach(&["320000"], &["C"], &[]),
            reach(&["320000"], &["C34"], &[]),
            reach(&["320500"], &[], &[4]),
            reach(&["320000"], &["C"], &[4]),
            reach(&["320583"], &["C34"], &[4]),
        ];
        for pair in rising.windows(2) {
            let (less, more) = (pair[0].takes(&at), pair[1].takes(&at));
            assert!(less.is_some() && less < more, "{pair:?}");
        }
    }

    #[test]
    fn equal_territories_overlap_and_nothing_is_a_gap() {
        let territory = |id, user_id, reach| Territory { id, user_id, reach };
        let drawn = [
            territory(1, 7, reach(&["320500"], &["C"], &[])),
            territory(2, 8, reach(&["320500"], &["C"], &[])),
            territory(3, 9, reach(&["320000"], &[], &[])),
        ];
        assert_eq!(
            cover(&drawn, &spot("320583", "C34", 3)),
            Cover::Overlap(vec![7, 8])
        );
        assert_eq!(cover(&drawn, &spot("320100", "C34", 3)), Cover::One(9));
        assert_eq!(cover(&drawn, &spot("440100", "C34", 3)), Cover::Gap);
        let mut cell = Cell::default();
        cell.count(&Cover::Gap, 3);
        cell.count(&Cover::One(9), 4);
        cell.count(&Cover::Overlap(vec![7, 8]), 5);
        assert_eq!((cell.total(), cell.gap, cell.overlap), (12, 3, 5));
    }
}
