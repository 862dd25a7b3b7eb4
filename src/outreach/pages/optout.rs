//! Opt-out and preferences, without a log-in.
