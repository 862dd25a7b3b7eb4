//! Selling: from the qualified lead to the signature, and back into the pool.
//!
//! Decided here: whose company it is (territories), what becomes of an offer (hand-over), how far a sale is (stages),
//! and who may keep or take a company (pool). Not decided here: what a call brings (`flows::record_call` calls this
//! area) and what a company is (registry).
//!
//! The guarantee: a company with everything under its root has one open hand-over at most. `once_key` holds one row of
//! kind `handover` for each id under the root, its primary key is the promise.

pub mod actions;
pub mod api;
pub mod checks;
pub mod jobs;
pub mod model;
pub mod pages;
mod queries;
pub mod rules;

pub(crate) use queries::{day, handover, notice, open_of, registration, sale};

/// Routes of this area.
pub fn routes(config: &mut actix_web::web::ServiceConfig) {
    api::routes(config);
    pages::routes(config);
}
