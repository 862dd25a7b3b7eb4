//! How often a number and a company may be dialled. A limit defers, it never drops; only the dials of one campaign end it.

use chrono::{NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::platform::calendar::zone;
use crate::platform::sentence::Sentence;

/// The limits over all campaigns together; editable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Dials of a number and extension a day.
    pub number_a_day: u32,
    /// Dials of a number in so many days.
    pub number_in_days: Quota,
    /// Minutes between two dials of a number.
    pub number_gap_minutes: u32,
    /// Dials of a company a day.
    pub company_a_day: u32,
    /// Dials of a company in so many days.
    pub company_in_days: Quota,
    /// Dials of an entry in its campaign, after which it is exhausted.
    pub in_campaign: u32,
}

/// So many in so many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// How many.
    pub dials: u32,
    /// In how many days.
    pub days: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            number_a_day: 2,
            number_in_days: Quota { dials: 3, days: 7 },
            number_gap_minutes: 30,
            company_a_day: 3,
            company_in_days: Quota { dials: 8, days: 30 },
            in_campaign: 6,
        }
    }
}

impl Limits {
    /// Whether every limit lets somebody be called at all, and none lets them be called without end.
    pub fn is_valid(&self) -> bool {
        let quota =
            |quota: Quota| (1..=100).contains(&quota.dials) && (1..=365).contains(&quota.days);
        (1..=20).contains(&self.number_a_day)
            && (1..=50).contains(&self.company_a_day)
            && (1..=50).contains(&self.in_campaign)
            && (1..=24 * 60).contains(&self.number_gap_minutes)
            && quota(self.number_in_days)
            && quota(self.company_in_days)
    }
}

/// Every dial that counts: rung by our choice, also when its result was undone.
#[derive(Debug, Clone, Copy, Default)]
pub struct Dials<'a> {
    /// Of the number with its extension; the last 7 days are enough.
    pub number: &'a [NaiveDateTime],
    /// Of every company under the root; the last 30 days are enough.
    pub company: &'a [NaiveDateTime],
    /// Of the entry in its campaign.
    pub in_campaign: u32,
}

/// Which limit holds a call back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "limit", rename_all = "snake_case")]
pub enum LimitReason {
    /// The number was dialled a moment ago.
    NumberGap {
        /// Minutes between two dials.
        minutes: u32,
    },
    /// The number has had its dials of the day.
    NumberDay {
        /// How many.
        dials: u32,
    },
    /// The number has had its dials of the week.
    NumberDays {
        /// How many.
        dials: u32,
        /// In how many days.
        days: u32,
    },
    /// The company has had its dials of the day.
    CompanyDay {
        /// How many.
        dials: u32,
    },
    /// The company has had its dials of the month.
    CompanyDays {
        /// How many.
        dials: u32,
        /// In how many days.
        days: u32,
    },
}

impl LimitReason {
    /// The sentence that says it.
    pub fn sentence(self) -> Sentence {
        match self {
            Self::NumberGap { minutes } => {
                Sentence::of("calling-limit-number-gap").with("minutes", minutes)
            }
            Self::NumberDay { dials } => {
                Sentence::of("calling-limit-number-day").with("dials", dials)
            }
            Self::NumberDays { dials, days } => Sentence::of("calling-limit-number-days")
                .with("dials", dials)
                .with("days", days),
            Self::CompanyDay { dials } => {
                Sentence::of("calling-limit-company-day").with("dials", dials)
            }
            Self::CompanyDays { dials, days } => Sentence::of("calling-limit-company-days")
                .with("dials", dials)
                .with("days", days),
        }
    }
}

/// Whether a dial is permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// At the moment asked for.
    Now,
    /// Not before this moment, because of this limit.
    From {
        /// The earliest moment.
        at: NaiveDateTime,
        /// The limit that holds longest.
        because: LimitReason,
    },
    /// No more in this campaign.
    Exhausted {
        /// How many there were.
        dials: u32,
    },
}

/// The earliest moment from `at` on at which the limits permit a dial. Days are those of the office's zone.
pub fn permit(at: NaiveDateTime, dials: &Dials<'_>, limits: &Limits, office: Tz) -> Permit {
    if dials.in_campaign >= limits.in_campaign {
        return Permit::Exhausted {
            dials: dials.in_campaign,
        };
    }
    let (mut earliest, mut because) = (at, None);
    // Each lift moves past one limit; another may hold there, so they are asked until none does.
    while let Some((lift, reason)) = longest(earliest, dials, limits, office) {
        (earliest, because) = (lift, Some(reason));
    }
    because.map_or(Permit::Now, |because| Permit::From {
        at: earliest,
        because,
    })
}

fn longest(
    at: NaiveDateTime,
    dials: &Dials<'_>,
    limits: &Limits,
    office: Tz,
) -> Option<(NaiveDateTime, LimitReason)> {
    let gap = TimeDelta::minutes(i64::from(limits.number_gap_minutes));
    let (week, month) = (limits.number_in_days, limits.company_in_days);
    let number = |reason| move |lift| (lift, reason);
    [
        dials
            .number
            .iter()
            .max()
            .map(|last| *last + gap)
            .map(number(LimitReason::NumberGap {
                minutes: limits.number_gap_minutes,
            })),
        day_lift(at, dials.number, limits.number_a_day, office).map(number(
            LimitReason::NumberDay {
                dials: limits.number_a_day,
            },
        )),
        window_lift(dials.number, week, office).map(number(LimitReason::NumberDays {
            dials: week.dials,
            days: week.days,
        })),
        day_lift(at, dials.company, limits.company_a_day, office).map(number(
            LimitReason::CompanyDay {
                dials: limits.company_a_day,
            },
        )),
        window_lift(dials.company, month, office).map(number(LimitReason::CompanyDays {
            dials: month.dials,
            days: month.days,
        })),
    ]
    .into_iter()
    .flatten()
    .filter(|(lift, _)| *lift > at)
    .max_by_key(|(lift, _)| *lift)
}

/// The beginning of the next day, if the day of `at` has had its dials.
fn day_lift(
    at: NaiveDateTime,
    dials: &[NaiveDateTime],
    most: u32,
    office: Tz,
) -> Option<NaiveDateTime> {
    let day = zone::local_date(office, at);
    let count = dials
        .iter()
        .filter(|dial| zone::local_date(office, **dial) == day)
        .count();
    (count >= most as usize).then(|| zone::day_start(office, day.succ_opt().unwrap_or(day)))
}

/// The moment at which the oldest of the last dials of the quota leaves the window, at its own time of day.
fn window_lift(dials: &[NaiveDateTime], quota: Quota, office: Tz) -> Option<NaiveDateTime> {
    let mut newest_first = dials.to_vec();
    newest_first.sort_unstable_by_key(|dial| std::cmp::Reverse(*dial));
    let oldest_counted = newest_first.get((quota.dials as usize).checked_sub(1)?)?;
    Some(zone::add_days(
        office,
        *oldest_counted,
        i64::from(quota.days),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Shanghai;
    use proptest::prelude::*;

    fn sh(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap() - TimeDelta::hours(8)
    }

    fn instants(texts: &[&str]) -> Vec<NaiveDateTime> {
        texts.iter().map(|text| sh(text)).collect()
    }

    fn ask(at: &str, number: &[&str], company: &[&str], in_campaign: u32) -> Permit {
        let (number, company) = (instants(number), instants(company));
        permit(
            sh(at),
            &Dials {
                number: &number,
                company: &company,
                in_campaign,
            },
            &Limits::default(),
            Shanghai,
        )
    }

    #[test]
    fn limits_defer_to_the_moment_they_lift() {
        let from = |at: &str, because| Permit::From {
            at: sh(at),
            because,
        };
        let gap = LimitReason::NumberGap { minutes: 30 };
        let day = LimitReason::NumberDay { dials: 2 };
        let week = LimitReason::NumberDays { dials: 3, days: 7 };
        let company_day = LimitReason::CompanyDay { dials: 3 };
        let company_month = LimitReason::CompanyDays { dials: 8, days: 30 };
        let month: Vec<String> = (1..=8)
            .map(|day| format!("2026-09-{day:02} 10:00"))
            .collect();
        let month: Vec<&str> = month.iter().map(String::as_str).collect();
        for (at, number, company, permitted) in [
            ("2026-09-21 09:10", &[][..], &[][..], Permit::Now),
            // busy Monday 9:10 → 9:40 → Tuesday → next Monday 9:10
            (
                "2026-09-21 09:10",
                &["2026-09-21 09:10"],
                &[],
                from("2026-09-21 09:40", gap),
            ),
            ("2026-09-21 09:40", &["2026-09-21 09:10"], &[], Permit::Now),
            (
                "2026-09-21 10:10",
                &["2026-09-21 09:10", "2026-09-21 09:40"],
                &[],
                from("2026-09-22 00:00", day),
            ),
            (
                "2026-09-22 09:00",
                &["2026-09-21 09:10", "2026-09-21 09:40", "2026-09-22 09:00"],
                &[],
                from("2026-09-28 09:10", week),
            ),
            (
                "2026-09-28 09:10",
                &["2026-09-21 09:10", "2026-09-21 09:40", "2026-09-22 09:00"],
                &[],
                Permit::Now,
            ),
            (
                "2026-09-21 16:00",
                &[],
                &["2026-09-21 09:10", "2026-09-21 11:00", "2026-09-21 15:00"],
                from("2026-09-22 00:00", company_day),
            ),
            (
                "2026-09-10 10:00",
                &[],
                &month,
                from("2026-10-01 10:00", company_month),
            ),
            // two limits: the one that holds longer is named
            (
                "2026-09-21 09:45",
                &["2026-09-21 09:30", "2026-09-21 08:50"],
                &[],
                from("2026-09-22 00:00", day),
            ),
        ] {
            assert_eq!(ask(at, number, company, 0), permitted, "{at}");
        }
    }

    #[test]
    fn a_day_is_the_office_s_day() {
        // 23:50 and 00:10 in Shanghai are one UTC day and two days of the office.
        let dials = ["2026-09-20 23:30", "2026-09-20 22:00"];
        assert_eq!(ask("2026-09-21 00:10", &dials, &[], 0), Permit::Now);
    }

    #[test]
    fn six_dials_exhaust_an_entry() {
        assert_eq!(ask("2026-09-21 09:10", &[], &[], 5), Permit::Now);
        assert_eq!(
            ask("2026-09-21 09:10", &[], &[], 6),
            Permit::Exhausted { dials: 6 }
        );
    }

    proptest! {
        #[test]
        fn what_is_permitted_breaks_no_limit(
            offsets in proptest::collection::vec(0i64..60 * 24 * 20, 0..8),
            others in proptest::collection::vec(0i64..60 * 24 * 40, 0..10),
        ) {
            let start = sh("2026-08-01 09:00");
            let mut number: Vec<NaiveDateTime> = offsets.iter().map(|m| start + TimeDelta::minutes(*m)).collect();
            number.sort();
            let company: Vec<NaiveDateTime> = others.iter().map(|m| start + TimeDelta::minutes(*m)).chain(number.iter().copied()).collect();
            let at = company.iter().max().copied().unwrap_or(start);
            let dials = Dials { number: &number, company: &company, in_campaign: 0 };
            let limits = Limits::default();
            let moment = match permit(at, &dials, &limits, Shanghai) { Permit::Now => at, Permit::From { at, .. } => at, Permit::Exhausted { .. } => unreachable!() };
            prop_assert!(moment >= at);
            prop_assert_eq!(permit(moment, &dials, &limits, Shanghai), Permit::Now);
            let day = |t: &NaiveDateTime| zone::local_date(Shanghai, *t) == zone::local_date(Shanghai, moment);
            prop_assert!(number.iter().filter(|t| day(t)).count() < 2);
            prop_assert!(company.iter().filter(|t| day(t)).count() < 3);
            prop_assert!(number.iter().filter(|t| moment - **t < TimeDelta::days(7)).count() < 3);
            prop_assert!(company.iter().filter(|t| moment - **t < TimeDelta::days(30)).count() < 8);
            prop_assert!(number.iter().all(|t| moment - *t >= TimeDelta::minutes(30)));
            if moment > at {
                let earlier = moment - TimeDelta::minutes(1);
                prop_assert_ne!(permit(earlier, &dials, &limits, Shanghai), Permit::Now);
            }
        }
    }
}
