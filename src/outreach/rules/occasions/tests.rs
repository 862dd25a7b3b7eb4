use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

mod days;
mod steps;
mod times;
mod years;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant from the wall clock of Shanghai.
fn sh(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap() - TimeDelta::hours(8)
}
