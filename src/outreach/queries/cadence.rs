//! SQL: touches, and what is due.
