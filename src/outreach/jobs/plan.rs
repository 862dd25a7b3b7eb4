//! The job that decides an audience.
