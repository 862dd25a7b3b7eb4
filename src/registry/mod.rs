//! Who exists: companies, persons, their contact points, and what was said about them.
//!
//! Decided here: what a record is and how records fold into a company; which company and person a record speaks of by
//! exact keys; how companies are joined and parted; how they are found by text. Not decided here: whether somebody may
//! be reached (consent), how good a lead is (qualifying), who calls next (calling).

pub mod actions;
pub mod checks;
pub mod filter;
pub mod model;
pub mod pages;
pub(crate) mod queries;
pub mod rules;
pub mod search;

pub use queries::lock;

/// Routes of the list of companies; the page of one company spans areas and stands in `flows`.
pub fn routes(config: &mut actix_web::web::ServiceConfig) {
    pages::routes(config);
}
