//! Service times: until when an offer is to be accepted and the customer to be spoken with, in working hours of the
//! office.

use chrono::{NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::numbers::{Number, Numbers};
use crate::platform::calendar::Calendar;
use crate::platform::settings::Setting;
use crate::qualifying::Grade;

/// A length of working time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "unit", content = "n", rename_all = "snake_case")]
pub enum Span {
    /// Working hours.
    Hours(u16),
    /// Working days, to the same time of day.
    Days(u16),
}

/// Longest span: a quarter of a year, in whichever unit.
const LONGEST: (u16, u16) = (480, 60);

impl Span {
    /// What somebody typed, if it is neither nothing nor endless.
    pub fn read(n: &str, unit: &str) -> Option<Self> {
        let n: u16 = n.parse().ok()?;
        let (span, most) = match unit {
            "hours" => (Self::Hours(n), LONGEST.0),
            "days" => (Self::Days(n), LONGEST.1),
            _ => return None,
        };
        (1..=most).contains(&n).then_some(span)
    }

    /// How many, and of what.
    pub fn typed(self) -> (u16, &'static str) {
        match self {
            Self::Hours(n) => (n, "hours"),
            Self::Days(n) => (n, "days"),
        }
    }

    /// The moment at which it will have passed.
    pub fn after(self, from: NaiveDateTime, office: &Calendar) -> NaiveDateTime {
        match self {
            Self::Hours(hours) => office.add_working_hours(from, i64::from(hours)),
            // What begins outside of working hours begins with the next one.
            Self::Days(days) => office.add_working_days(
                office.add_working_time(from, TimeDelta::zero()),
                u32::from(days),
            ),
        }
    }
}

/// How long a rep has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceTime {
    /// To accept.
    pub accept: Span,
    /// From then on, to have spoken with the customer.
    pub contact: Span,
}

/// The service times and what follows when they pass; editable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceRules {
    /// Grade A.
    pub a: ServiceTime,
    /// Grade B, and whatever else is handed over.
    pub b: ServiceTime,
    /// First dial to a lead of an event, whatever its grade.
    pub event_first_dial: Span,
    /// After so many hundredths of the time to accept the rep is warned.
    pub warn_percent: u8,
    /// Offers that lapse before the manager decides.
    pub rounds: u8,
    /// Working days on the manager's list before it goes to the pool.
    pub manager_days: u16,
    /// A hand-over needs a record at least so complete.
    pub completeness: i32,
}

impl Default for ServiceRules {
    fn default() -> Self {
        let time = |accept, contact| ServiceTime { accept, contact };
        Self {
            a: time(Span::Hours(4), Span::Hours(24)),
            b: time(Span::Hours(24), Span::Days(3)),
            event_first_dial: Span::Hours(24),
            warn_percent: 80,
            rounds: 2,
            manager_days: 5,
            completeness: 50,
        }
    }
}

impl Setting for ServiceRules {
    const KIND: &'static str = "service";
}

/// A span of the rules: its name and where it lives.
pub type Place = (&'static str, fn(&mut ServiceRules) -> &mut Span);

/// Every span, in the order of the page.
pub const SPANS: [Place; 5] = [
    ("accept_a", |r| &mut r.a.accept),
    ("contact_a", |r| &mut r.a.contact),
    ("accept_b", |r| &mut r.b.accept),
    ("contact_b", |r| &mut r.b.contact),
    ("event_first_dial", |r| &mut r.event_first_dial),
];

impl Numbers for ServiceRules {
    #[rustfmt::skip] // one number a line, read as a table
    const NUMBERS: &'static [Number<Self>] = &[
        Number { name: "warn_percent", unit: "percent", least: 1, most: 99, read: |r| r.warn_percent.into(), write: |r, n| r.warn_percent = n as u8 },
        Number { name: "rounds", unit: "offers", least: 1, most: 10, read: |r| r.rounds.into(), write: |r, n| r.rounds = n as u8 },
        Number { name: "manager_days", unit: "working_days", least: 1, most: 60, read: |r| r.manager_days.into(), write: |r, n| r.manager_days = n as u16 },
        Number { name: "completeness", unit: "points", least: 0, most: 100, read: |r| r.completeness.into(), write: |r, n| r.completeness = n as i32 },
    ];
}

/// The two moments of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// The rep is warned.
    pub warn_at: NaiveDateTime,
    /// It lapses.
    pub due_at: NaiveDateTime,
}

impl ServiceRules {
    fn of(&self, grade: Option<Grade>) -> ServiceTime {
        match grade {
            Some(Grade::A) => self.a,
            _ => self.b,
        }
    }

    /// When an offer that was made at `from` warns and lapses.
    pub fn offer(&self, grade: Option<Grade>, from: NaiveDateTime, office: &Calendar) -> Times {
        let due_at = self.of(grade).accept.after(from, office);
        let part = office.working_time_between(from, due_at) * i32::from(self.warn_percent) / 100;
        Times {
            warn_at: office.add_working_time(from, part).min(due_at),
            due_at,
        }
    }

    /// Until when a rep who accepted at `from` has to have spoken with the customer.
    pub fn contact(
        &self,
        grade: Option<Grade>,
        is_event_lead: bool,
        from: NaiveDateTime,
        office: &Calendar,
    ) -> NaiveDateTime {
        let by = self.of(grade).contact.after(from, office);
        match is_event_lead {
            true => by.min(self.event_first_dial.after(from, office)),
            false => by,
        }
    }

    /// When what lies on the manager's list goes to the pool.
    pub fn manager_until(&self, from: NaiveDateTime, office: &Calendar) -> NaiveDateTime {
        Span::Days(self.manager_days).after(from, office)
    }
}

#[cfg(test)]
mod tests;
