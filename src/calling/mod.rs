//! Calling: campaigns, their queues, leases, calls and what follows them.
//!
//! Decided here: who is called next, by whom, by which number, when again, and what a result means for the queue.
//! Not decided here: what a company is (registry), whether somebody may be reached at all (consent), and what a result
//! does outside the queue; `flows::record_call` calls the areas in order.
//!
//! The guarantee: an entry, a company with everything under its root, a number and an agent are in one hand at a time.
//! `lease_lock` holds one row for each, its primary key is the promise, and only a claim writes it.

pub mod actions;
pub mod api;
pub mod checks;
pub mod jobs;
pub mod model;
mod queries;
pub mod rules;

pub(crate) use queries::{control, day, figures, screen};

/// Routes of this area.
pub fn routes(config: &mut actix_web::web::ServiceConfig) {
    api::routes(config);
}
