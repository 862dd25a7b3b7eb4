//! The calendar of greetings.
