//! Territories, hand-overs, stages, the pool.

mod browser;
pub mod build;
mod checks;
mod handovers;
mod hook;
mod orders;
mod own_lead;
mod registrations;
mod sales;
mod settings;
