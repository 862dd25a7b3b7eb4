//! What goes on without anybody: planning, sending, recovering.

mod plan;
mod sender;

pub use sender::{MailSetup, care, start};
