//! All SQL of selling.

pub(crate) mod day;
pub(crate) mod handover;
mod invariants;
pub(crate) mod notice;
pub(crate) mod registration;
pub(crate) mod sale;
mod territory;

pub(crate) use day::*;
pub(crate) use handover::*;
pub(in crate::selling) use invariants::assignments;
pub(crate) use notice::*;
pub(crate) use registration::*;
pub(crate) use sale::*;
pub(crate) use territory::*;
