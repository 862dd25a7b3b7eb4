//! The words of an import: source, batch, plan, outcome, figures.

mod batch;
mod figures;
mod outcome;
mod source;

pub use batch::{Batch, BatchKind, BatchState, NewBatch, ReadOptions, StoredPlan};
pub use figures::Figures;
pub use outcome::{RowOutcome, pack, unpack};
pub use source::{NewSource, Source};
