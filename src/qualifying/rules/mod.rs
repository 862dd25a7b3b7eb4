//! Pure rules of qualifying: urgency as time passes, the need, the grade that follows from what is known, and what
//! contradicts itself.

mod assemble;
pub mod contradictions;
pub mod expiry;
mod gates;
pub mod grade;
pub mod key_items;
pub mod lists;
pub mod need;
mod note;
mod reason;
pub mod review;
mod settings;
pub mod urgency;

#[cfg(test)]
mod examples;

pub use assemble::{Around, assemble};
pub use contradictions::{ContradictionRules, check_all, contradictions};
pub use expiry::{Age, Expiry, ExpiryRules};
pub use grade::{AgentGrade, Circumstances, GradeHint, GradeProposal, agent_grade, propose_grade};
pub use key_items::{Man, asks_again};
pub use need::is_rough_need;
pub use note::note_key;
pub use reason::{GradeReason, Weight};
pub use review::{Move, moves};
pub use settings::{GradeRules, NeededForA};
pub use urgency::{bucket_on, is_overdue, sign_by};
