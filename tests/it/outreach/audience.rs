//! audience.
