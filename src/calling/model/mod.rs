//! The words of calling: campaigns, entries, leases, calls.

mod call;
mod campaign;
mod entry;
mod fill;
mod lease;

pub use call::{
    Before, Call, CallForm, CallResult, Callback, NewCallback, NewResult, NewTask, Task,
};
pub use campaign::{
    Agents, Branch, Campaign, CampaignEdit, CampaignState, NewCampaign, NewCampaignRow, Script,
    ScriptInput, Step, TeamChoice, is_open_on,
};
pub use entry::{Bar, EntryState, QueueEntry};
pub use fill::{FillProgress, FillRequest};
pub use lease::{Lease, Lock, NewLease};
