//! Rows → columns with a meaning: header, headings, content, and what a person says about them.

mod content;
mod dictionary;
mod field;
mod guess;
mod header;
mod mapping;
mod words;

pub use content::Look;
pub use field::{FIELDS, Field};
pub use guess::{ColumnFound, Guess, GuessReason};
pub use header::HeaderRow;
pub use mapping::{ColumnUse, Mapping, SheetChoice};

pub(crate) use guess::guess_columns;
pub(crate) use header::{Header, find as find_header};
pub(crate) use words::is_heading_word;
