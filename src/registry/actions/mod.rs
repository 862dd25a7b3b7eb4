//! What happens to companies, persons and their numbers, inside the caller's transaction.

pub(crate) mod create;
pub(crate) mod desk;
mod groups;
pub(crate) mod people;
pub(crate) mod merging;
mod points;
pub(crate) mod refold;
mod say;

pub use create::{Created, NewByHand, create_company_by_hand, create_contact_by_hand};
pub use groups::{group_of, root_of, rescore};
pub use merging::{Unmerged, merge_companies, unmerge};
pub use points::set_point_state;
pub use say::{say, withdraw};
