//! Outreach over HTTP, and on the real program.

mod audience;
mod browser;
pub mod build;
mod cadence;
mod choices;
mod letters;
mod mailing_api;
pub mod mailings;
mod occasions;
mod program;
mod readers;
mod second_tab;
mod sending;
pub mod sink;
mod stops;
mod telemarketer;
mod unknown;
