//! Territories, hand-overs, stages, the pool.

mod browser;
pub mod build;
mod checks;
mod day;
mod desk;
mod handovers;
mod hook;
mod letters;
mod map;
mod orders;
mod own_lead;
mod registrations;
mod sales;
mod settings;
