//! What a month holds: how many companies a rep visits, maintains and opens, and how many days that takes.

use serde::{Deserialize, Serialize};

use super::numbers::{Number, Numbers, TENTHS};
use crate::codes;
use crate::platform::settings::Setting;

codes! {
    /// On what the days of a rep go.
    pub enum Work {
        /// Visits to A.
        VisitA = "visit_a" => "work-visit-a",
        /// Looking after B.
        MaintainB = "maintain_b" => "work-maintain-b",
        /// Looking after C.
        MaintainC = "maintain_c" => "work-maintain-c",
        /// Opening new ones.
        Open = "open" => "work-open",
        /// Everything inside the house.
        Internal = "internal" => "work-internal",
    }
}

/// The plan of one kind of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Companies a month; 0 where none are counted.
    pub companies: i64,
    /// Tenths of a day a month.
    pub tenths: i64,
}

/// The plan of a month; editable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CapacityRules {
    /// Working days of a full month.
    pub days: i64,
    /// Visits to A.
    pub visit_a: Plan,
    /// Looking after B.
    pub maintain_b: Plan,
    /// Looking after C.
    pub maintain_c: Plan,
    /// Opening new ones.
    pub open: Plan,
    /// Inside the house.
    pub internal: Plan,
}

impl Default for CapacityRules {
    fn default() -> Self {
        let plan = |companies, tenths| Plan { companies, tenths };
        Self {
            days: 22,
            visit_a: plan(8, 80),
            maintain_b: plan(12, 51),
            maintain_c: plan(20, 31),
            open: plan(10, 35),
            internal: plan(0, 20),
        }
    }
}

impl Setting for CapacityRules {
    const KIND: &'static str = "capacity";
}

impl Numbers for CapacityRules {
    #[rustfmt::skip] // one number a line, read as a table
    const NUMBERS: &'static [Number<Self>] = &[
        Number { name: "visit_a", unit: "companies", least: 0, most: 500, read: |r| r.visit_a.companies, write: |r, n| r.visit_a.companies = n },
        Number { name: "visit_a_days", unit: TENTHS, least: 0, most: 310, read: |r| r.visit_a.tenths, write: |r, n| r.visit_a.tenths = n },
        Number { name: "maintain_b", unit: "companies", least: 0, most: 500, read: |r| r.maintain_b.companies, write: |r, n| r.maintain_b.companies = n },
        Number { name: "maintain_b_days", unit: TENTHS, least: 0, most: 310, read: |r| r.maintain_b.tenths, write: |r, n| r.maintain_b.tenths = n },
        Number { name: "maintain_c", unit: "companies", least: 0, most: 500, read: |r| r.maintain_c.companies, write: |r, n| r.maintain_c.companies = n },
        Number { name: "maintain_c_days", unit: TENTHS, least: 0, most: 310, read: |r| r.maintain_c.tenths, write: |r, n| r.maintain_c.tenths = n },
        Number { name: "open", unit: "companies", least: 0, most: 500, read: |r| r.open.companies, write: |r, n| r.open.companies = n },
        Number { name: "open_days", unit: TENTHS, least: 0, most: 310, read: |r| r.open.tenths, write: |r, n| r.open.tenths = n },
        Number { name: "internal_days", unit: TENTHS, least: 0, most: 310, read: |r| r.internal.tenths, write: |r, n| r.internal.tenths = n },
        Number { name: "month_days", unit: "days", least: 1, most: 31, read: |r| r.days, write: |r, n| r.days = n },
    ];
}

/// How far a kind of work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Which.
    pub work: Work,
    /// Companies done; tenths of a day where no companies are counted.
    pub done: i64,
    /// As many planned.
    pub planned: i64,
    /// Tenths of a day that the done ones took.
    pub tenths: i64,
    /// As many should be done by today.
    pub due: i64,
}

impl Progress {
    /// Hundredths of the plan that are done, 100 at most.
    pub fn percent(&self) -> i64 {
        (self.done * 100 / self.planned.max(1)).min(100)
    }
    /// How much is missing of what should be done by today.
    pub fn behind(&self) -> i64 {
        (self.due - self.done).max(0)
    }
    /// Work inside the house is counted in time, all other in companies.
    pub fn is_in_days(&self) -> bool {
        self.work == Work::Internal
    }
}

impl CapacityRules {
    fn plan(&self, work: Work) -> Plan {
        match work {
            Work::VisitA => self.visit_a,
            Work::MaintainB => self.maintain_b,
            Work::MaintainC => self.maintain_c,
            Work::Open => self.open,
            Work::Internal => self.internal,
        }
    }

    /// Tenths of a day that all plans take together.
    pub fn total_tenths(&self) -> i64 {
        Work::ALL.iter().map(|w| self.plan(*w).tenths).sum()
    }

    /// How far each planned kind of work is, after `day` of `days` working days of the month. The plan is for a full
    /// month; a shorter one holds as much less.
    pub fn progress(&self, done: &[(Work, i64)], day: i64, days: i64) -> Vec<Progress> {
        let full = self.days.max(1);
        let work = |work: &Work| {
            let plan = self.plan(*work);
            let done = done.iter().find(|(w, _)| w == work).map_or(0, |(_, n)| *n);
            let (whole, tenths) = match work {
                Work::Internal => (plan.tenths, done),
                _ => (plan.companies, plan.tenths * done / plan.companies.max(1)),
            };
            let planned = (whole * days + full / 2) / full;
            Progress {
                work: *work,
                done,
                planned,
                tenths,
                due: planned * day / days.max(1),
            }
        };
        let all = Work::ALL.iter().map(work);
        all.filter(|progress| progress.planned > 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_fills_the_month() {
        let rules = CapacityRules::default();
        let over = rules.total_tenths() - rules.days * 10;
        assert!(over.abs() <= 5, "{over}");
    }

    #[test]
    fn what_is_done_is_set_against_what_should_be() {
        let rules = CapacityRules::default();
        let done = [(Work::VisitA, 5), (Work::Open, 4), (Work::Internal, 15)];
        let progress = rules.progress(&done, 16, 22);
        assert_eq!(progress.len(), 5);
        assert_eq!(
            (progress[0].done, progress[0].due, progress[0].tenths),
            (5, 5, 50)
        );
        assert_eq!(progress[0].percent(), 62);
        assert_eq!((progress[0].behind(), progress[1].behind()), (0, 8));
        assert_eq!((progress[3].due, progress[3].tenths), (7, 14));
        let internal = progress[4];
        assert!(internal.is_in_days());
        assert_eq!(
            (internal.done, internal.planned, internal.due),
            (15, 20, 14)
        );
    }

    #[test]
    fn a_shorter_month_holds_less_and_what_is_not_planned_is_not_shown() {
        let rules = CapacityRules {
            maintain_c: Plan {
                companies: 0,
                tenths: 0,
            },
            ..CapacityRules::default()
        };
        let planned: Vec<i64> = rules
            .progress(&[], 0, 17)
            .iter()
            .map(|p| p.planned)
            .collect();
        assert_eq!(planned, [6, 9, 8, 15]);
    }
}
