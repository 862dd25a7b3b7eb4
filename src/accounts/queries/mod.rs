//! SQL of users, sessions, tokens and the access log.

mod access_log;
mod identity;
mod invariants;
mod sessions;
mod teams;
mod tokens;
mod users;
mod whose;

pub(super) use access_log::{AccessRow, accesses};
pub(super) use identity::*;
pub(super) use invariants::*;
pub(super) use sessions::*;
pub(super) use teams::*;
pub(super) use tokens::*;
pub use users::user_names;
pub(super) use users::*;
pub use whose::Whose;
