//! What happens to mailings and deliveries, inside the caller’s transaction.

mod cadence;
pub mod greetings;
mod ledger;
mod letters;
pub mod mailings;
pub mod news;
mod optout;
mod plan;
