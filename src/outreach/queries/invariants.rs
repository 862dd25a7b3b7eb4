//! SQL of the invariants.
