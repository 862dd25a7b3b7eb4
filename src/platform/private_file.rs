//! Files that only their owner reads: keys, copies of the data, who refused.

use std::fs::{File, OpenOptions};
use std::io::Result;
use std::path::Path;

/// An empty one; what was there is gone.
pub fn create(path: &Path) -> Result<File> {
    options().write(true).truncate(true).open(path)
}

/// One that is written on at its end; it is made where there is none.
pub fn append_to(path: &Path) -> Result<File> {
    options().append(true).open(path)
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
