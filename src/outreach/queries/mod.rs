//! SQL of outreach.

pub(super) mod audience;
pub(super) mod cadence;
mod cards;
mod claim;
mod delivery;
mod delivery_list;
mod erased;
mod greetings;
mod lane;
pub(super) mod letter;
mod mailing;
mod news;
mod once;
pub(super) mod optout;
mod readers;
mod since;
mod stopped;
mod turns;

pub(in crate::outreach) use cards::*;
pub(in crate::outreach) use claim::*;
pub(in crate::outreach) use delivery::*;
pub(in crate::outreach) use delivery_list::*;
pub(in crate::outreach) use erased::*;
pub(in crate::outreach) use greetings::*;
pub(in crate::outreach) use lane::*;
pub(in crate::outreach) use mailing::*;
pub(in crate::outreach) use news::*;
pub(in crate::outreach) use once::*;
pub(in crate::outreach) use readers::*;
pub(in crate::outreach) use since::*;
pub(in crate::outreach) use stopped::*;
pub(in crate::outreach) use turns::*;
