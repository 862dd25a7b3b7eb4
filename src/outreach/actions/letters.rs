//! Saving, reading and trying letters.
