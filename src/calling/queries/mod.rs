//! All SQL of calling.

mod call;
mod campaign;
mod claim;
pub(crate) mod control;
pub(crate) mod day;
mod fill;
mod follow;
mod lease;
mod queue;
pub(crate) mod screen;
pub(super) mod script;
mod today;
mod view;

pub(super) use call::*;
pub(super) use campaign::*;
pub(super) use claim::*;
pub(super) use fill::*;
pub(super) use follow::*;
pub(super) use lease::*;
pub(super) use queue::*;
pub(super) use today::*;
pub use today::{PastCall, Unfinished};
pub(super) use view::*;
pub use view::{CompanyLine, ContactLine};
