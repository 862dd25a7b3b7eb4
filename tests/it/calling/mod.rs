//! Campaigns, their queues, leases, calls and what follows them.

mod abroad;
pub mod build;
mod control;
mod fill;
mod leases;
mod recording;
mod results;
