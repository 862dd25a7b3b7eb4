//! SQL of companies, persons, contacts, contact points and records.

pub(crate) mod draw;
pub(crate) mod list;
pub(crate) mod load;
pub mod lock;
pub(crate) mod merges;
pub(crate) mod page;
pub(crate) mod records;
pub(crate) mod removal;
pub(crate) mod search;
pub(crate) mod write;

/// Most keys asked for in one statement.
pub(crate) const KEYS: usize = 8_000;
