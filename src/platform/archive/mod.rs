//! Everything a database holds in one file that is the same for both databases: the copy for bad days, and the way
//! from SQLite to PostgreSQL and back.
//!
//! A tar of a head (format, migrations, tables with their columns), deflated pieces of rows as JSON arrays, one a line,
//! and an end that counts them: an archive without its end, or with another count, is refused as a whole. Values are
//! written as both databases read them: instants and days as text, bytes as hexadecimal digits, yes and no as 1 and 0.

mod catalogue;
mod gap;
mod keys;
mod reader;
mod tables;
mod writer;

use serde::{Deserialize, Serialize};

pub use catalogue::{DERIVED, TABLES};
pub use gap::{GivenOut, given_out, leave_gap};
pub use keys::Passphrase;
pub use reader::{Archive, ArchiveFault, restore_rows};
pub use writer::{Written, write, write_moment};

/// Grows when an archive changes so that older programs cannot read it.
const FORMAT: u32 = 1;
const HEAD: &str = "head.json";
const KEYS: &str = "keys.json";
const END: &str = "end.json";

/// What stands first in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// [`FORMAT`].
    format: u32,
    /// Version of the program that wrote it.
    pub program: String,
    /// The moment it shows, by the clock of the database, UTC.
    pub at: chrono::NaiveDateTime,
    /// Migrations that had run, in order.
    migrations: Vec<String>,
    /// Tables in the order of the archive.
    tables: Vec<Table>,
}

/// A table as it is carried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Table {
    name: String,
    columns: Vec<Column>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Column {
    name: String,
    kind: Kind,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Number,
    Text,
    Flag,
    Time,
    Day,
    Bytes,
}

/// What stands last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct End {
    /// Rows of each table.
    rows: std::collections::BTreeMap<String, u64>,
}
