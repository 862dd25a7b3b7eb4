//! What mailings, deliveries and letters are.

mod delivery;
mod letter;
mod mailing;
mod news;

pub use delivery::{Delivery, DeliveryState, NewDelivery};
pub use letter::{Letter, LetterKind};
pub use mailing::{ApprovalState, Audience, Mailing, MailingKind, MailingState, NewMailing};
pub use news::{NewNewsItem, NewsIssue, NewsItem};
