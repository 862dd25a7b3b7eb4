//! occasions.
