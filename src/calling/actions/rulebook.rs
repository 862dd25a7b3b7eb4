//! Every rule set that calling goes by, read with one query and parsed once for as long as nobody edits it.

use std::sync::{Arc, LazyLock};

use chrono::NaiveDateTime;

use crate::calling::queries;
use crate::calling::rules::CallingRules;
use crate::consent::rules::grounds::GroundTable;
use crate::platform::calendar::{CalendarSettings, Calendars};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::office::Office;
use crate::platform::settings::{self, Parsed, Setting, Stored};
use crate::qualifying::actions::GradingBook;
use crate::qualifying::rules::GradeRules;
use crate::qualifying::rules::lists::Needs;

/// The rule sets in force, each at its newest version.
#[derive(Debug, Clone, Default)]
pub struct Rulebook {
    /// Where the office is.
    pub office: Office,
    /// Hours and holidays everywhere.
    pub calendars: Calendars,
    /// On what ground somebody may be called.
    pub grounds: GroundTable,
    /// Limits, retries, times of a lease.
    pub calling: CallingRules,
    /// Which version of them.
    pub calling_version: i32,
    /// How a grade follows, and when it grows old.
    pub grading: GradingBook,
}

static PARSED: LazyLock<Parsed<Rulebook>> = LazyLock::new(Parsed::default);

const KINDS: [&str; 6] = [
    Office::KIND,
    CalendarSettings::KIND,
    GroundTable::KIND,
    CallingRules::KIND,
    GradeRules::KIND,
    Needs::KIND,
];

/// The rule sets in force.
pub fn rulebook(conn: &mut Conn) -> AppResult<Arc<Rulebook>> {
    Ok(now_and_rules(conn)?.1)
}

/// Now, and the rule sets in force, by one question.
pub fn now_and_rules(conn: &mut Conn) -> AppResult<(NaiveDateTime, Arc<Rulebook>)> {
    let (now, stored) = queries::now_and_settings(conn, &KINDS)?;
    Ok((now, book_of(&stored)?))
}

/// The rule sets in force, and those of another area, by one question.
pub fn rulebook_and(conn: &mut Conn, more: &[&str]) -> AppResult<(Arc<Rulebook>, Vec<Stored>)> {
    let kinds: Vec<&str> = KINDS.iter().chain(more).copied().collect();
    let (_, stored) = queries::now_and_settings(conn, &kinds)?;
    let is_ours = |(kind, ..): &Stored| KINDS.contains(&kind.as_str());
    let (ours, others): (Vec<_>, Vec<_>) = stored.into_iter().partition(is_ours);
    Ok((book_of(&ours)?, others))
}

fn book_of(stored: &[Stored]) -> AppResult<Arc<Rulebook>> {
    PARSED.of(stored, || parse(stored))
}

fn parse(stored: &[Stored]) -> AppResult<Rulebook> {
    let office = settings::of::<Office>(stored)?.value;
    let calendars = settings::of::<CalendarSettings>(stored)?.value;
    let calling = settings::of::<CallingRules>(stored)?;
    let grades = settings::of::<GradeRules>(stored)?;
    Ok(Rulebook {
        calendars: Calendars::new(&office, &calendars),
        grounds: settings::of::<GroundTable>(stored)?.value,
        calling: calling.value,
        calling_version: calling.version,
        grading: GradingBook {
            rules: grades.value,
            version: grades.version,
            needs: settings::of::<Needs>(stored)?.value,
            zone: office.tz(),
        },
        office,
    })
}
