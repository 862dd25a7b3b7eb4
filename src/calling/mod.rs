//! Who is called next, what a call leads to, and when the next one may be made.

pub mod rules;
