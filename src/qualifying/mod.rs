//! How ready a company is to buy: urgency, need, grade, and what a grade rests on.
//!
//! Rules propose a grade; a person disposes.

pub mod actions;
pub mod checks;
pub mod model;
pub mod pages;
mod queries;
pub mod rules;

pub use model::{BudgetState, Grade, GradePreset, SelectionStarted, Urgency};
pub use rules::lists::{Need, Needs, Reason, ReasonList, Reasons};
