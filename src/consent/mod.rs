//! Consent: may we reach somebody, and by which way.
//!
//! Decided here: who must not be reached (suppressions and the origins that asked for them) and on which legal ground
//! a person may be. Not decided here: when (calendars), how often (limits), and what a suppression does to queues
//! (`flows::suppress` tells them).

pub mod actions;
pub mod api;
pub mod checks;
pub mod model;
pub mod pages;
mod queries;
pub mod rules;

pub use actions::{
    LaterConsent, NewOrigin, Refusal, add_consent, companies_around, count_ended, ended_after,
    is_subject_here, knows_refusal, last_refusal, lift, refresh_companies, refresh_grounds,
    refresh_standing, refusals_after, suppress, suppressed_ways, take_slip_back, withdraw_by_batch,
    withdraw_by_call, withdraw_origin,
};
pub use actions::{by_link, erased};
pub use model::{Erasure, ErasureGround, OriginKind, Scope, Subject, Way, Ways, Withdrawal};

/// Routes that only read; what changes a suppression is in `flows`.
pub fn routes(config: &mut actix_web::web::ServiceConfig) {
    pages::routes(config);
    api::routes(config);
}
