//! The pool: when a company that nobody looks after leaves its rep, and who may take one out.

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::numbers::{Number, Numbers};
use crate::codes;
use crate::platform::settings::Setting;
use crate::qualifying::Grade;

/// The limits of ownership; editable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PoolRules {
    /// Days without activity until an A falls into the pool.
    pub idle_a: u16,
    /// The same for B.
    pub idle_b: u16,
    /// The same for C and whatever else is owned.
    pub idle_c: u16,
    /// The rep is told so many days before.
    pub notice_days: u16,
    /// Claims a rep may make a day.
    pub claims_a_day: i64,
    /// Companies a rep may have.
    pub cap: i64,
    /// Of these, with grade A.
    pub cap_a: i64,
    /// Days until a rep may take the own former one again.
    pub not_again_days: u16,
    /// Days a registration protects.
    pub protect_days: u16,
}

impl Default for PoolRules {
    fn default() -> Self {
        Self {
            idle_a: 14,
            idle_b: 30,
            idle_c: 60,
            notice_days: 3,
            claims_a_day: 10,
            cap: 120,
            cap_a: 12,
            not_again_days: 30,
            protect_days: 90,
        }
    }
}

impl Setting for PoolRules {
    const KIND: &'static str = "pool";
}

impl Numbers for PoolRules {
    #[rustfmt::skip] // one number a line, read as a table
    const NUMBERS: &'static [Number<Self>] = &[
        Number { name: "idle_a", unit: "days", least: 1, most: 3650, read: |r| r.idle_a.into(), write: |r, n| r.idle_a = n as u16 },
        Number { name: "idle_b", unit: "days", least: 1, most: 3650, read: |r| r.idle_b.into(), write: |r, n| r.idle_b = n as u16 },
        Number { name: "idle_c", unit: "days", least: 1, most: 3650, read: |r| r.idle_c.into(), write: |r, n| r.idle_c = n as u16 },
        Number { name: "notice_days", unit: "days", least: 0, most: 365, read: |r| r.notice_days.into(), write: |r, n| r.notice_days = n as u16 },
        Number { name: "claims_a_day", unit: "companies", least: 0, most: 1000, read: |r| r.claims_a_day, write: |r, n| r.claims_a_day = n },
        Number { name: "cap", unit: "companies", least: 1, most: 100_000, read: |r| r.cap, write: |r, n| r.cap = n },
        Number { name: "cap_a", unit: "companies", least: 0, most: 100_000, read: |r| r.cap_a, write: |r, n| r.cap_a = n },
        Number { name: "not_again_days", unit: "days", least: 0, most: 3650, read: |r| r.not_again_days.into(), write: |r, n| r.not_again_days = n as u16 },
        Number { name: "protect_days", unit: "days", least: 1, most: 3650, read: |r| r.protect_days.into(), write: |r, n| r.protect_days = n as u16 },
    ];

    fn agree(&self) -> Result<(), &'static str> {
        if self.cap_a > self.cap {
            return Err("pool_more_a_than_all");
        }
        let soonest = self.idle_a.min(self.idle_b).min(self.idle_c);
        if self.notice_days >= soonest {
            return Err("pool_notice_too_early");
        }
        Ok(())
    }
}

/// An owned company as the pool sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owned {
    /// Its grade.
    pub grade: Option<Grade>,
    /// The day of the last contact that arrived, or on which the rep got it.
    pub active_on: NaiveDate,
    /// An open quotation or a protected registration: it stays.
    pub is_locked: bool,
    /// Signed: a customer is nobody's to lose.
    pub is_customer: bool,
}

/// What idleness does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idle {
    /// Nothing yet, or never.
    Stays,
    /// It will fall on the day; the rep is told.
    Soon(NaiveDate),
    /// It falls today.
    Falls,
}

impl PoolRules {
    /// Days without activity that a grade may have.
    pub fn idle_days(&self, grade: Option<Grade>) -> u16 {
        match grade {
            Some(Grade::A) => self.idle_a,
            Some(Grade::B) => self.idle_b,
            _ => self.idle_c,
        }
    }

    /// The day on which it falls, unless something happens.
    pub fn falls_on(&self, owned: &Owned) -> Option<NaiveDate> {
        let days = i64::from(self.idle_days(owned.grade));
        (!owned.is_locked && !owned.is_customer).then(|| owned.active_on + TimeDelta::days(days))
    }

    /// What is due on a day.
    pub fn idle(&self, owned: &Owned, today: NaiveDate) -> Idle {
        match self.falls_on(owned) {
            None => Idle::Stays,
            Some(day) if day <= today => Idle::Falls,
            Some(day) if day <= today + TimeDelta::days(i64::from(self.notice_days)) => {
                Idle::Soon(day)
            }
            Some(_) => Idle::Stays,
        }
    }

    /// Why a rep may not claim, the first that holds.
    pub fn may_claim(&self, claim: &Claim) -> Result<(), ClaimFault> {
        let again = claim
            .left_on
            .map(|day| day + TimeDelta::days(i64::from(self.not_again_days)));
        if !claim.is_in_pool {
            Err(ClaimFault::NotInPool)
        } else if claim.claimed_today >= self.claims_a_day {
            Err(ClaimFault::DayIsFull)
        } else if claim.owned >= self.cap {
            Err(ClaimFault::HandsFull)
        } else if claim.is_a && claim.owned_a >= self.cap_a {
            Err(ClaimFault::TooManyA)
        } else if again.is_some_and(|day| claim.today < day) {
            Err(ClaimFault::WasYours)
        } else if claim.is_protected {
            Err(ClaimFault::Protected)
        } else {
            Ok(())
        }
    }
}

/// What a claim is decided on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The day in the office.
    pub today: NaiveDate,
    /// It is in the pool still.
    pub is_in_pool: bool,
    /// It is an A.
    pub is_a: bool,
    /// A registration of somebody else protects it.
    pub is_protected: bool,
    /// Claims of the rep today.
    pub claimed_today: i64,
    /// Companies of the rep.
    pub owned: i64,
    /// Of these, with grade A.
    pub owned_a: i64,
    /// When the rep last lost it.
    pub left_on: Option<NaiveDate>,
}

codes! {
    /// Why a claim is refused; the sentence is `error-<code>`.
    pub enum ClaimFault {
        /// Somebody was faster, or it never was.
        NotInPool = "claim_not_in_pool" => "error-claim-not-in-pool",
        /// The claims of the day are used up.
        DayIsFull = "claim_day_is_full" => "error-claim-day-is-full",
        /// The rep has as many as anybody may have.
        HandsFull = "claim_hands_full" => "error-claim-hands-full",
        /// The rep has as many A as anybody may have.
        TooManyA = "claim_too_many_a" => "error-claim-too-many-a",
        /// The rep had it not long ago.
        WasYours = "claim_was_yours" => "error-claim-was-yours",
        /// Another rep's registration protects it.
        Protected = "claim_protected" => "error-claim-protected",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn claim() -> Claim {
        Claim {
            today: day("2026-09-22"),
            is_in_pool: true,
            is_a: true,
            is_protected: false,
            claimed_today: 9,
            owned: 119,
            owned_a: 11,
            left_on: Some(day("2026-08-23")),
        }
    }

    #[test]
    fn a_company_falls_when_its_days_are_over_and_is_announced_before() {
        let rules = PoolRules::default();
        let owned = |grade, active: &str| Owned {
            grade,
            active_on: day(active),
            is_locked: false,
            is_customer: false,
        };
        let today = day("2026-09-22");
        for (grade, active, idle) in [
            (Some(Grade::A), "2026-09-12", Idle::Stays),
            (Some(Grade::A), "2026-09-11", Idle::Soon(day("2026-09-25"))),
            (Some(Grade::A), "2026-09-08", Idle::Falls),
            (Some(Grade::B), "2026-08-24", Idle::Soon(day("2026-09-23"))),
            (Some(Grade::B), "2026-08-23", Idle::Falls),
            (Some(Grade::C), "2026-07-27", Idle::Soon(day("2026-09-25"))),
            (None, "2026-07-24", Idle::Falls),
        ] {
            assert_eq!(
                rules.idle(&owned(grade, active), today),
                idle,
                "{grade:?} {active}"
            );
        }
        let locked = Owned {
            is_locked: true,
            ..owned(Some(Grade::A), "2026-01-01")
        };
        assert_eq!(rules.idle(&locked, today), Idle::Stays);
    }

    #[test]
    fn numbers_that_contradict_each_other_are_refused() {
        let all = PoolRules {
            cap: 11,
            ..PoolRules::default()
        };
        assert_eq!(all.agree(), Err("pool_more_a_than_all"));
        let early = PoolRules {
            notice_days: 14,
            ..PoolRules::default()
        };
        assert_eq!(early.agree(), Err("pool_notice_too_early"));
    }

    #[test]
    fn the_last_claim_of_each_limit_is_allowed_and_the_next_is_not() {
        let rules = PoolRules::default();
        assert_eq!(rules.may_claim(&claim()), Ok(()));
        for (wrong, fault) in [
            (
                Claim {
                    claimed_today: 10,
                    ..claim()
                },
                ClaimFault::DayIsFull,
            ),
            (
                Claim {
                    owned: 120,
                    ..claim()
                },
                ClaimFault::HandsFull,
            ),
            (
                Claim {
                    owned_a: 12,
                    ..claim()
                },
                ClaimFault::TooManyA,
            ),
            (
                Claim {
                    left_on: Some(day("2026-08-24")),
                    ..claim()
                },
                ClaimFault::WasYours,
            ),
            (
                Claim {
                    is_in_pool: false,
                    ..claim()
                },
                ClaimFault::NotInPool,
            ),
            (
                Claim {
                    is_protected: true,
                    ..claim()
                },
                ClaimFault::Protected,
            ),
        ] {
            assert_eq!(rules.may_claim(&wrong), Err(fault));
        }
        let no_a = Claim {
            is_a: false,
            owned_a: 12,
            ..claim()
        };
        assert_eq!(rules.may_claim(&no_a), Ok(()));
    }
}
