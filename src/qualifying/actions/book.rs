//! The rule sets that a grade goes by, read once for a piece of work.

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use crate::platform::calendar::zone::{day_start, to_local};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::office::Office;
use crate::platform::settings;
use crate::qualifying::rules::GradeRules;
use crate::qualifying::rules::lists::Needs;

/// The rules in force, with their version.
#[derive(Debug, Clone, Default)]
pub struct GradingBook {
    /// How a grade follows from the evidence.
    pub rules: GradeRules,
    /// Which version of them.
    pub version: i32,
    /// The office's list of needs.
    pub needs: Needs,
    /// The office's zone.
    pub zone: Tz,
}

impl GradingBook {
    /// The office's day.
    pub fn today(&self, now: NaiveDateTime) -> NaiveDate {
        to_local(self.zone, now).date()
    }

    /// When that day began.
    pub(super) fn today_starts(&self, now: NaiveDateTime) -> NaiveDateTime {
        day_start(self.zone, self.today(now))
    }
}

/// Reads the rules in force.
pub fn grading(conn: &mut Conn) -> AppResult<GradingBook> {
    let rules = settings::load::<GradeRules>(conn)?;
    Ok(GradingBook {
        rules: rules.value,
        version: rules.version,
        needs: settings::load::<Needs>(conn)?.value,
        zone: settings::load::<Office>(conn)?.value.tz(),
    })
}
