//! The log of refusals beside the database: what was refused after a back-up is known even where the database is lost.
//!
//! A line of JSON each, appended by id. It is written whole again where the database knows less than the log: it was
//! restored meanwhile.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::consent::{self, Refusal};
use crate::platform::clock;
use crate::platform::clockwork::repeat;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::secret::random_token;
use crate::platform::settings::{self, Setting};

const EVERY: Duration = Duration::from_secs(1);
/// Lines of one look.
const PART: i64 = 2_000;

/// Which office's data this is: ids mean the same persons in every copy of it, and nobody in another one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    id: String,
}

impl Setting for Identity {
    const KIND: &'static str = "identity";
}

/// The identity of this database; empty where it has none yet.
pub fn identity(conn: &mut Conn) -> AppResult<String> {
    Ok(settings::load::<Identity>(conn)?.value.id)
}

/// Gives a database its identity, once.
pub fn identify(db: &Db) -> AppResult<String> {
    let known = db.read_blocking(identity)?;
    if !known.is_empty() {
        return Ok(known);
    }
    db.write_blocking(|conn| {
        let found = settings::load::<Identity>(conn)?;
        if !found.value.id.is_empty() {
            return Ok(found.value.id);
        }
        let now = clock::now(conn)?;
        let made = Identity { id: random_token() };
        settings::save(conn, &made, found.version, None, now)?;
        Ok::<_, AppError>(made.id)
    })
}

/// A line of the log.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Line {
    database: String,
    #[serde(flatten)]
    refusal: Refusal,
}

/// Refusals with the identity of the database they were said to.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Whose ids they carry.
    pub database: String,
    /// In order of ids; a later line of the same id counts.
    pub refusals: Vec<Refusal>,
}

/// What a log says; nothing where there is none. A last line that was cut off is passed over.
pub fn read(file: &Path) -> anyhow::Result<Known> {
    let mut known = Known::default();
    if !file.exists() {
        return Ok(known);
    }
    for line in BufReader::new(fs::File::open(file)?).lines() {
        if let Ok(line) = serde_json::from_str::<Line>(&line?) {
            known.database = line.database;
            known.refusals.retain(|r| r.id != line.refusal.id);
            known.refusals.push(line.refusal);
        }
    }
    Ok(known)
}

/// Every refusal of a database.
pub fn of_database(conn: &mut Conn) -> AppResult<Known> {
    let database = identity(conn)?;
    let (mut refusals, mut after) = (Vec::new(), 0);
    loop {
        let part = consent::refusals_after(conn, after, PART)?;
        let Some(last) = part.last() else { break };
        after = last.id;
        refusals.extend(part);
    }
    Ok(Known { database, refusals })
}

/// Writes a log anew, whole or not at all.
pub fn rewrite(db: &Db, file: &Path) -> AppResult<()> {
    let known = db.read_blocking(of_database)?;
    let half = PathBuf::from(format!("{}.part", file.display()));
    let write = || -> anyhow::Result<()> {
        let mut out = private(&half, true)?;
        for refusal in known.refusals {
            let database = known.database.clone();
            writeln!(
                out,
                "{}",
                serde_json::to_string(&Line { database, refusal })?
            )?;
        }
        out.sync_all()?;
        fs::rename(&half, file)?;
        Ok(())
    };
    Ok(write()?)
}

fn private(file: &Path, anew: bool) -> std::io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options
        .create(true)
        .write(true)
        .truncate(anew)
        .append(!anew);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Appends what is new; the id of the last line.
fn append(db: &Db, file: &Path, database: &str, after: i64) -> AppResult<i64> {
    let part = db.read_blocking(|conn| consent::refusals_after(conn, after, PART))?;
    let Some(last) = part.last().map(|refusal| refusal.id) else {
        return Ok(after);
    };
    let write = || -> anyhow::Result<()> {
        let mut out = private(file, false)?;
        for refusal in part {
            let database = database.to_owned();
            writeln!(
                out,
                "{}",
                serde_json::to_string(&Line { database, refusal })?
            )?;
        }
        Ok(out.sync_data()?)
    };
    write()?;
    Ok(last)
}

/// Keeps the log until `stop` is set.
pub fn start(db: &Db, file: PathBuf, stop: &Arc<AtomicBool>) -> JoinHandle<()> {
    let db = db.clone();
    let mut state: Option<(String, i64)> = None;
    repeat("refusal-log", EVERY, stop, move || {
        let (database, after) = match state.take() {
            Some(known) => known,
            None => begin(&db, &file)?,
        };
        let last = append(&db, &file, &database, after)?;
        state = Some((database, last));
        Ok(())
    })
}

/// Where to go on: behind the last line of a log of this database that says no more than it does.
fn begin(db: &Db, file: &Path) -> AppResult<(String, i64)> {
    let database = identify(db)?;
    let known = read(file)?;
    let in_log = known.refusals.iter().map(|r| r.id).max().unwrap_or(0);
    let in_database = db.read_blocking(consent::last_refusal)?;
    if known.database != database || in_log > in_database {
        rewrite(db, file)?;
        return Ok((database, in_database));
    }
    Ok((database, in_log))
}
