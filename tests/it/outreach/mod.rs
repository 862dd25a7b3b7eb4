//! Outreach over HTTP, and on the real program.

mod audience;
mod cadence;
mod letters;
mod mailings;
mod occasions;
mod sending;
