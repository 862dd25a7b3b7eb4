//! SQL of outreach.

mod audience;
mod cadence;
mod delivery;
mod invariants;
mod letter;
mod mailing;
mod news;

pub(in crate::outreach) use mailing::*;
