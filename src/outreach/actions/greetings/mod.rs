//! The calendar at work: what is greeted when, the mailings it makes, and the word of whoever has the customers.

mod book;
mod calendar;

pub use book::{GreetingBook, greeting_book};
pub use calendar::{Calendar, Day, OwnDays, Sending, calendar};
