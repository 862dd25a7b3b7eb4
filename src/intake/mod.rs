//! Lists come in: file → rows → outcomes.

pub mod columns;
pub mod decode;
