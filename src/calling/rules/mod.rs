//! Pure rules of calling: what a result leads to, when the next call may be made, who comes next, and why.
//!
//! Everything here takes facts and a moment and gives data; what it decides is stored as codes with parameters, and the
//! sentence is written when somebody reads it.

pub mod dispositions;
pub mod effects;
pub mod fill;
pub mod lease;
pub mod limits;
pub mod next_step;
pub mod number_choice;
pub mod order;
pub mod queue_why;
pub mod script;
pub mod table;
pub mod undo;
pub mod why;

pub use dispositions::{Disposition, Given, Input, InputFault, VISIT_GRACE_MINUTES};
pub use effects::{Effect, NextStep, Step, TaskKind};
pub use fill::LeftOut;
pub use lease::{LeaseClock, LeaseEnd, LeaseRefusal, LeaseState};
pub use limits::{Dials, LimitReason, Limits, Permit, permit};
pub use next_step::{Facts, History, Moment, asks_for_number, defer, next_step};
pub use number_choice::{Bar, Choice, CompanyBar, NumberFacts, Place, PointState, choose_number};
pub use order::Class;
pub use queue_why::QueueWhy;
pub use table::{CallingRules, Delay, DispositionRule, GradeRule, RulesFault};
pub use undo::{UndoFacts, UndoFault, UndoKind, may_undo};
pub use why::Why;
