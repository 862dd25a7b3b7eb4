//! Links that work for years without a log-in: opt-out and preferences.
