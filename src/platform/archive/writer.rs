//! Writes an archive, while others work: it shows one moment.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::catalogue::TABLES;
use super::keys::{self, Passphrase};
use super::{END, End, FORMAT, HEAD, Head, KEYS, Table, tables};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::private_file;

/// Bytes of rows in one piece before it is deflated: what a restore holds in memory at once.
const PIECE: usize = 2 << 20;

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The moment it shows, UTC.
    pub at: chrono::NaiveDateTime,
    /// Rows of all tables.
    pub rows: u64,
    /// Size of the file.
    pub bytes: u64,
    /// Keys in it; `None`: there are some, and no passphrase to lock them with.
    pub keys: Option<usize>,
}

/// Writes everything into `file`, which is there whole or not at all. `key_folder` goes along under `passphrase`.
pub fn write(
    db: &Db,
    file: &Path,
    key_folder: &Path,
    passphrase: Option<&Passphrase>,
) -> AppResult<Written> {
    db.snapshot_blocking(|conn| write_moment(conn, file, key_folder, passphrase))
}

/// [`write()`] of what a connection sees; on PostgreSQL inside a transaction.
pub fn write_moment(
    conn: &mut Conn,
    file: &Path,
    key_folder: &Path,
    passphrase: Option<&Passphrase>,
) -> AppResult<Written> {
    let half = half_of(file);
    let done = fill(conn, &half, key_folder, passphrase).and_then(|written| {
        fs::rename(&half, file).map_err(anyhow::Error::from)?;
        Ok(written)
    });
    if done.is_err() {
        let _ = fs::remove_file(&half);
    }
    done
}

/// The name while it is being written.
fn half_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

fn fill(
    conn: &mut Conn,
    half: &Path,
    key_folder: &Path,
    passphrase: Option<&Passphrase>,
) -> AppResult<Written> {
    let head = Head {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        at: clock::now(conn)?,
        migrations: tables::migrations(conn)?,
        tables: describe_all(conn)?,
    };
    let file = private_file::create(half).map_err(anyhow::Error::from)?;
    let mut tar = Tar {
        inner: tar::Builder::new(BufWriter::new(file)),
    };
    tar.put_json(HEAD, &head)?;
    let found = keys::read_folder(key_folder)?;
    let keys = match passphrase {
        _ if found.is_empty() => Some(0),
        None => None,
        Some(passphrase) => {
            tar.put_json(KEYS, &keys::lock(&found, passphrase)?)?;
            Some(found.len())
        }
    };
    let mut end = End::default();
    for table in &head.tables {
        let rows = put_table(conn, &mut tar, table)?;
        end.rows.insert(table.name.clone(), rows);
    }
    tar.put_json(END, &end)?;
    let bytes = tar.finish()?;
    Ok(Written {
        at: head.at,
        rows: end.rows.values().sum(),
        bytes,
        keys,
    })
}

/// The tables that are there: a database of a former schema has fewer.
fn describe_all(conn: &mut Conn) -> AppResult<Vec<Table>> {
    let mut described = Vec::with_capacity(TABLES.len());
    for name in TABLES {
        if tables::is_there(conn, name)? {
            described.push(tables::describe(conn, name)?);
        }
    }
    Ok(described)
}

fn put_table(conn: &mut Conn, tar: &mut Tar, table: &Table) -> AppResult<u64> {
    let (mut piece, mut no, mut rows) = (Vec::with_capacity(PIECE), 0, 0);
    tables::each_row(conn, table, |line| {
        if piece.len() + line.len() > PIECE && !piece.is_empty() {
            tar.put_piece(&table.name, no, &piece)?;
            no += 1;
            piece.clear();
        }
        piece.extend_from_slice(line.as_bytes());
        piece.push(b'\n');
        rows += 1;
        Ok(())
    })?;
    if !piece.is_empty() {
        tar.put_piece(&table.name, no, &piece)?;
    }
    Ok(rows)
}

struct Tar {
    inner: tar::Builder<BufWriter<File>>,
}

impl Tar {
    fn put(&mut self, name: &str, body: &[u8]) -> anyhow::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(body.len() as u64);
        header.set_mode(0o600);
        header.set_cksum();
        self.inner.append_data(&mut header, name, body)?;
        Ok(())
    }
    fn put_json(&mut self, name: &str, value: &impl serde::Serialize) -> AppResult<()> {
        Ok(self.put(name, &serde_json::to_vec_pretty(value)?)?)
    }
    fn put_piece(&mut self, table: &str, no: u32, lines: &[u8]) -> AppResult<()> {
        let mut deflated = GzEncoder::new(Vec::new(), Compression::fast());
        deflated.write_all(lines).map_err(anyhow::Error::from)?;
        let body = deflated.finish().map_err(anyhow::Error::from)?;
        Ok(self.put(&format!("tables/{table}/{no:06}.jsonl.gz"), &body)?)
    }
    /// Closes the archive and waits until it is on the disk; its size.
    fn finish(self) -> AppResult<u64> {
        let close = |inner: tar::Builder<BufWriter<File>>| -> anyhow::Result<u64> {
            let file = inner
                .into_inner()?
                .into_inner()
                .map_err(|e| e.into_error())?;
            file.sync_all()?;
            Ok(file.metadata()?.len())
        };
        close(self.inner).map_err(AppError::from)
    }
}
