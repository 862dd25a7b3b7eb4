//! Every rule set that calling goes by, read with one query and parsed once for as long as nobody edits it.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock, Mutex};

use chrono::NaiveDateTime;

use crate::calling::queries;
use crate::calling::rules::CallingRules;
use crate::consent::rules::grounds::GroundTable;
use crate::platform::calendar::{CalendarSettings, Calendars};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::office::Office;
use crate::platform::settings::Setting;
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

/// Parsed books by what they were parsed from: an edited rule is another text, so nothing here grows stale.
static PARSED: LazyLock<Mutex<HashMap<u64, Arc<Rulebook>>>> = LazyLock::new(Mutex::default);
const MOST_PARSED: usize = 32;

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

fn book_of(stored: &[(String, i32, String)]) -> AppResult<Arc<Rulebook>> {
    let mut hasher = DefaultHasher::new();
    stored.hash(&mut hasher);
    let key = hasher.finish();
    if let Some(book) = PARSED
        .lock()
        .ok()
        .and_then(|books| books.get(&key).cloned())
    {
        return Ok(book);
    }
    let book = Arc::new(parse(stored)?);
    if let Ok(mut books) = PARSED.lock() {
        if books.len() >= MOST_PARSED {
            books.clear();
        }
        books.insert(key, book.clone());
    }
    Ok(book)
}

fn parse(stored: &[(String, i32, String)]) -> AppResult<Rulebook> {
    fn of<T: Setting>(stored: &[(String, i32, String)]) -> AppResult<T> {
        match stored.iter().find(|(kind, _, _)| kind == T::KIND) {
            Some((_, _, body)) => Ok(serde_json::from_str(body)?),
            None => Ok(T::default()),
        }
    }
    let version = |kind: &str| {
        let row = stored.iter().find(|(stored, _, _)| stored == kind);
        row.map_or(0, |(_, version, _)| *version)
    };
    let office: Office = of(stored)?;
    let settings: CalendarSettings = of(stored)?;
    Ok(Rulebook {
        calendars: Calendars::new(&office, &settings),
        grounds: of(stored)?,
        calling: of(stored)?,
        calling_version: version(CallingRules::KIND),
        grading: GradingBook {
            rules: of::<GradeRules>(stored)?,
            version: version(GradeRules::KIND),
            needs: of::<Needs>(stored)?,
            zone: office.tz(),
        },
        office,
    })
}
