//! What happens in selling, inside the caller's transaction.

mod answer;
mod book;
mod clock;
mod day;
mod merging;
mod notices;
mod offer;
mod own;
mod pool;
mod registration;
mod sale;
mod territory;

pub use answer::{accept, give, reject, sees, withdraw_by_call};
pub use book::{Book, book};
pub(crate) use clock::standing;
pub use clock::{bring_up_to_date, is_anything_due, leave_all, tidy};
pub use day::{KINDS, Month, agree, met, month, new_feed, settle_appointment, was_reached};
pub use merging::{after_merge, after_unmerge};
pub use notices::{About, put_aside, tell};
pub use offer::{Opening, Ready, open, ready};
pub use pool::{claim, release};
pub use registration::{extend_registration, register, withdraw_registration};
pub use sale::{begin_sale, enter_stage, lose_sale};
pub use territory::{
    Matrix, Redrawn, call_back_from_leave, draw, foretell, inputs, matrix, rub_out, send_on_leave,
    strangers,
};
