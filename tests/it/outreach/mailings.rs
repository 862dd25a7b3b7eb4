//! mailings.
