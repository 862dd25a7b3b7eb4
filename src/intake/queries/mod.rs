//! SQL of sources, batches, uploads, raw rows, and of rows that are known.

pub(crate) mod batches;
pub(crate) mod invariants;
pub(crate) mod known;
pub(crate) mod raw;
pub(crate) mod undo;
pub(crate) mod upload;
