//! Puts an archive in the place of the data: as a whole, with the refusals and erasures that came after it.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDateTime;

use super::erase_person::erase_again;
use super::refusal_log::{self, Known};
use super::suppress::{look_again, suppress};
use crate::accounts::Actor;
use crate::consent::erased::erasures;
use crate::consent::{self, NewOrigin, Refusal, Scope};
use crate::outreach::actions::ledger;
use crate::platform::archive::{self, Archive, GivenOut};
use crate::platform::clock;
use crate::platform::db::{self, Backend, Conn, DataLock, Db, Target};
use crate::platform::error::{AppError, AppResult};
use crate::platform::jobs;
use crate::registry::search;

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Rows that came in.
    pub rows: u64,
    /// Refusals that were said after the archive and hold again.
    pub refusals: usize,
    /// Persons who were erased after the archive and are erased again.
    pub erased: usize,
    /// Where the data that was there lies now (SQLite).
    pub former: Option<PathBuf>,
}

/// Restores `file` into the database of `target`. What was there is replaced in one step: whoever kills the process
/// finds the old data or the new. `log` is asked for later refusals where the database that is replaced cannot be.
pub fn restore(target: &Target, file: &Path, log: Option<&Path>) -> anyhow::Result<Restored> {
    let scratch = tempfile::tempdir()?;
    let archive = of_today(file, scratch.path())?;
    match target.backend() {
        Backend::Postgres => into_postgres(target, archive, log),
        Backend::Sqlite => into_sqlite(target, archive, log),
    }
}

/// The archive, grown to today's schema by way of a SQLite file where it is older.
fn of_today(file: &Path, scratch: &Path) -> anyhow::Result<Archive> {
    let archive = Archive::open(file)?;
    if archive.is_of_today()? {
        return Ok(archive);
    }
    let grown = scratch.join("grown.sqlite");
    let last = archive.last_migration().unwrap_or_default();
    let mut conn = db::open_former(&grown, last)?;
    db::in_transaction(&mut conn, |conn| archive::restore_rows(conn, &archive))?;
    drop(conn);
    let grown = Db::open(&Target::new(scratch, Some(&grown.to_string_lossy())))?;
    let copy = scratch.join("grown.canvass");
    archive::write(&grown, &copy, &scratch.join("none"), None)?;
    Archive::open(&copy)
}

fn into_postgres(
    target: &Target,
    archive: Archive,
    log: Option<&Path>,
) -> anyhow::Result<Restored> {
    let db = Db::open(target)?;
    let mut later = log.map(refusal_log::read).transpose()?.unwrap_or_default();
    let (rows, held) = db.write_blocking(move |conn| {
        later.push(refusal_log::of_database(conn)?);
        fill(conn, &archive, &later, &GivenOut::default())
    })?;
    if let Some(log) = log {
        refusal_log::rewrite(&db, log)?;
    }
    Ok(Restored {
        rows,
        refusals: held.refusals,
        erased: held.erased,
        former: None,
    })
}

fn into_sqlite(target: &Target, archive: Archive, log: Option<&Path>) -> anyhow::Result<Restored> {
    let file = &target.file();
    if let Some(folder) = file.parent().filter(|f| !f.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let lock = DataLock::try_take(file)?;
    anyhow::ensure!(
        lock.is_some(),
        "another canvass process serves this data directory; stop it, then restore"
    );
    let mut later = log.map(refusal_log::read).transpose()?.unwrap_or_default();
    let mut given = GivenOut::default();
    if file.exists() {
        let (known, before) = of_file(file)?;
        later.push(known);
        given = before;
    }
    let fresh = beside(file, "restoring");
    remove(&fresh);
    // The keys of check values lie in the data directory, wherever the file is.
    let db = Db::open(&Target::new(target.data(), Some(&fresh.to_string_lossy())))?;
    let (rows, held) = db.write_blocking(move |conn| fill(conn, &archive, &later, &given))?;
    if let Some(log) = log {
        refusal_log::rewrite(&db, log)?;
    }
    db.write_blocking(|_| Ok::<_, AppError>(()))?;
    drop(db);
    db::fold_log(&fresh)?;
    let former = file.exists().then(|| former_name(file));
    if let Some(former) = &former {
        db::fold_log(file)?;
        fs::hard_link(file, former)?;
    }
    fs::rename(&fresh, file)?;
    remove(&fresh);
    Ok(Restored {
        rows,
        refusals: held.refusals,
        erased: held.erased,
        former,
    })
}

/// What the database says that is replaced: its refusals and erasures, and how far its ids went. One that is too damaged to
/// be opened has nothing to say; the log has. One of a former version never heard of erasures.
fn of_file(file: &Path) -> anyhow::Result<(Known, GivenOut)> {
    let mut conn = db::connect_bare(&file.to_string_lossy())?;
    let given = archive::given_out(&mut conn).unwrap_or_default();
    match refusal_log::refusals_of(&mut conn) {
        Ok(known) => {
            let erasures = erasures(&mut conn).unwrap_or_default();
            Ok((Known { erasures, ..known }, given))
        }
        Err(why) => {
            tracing::warn!("the database that is replaced cannot be read: {why}");
            Ok((Known::default(), given))
        }
    }
}

fn beside(file: &Path, what: &str) -> PathBuf {
    PathBuf::from(format!("{}.{what}", file.display()))
}

/// A name that nothing has yet.
fn former_name(file: &Path) -> PathBuf {
    let stamp = chrono::Utc::now().format("%Y%m%dT%H%M%S");
    let mut name = beside(file, &format!("before-{stamp}"));
    let mut n = 1;
    while name.exists() {
        n += 1;
        name = beside(file, &format!("before-{stamp}-{n}"));
    }
    name
}

fn remove(file: &Path) {
    for end in ["", "-wal", "-shm", ".lock"] {
        let _ = fs::remove_file(format!("{}{end}", file.display()));
    }
}

/// One transaction: the rows, the refusals and erasures after them, and rest for what ran when the archive was written.
/// `before` is what another database gave out whose place this one takes.
fn fill(
    conn: &mut Conn,
    archive: &Archive,
    later: &[Known],
    before: &GivenOut,
) -> AppResult<(u64, CaughtUp)> {
    let given = archive::given_out(conn)?.and(before);
    let rows = archive::restore_rows(conn, archive)?;
    archive::leave_gap(conn, &given)?;
    jobs::recover(conn)?;
    let now = clock::now(conn)?;
    search::all_changed(conn, now)?;
    ledger::after_restore(conn, now)?;
    let held = catch_up(conn, now, later)?;
    Ok((rows, held))
}

/// What came after an older copy of the data and counts in it as well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CaughtUp {
    refusals: usize,
    erased: usize,
}

/// Lets later refusals hold again, and erases again who was erased later.
pub(super) fn catch_up(
    conn: &mut Conn,
    now: NaiveDateTime,
    later: &[Known],
) -> AppResult<CaughtUp> {
    let refusals = hold_again(conn, now, later)?;
    let database = refusal_log::identity(conn)?;
    let mut erased = 0;
    for known in later {
        let knows_ids = !database.is_empty() && known.database == database;
        erased += erase_again(conn, now, &known.erasures, knows_ids)?;
    }
    Ok(CaughtUp { refusals, erased })
}

/// Lets refusals that the database does not know hold again; how many. What one of those who know of it calls withdrawn
/// is: a log has the word from before it was taken back; and a slip that these data still hold is taken back once more.
fn hold_again(conn: &mut Conn, now: NaiveDateTime, later: &[Known]) -> AppResult<usize> {
    let mut refusals = 0;
    let database = refusal_log::identity(conn)?;
    let mut withdrawn = HashSet::new();
    for known in later {
        let ended = known.refusals.iter().filter(|r| r.withdrawn_at.is_some());
        withdrawn.extend(ended.map(|refusal| word(known, refusal)));
    }
    for known in later {
        let knows_ids = !database.is_empty() && known.database == database;
        for refusal in &known.refusals {
            if knows_ids {
                let freed = consent::take_slip_back(conn, now, refusal)?;
                look_again(conn, now, &freed)?;
            }
            if !withdrawn.contains(&word(known, refusal)) {
                refusals += usize::from(reapply(conn, now, refusal, knows_ids)?);
            }
        }
    }
    Ok(refusals)
}

/// By what a refusal is recognised wherever it is told: the database it was said to, its id, and whom and when.
fn word<'a>(known: &'a Known, refusal: &'a Refusal) -> (&'a str, i64, &'a str, NaiveDateTime) {
    let (database, subject) = (known.database.as_str(), refusal.subject.as_str());
    (database, refusal.id, subject, refusal.said_at)
}

/// Whether the refusal was not known and holds again. A person or company by id is one only in the same office's data,
/// and only where it is there: else the refusal holds for the address and the mobile.
fn reapply(
    conn: &mut Conn,
    now: NaiveDateTime,
    refusal: &Refusal,
    knows_ids: bool,
) -> AppResult<bool> {
    let (Some(subject), Some(kind)) = (refusal.subject(), refusal.kind()) else {
        return Ok(false);
    };
    let is_by_id = matches!(subject.scope, Scope::Person | Scope::Company);
    let subjects = match is_by_id {
        true if knows_ids && consent::is_subject_here(conn, &subject)? => vec![subject],
        true => refusal.by_address(),
        false => vec![subject],
    };
    let mut is_new = false;
    for subject in subjects {
        if consent::knows_refusal(conn, &subject, refusal)? {
            continue;
        }
        let origin = NewOrigin {
            kind,
            call_id: None,
            batch_id: None,
            delivery_id: None,
            said_at: refusal.said_at,
            note: None,
        };
        suppress(
            conn,
            now,
            &Actor::system(),
            &subject,
            refusal.ways(),
            &origin,
        )?;
        is_new = true;
    }
    Ok(is_new)
}
