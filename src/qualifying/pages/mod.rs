//! How facts, contradictions and reasons are told to a person, and to programs.

mod told;

pub use told::{ContradictionView, FactView, Teller};
