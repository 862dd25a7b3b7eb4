//! Lists come in: file → rows → outcomes.
//!
//! ```text
//! inspect(source, name, options) -> Inspection { plan, … }     a look, and how the file will be read
//! RowReader::open(source, &plan.reading)                       its rows, one by one
//! evaluate(&raw, &plan, &mut carry) -> RowResult               what becomes of a row, and what it says
//! row_key(source_id, &raw, headings, ordinal)                  what makes it the same row when the list comes again
//! ```

pub mod columns;
pub mod decode;
mod inspect;
#[cfg(test)]
mod reading_tests;
pub mod rows;

pub use columns::{
    ColumnFound, ColumnUse, FIELDS, Field, Guess, GuessReason, HeaderRow, Mapping, SheetChoice,
};
pub use decode::RowReader;
pub use decode::row::{Cell, CellKind, RawFault, RawRow, readable};
pub use decode::source::{ByteSource, FileSource};
pub use decode::unreadable::{Unreadable, UnreadableCode};
pub use inspect::{EncodingShown, Inspection, PREVIEW_ROWS, SheetContent, SheetFound, inspect};
pub use rows::{
    Carry, DropCode, Dropped, Kind, Note, Options, Ordinals, Outcome, Plan, Reason, ReasonCode,
    RowResult, RowSaid, SheetPlan, SkipKind, evaluate, row_key,
};

pub mod actions;
pub mod checks;
pub mod jobs;
pub mod model;
pub(crate) mod queries;
pub mod rules;

pub use queries::upload::UploadSource;
