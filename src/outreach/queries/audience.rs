//! SQL: what is known of persons, in bulk, for deciding an audience.
