//! All SQL of calling.

mod agreed;
mod call;
mod callee;
mod campaign;
mod claim;
pub(crate) mod control;
pub(crate) mod day;
mod erased;
pub(crate) mod figures;
mod fill;
mod follow;
mod grade;
mod lease;
mod queue;
pub(crate) mod screen;
pub(super) mod script;
mod today;
mod traces;
mod view;

pub(super) use agreed::*;
pub(super) use call::*;
pub(super) use callee::*;
pub(super) use campaign::*;
pub(super) use claim::*;
pub(super) use erased::*;
pub(super) use figures::*;
pub(super) use fill::*;
pub(super) use follow::*;
pub(super) use grade::*;
pub(super) use lease::*;
pub(super) use queue::*;
pub(super) use today::*;
pub(super) use traces::*;
pub(super) use view::*;
pub use view::{CompanyLine, ContactLine};
