//! Reads an archive back, whole or not at all.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;

use super::catalogue::{DERIVED, TABLES};
use super::keys::{self, Locked, Passphrase};
use super::{END, End, FORMAT, HEAD, Head, KEYS, Table, tables};
use crate::platform::db::{Conn, migrations};
use crate::platform::error::AppResult;

/// Why an archive is refused; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveFault {
    /// Something else, or a damaged one.
    #[error("{0} is not an archive of Canvass, or it is damaged: {1}. Take another copy of it.")]
    NotOne(PathBuf, String),
    /// Written by a later program.
    #[error(
        "{0} was written by Canvass {1}, which is newer than this program. Restore it with that version or a later one."
    )]
    Newer(PathBuf, String),
    /// Its end is missing, or counts other rows.
    #[error("{0} is not whole: {1}. Take another copy of it; nothing was changed.")]
    NotWhole(PathBuf, String),
    /// The keys are locked with another passphrase.
    #[error(
        "The passphrase does not open the keys of {0}. Give the one it was written with, or leave it away to restore without the keys."
    )]
    WrongPassphrase(PathBuf),
}

/// An archive whose head was read.
#[derive(Debug)]
pub struct Archive {
    file: PathBuf,
    /// Its head.
    pub head: Head,
    locked: Option<Locked>,
}

impl Archive {
    /// Opens an archive and reads what stands before the rows.
    pub fn open(file: &Path) -> anyhow::Result<Self> {
        let not_one = |why: String| ArchiveFault::NotOne(file.to_owned(), why);
        let mut tar = tar::Archive::new(BufReader::new(File::open(file)?));
        let mut entries = tar.entries().map_err(|e| not_one(e.to_string()))?;
        let mut head: Option<Head> = None;
        let mut locked = None;
        for entry in &mut entries {
            let mut entry = entry.map_err(|e| not_one(e.to_string()))?;
            let name = entry.path()?.to_string_lossy().into_owned();
            if name != HEAD && name != KEYS {
                break;
            }
            let mut body = Vec::new();
            entry
                .read_to_end(&mut body)
                .map_err(|e| not_one(e.to_string()))?;
            if name == HEAD {
                head = Some(serde_json::from_slice(&body).map_err(|e| not_one(e.to_string()))?);
            } else {
                locked = Some(serde_json::from_slice(&body).map_err(|e| not_one(e.to_string()))?);
            }
        }
        let head = head.ok_or_else(|| not_one("it has no head".to_owned()))?;
        if head.format > FORMAT {
            return Err(ArchiveFault::Newer(file.to_owned(), head.program).into());
        }
        if !head.tables.iter().all(is_plain) {
            return Err(not_one("it names what is no table".to_owned()).into());
        }
        Ok(Self {
            file: file.to_owned(),
            head,
            locked,
        })
    }

    /// Whether it was written at the schema of this program. One of an earlier schema has to grow first; one of a later
    /// schema is refused.
    pub fn is_of_today(&self) -> anyhow::Result<bool> {
        let today = migrations()?;
        if self.head.migrations.iter().any(|m| !today.contains(m)) {
            return Err(ArchiveFault::Newer(self.file.clone(), self.head.program.clone()).into());
        }
        Ok(self.head.migrations == today)
    }

    /// The last migration it was written at.
    pub fn last_migration(&self) -> Option<&str> {
        self.head.migrations.last().map(String::as_str)
    }

    /// Whether keys are in it.
    pub fn has_keys(&self) -> bool {
        self.locked.is_some()
    }

    /// Checks that `passphrase` opens the keys, and puts them into `folder` when told so; how many.
    pub fn open_keys(&self, passphrase: &Passphrase, into: Option<&Path>) -> anyhow::Result<usize> {
        let Some(locked) = &self.locked else {
            return Ok(0);
        };
        let keys = keys::unlock(locked, passphrase)?
            .ok_or_else(|| ArchiveFault::WrongPassphrase(self.file.clone()))?;
        if let Some(folder) = into {
            keys::write_folder(folder, &keys)?;
        }
        Ok(keys.len())
    }

    fn table(&self, entry: &str) -> Option<&Table> {
        let name = entry.strip_prefix("tables/")?.split('/').next()?;
        self.head.tables.iter().find(|table| table.name == name)
    }
}

/// Whether its names may stand in a statement as they are: the head comes from outside.
fn is_plain(table: &Table) -> bool {
    let columns = table.columns.iter().map(|column| &column.name);
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    columns
        .chain([&table.name])
        .all(|name| name.chars().all(is_word))
}

/// Takes everything out of the database and puts in what the archive holds, inside the caller's transaction; how many
/// rows. The schema of `conn` must be that of the archive.
pub fn restore_rows(conn: &mut Conn, archive: &Archive) -> AppResult<u64> {
    let not_whole =
        |why: String| anyhow::Error::from(ArchiveFault::NotWhole(archive.file.clone(), why));
    let mut present = Vec::new();
    for name in TABLES.iter().chain(DERIVED) {
        if tables::is_there(conn, name)? {
            present.push(*name);
        }
    }
    tables::empty(conn, &present)?;
    let file = File::open(&archive.file).map_err(anyhow::Error::from)?;
    let mut tar = tar::Archive::new(BufReader::new(file));
    let mut read = End::default();
    let mut end: Option<End> = None;
    for entry in tar.entries().map_err(|e| not_whole(e.to_string()))? {
        let entry = entry.map_err(|e| not_whole(e.to_string()))?;
        let name = entry
            .path()
            .map_err(|e| not_whole(e.to_string()))?
            .to_string_lossy()
            .into_owned();
        if name == END {
            end = Some(serde_json::from_reader(entry).map_err(|e| not_whole(e.to_string()))?);
        } else if let Some(table) = archive.table(&name) {
            let rows = put_piece(conn, table, entry)
                .map_err(|why| not_whole(format!("{name}: {why:#}")))?;
            *read.rows.entry(table.name.clone()).or_default() += rows;
        }
    }
    let mut end = end.ok_or_else(|| not_whole("its end is missing".to_owned()))?;
    end.rows.retain(|_, rows| *rows > 0);
    if end != read {
        return Err(not_whole("it counts other rows than it holds".to_owned()).into());
    }
    for table in &archive.head.tables {
        tables::follow_ids(conn, table)?;
    }
    Ok(read.rows.values().sum())
}

/// One piece is one statement.
fn put_piece(conn: &mut Conn, table: &Table, piece: impl Read) -> anyhow::Result<u64> {
    let (mut rows, mut n) = (String::from("["), 0);
    for line in BufReader::new(GzDecoder::new(piece)).lines() {
        if n > 0 {
            rows.push(',');
        }
        rows.push_str(&line?);
        n += 1;
    }
    rows.push(']');
    if n > 0 {
        tables::insert(conn, table, &rows)?;
    }
    Ok(n)
}

#[cfg(test)]
mod tests {
    use super::super::{Column, Kind};
    use super::*;

    #[test]
    fn a_name_that_is_more_than_a_name_is_refused() {
        let table = |name: &str, column: &str| Table {
            name: name.to_owned(),
            columns: vec![Column {
                name: column.to_owned(),
                kind: Kind::Number,
            }],
        };
        assert!(is_plain(&table("once_key", "id")));
        assert!(!is_plain(&table("users\"; DROP TABLE users; --", "id")));
        assert!(!is_plain(&table("users", "id\" FROM users; --")));
    }
}
