//! Territories, hand-overs, stages, the pool.

mod browser;
pub mod build;
mod handovers;
mod hook;
mod orders;
mod sales;
