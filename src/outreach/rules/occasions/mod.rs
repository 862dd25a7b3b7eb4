//! Occasions: which days are greeted, which never are, and on which morning a greeting goes out.
//!
//! A country keeps its own holidays, so the plan of a year is made country by country: two holidays of one country that
//! lie close together become one greeting there, and stay two where only one of them is kept. Nothing here reads a clock
//! or a database.

mod called;
mod catalogue;
mod greeting;
mod lunar;
mod moment;
mod own_days;
mod plan;
mod receiver;
mod settings;
mod silence;
mod steps;

pub use called::code_called;
pub use catalogue::Occasion;
pub use greeting::{Greeting, JOINT, name_in};
pub use lunar::{LunarDate, lunar_date};
pub use moment::{Moment, homes, moment, moments, span};
pub use own_days::{hosted_by, month_days, years_since};
pub use plan::{Planned, of_year, planned_on};
pub use receiver::country_of;
pub use settings::{Blackout, GreetingRules, OccasionRule};
pub use silence::{Refusal, Silence, next_refusal, refuse};
pub use steps::{Approval, Making, Step, UnderWay, making, step};

#[cfg(test)]
mod tests;
