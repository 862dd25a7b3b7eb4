//! What happens to grades and contradictions, inside the caller's transaction, with its change-log entry.

mod book;
mod contradictions;
mod evidence;
mod grade;
mod history;
mod proposals;
mod review;

pub use book::{GradingBook, grading};
pub use contradictions::{
    OpenContradiction, Unsettled, dismiss, look_again, open_contradictions, unsettled,
};
pub use evidence::{Evidenced, SaidBy, evidence_of, evidences, said_by};
pub use grade::{GradeAsk, GradeOutcome, grade_after_call, set_grade_by_hand};
pub use history::{GradeHistory, history};
pub use proposals::{Answer, Proposal, answer, proposals};
pub use review::{Reviewed, count_moves, review};
