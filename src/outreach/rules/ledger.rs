//! The states of a delivery and the moves between them, in one place.
