//! SQL of letters.
