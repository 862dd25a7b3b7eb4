//! What mailings, deliveries and letters are.

mod claim;
mod delivery;
mod letter;
mod mailing;
mod mailing_input;
mod news;
mod touched;

pub use claim::{Front, Held, LaneRow, Moved, OpenClaim, RELAY, Trouble};
pub use delivery::{Delivery, DeliveryState, NewDelivery};
pub use letter::{Letter, LetterKind};
pub use mailing::{ApprovalState, Audience, Mailing, MailingKind, MailingState, NewMailing};
pub use mailing_input::{
    MailingEdit, MailingInput, OccasionDay, PLAN_JOB, PauseReason, PlanFigures, PlanOutcome,
    PlanPayload, Window,
};
pub use news::{ItemInput, NewNewsItem, NewsIssue, NewsItem};
pub use touched::Touched;
