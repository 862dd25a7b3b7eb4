//! Pure rules of outreach: what is sent to whom and when, and what becomes of it.

pub mod audience;
pub mod breaker;
pub mod cadence;
pub mod lanes;
pub mod ledger;
pub mod letter;
pub mod link;
pub mod mail_reason;
pub mod mail_rules;
pub mod mailing_state;
pub mod news_choice;
pub mod occasions;
pub mod pace;
pub mod replies;
