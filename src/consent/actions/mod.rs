//! What happens to grounds and suppressions, inside the caller's transaction.

pub mod by_link;
pub mod erased;
mod grounds;
mod name;
mod refusals;
pub mod sources;
mod suppress;

pub(super) use grounds::grounds_that_differ;
pub use grounds::{
    add_consent, companies_around, refresh_companies, refresh_grounds, refresh_standing,
};
pub use name::{Candidate, entries_named, exact_subject, named_like};
pub use refusals::{
    Refusal, count_ended, ended_after, is_subject_here, knows_refusal, last_refusal,
    refusals_after, take_slip_back,
};
pub use suppress::{
    LaterConsent, NewOrigin, lift, suppress, suppressed_ways, withdraw_by_batch, withdraw_by_call,
    withdraw_origin,
};
