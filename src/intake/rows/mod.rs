//! Rows → outcomes: what is no data, what is wrong, what is said.

mod address;
mod carry;
mod contact_points;
mod evaluate;
mod names;
mod plan;
mod reason;
mod row_key;
mod said;
mod skip;

pub use carry::Carry;
pub use evaluate::{MAX_CELL, RowResult, evaluate};
pub use plan::{Kind, Options, Plan, SheetPlan};
pub use reason::{DropCode, Dropped, Note, Outcome, Reason, ReasonCode, SkipKind};
pub use row_key::{Ordinals, row_key};
pub use said::{CompanySaid, ContactSaid, PersonSaid, PhoneOwner, RowSaid, SaidPhone};

pub(crate) use skip::is_title;
