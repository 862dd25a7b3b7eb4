//! Who is in a mailing: looked at chunk by chunk without writing anything, then written down chunk by chunk.
//!
//! A dry run, the run, and the question about one person go through the same three steps: the terms of the mailing, the
//! facts of a chunk, the verdicts about it.

mod again;
mod chunk;
mod facts;
mod finish;
mod mailboxes;
mod moment;
mod morning;
mod preview;
mod run;
mod terms;
mod waiting;

pub use again::{Since, Whose, since_planned};
pub use chunk::Decided;
pub use finish::{finish_plan, give_plan_up};
pub use moment::moment_given;
pub use preview::{Explained, Preview, explain, preview};
pub use run::{Looked, Progress, forget_chunk, look, plan_chunk};
pub use terms::Terms;
