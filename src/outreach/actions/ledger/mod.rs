//! The ledger: what waits is claimed, what came of it is settled, what a dead worker left is put right. Each function is
//! one transaction of its caller; `rules::ledger` says which moves there are.

mod care;
mod claim;
mod erased;
mod hours;
mod lane;
mod once;
mod recheck;
mod recover;
mod restored;
mod settle;
mod stopped;
mod turns;
mod unknown;

pub use care::{bring_up_to_date, call_off, is_anything_due, mailing_states};
pub use claim::{Claimed, Passed, Walked, Wishes, Worker, claim, release, renew, walk};
pub use erased::forget_persons;
pub use lane::{keep_lanes, lanes, note_trouble, trouble};
pub use recheck::will_be_withheld;
pub use recover::{Left, expired_claims, left_behind, open_claims};
pub use restored::after_restore;
pub use settle::{Outcome, Settled, settle};
pub use stopped::{Heard, heard, stopped};
pub use unknown::{Decision, decide_unknown};
