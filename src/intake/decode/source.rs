//! Where the bytes of a list come from.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes that can be read from the start as often as needed.
///
/// A list is read at least twice: once to look at it, once to take its rows. Chunks in a database, a file and plain
/// bytes all answer this; none of them has to hold the whole list in memory.
pub trait ByteSource: Send + Sync {
    /// A new reader at the first byte.
    fn open(&self) -> io::Result<Box<dyn Read + Send>>;

    /// How many bytes there are.
    fn len(&self) -> u64;

    /// There is not a single byte.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Copied for every reading, like a borrowed slice.
impl ByteSource for Vec<u8> {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(self.clone())))
    }

    fn len(&self) -> u64 {
        Vec::len(self) as u64
    }
}

/// Borrowed bytes are copied for every reading: for small things. [`Arc`] shares.
impl ByteSource for &[u8] {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(self.to_vec())))
    }

    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }
}

impl ByteSource for Arc<[u8]> {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(Arc::clone(self))))
    }

    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }
}

/// A list in the file system.
#[derive(Debug, Clone)]
pub struct FileSource {
    path: PathBuf,
    len: u64,
}

impl FileSource {
    /// Looks the file up; it is opened anew for every reading.
    pub fn new(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_path_buf();
        let len = std::fs::metadata(&path)?.len();
        Ok(Self { path, len })
    }
}

impl ByteSource for FileSource {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(&self.path)?))
    }

    fn len(&self) -> u64 {
        self.len
    }
}

/// The first bytes of a source, at most `limit`.
pub(crate) fn head(source: &dyn ByteSource, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.open()?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
