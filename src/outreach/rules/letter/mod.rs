//! Letters: MJML with merge fields in, a subject, HTML and text for one person out.
//!
//! The dear part (MJML to HTML, styles into elements, the text part) is done once for a version; merging for a person
//! takes hundredths of a millisecond. Nothing is ever printed for a field that is missing: either the letter says what
//! stands there instead, or the person does not get it.

mod compile;
mod depth;
mod fault;
mod fields;
mod frame;
mod lean;
mod legal;
mod merge;
mod salutation;
mod shipped;
#[cfg(test)]
mod tests;
mod text;
mod tokens;

pub use compile::{Compiled, compile};
pub use fault::LetterFault;
pub use fields::{About, FIELDS, Field, Fields, ITEM_PARTS, ITEMS, Item, by_code};
pub use legal::{gaps, mark, sign};
pub use merge::{MissingField, Written, write};
pub use salutation::{addressee, in_latin, salutation, short_name, zodiac};
pub use shipped::{CODES, Shipped, base_of, kind_of, shipped};

/// Characters of a subject.
pub const SUBJECT: usize = 200;
/// Bytes of what somebody writes.
pub const SOURCE: usize = 100_000;
/// Bytes of HTML from which Gmail cuts a letter off.
pub const CLIPPED: usize = 102 * 1024;
/// Bytes of HTML that go out at most.
const LARGEST: usize = 512 * 1024;
