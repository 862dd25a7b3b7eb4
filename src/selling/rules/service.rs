//! Service times: until when an offer is to be accepted and the customer to be spoken with, in working hours of the
//! office.

use chrono::{NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

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

impl Span {
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
