//! SQL of companies, persons, contacts, contact points and records.

pub(crate) mod draw;
pub(crate) mod erase;
pub(crate) mod invariants;
pub(crate) mod list;
pub(crate) mod load;
pub mod lock;
pub(crate) mod merges;
pub(crate) mod page;
pub(crate) mod records;
pub(crate) mod removal;
pub(crate) mod search;
pub(crate) mod write;
