//! Claims and their outcomes.
