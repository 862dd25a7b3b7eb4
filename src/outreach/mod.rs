//! Outreach: greetings and news to those who are kept warm, once each, and the rhythm in which everybody is met.
//!
//! Decided here: which occasion is greeted when (calendar), who is in a mailing and who not and why (audience), what
//! a letter says (letters), and what becomes of each delivery (ledger). Not decided here: who may be reached at all
//! (`consent`), how good a customer is (`qualifying`), how a message goes over the wire (`platform::mailer`).
//!
//! The guarantee: a person gets one letter a mailing and one greeting an occasion and year, whatever lists, merges
//! and crashes there were. `once_key` holds a row for each id under the person's root, written with the claim.

pub mod actions;
pub mod api;
pub mod checks;
pub mod jobs;
pub mod model;
pub mod pages;
mod queries;
pub mod rules;

/// Routes of this area.
pub fn routes(config: &mut actix_web::web::ServiceConfig) {
    api::routes(config);
    pages::routes(config);
}
