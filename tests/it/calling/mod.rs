//! Campaigns, their queues, leases, calls and what follows them.

pub mod build;
mod fill;
mod leases;
mod results;
