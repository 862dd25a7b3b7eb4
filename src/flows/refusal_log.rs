//! The log of refusals beside the database: what was refused after a back-up is known even where the database is lost.
//!
//! A line of JSON each, appended by id; what is taken back has a second one. Where the database knows less than the log,
//! since somebody put an older copy into its place, what the log says holds again first, and then it is written anew. What
//! another database said stays in it: an empty one may have come into the place of one that was lost and is restored next.
//! Where somebody is erased, the log is written anew without what names them, and says by ids and check values whom an older
//! copy has to erase again.

mod ended;
mod seen;

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::JoinHandle;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use self::ended::Ended;
use self::seen::Seen;
use super::restore::catch_up;
use crate::consent::erased::{erasures, erasures_so_far, without_values};
use crate::consent::{self, Erasure, Refusal};
use crate::platform::clock;
use crate::platform::clockwork::repeat;
use crate::platform::db::{Conn, Db, Horizon, horizon};
use crate::platform::error::{AppError, AppResult};
use crate::platform::private_file;
use crate::platform::secret::random_token;
use crate::platform::settings::{self, Setting};

const EVERY: Duration = Duration::from_secs(1);
/// Ids before the last line that are looked at again when the log is taken up: another process may have seen only some.
const AGAIN: i64 = 10_000;
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

/// A line about somebody who was erased.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct ErasedLine {
    database: String,
    erasure: Erasure,
}

/// Refusals and erasures with the identity of the database they were said to.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Whose ids they carry.
    pub database: String,
    /// In order of ids.
    pub refusals: Vec<Refusal>,
    /// In order of ids.
    pub erasures: Vec<Erasure>,
}

/// What a log says, by database; nothing where there is none. A later line of the same id counts; a line that was cut off
/// is passed over.
pub fn read(file: &Path) -> anyhow::Result<Vec<Known>> {
    let mut found: BTreeMap<String, (BTreeMap<i64, Refusal>, BTreeMap<i64, Erasure>)> =
        BTreeMap::new();
    if !file.exists() {
        return Ok(Vec::new());
    }
    for line in BufReader::new(fs::File::open(file)?).split(b'\n') {
        let line = line?;
        if let Ok(Line { database, refusal }) = serde_json::from_slice(&line) {
            let known = found.entry(database).or_default();
            known.0.insert(refusal.id, refusal);
        } else if let Ok(ErasedLine { database, erasure }) = serde_json::from_slice(&line) {
            let known = found.entry(database).or_default();
            known.1.insert(erasure.id, erasure);
        }
    }
    let known = found
        .into_iter()
        .map(|(database, (refusals, erasures))| Known {
            database,
            refusals: refusals.into_values().collect(),
            erasures: erasures.into_values().collect(),
        });
    Ok(known.collect())
}

/// Every refusal and erasure of a database.
pub fn of_database(conn: &mut Conn) -> AppResult<Known> {
    let refused = refusals_of(conn)?;
    Ok(Known {
        erasures: erasures(conn)?,
        ..refused
    })
}

/// Every refusal of a database, which may be of a former version.
pub(super) fn refusals_of(conn: &mut Conn) -> AppResult<Known> {
    let database = identity(conn)?;
    let (mut refusals, mut after) = (Vec::new(), 0);
    loop {
        let part = consent::refusals_after(conn, after, PART)?;
        let Some(last) = part.last() else { break };
        after = last.id;
        refusals.extend(part);
    }
    Ok(Known {
        database,
        refusals,
        erasures: Vec::new(),
    })
}

/// Writes a log anew, whole or not at all.
pub fn rewrite(db: &Db, file: &Path) -> AppResult<()> {
    let known = db.read_blocking(of_database)?;
    Ok(write_anew(file, vec![known])?)
}

fn write_anew(file: &Path, all: Vec<Known>) -> anyhow::Result<()> {
    let half = PathBuf::from(format!("{}.part", file.display()));
    let mut out = private_file::create(&half)?;
    for Known {
        database,
        refusals,
        erasures,
    } in all
    {
        for erasure in erasures {
            let database = database.clone();
            let line = serde_json::to_string(&ErasedLine { database, erasure })?;
            writeln!(out, "{line}")?;
        }
        write_lines(&mut out, &database, refusals)?;
    }
    out.sync_all()?;
    Ok(fs::rename(&half, file)?)
}

/// Writes the log anew without what names anybody who was erased, whichever database it came from.
fn forget_erased(db: &Db, file: &Path) -> AppResult<()> {
    let log = read(file)?;
    let all = db.read_blocking(|conn| {
        let ours = of_database(conn)?;
        let here: HashSet<i64> = ours.refusals.iter().map(|refusal| refusal.id).collect();
        let mut all = Vec::new();
        for mut known in log {
            if known.database == ours.database {
                known.refusals.retain(|refusal| !here.contains(&refusal.id));
                known.erasures.clear();
            }
            known.refusals = without_values(known.refusals, &ours.erasures)?;
            all.push(known);
        }
        all.push(ours);
        Ok::<_, AppError>(all)
    })?;
    Ok(write_anew(file, all)?)
}

/// Writes lines, and waits until they are on the disk.
fn write_lines(out: &mut fs::File, database: &str, refusals: Vec<Refusal>) -> anyhow::Result<()> {
    for refusal in refusals {
        let database = database.to_owned();
        let line = serde_json::to_string(&Line { database, refusal })?;
        writeln!(out, "{line}")?;
    }
    Ok(out.sync_all()?)
}

/// How far a log follows its database.
struct Followed {
    database: String,
    /// Everything up to this id is written.
    settled: i64,
    /// What is written behind it, and when.
    fresh: BTreeMap<i64, Seen>,
    ended: Ended,
    /// The erasures that it knows of: how many, and the last.
    erasures: (i64, i64),
}

impl Followed {
    /// Says whom the database erased since, and no longer what names them.
    fn follow_erasures(&mut self, db: &Db, file: &Path) -> AppResult<()> {
        let so_far = db.read_blocking(erasures_so_far)?;
        if so_far != self.erasures {
            forget_erased(db, file)?;
            self.erasures = so_far;
        }
        Ok(())
    }

    /// Goes on behind what a log says. The last of its ids are looked at again for what was committed between them.
    fn behind(database: String, written: &[Refusal], horizon: Option<Horizon>) -> Self {
        let last = written.last().map_or(0, |refusal| refusal.id);
        let settled = (last - AGAIN).max(0);
        let again = written.iter().map(|refusal| refusal.id);
        Self {
            database,
            settled,
            fresh: again
                .filter(|id| *id > settled)
                .map(|id| (id, Seen::now(horizon)))
                .collect(),
            ended: Ended::behind(written),
            erasures: (0, 0),
        }
    }

    /// The highest id that is written.
    fn last(&self) -> i64 {
        self.fresh
            .keys()
            .next_back()
            .copied()
            .unwrap_or(self.settled)
    }

    /// Appends what is new. An id counts as settled once no slower transaction can commit a lower one behind it.
    fn append_new(&mut self, db: &Db, file: &Path) -> AppResult<()> {
        let (mut after, mut appended) = (self.settled, Vec::new());
        loop {
            let part = db.read_blocking(|conn| consent::refusals_after(conn, after, PART))?;
            let Some(last) = part.last().map(|refusal| refusal.id) else {
                break;
            };
            after = last;
            let is_new = |refusal: &Refusal| !self.fresh.contains_key(&refusal.id);
            let part: Vec<Refusal> = part.into_iter().filter(is_new).collect();
            if part.is_empty() {
                continue;
            }
            appended.extend(part.iter().map(|refusal| refusal.id));
            let mut out = private_file::append_to(file).map_err(anyhow::Error::from)?;
            write_lines(&mut out, &self.database, part)?;
        }
        // Asked behind the rows: whoever was given a lower id has begun by then.
        let horizon = horizon_of(db)?;
        let seen = Seen::now(horizon);
        self.fresh.extend(appended.into_iter().map(|id| (id, seen)));
        while let Some(first) = self.fresh.first_entry()
            && first.get().is_settled(horizon)
        {
            self.settled = first.remove_entry().0;
        }
        let database = &self.database;
        self.ended.append_new(db, |part| {
            let mut out = private_file::append_to(file).map_err(anyhow::Error::from)?;
            Ok(write_lines(&mut out, database, part)?)
        })
    }
}

fn horizon_of(db: &Db) -> AppResult<Option<Horizon>> {
    db.read_blocking(|conn| Ok(horizon(conn)?))
}

/// Keeps the log until `stop` is set.
pub fn start(db: &Db, file: PathBuf, stop: &Arc<AtomicBool>) -> JoinHandle<()> {
    let db = db.clone();
    let mut state: Option<Followed> = None;
    repeat("refusal-log", EVERY, stop, move || {
        let in_database = db.read_blocking(consent::last_refusal)?;
        let mut followed = match state.take() {
            // Where there are fewer than before, it was restored meanwhile.
            Some(followed) if followed.last() <= in_database => followed,
            _ => begin(&db, &file)?,
        };
        followed.append_new(&db, &file)?;
        followed.follow_erasures(&db, &file)?;
        state = Some(followed);
        Ok(())
    })
}

/// Where to go on: about the last line of this database.
fn begin(db: &Db, file: &Path) -> AppResult<Followed> {
    let database = identify(db)?;
    end_last_line(file)?;
    let log = read(file)?;
    let in_log = written(&log, &database).last().map_or(0, |one| one.id);
    if in_log <= db.read_blocking(consent::last_refusal)? {
        return following(database, &log, db);
    }
    db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        catch_up(conn, now, &log)
    })?;
    rewrite(db, file)?;
    following(database, &read(file)?, db)
}

/// Behind what a log says.
fn following(database: String, log: &[Known], db: &Db) -> AppResult<Followed> {
    let ours = log.iter().find(|known| known.database == database);
    let erased = ours.map_or(&[][..], |known| known.erasures.as_slice());
    let last = erased.last().map_or(0, |erasure| erasure.id);
    let so_far = i64::try_from(erased.len()).unwrap_or(i64::MAX);
    let ours = written(log, &database);
    Ok(Followed {
        erasures: (so_far, last),
        ..Followed::behind(database, ours, horizon_of(db)?)
    })
}

/// What a log says of one database.
fn written<'a>(log: &'a [Known], database: &str) -> &'a [Refusal] {
    let ours = log.iter().find(|known| known.database == database);
    ours.map_or(&[][..], |known| known.refusals.as_slice())
}

/// Where a line was cut off, the next one would be lost with it.
fn end_last_line(file: &Path) -> anyhow::Result<()> {
    if file.exists() && !fs::read(file)?.ends_with(b"\n") {
        writeln!(private_file::append_to(file)?)?;
    }
    Ok(())
}
