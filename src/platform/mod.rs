//! What every area stands on.

pub mod calendar;
