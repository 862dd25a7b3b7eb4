//! The rule sets that selling goes by.

use std::sync::{Arc, LazyLock};

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use crate::calling::actions::{Rulebook, rulebook_and};
use crate::platform::calendar::{Calendar, zone};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::settings::{self, Parsed, Setting, Versioned};
use crate::selling::rules::pool::PoolRules;
use crate::selling::rules::service::ServiceRules;

/// The rule sets in force.
#[derive(Debug, Clone)]
pub struct Book {
    calling: Arc<Rulebook>,
    /// Service times.
    pub service: Arc<ServiceRules>,
    /// Which version of them.
    pub service_version: i32,
    /// Limits of ownership.
    pub pool: Arc<PoolRules>,
}

/// Those of this area, parsed.
#[derive(Debug)]
struct Own {
    service: Versioned<Arc<ServiceRules>>,
    pool: Arc<PoolRules>,
}

static PARSED: LazyLock<Parsed<Own>> = LazyLock::new(Parsed::default);

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

/// Reads the rule sets in force, by one question.
pub fn book(conn: &mut Conn) -> AppResult<Book> {
    let (calling, stored) = rulebook_and(conn, &[ServiceRules::KIND, PoolRules::KIND])?;
    let own = PARSED.of(&stored, || {
        let service = settings::of::<ServiceRules>(&stored)?;
        Ok(Own {
            service: Versioned {
                version: service.version,
                value: Arc::new(service.value),
            },
            pool: Arc::new(settings::of::<PoolRules>(&stored)?.value),
        })
    })?;
    Ok(Book {
        calling,
        service: own.service.value.clone(),
        service_version: own.service.version,
        pool: own.pool.clone(),
    })
}
