//! The lock that says which process owns a SQLite file. The operating system lets it go when the process dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// Held by the process that serves, or that does long work while nobody serves.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl DataLock {
    /// Takes the lock beside `database`; `None` when another process holds it.
    pub fn try_take(database: &Path) -> anyhow::Result<Option<Self>> {
        let name = PathBuf::from(format!("{}.lock", database.to_string_lossy()));
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(name)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(why)) => Err(why.into()),
        }
    }
}
