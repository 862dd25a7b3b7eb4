//! What goes on without anybody: planning, sending, recovering.

pub mod greetings;
pub mod plan;
mod sender;

pub use sender::{MailSetup, care, start};
