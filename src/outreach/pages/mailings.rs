//! The list of mailings.
