//! Pure rules of qualifying: urgency as time passes, the need, and the grade that follows from what is known.

pub mod expiry;
pub mod grade;
pub mod lists;
pub mod need;
pub mod urgency;

pub use expiry::{Expiry, ExpiryRules};
pub use grade::{
    AgentGrade, GradeFacts, GradeHint, GradeProposal, GradeReason, agent_grade, best_grade,
    propose_grade,
};
pub use need::is_rough_need;
pub use urgency::{bucket_on, is_overdue, sign_by};
