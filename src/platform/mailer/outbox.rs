//! The outbox: a folder in which each letter is a file that mail programs open, named after what it was made for.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folder.
#[derive(Debug, Clone)]
pub struct Outbox {
    folder: PathBuf,
}

impl Outbox {
    /// The outbox of this folder; it is made with the first letter.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a letter. It is there whole or not at all, and once: the same name is the same file.
    pub fn put(&self, name: &str, letter: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let half = self.folder.join(format!(".{name}.eml.part"));
        fs::write(&half, letter)?;
        fs::rename(&half, self.path(name))
    }

    /// Whether a letter was written.
    pub fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.eml"))
    }
}
