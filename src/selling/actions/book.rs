//! The rule sets that selling goes by.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use crate::calling::actions::{Rulebook, rulebook};
use crate::platform::calendar::{Calendar, zone};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::settings;
use crate::selling::rules::pool::PoolRules;
use crate::selling::rules::service::ServiceRules;

/// The rule sets in force.
#[derive(Debug, Clone)]
pub struct Book {
    calling: Arc<Rulebook>,
    /// Service times.
    pub service: ServiceRules,
    /// Which version of them.
    pub service_version: i32,
    /// Limits of ownership.
    pub pool: PoolRules,
}

impl Book {
    /// The calendar of the office.
    pub fn office(&self) -> &Calendar {
        self.calling.calendars.office()
    }
    /// The day in the office.
    pub fn today(&self, now: NaiveDateTime) -> NaiveDate {
        self.office().date(now)
    }
    /// When that day began.
    pub fn day_start(&self, now: NaiveDateTime) -> NaiveDateTime {
        zone::day_start(self.office().zone(), self.today(now))
    }
    /// When the day `days` later begins.
    pub fn day_after(&self, now: NaiveDateTime, days: i64) -> NaiveDateTime {
        zone::day_start(
            self.office().zone(),
            self.today(now) + TimeDelta::days(days),
        )
    }
    /// The office's currency.
    pub fn currency(&self) -> &str {
        &self.calling.office.currency
    }
}

/// Reads the rule sets in force.
pub fn book(conn: &mut Conn) -> AppResult<Book> {
    let service = settings::load::<ServiceRules>(conn)?;
    Ok(Book {
        calling: rulebook(conn)?,
        service: service.value,
        service_version: service.version,
        pool: settings::load::<PoolRules>(conn)?.value,
    })
}
