//! What happens to mailings and deliveries, inside the caller’s transaction.

pub mod cadence;
pub mod due;
pub mod greetings;
pub mod history;
pub mod ledger;
pub mod letter_fields;
pub mod letters;
pub mod mailing_trial;
pub mod mailings;
pub mod news;
pub mod news_mailing;
pub mod optout;
pub mod plan;
pub mod readers;
pub mod standing;
pub mod unknown;
