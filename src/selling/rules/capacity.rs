//! What a month holds: how many companies a rep visits, maintains and opens, and how many days that takes.

use serde::{Deserialize, Serialize};

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

/// How far a kind of work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Which.
    pub work: Work,
    /// Companies done.
    pub done: i64,
    /// Companies planned.
    pub planned: i64,
    /// Tenths of a day that the done ones took.
    pub tenths: i64,
    /// Companies that should be done by today.
    pub due: i64,
}

impl Progress {
    /// Hundredths of the plan that are done, 100 at most.
    pub fn percent(&self) -> i64 {
        (self.done * 100 / self.planned.max(1)).min(100)
    }
    /// Behind what should be done by today.
    pub fn is_behind(&self) -> bool {
        self.done < self.due
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

    /// The kinds of work that count companies, after `day` of `days` working days of the month.
    pub fn progress(&self, done: &[(Work, i64)], day: i64, days: i64) -> Vec<Progress> {
        let counted = Work::ALL.iter().filter(|w| self.plan(**w).companies > 0);
        counted
            .map(|work| {
                let plan = self.plan(*work);
                let done = done.iter().find(|(w, _)| w == work).map_or(0, |(_, n)| *n);
                Progress {
                    work: *work,
                    done,
                    planned: plan.companies,
                    tenths: plan.tenths * done / plan.companies,
                    due: plan.companies * day / days.max(1),
                }
            })
            .collect()
    }

    /// Tenths of a day that all plans take together.
    pub fn total_tenths(&self) -> i64 {
        Work::ALL.iter().map(|w| self.plan(*w).tenths).sum()
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
        let progress = rules.progress(&[(Work::VisitA, 5), (Work::Open, 4)], 16, 22);
        assert_eq!(progress.len(), 4);
        assert_eq!(
            (progress[0].done, progress[0].due, progress[0].tenths),
            (5, 5, 50)
        );
        assert_eq!(progress[0].percent(), 62);
        assert!(!progress[0].is_behind() && progress[1].is_behind());
        assert_eq!((progress[3].due, progress[3].tenths), (7, 14));
    }
}
